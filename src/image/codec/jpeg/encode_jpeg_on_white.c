/* encode_jpeg_on_white.c - JPEG whose white stays exactly white.
 *
 * A block that holds a part of the product and of the background changes its white pixels: rounded
 * coefficients leave waves. Values above 255 are cut when a file is decoded, so that waves do no
 * harm if the white pixels are raised by their depth. The file has three components of red, green
 * and blue, since a wave in a colour difference could not be cut. */
#include <math.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "image/codec/jpeg/encode_jpeg.h"
#include "image/colour/srgb_profile.h"
#include "image/twice.h"

enum { SIDE = DCTSIZE, CELLS = DCTSIZE2, ROUNDS = 16 };

/* Decoders differ by up to a level. */
static const float wanted = 256;

struct white_writer {
    struct jpeg_error_mgr manager; /* first member: libjpeg passes this pointer back */
    jmp_buf on_failure;
    struct jpeg_decompress_struct in;
    struct jpeg_compress_struct out;
    const struct image *image;
    float basis[SIDE][SIDE];  /* of frequency and position */
    float turned[SIDE][SIDE]; /* of position and frequency */
    unsigned char *data;
    unsigned long size;
};

static void on_error(j_common_ptr jpeg)
{
    longjmp(((struct white_writer *)jpeg->err)->on_failure, 1);
}

static void set_basis(struct white_writer *writer)
{
    static const double pi = 3.14159265358979323846;

    for (int u = 0; u < SIDE; u++) {
        for (int x = 0; x < SIDE; x++) {
            double norm = u == 0 ? sqrt(1.0 / SIDE) : sqrt(2.0 / SIDE);

            writer->basis[u][x] = (float)(norm * cos((2 * x + 1) * u * pi / (2 * SIDE)));
            writer->turned[x][u] = writer->basis[u][x];
        }
    }
}

typedef float row_of_cells
    __attribute__((vector_size(SIDE * sizeof(float)), aligned(4), may_alias));

/* Multiplies by `matrix` from the right, then by its transpose from the left: a row at a time. */
TWICE_INLINE void transform_by_any(const float *in, float matrix[SIDE][SIDE], float *out)
{
    row_of_cells half[SIDE];

    for (int i = 0; i < SIDE; i++) {
        row_of_cells row = { 0 };

        for (int k = 0; k < SIDE; k++) {
            row += in[i * SIDE + k] * *(const row_of_cells *)matrix[k];
        }
        half[i] = row;
    }
    for (int i = 0; i < SIDE; i++) {
        row_of_cells row = { 0 };

        for (int k = 0; k < SIDE; k++) {
            row += half[k] * matrix[k][i];
        }
        *(row_of_cells *)(out + i * SIDE) = row;
    }
}

COMPILED_TWICE(transform_by, (const float *in, float matrix[SIDE][SIDE], float *out),
               (in, matrix, out))

/* Transforms frequencies to values, or values to frequencies. */
static void transform(struct white_writer *writer, bool forward, const float *in, float *out)
{
    transform_by(in, forward ? writer->turned : writer->basis, out);
}

/* Marks the white pixels of the block at this pixel. Returns their number. */
static int find_white(const struct image *image, int left, int top, bool white[CELLS])
{
    int count = 0;

    memset(white, 0, CELLS * sizeof *white);
    for (int y = top; y < top + SIDE && y < image->height; y++) {
        const uint8_t *row = image->pixels + (size_t)y * (size_t)image->width * 3;

        for (int x = left; x < left + SIDE && x < image->width; x++) {
            const uint8_t *pixel = row + (size_t)x * 3;
            bool is = pixel[0] == 255 && pixel[1] == 255 && pixel[2] == 255;

            white[(y - top) * SIDE + x - left] = is;
            count += is;
        }
    }
    return count;
}

/* Sets how much each white pixel lacks. Returns the largest lack. */
static float find_lack(struct white_writer *writer, const JCOEF *block, const UINT16 *quant,
                       const bool white[CELLS], float lack[CELLS])
{
    float frequencies[CELLS], values[CELLS], most = 0;

    for (int i = 0; i < CELLS; i++) {
        frequencies[i] = (float)block[i] * quant[i];
    }
    transform(writer, false, frequencies, values);
    for (int i = 0; i < CELLS; i++) {
        float value = values[i] + 128;

        lack[i] = white[i] && value < wanted ? wanted - value : 0;
        most = lack[i] > most ? lack[i] : most;
    }
    return most;
}

