/* inspect_webp.c - WebP container: its declared length must be that of the file. Reads the size in
 * pixels from the first chunks; libwebp only sees the file in the decoder. WebP container
 * specification, and RFC 6386 section 9.1. */
#include "image/codec/byte_order.h"
#include "image/codec/inspect.h"

enum { CHUNK = 8, FIRST = 12, LOSSY_HEADER = 10, LOSSLESS_HEADER = 5, EXTENDED_HEADER = 10 };

static bool broken(struct error *err, const char *what)
{
    return error_set(err, ERROR_INPUT, "the WebP is broken: %s", what);
}

static int read_le24(const uint8_t *d)
{
    return d[0] | d[1] << 8 | d[2] << 16;
}

static bool read_lossy(const uint8_t *body, uint32_t length, struct image_facts *out)
{
    if (length < LOSSY_HEADER || !bytes_contain(body + 3, 3, "\x9d\x01\x2a")) {
        return false;
    }
    out->width = (body[6] | body[7] << 8) & 0x3fff;
    out->height = (body[8] | body[9] << 8) & 0x3fff;
    out->decoder_bytes = 1; /* rows of blocks, and the plane of alpha */
    return true;
}

static bool read_lossless(const uint8_t *body, uint32_t length, struct image_facts *out)
{
    uint32_t bits;

    if (length < LOSSLESS_HEADER || body[0] != 0x2f) {
        return false;
    }
    bits = read_le32(body + 1);
    out->width = (int)(bits & 0x3fff) + 1;
    out->height = (int)(bits >> 14 & 0x3fff) + 1;
    out->alpha = (bits >> 28 & 1) != 0;
    out->decoder_bytes = 5; /* 32 bits per pixel, and the plane of indices */
    return true;
}

/* An extended file declares its size and alpha first; its image must have the same size. */
static bool read_image(const struct blob *file, struct image_facts *out, bool *has_image)
{
    const uint8_t *d = file->data;
    struct image_facts extended = { 0 };

    for (size_t at = FIRST; file->size - at >= CHUNK;) {
        uint32_t length = read_le32(d + at + 4);
        const uint8_t *body = d + at + CHUNK;

        if (length > file->size - at - CHUNK) {
            return false;
        }
        if (bytes_contain(d + at, 4, "VP8X")) {
            if (at != FIRST || length < EXTENDED_HEADER || (body[0] & 0x02)) { /* animation */
                return false;
            }
            extended.alpha = (body[0] & 0x10) != 0;
            extended.width = read_le24(body + 4) + 1;
            extended.height = read_le24(body + 7) + 1;
        } else if (bytes_contain(d + at, 4, "ALPH")) {
            extended.alpha = true;
        } else if (bytes_contain(d + at, 4, "VP8 ") || bytes_contain(d + at, 4, "VP8L")) {
            *has_image =
                d[at + 3] == 'L' ? read_lossless(body, length, out) : read_lossy(body, length, out);
            out->alpha = out->alpha || extended.alpha;
            return *has_image && (extended.width == 0 ||
                                  (extended.width == out->width && extended.height == out->height));
        }
        at += CHUNK + (size_t)length + (length & 1);
        if (at > file->size) {
            return false;
        }
    }
    return false;
}

bool inspect_webp(const struct blob *file, struct image_facts *out, struct error *err)
{
    const uint8_t *d = file->data;
    bool has_image = false;

    if (file->size < 20 || !bytes_contain(d, 4, "RIFF")) {
        return broken(err, "it is truncated");
    }
    if ((uint64_t)read_le32(d + 4) + 8 != file->size) {
        return broken(err, "its length is not the declared one");
    }
    if (!read_image(file, out, &has_image)) {
        return broken(err,
                      has_image ? "its parts have different sizes" : "it holds no still picture");
    }
    out->by_rows = true;
    out->min_bytes = (int64_t)out->width * out->height / SPARSE_PIXELS_PER_BYTE;
    out->provenance = bytes_contain(d, file->size, "DigitalSourceType");
    return true;
}
