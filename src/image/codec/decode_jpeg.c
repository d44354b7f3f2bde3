/* decode_jpeg.c - JPEG with libjpeg-turbo, which can decode at a half, a quarter or an eighth of
 * the size. The library only warns about truncated files and fills the missing part with grey; here
 * every warning about pixels is an error. */
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

#include <jerror.h>

#include "base/memory.h"
#include "image/codec/decode.h"
#include "image/colour/cmyk.h"

/* Cameras pad the data before a marker with some bytes; more than these are a damaged picture. */
enum { PADDING_MAX = 4096 };

struct reader {
    struct jpeg_error_mgr manager; /* first member: libjpeg passes this pointer back */
    jmp_buf on_failure;
    char message[JMSG_LENGTH_MAX];
    bool from_seller;
    uint8_t *row;      /* of a CMYK image */
    struct cmyk *cmyk; /* NULL for other images */
};

static void on_error(j_common_ptr jpeg)
{
    struct reader *reader = (struct reader *)jpeg->err;

    jpeg->err->format_message(jpeg, reader->message);
    longjmp(reader->on_failure, 1);
}

/* Returns true for a warning that no pixel depends on. */
static bool is_harmless(const struct jpeg_error_mgr *manager)
{
    switch (manager->msg_code) {
    case JWRN_JFIF_MAJOR:
    case JWRN_ADOBE_XFORM:
    case JWRN_BOGUS_ICC:
        return true;
    case JWRN_EXTRANEOUS_DATA:
        return manager->msg_parm.i[0] <= PADDING_MAX;
    default:
        return false;
    }
}

static void on_warning(j_common_ptr jpeg, int level)
{
    if (level < 0 && !(((struct reader *)jpeg->err)->from_seller && is_harmless(jpeg->err))) {
        on_error(jpeg);
    }
}

/* Reads the header, and asks for RGB, or for the inks, at the target's size. */
static void start(struct jpeg_decompress_struct *jpeg, const struct blob *file,
                  const struct image_facts *facts, const struct decode_target *target)
{
    jpeg_mem_src(jpeg, file->data, file->size);
    jpeg_read_header(jpeg, TRUE);
    jpeg->out_color_space = facts->cmyk ? JCS_CMYK : JCS_RGB;
    jpeg->scale_num = 1;
    jpeg->scale_denom = (unsigned)target_reduce(target);
}

static bool start_cmyk(const struct jpeg_decompress_struct *jpeg, const struct blob *file,
                       const struct image_facts *facts, struct reader *reader, struct image *out,
                       struct error *err)
{
    reader->row = malloc((size_t)jpeg->output_width * 4);
    /* Photoshop stores the inks inverted, and marks its files. */
    reader->cmyk = cmyk_open(file, facts, jpeg->saw_Adobe_marker, &out->colours);
    return reader->row || error_set(err, ERROR_INTERNAL, "no memory to decode a JPEG");
}

/* A failure of libjpeg leaves this function early; its caller frees everything. */
static bool read_pixels(struct jpeg_decompress_struct *jpeg, const struct blob *file,
                        const struct image_facts *facts, const struct decode_target *target,
                        struct reader *reader, struct image *out, struct error *err)
{
    start(jpeg, file, facts, target);
    if ((int)jpeg->image_width != facts->width || (int)jpeg->image_height != facts->height) {
        return error_set(err, ERROR_INPUT, "the JPEG is broken: it has two headers");
    }
    jpeg_start_decompress(jpeg);
    if (!target_image(target, (int)jpeg->output_width, (int)jpeg->output_height, 3, 0, out, err) ||
        (facts->cmyk && !start_cmyk(jpeg, file, facts, reader, out, err))) {
        return false;
    }
    while (jpeg->output_scanline < jpeg->output_height) {
        uint8_t *to = out->pixels + (size_t)jpeg->output_scanline * jpeg->output_width * 3;
        JSAMPROW row = reader->row ? reader->row : to;

        jpeg_read_scanlines(jpeg, &row, 1);
        if (reader->row) {
            cmyk_to_rgb(reader->cmyk, reader->row, to, jpeg->output_width);
        }
    }
    jpeg_finish_decompress(jpeg);
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
    reader->from_seller = facts->from_seller;
    if (setjmp(reader->on_failure) == 0) {
        jpeg_create_decompress(&jpeg);
        good = read_pixels(&jpeg, file, facts, target, reader, out, err);
    } else {
        error_set(err, ERROR_INPUT, "the JPEG is broken: %.200s", reader->message);
    }
    jpeg_destroy_decompress(&jpeg);
    cmyk_close(reader->cmyk);
    free(reader->row);
    free(reader);
    if (!good) {
        image_free(out);
    }
    return good;
}
