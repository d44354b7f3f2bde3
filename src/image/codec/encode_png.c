/* encode_png.c - encodes PNG: selects a filter for each row, then compresses runs and Huffman
 * codes. */
#include <stdlib.h>
#include <string.h>

#include "image/codec/byte_order.h"
#include "image/codec/deflate_runs.h"
#include "image/codec/png_chunk.h"
#include "image/codec/png_filter.h"
#include "image/codec/xmp.h"
#include "image/image.h"

static uint8_t *put_head(uint8_t *to, const struct image *image)
{
    uint8_t *body = to + 16;

    memcpy(to, "\x89PNG\r\n\x1a\n", 8);
    write_be32(body, (size_t)image->width);
    write_be32(body + 4, (size_t)image->height);
    memcpy(body + 8, image->channels == 4 ? "\x08\x06\x00\x00" : "\x08\x02\x00\x00", 5);
    to = png_chunk_close(to + 8, "IHDR", 13);
    to[8] = 0; /* rendering intent: perceptual */
    return png_chunk_close(to, "sRGB", 1);
}

/* Returns all rows, filtered. The caller frees them. */
static uint8_t *filtered(const struct image *image)
{
    size_t step = (size_t)image->channels, size = (size_t)image->width * step;
    uint8_t *raw = malloc((size + 1) * (size_t)image->height);
    uint8_t *scratch =
        calloc(size, FILTERS_TRIED + 1); /* the last quarter is the row above the first one */
    const uint8_t *above = scratch ? scratch + size * FILTERS_TRIED : NULL;

    for (size_t y = 0; raw && scratch && y < (size_t)image->height; y++) {
        const uint8_t *row = image->pixels + y * size;

        filter_row(row, above, size, step, scratch, raw + y * (size + 1));
        above = row;
    }
    if (!scratch) {
        free(raw);
        raw = NULL;
    }
    free(scratch);
    return raw;
}

bool image_encode_png(const struct image *image, bool ai_made, struct blob *out, struct error *err)
{
    size_t size = (size_t)image->width * (size_t)image->channels;
    size_t raw_size = (size + 1) * (size_t)image->height;
    uint8_t *raw = filtered(image), *at, *shrunk;
    uint8_t *file = raw ? malloc(deflate_runs_bound(raw_size) + XMP_ROOM + 100) : NULL;

    *out = (struct blob){ 0 };
    if (!file) {
        free(raw);
        return error_set(err, ERROR_INTERNAL, "no memory to write a PNG");
    }
    at = put_head(file, image);
    at += ai_made ? xmp_png_chunk(at) : 0;
    deflate_runs(raw, raw_size, at + 8, &size);
    free(raw);
    at = png_chunk_close(at, "IDAT", size);
    at = png_chunk_close(at, "IEND", 0);
    size = (size_t)(at - file);
    shrunk = realloc(file, size); /* the buffer had the worst-case size */
    *out = blob_from_malloc(shrunk ? shrunk : file, size);
    return true;
}