/* True for a block of one value, which is white. Most blocks are, and are no work. */
static bool is_all_white(const JCOEF *block, const UINT16 *quant)
{
    JCOEF any = 0;

    for (int i = 1; i < CELLS; i++) {
        any = (JCOEF)(any | block[i]);
    }
    return any == 0 && block[0] * quant[0] >= (255 - 128) * SIDE;
}

/* Does what lroundf does, which is a call. A double holds the sum without rounding it. */
static int round_away(double value)
{
    return (int)(value + copysign(0.5, value));
}

/* Raises the white pixels of a block until none is below 255: first where they lack something,
 * then, if rounding undoes that again, the whole block. */
static void raise(struct white_writer *writer, JCOEF *block, const UINT16 *quant,
                  const bool white[CELLS])
{
    float lack[CELLS], change[CELLS], most;

    for (int round = 0; round < ROUNDS; round++) {
        most = find_lack(writer, block, quant, white, lack);
        if (most == 0) {
            return;
        }
        for (int i = 0; i < CELLS; i++) {
            lack[i] *= 1 + (float)round / 4; /* more each time, against rounding */
        }
        transform(writer, true, lack, change);
        for (int i = 0; i < CELLS; i++) {
            block[i] = (JCOEF)(block[i] + round_away(change[i] / quant[i]));
        }
    }
    most = find_lack(writer, block, quant, white, lack);
    block[0] = (JCOEF)(block[0] + (int)ceilf(most * SIDE / quant[0]));
}

static void raise_all(struct white_writer *writer, jvirt_barray_ptr *arrays)
{
    for (int c = 0; c < writer->in.num_components; c++) {
        jpeg_component_info *part = &writer->in.comp_info[c];

        for (JDIMENSION y = 0; y < part->height_in_blocks; y++) {
            JBLOCKARRAY rows = writer->in.mem->access_virt_barray((j_common_ptr)&writer->in,
                                                                  arrays[c], y, 1, TRUE);

            for (JDIMENSION x = 0; x < part->width_in_blocks; x++) {
                bool white[CELLS];

                if (!is_all_white(rows[0][x], part->quant_table->quantval) &&
                    find_white(writer->image, (int)x * SIDE, (int)y * SIDE, white) > 0) {
                    raise(writer, rows[0][x], part->quant_table->quantval, white);
                }
            }
        }
    }
}

/* A failure of libjpeg leaves this function early; its caller frees everything. */
static void rewrite(struct white_writer *writer, const struct blob *file, bool ai_made,
                    const struct blob *profile)
{
    jvirt_barray_ptr *arrays;

    jpeg_create_decompress(&writer->in);
    jpeg_mem_src(&writer->in, file->data, file->size);
    jpeg_read_header(&writer->in, TRUE);
    arrays = jpeg_read_coefficients(&writer->in);
    raise_all(writer, arrays);
    jpeg_create_compress(&writer->out);
    jpeg_mem_dest(&writer->out, &writer->data, &writer->size);
    jpeg_copy_critical_parameters(&writer->in, &writer->out);
    writer->out.optimize_coding = TRUE; /* the values are others than those of a usual image */
    jpeg_write_coefficients(&writer->out, arrays);
    jpeg_write_marks(&writer->out, ai_made, profile);
    jpeg_finish_compress(&writer->out);
    jpeg_finish_decompress(&writer->in);
}

bool image_encode_jpeg_on_white(const struct image *image, int quality, bool ai_made,
                                struct blob *out, struct error *err)
{
    const struct jpeg_form form = { .quality = quality, .ai_made = ai_made, .rgb = true };
    const struct blob *profile;
    struct blob file = { 0 };
    struct white_writer *writer;
    volatile bool good = false;

    if (!jpeg_encode(image, &form, &file, err) || !srgb_profile(&profile, err)) {
        blob_free(&file);
        return false;
    }
    writer = xcalloc(1, sizeof *writer);
    writer->image = image;
    writer->in.err = writer->out.err = jpeg_std_error(&writer->manager);
    writer->manager.error_exit = on_error;
    set_basis(writer);
    if (setjmp(writer->on_failure) == 0) {
        rewrite(writer, &file, ai_made, profile);
        good = true;
    }
    jpeg_destroy_compress(&writer->out);
    jpeg_destroy_decompress(&writer->in);
    blob_free(&file);
    if (good) {
        *out = blob_from_malloc(writer->data, writer->size);
    } else {
        free(writer->data);
    }
    free(writer);
    return good || error_set(err, ERROR_INTERNAL, "cannot write a JPEG");
}
