/* webp_parts.c - walks the chunks of a WebP file. */
#include "image/inspect/webp_parts.h"

#include <string.h>

#include "image/codec/byte_order.h"

enum {
    RIFF = 12,  /* "RIFF", length, "WEBP" */
    CHUNK = 8,  /* name and length; a chunk of odd size is padded with one byte */
    FRAME = 16, /* header of a frame, before its chunks */
    EXTENDED = 10
};

static bool is_name(const uint8_t *chunk, const char *name)
{
    return memcmp(chunk, name, 4) == 0;
}

static void set_once(struct blob *part, const uint8_t *data, size_t size)
{
    if (!part->data) {
        *part = blob_view(data, size);
    }
}

static void take_image(const uint8_t *chunk, uint32_t length, struct webp_parts *out)
{
    if (is_name(chunk, "ALPH") && !out->image.data) {
        set_once(&out->alpha, chunk, CHUNK + (size_t)length);
    } else if ((is_name(chunk, "VP8 ") || is_name(chunk, "VP8L")) && !out->image.data) {
        out->image = blob_view(chunk, CHUNK + (size_t)length);
        out->lossless = chunk[3] == 'L';
    }
}

typedef void (*take_fn)(const uint8_t *chunk, uint32_t length, struct webp_parts *out);

/* Calls `take` for each chunk. Returns false at the first one that is cut off, and if less than a
 * chunk is left at the end: a chunk that is appended there would not be found. */
static bool walk(const uint8_t *data, size_t size, take_fn take, struct webp_parts *out)
{
    size_t at = 0;

    while (size - at >= CHUNK) {
        uint32_t length = read_le32(data + at + 4);

        if (length > size - at - CHUNK) {
            return false;
        }
        take(data + at, length, out);
        at += CHUNK + (size_t)length + (length & 1);
        if (at > size) {
            return false;
        }
    }
    return at == size;
}

static void take_part(const uint8_t *chunk, uint32_t length, struct webp_parts *out)
{
    const uint8_t *body = chunk + CHUNK;

    if (is_name(chunk, "VP8X")) {
        set_once(&out->header, body, length);
    } else if (is_name(chunk, "ICCP")) {
        set_once(&out->profile, body, length);
    } else if (is_name(chunk, "EXIF")) {
        set_once(&out->exif, body, length);
    } else if (is_name(chunk, "ANMF") && length >= FRAME && !out->frame.data && !out->image.data) {
        out->frame = blob_view(body, FRAME);
        (void)walk(body + FRAME, length - FRAME, take_image, out);
    } else {
        take_image(chunk, length, out);
    }
}

bool webp_find_parts(const struct blob *file, size_t end, struct webp_parts *out)
{
    *out = (struct webp_parts){ 0 };
    out->complete = walk(file->data + RIFF, end - RIFF, take_part, out);
    return out->image.size > 0;
}

static void put_le(uint8_t *to, size_t value, int bytes)
{
    for (int i = 0; i < bytes; i++) {
        to[i] = (uint8_t)(value >> 8 * i);
    }
}

static uint8_t *put_chunk(uint8_t *to, const struct blob *chunk)
{
    if (chunk->size == 0) {
        return to;
    }
    memcpy(to, chunk->data, chunk->size);
    to += chunk->size;
    if (chunk->size & 1) {
        *to++ = 0;
    }
    return to;
}

bool webp_keep_image(const struct webp_parts *parts, int width, int height, struct blob *out,
                     struct error *err)
{
    enum { HAS_ALPHA = 0x10 };
    uint8_t *at;

    if (!blob_new(out, RIFF + CHUNK + EXTENDED + parts->alpha.size + parts->image.size + 2, err)) {
        return false;
    }
    at = out->data + RIFF;
    if (parts->alpha.size > 0) {
        memcpy(at, "VP8X\x0a\0\0\0", CHUNK);
        put_le(at + CHUNK, HAS_ALPHA, 4);
        put_le(at + CHUNK + 4, (size_t)width - 1, 3);
        put_le(at + CHUNK + 7, (size_t)height - 1, 3);
        at = put_chunk(at + CHUNK + EXTENDED, &parts->alpha);
    }
    at = put_chunk(at, &parts->image);
    out->size = (size_t)(at - out->data);
    memcpy(out->data, "RIFF____WEBP", RIFF);
    put_le(out->data + 4, out->size - CHUNK, 4);
    return true;
}
