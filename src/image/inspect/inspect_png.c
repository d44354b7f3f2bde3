/* inspect_png.c - walks a PNG's chunks: order, lengths, checksums, end. PNG specification, 3rd
 * edition, sections 5 and 11. */
#include <libdeflate.h>
#include <string.h>

#include "image/codec/byte_order.h"
#include "image/inspect/exif.h"
#include "image/inspect/inspect.h"
#include "image/inspect/png_essential.h"

/* Deflate's longest match is 258 bytes, in 2 bits at least. */
enum { DEFLATE_MAX_RATIO = 1032 };

struct chunk_state {
    bool header, data, data_ended, end;
};

static bool broken(struct error *err, const char *what)
{
    return error_set(err, ERROR_INPUT, "the PNG is broken: %s", what);
}

/* Returns the size of the pixels before deflate, without the filters' numbers. */
static int64_t data_size(const uint8_t *header)
{
    static const int channels[] = { 1, 0, 3, 1, 2, 0, 4 }; /* by colour type */
    int depth = header[8], type = header[9];
    int64_t row_bits = (int64_t)read_be32(header) * depth * (type <= 6 ? channels[type] : 0);

    return (row_bits + 7) / 8 * read_be32(header + 4);
}

static bool read_header(const uint8_t *body, uint32_t length, struct image_facts *out,
                        struct error *err)
{
    if (length != 13 || read_be32(body) == 0 || read_be32(body + 4) == 0 ||
        read_be32(body) > 65535 || read_be32(body + 4) > 65535) {
        return broken(err, "its header makes no sense");
    }
    out->width = (int)read_be32(body);
    out->height = (int)read_be32(body + 4);
    out->alpha = body[9] == 4 || body[9] == 6;
    out->by_rows = body[12] == 0;
    out->min_bytes = data_size(body) / DEFLATE_MAX_RATIO;
    return true;
}

static bool read_chunk(const char *type, const uint8_t *body, uint32_t length,
                       struct chunk_state *chunk_state, struct image_facts *out, struct error *err)
{
    if (!chunk_state->header) {
        chunk_state->header = true;
        return strncmp(type, "IHDR", 4) == 0 ? read_header(body, length, out, err)
                                             : broken(err, "it does not begin with its header");
    }
    if (strncmp(type, "IHDR", 4) == 0) {
        return broken(err, "it has two headers");
    }
    if (strncmp(type, "IDAT", 4) == 0) {
        if (chunk_state->data_ended) {
            return broken(err, "its data has a gap");
        }
        chunk_state->data = true;
        return true;
    }
    chunk_state->data_ended = chunk_state->data;
    if (strncmp(type, "IEND", 4) == 0) {
        chunk_state->end = true;
        return length == 0 || broken(err, "its end is not empty");
    }
    if (strncmp(type, "tRNS", 4) == 0) {
        out->alpha = true;
    } else if (strncmp(type, "caBX", 4) == 0) {
        out->c2pa = true;
    } else if (strncmp(type, "eXIf", 4) == 0) {
        out->orientation = exif_read(body, length).orientation;
    } else if (strncmp(type, "iCCP", 4) == 0) {
        out->profile = true;
    } else if (strncmp(type, "iTXt", 4) == 0) {
        out->ai_mark = out->ai_mark || xmp_says_ai(body, length);
    } else if (!(type[0] & 0x20) && strncmp(type, "PLTE", 4) != 0) {
        return broken(err, "it has a part that must be understood and is not known");
    }
    return true;
}

bool inspect_png(const struct blob *file, struct image_facts *out, struct error *err)
{
    struct chunk_state chunk_state = { 0 };
    size_t at = 8;

    while (!chunk_state.end) {
        uint32_t length;
        const uint8_t *chunk = file->data + at;

        if (file->size - at < 12) {
            return broken(err, "it is cut off");
        }
        length = read_be32(chunk);
        if (length > file->size - at - 12) {
            return broken(err, "it is cut off");
        }
        if (libdeflate_crc32(0, chunk + 4, length + 4) != read_be32(chunk + 8 + length)) {
            /* readers of the pixels expect the header at the beginning */
            if (!out->from_seller || !chunk_state.header || png_is_essential(chunk + 4)) {
                return broken(err, "a checksum is wrong");
            }
            at += 12 + (size_t)length;
            continue;
        }
        if (!read_chunk((const char *)chunk + 4, chunk + 8, length, &chunk_state, out, err)) {
            return false;
        }
        at += 12 + (size_t)length;
    }
    if (!chunk_state.data) {
        return broken(err, "it holds no pixels");
    }
    out->used_bytes = at;
    return true;
}
