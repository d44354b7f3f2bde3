/* png_essential.c - takes the metadata out of a PNG. */
#include "image/inspect/png_essential.h"

#include <string.h>

#include "image/codec/byte_order.h"
#include "image/codec/png_chunk.h"

enum { SIGNATURE = 8, HEADER = SIGNATURE + PNG_CHUNK_FRAME + 13 };

static bool is_type(const uint8_t *type, const char *name)
{
    return memcmp(type, name, 4) == 0;
}

bool png_is_essential(const uint8_t *type)
{
    return is_type(type, "IHDR") || is_type(type, "PLTE") || is_type(type, "tRNS") ||
           is_type(type, "IDAT") || is_type(type, "IEND");
}

/* A palette is a mere suggestion unless the pixels are its indices, and pixels with alpha have no
 * other transparency. */
static bool is_used(const uint8_t *header, const uint8_t *type)
{
    int color = header[SIGNATURE + 8 + 9];

    return is_type(type, "PLTE") ? color == 3 : is_type(type, "tRNS") && color < 4;
}

/* Returns the first chunk of the type, or NULL. */
static const uint8_t *find_chunk(const struct blob *file, const char *type)
{
    const uint8_t *chunk = file->data + HEADER;

    while (!is_type(chunk + 4, "IEND")) {
        if (is_type(chunk + 4, type)) {
            return chunk;
        }
        chunk += PNG_CHUNK_FRAME + (size_t)read_be32(chunk);
    }
    return NULL;
}

static uint8_t *copy_if_used(const struct blob *file, const char *type, uint8_t *to)
{
    const uint8_t *chunk = find_chunk(file, type);
    size_t size;

    if (!chunk || !is_used(file->data, chunk + 4)) {
        return to;
    }
    size = PNG_CHUNK_FRAME + (size_t)read_be32(chunk);
    memcpy(to, chunk, size);
    return to + size;
}

bool png_keep_essential(const struct blob *file, struct blob *out, struct error *err)
{
    const uint8_t *chunk = find_chunk(file, "IDAT");
    size_t size = 0;
    uint8_t *at;

    *out = (struct blob){ 0 };
    if (!chunk) {
        return error_set(err, ERROR_INPUT, "the PNG is broken: it holds no pixels");
    }
    if (!blob_new(out, file->size, err)) {
        return false;
    }
    memcpy(out->data, file->data, HEADER);
    at = copy_if_used(file, "PLTE", out->data + HEADER);
    at = copy_if_used(file, "tRNS", at);
    for (; is_type(chunk + 4, "IDAT"); chunk += PNG_CHUNK_FRAME + (size_t)read_be32(chunk)) {
        memcpy(at + 8 + size, chunk + 8, read_be32(chunk));
        size += read_be32(chunk);
    }
    at = png_chunk_close(at, "IDAT", size);
    at = png_chunk_close(at, "IEND", 0);
    out->size = (size_t)(at - out->data);
    return true;
}
