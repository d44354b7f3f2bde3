/* inspect_webp.c - reads the size in pixels from the first bytes of a WebP's image; libwebp only
 * sees the file in the decoder. RFC 6386 section 9.1, WebP lossless bitstream section 3. */
#include "image/codec/byte_order.h"
#include "image/inspect/exif.h"
#include "image/inspect/inspect.h"
#include "image/inspect/webp_parts.h"

enum { CHUNK = 8, LOSSY_HEADER = 10, LOSSLESS_HEADER = 5, EXTENDED_HEADER = 10 };

static bool broken(struct error *err, const char *what)
{
    return error_set(err, ERROR_INPUT, "the WebP is broken: %s", what);
}

static int read_le24(const uint8_t *d)
{
    return d[0] | d[1] << 8 | d[2] << 16;
}

static bool read_lossy(const uint8_t *body, size_t length, struct image_facts *out)
{
    if (length < LOSSY_HEADER || !bytes_contain(body + 3, 3, "\x9d\x01\x2a")) {
        return false;
    }
    out->width = (body[6] | body[7] << 8) & 0x3fff;
    out->height = (body[8] | body[9] << 8) & 0x3fff;
    out->decoder_bytes = 1; /* rows of blocks, and the plane of alpha */
    return true;
}

static bool read_lossless(const uint8_t *body, size_t length, struct image_facts *out)
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

/* The image must have the size that the extended header, or the frame of an animation, declares. */
static bool has_declared_size(const struct webp_parts *parts, const struct image_facts *facts)
{
    const uint8_t *at;

    if (parts->frame.size > 0) {
        at = parts->frame.data + 6;
    } else if (parts->header.size >= EXTENDED_HEADER) {
        at = parts->header.data + 4;
    } else {
        return true;
    }
    return read_le24(at) + 1 == facts->width && read_le24(at + 3) + 1 == facts->height;
}

/* Returns where the file ends by its own declaration; 0 if it is cut off. In a seller's photo
 * something may follow, or the end of the metadata be missing. */
static size_t declared_end(const struct blob *file, bool from_seller)
{
    uint64_t end = (uint64_t)read_le32(file->data + 4) + 8;

    if (end > file->size && from_seller) {
        return file->size;
    }
    return end < 20 || end > file->size ? 0 : (size_t)end;
}

bool inspect_webp(const struct blob *file, struct image_facts *out, struct error *err)
{
    const uint8_t *d = file->data;
    struct webp_parts parts;
    size_t end, length;

    if (file->size < 20 || !bytes_contain(d, 4, "RIFF")) {
        return broken(err, "it is truncated");
    }
    end = declared_end(file, out->from_seller);
    if (end == 0) {
        return broken(err, "it is cut off");
    }
    if (!webp_find_parts(file, end, &parts) || (!parts.complete && !out->from_seller)) {
        return broken(err, "it holds no complete picture");
    }
    if (parts.frame.size > 0 && !out->from_seller) {
        return broken(err, "it holds no still picture");
    }
    length = parts.image.size - CHUNK;
    if (parts.lossless ? !read_lossless(parts.image.data + CHUNK, length, out)
                       : !read_lossy(parts.image.data + CHUNK, length, out)) {
        return broken(err, "its picture has no header");
    }
    if (!has_declared_size(&parts, out)) {
        return broken(err, "its parts have different sizes");
    }
    out->alpha = out->alpha || parts.alpha.size > 0 ||
                 (parts.header.size > 0 && (parts.header.data[0] & 0x10) && !parts.frame.size);
    out->orientation = exif_read(parts.exif.data, parts.exif.size).orientation;
    out->profile = parts.profile.size > 0;
    out->used_bytes = end;
    out->by_rows = true;
    out->min_bytes = (int64_t)out->width * out->height / SPARSE_PIXELS_PER_BYTE;
    out->ai_mark = xmp_says_ai(d, end);
    out->c2pa = bytes_contain(d, end, "C2PA");
    return true;
}
