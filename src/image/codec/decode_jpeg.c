/* decode_jpeg.c - JPEG with libjpeg-turbo, which can decode at a half, a quarter or an eighth of
 * the size. The library only warns about truncated files and fills the missing part with grey; here
 * every warning is an error. Applies the EXIF orientation. */
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

#include "base/memory.h"
#include "image/codec/decode.h"

struct reader {
    struct jpeg_error_mgr manager; /* first member: libjpeg passes this pointer back */
    jmp_buf on_failure;
    char message[JMSG_LENGTH_MAX];
    struct image turned; /* as stored, until it is turned upright */
};

static void on_error(j_common_ptr jpeg)
{
    struct reader *reader = (struct reader *)jpeg->err;

    jpeg->err->format_message(jpeg, reader->message);
    longjmp(reader->on_failure, 1);
}

static void on_warning(j_common_ptr jpeg, int level)
{
    if (level < 0) {
        on_error(jpeg);
    }
}

static unsigned number(const uint8_t *d, bool little, int bytes)
{
    unsigned value = 0;

    for (int i = 0; i < bytes; i++) {
        value |= (unsigned)d[i] << 8 * (little ? i : bytes - 1 - i);
    }
    return value;
}

/* Returns the EXIF orientation, 1 to 8; 1 if there is none. */
static int orientation_of(const struct jpeg_decompress_struct *jpeg)
{
    for (jpeg_saved_marker_ptr m = jpeg->marker_list; m; m = m->next) {
        const uint8_t *d = m->data + 6;
        size_t size = m->data_length;
        unsigned ifd, count;
        bool little;

        if (size < 20 || memcmp(m->data, "Exif\0\0", 6) != 0) {
            continue;
        }
        size -= 6;
        little = d[0] == 'I';
        ifd = number(d + 4, little, 4);
        if (ifd > size - 2) {
            return 1;
        }
        count = number(d + ifd, little, 2);
        for (unsigned i = 0; i < count && ifd + 2 + (i + 1) * 12 <= size; i++) {
            const uint8_t *entry = d + ifd + 2 + (size_t)i * 12;
            unsigned value = number(entry + 8, little, 2);

            if (number(entry, little, 2) == 0x0112) {
                return value >= 1 && value <= 8 ? (int)value : 1;
            }
        }
    }
    return 1;
}

/* Turns `image` upright into `out`, which has its sides swapped for orientations 5 to 8. */
static void turn_upright(const struct image *image, int orientation, struct image *out)
{
    bool is_transposed = orientation >= 5;

    for (int y = 0; y < out->height; y++) {
        for (int x = 0; x < out->width; x++) {
            int from_x = is_transposed ? y : x, from_y = is_transposed ? x : y;

            if (orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8) {
                from_x = image->width - 1 - from_x;
            }
            if (orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7) {
                from_y = image->height - 1 - from_y;
            }
            memcpy(out->pixels + ((size_t)y * (size_t)out->width + (size_t)x) * 3,
                   image->pixels + ((size_t)from_y * (size_t)image->width + (size_t)from_x) * 3, 3);
        }
    }
}

/* Reads the header, and asks for RGB at the target's size. Returns the EXIF orientation. */
static int start(struct jpeg_decompress_struct *jpeg, const struct blob *file,
                 const struct decode_target *target)
{
    int orientation;

    jpeg_mem_src(jpeg, file->data, file->size);
    jpeg_save_markers(jpeg, JPEG_APP0 + 1, 0xffff);
    jpeg_read_header(jpeg, TRUE);
    orientation = orientation_of(jpeg); /* read before libjpeg finishes and frees its markers */
    jpeg->out_color_space = JCS_RGB;    /* libjpeg cannot convert CMYK and reports an error */
    jpeg->scale_num = 1;
    jpeg->scale_denom = (unsigned)target_reduce(target);
    return orientation;
}

/* A failure of libjpeg leaves this function early; its caller frees both images. */
static bool read_pixels(struct jpeg_decompress_struct *jpeg, const struct blob *file,
                        const struct image_facts *facts, const struct decode_target *target,
                        struct image *turned, struct image *out, struct error *err)
{
    int orientation = start(jpeg, file, target), width, height;
    struct image *into = orientation == 1 ? out : turned;

    if ((int)jpeg->image_width != facts->width || (int)jpeg->image_height != facts->height) {
        return error_set(err, ERROR_INPUT, "the JPEG is broken: it has two headers");
    }
    jpeg_start_decompress(jpeg);
    width = (int)jpeg->output_width;
    height = (int)jpeg->output_height;
    if (!target_image(orientation == 1 ? target : NULL, width, height, 3, 0, into, err)) {
        return false;
    }
    while (jpeg->output_scanline < jpeg->output_height) {
        JSAMPROW row = into->pixels + (size_t)jpeg->output_scanline * jpeg->output_width * 3;

        jpeg_read_scanlines(jpeg, &row, 1);
    }
    jpeg_finish_decompress(jpeg);
    if (orientation == 1) {
        return true;
    }
    if (!target_image(target, orientation >= 5 ? height : width, orientation >= 5 ? width : height,
                      3, 0, out, err)) {
        return false;
    }
    turn_upright(turned, orientation, out);
    return true;
}

bool decode_jpeg(const struct blob *file, const struct image_facts *facts,
                 const struct decode_target *target, struct image *out, struct error *err)
{
    struct jpeg_decompress_struct jpeg;
    struct reader *reader = xcalloc(1, sizeof *reader);
    volatile bool good = false;

    *out = (struct image){ 0 };
    jpeg.err = jpeg_std_error(&reader->manager);
    reader->manager.error_exit = on_error;
    reader->manager.emit_message = on_warning;
    if (setjmp(reader->on_failure) == 0) {
        jpeg_create_decompress(&jpeg);
        good = read_pixels(&jpeg, file, facts, target, &reader->turned, out, err);
    } else {
        error_set(err, ERROR_INPUT, "the JPEG is broken: %.200s", reader->message);
    }
    jpeg_destroy_decompress(&jpeg);
    image_free(&reader->turned);
    if (!good) {
        image_free(out);
    }
    free(reader);
    return good;
}
