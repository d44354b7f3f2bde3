/* decode_png.c - any PNG, with libpng. Every warning is an error. */
#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "image/codec/decode.h"

struct source {
    const struct blob *file;
    size_t at;
    char error_text[120];
    jmp_buf on_failure;
};

static void on_error(png_structp png, png_const_charp message)
{
    struct source *source = png_get_error_ptr(png);

    snprintf(source->error_text, sizeof source->error_text, "%s", message);
    longjmp(source->on_failure, 1);
}

static void on_read(png_structp png, png_bytep to, size_t size)
{
    struct source *source = png_get_io_ptr(png);

    if (size > source->file->size - source->at) {
        png_error(png, "it is cut off");
    }
    memcpy(to, source->file->data + source->at, size);
    source->at += size;
}

/* Requests conversion to 8-bit RGB or RGBA. */
static void request_conversion(png_structp png, png_infop info)
{
    if (png_get_bit_depth(png, info) == 16) {
        png_set_scale_16(png);
    }
    png_set_expand(png);
    if (!(png_get_color_type(png, info) & PNG_COLOR_MASK_COLOR)) {
        png_set_gray_to_rgb(png);
    }
    png_set_interlace_handling(png);
    png_read_update_info(png, info);
}

static void read_rows(png_structp png, const struct image *out)
{
    size_t stride = (size_t)out->width * (size_t)out->channels;
    int passes = png_set_interlace_handling(png);

    for (int pass = 0; pass < passes; pass++) {
        for (int y = 0; y < out->height; y++) {
            png_read_row(png, out->pixels + (size_t)y * stride, NULL);
        }
    }
    png_read_end(png, NULL);
}

static bool matches_facts(png_structp png, png_infop info, const struct image_facts *facts)
{
    int channels = png_get_channels(png, info);

    return (int)png_get_image_width(png, info) == facts->width &&
           (int)png_get_image_height(png, info) == facts->height &&
           (channels == 3 || channels == 4) && png_get_bit_depth(png, info) == 8;
}

bool decode_png_any(const struct blob *file, const struct image_facts *facts, struct image *out,
                    struct error *err)
{
    struct source *source = xcalloc(1, sizeof *source);
    png_structp png = NULL;
    png_infop info = NULL;
    volatile bool good = false, has_memory = true;

    source->file = file;
    png = png_create_read_struct(PNG_LIBPNG_VER_STRING, source, on_error, on_error);
    info = png ? png_create_info_struct(png) : NULL;
    if (info && setjmp(source->on_failure) == 0) {
        png_set_benign_errors(png, 0);
        png_set_user_limits(png, 65535, 65535);
        png_set_chunk_malloc_max(png, 16u << 20);
        png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, 0);
        png_set_read_fn(png, source, on_read);
        png_read_info(png, info);
        request_conversion(png, info);
        if (matches_facts(png, info, facts)) {
            has_memory =
                image_new(facts->width, facts->height, png_get_channels(png, info), out, err);
            if (has_memory) {
                read_rows(png, out);
                good = true;
            }
        }
    }
    png_destroy_read_struct(&png, &info, NULL);
    if (!good) {
        image_free(out);
        if (has_memory) {
            error_set(err, ERROR_INPUT, "the PNG is broken: %s",
                      source->error_text[0] ? source->error_text : "its header is invalid");
        }
    }
    free(source);
    return good;
}

bool decode_png(const struct blob *file, const struct image_facts *facts, struct image *out,
                struct error *err)
{
    return png_is_plain(file) ? decode_png_plain(file, facts, out, err)
                              : decode_png_any(file, facts, out, err);
}
