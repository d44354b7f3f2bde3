/* decode_png.c - any PNG, with libpng. Every warning is an error. Rows are reduced while they are
 * read, so that a large image needs no more memory than a small one. */
#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "image/codec/decode.h"
#include "image/codec/reduce.h"
#include "image/inspect/png_essential.h"

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

static void read_rows_reduced(png_structp png, struct reducer *reducer, uint8_t *row, int height,
                              struct image *out)
{
    for (int y = 0; y < height; y++) {
        png_read_row(png, row, NULL);
        reducer_add(reducer, row, out);
    }
    reducer_end(reducer, out);
    png_read_end(png, NULL);
}

static bool matches_facts(png_structp png, png_infop info, const struct image_facts *facts)
{
    return (int)png_get_image_width(png, info) == facts->width &&
           (int)png_get_image_height(png, info) == facts->height &&
           png_get_channels(png, info) == (facts->alpha ? 4 : 3) &&
           png_get_bit_depth(png, info) == 8;
}

/* What a failure of libpng must free: a longjmp returns past the code that created it. */
struct png_reading {
    struct source source;
    png_structp png;
    png_infop info;
    struct reducer reducer;
    uint8_t *row;
    bool invalid; /* the file is at fault, not this process */
};

static void open_png(struct png_reading *reading)
{
    png_structp png = reading->png;

    png_set_benign_errors(png, 0);
    png_set_user_limits(png, 65535, 65535);
    png_set_chunk_malloc_max(png, 16u << 20);
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, 0);
    png_set_read_fn(png, &reading->source, on_read);
    png_read_info(png, reading->info);
    request_conversion(png, reading->info);
}

/* Creates the image, and what reading it at a smaller size needs. */
static bool prepare_rows(struct png_reading *reading, const struct image_facts *facts,
                         const struct decode_target *target, struct image *out, struct error *err)
{
    int reduce = target_reduce(target), channels = facts->alpha ? 4 : 3;

    if (!target_image(target, (facts->width + reduce - 1) / reduce,
                      (facts->height + reduce - 1) / reduce, channels, 0, out, err)) {
        return false;
    }
    if (reduce == 1) {
        return true;
    }
    reading->row = malloc((size_t)facts->width * (size_t)channels);
    return reading->row ? reducer_begin(&reading->reducer, facts->width, channels, reduce, err)
                        : error_set(err, ERROR_INTERNAL, "no memory to decode a PNG");
}

static void free_reading(struct png_reading *reading)
{
    png_destroy_read_struct(&reading->png, &reading->info, NULL);
    reducer_free(&reading->reducer);
    free(reading->row);
    free(reading);
}

/* A failure of libpng leaves this function early. */
static bool read_png(struct png_reading *reading, const struct image_facts *facts,
                     const struct decode_target *target, struct image *out, struct error *err)
{
    reading->invalid = true;
    open_png(reading);
    if (!matches_facts(reading->png, reading->info, facts)) {
        return false;
    }
    reading->invalid = false;
    if (!prepare_rows(reading, facts, target, out, err)) {
        return false;
    }
    reading->invalid = true;
    if (reading->row) {
        read_rows_reduced(reading->png, &reading->reducer, reading->row, facts->height, out);
    } else {
        read_rows(reading->png, out);
    }
    return true;
}

bool decode_png_any(const struct blob *file, const struct image_facts *facts,
                    const struct decode_target *target, struct image *out, struct error *err)
{
    struct png_reading *reading = xcalloc(1, sizeof *reading);
    const char *why = reading->source.error_text;
    volatile bool good = false;

    *out = (struct image){ 0 };
    reading->source.file = file;
    reading->invalid = true;
    reading->png =
        png_create_read_struct(PNG_LIBPNG_VER_STRING, &reading->source, on_error, on_error);
    reading->info = reading->png ? png_create_info_struct(reading->png) : NULL;
    if (reading->info && setjmp(reading->source.on_failure) == 0) {
        good = read_png(reading, facts, target, out, err);
    }
    if (!good) {
        image_free(out);
        if (reading->invalid) {
            error_set(err, ERROR_INPUT, "the PNG is broken: %s",
                      why[0] ? why : "its header is invalid");
        }
    }
    free_reading(reading);
    return good;
}

bool decode_png(const struct blob *file, const struct image_facts *facts,
                const struct decode_target *target, struct image *out, struct error *err)
{
    struct blob essential = { 0 };
    bool good;

    if (facts->from_seller) {
        if (!png_keep_essential(file, &essential, err)) {
            return false;
        }
        file = &essential;
    }
    good = target_reduce(target) == 1 && png_is_plain(file)
               ? decode_png_plain(file, facts, target, out, err)
               : decode_png_any(file, facts, target, out, err);
    blob_free(&essential);
    return good;
}
