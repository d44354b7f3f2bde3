/* decode_png_plain.c - common PNG files in a third of libpng's time: 8-bit RGB or RGBA, not
 * interlaced. The stream is inflated at once to the exact size, and the filters are undone in
 * place, row by row towards the front. */
#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>

#include "image/codec/byte_order.h"
#include "image/codec/decode.h"
#include "image/codec/png_unfilter.h"

enum { HEADER = 16, ANCILLARY_MAX = 100, ANCILLARY_BYTES = 4 << 20 };

static bool is_type(const uint8_t *chunk, const char *type)
{
    return memcmp(chunk + 4, type, 4) == 0;
}

/* Returns true for a text chunk with a valid keyword and, in iTXt, uncompressed text. */
static bool is_text(const uint8_t *chunk, uint32_t length)
{
    const uint8_t *body = chunk + 8, *end = memchr(body, 0, length < 80 ? length : 80);
    uint32_t rest = end ? length - (uint32_t)(end - body) - 1 : 0;

    if (!end || end == body) {
        return false;
    }
    if (is_type(chunk, "tEXt")) {
        return true;
    }
    return is_type(chunk, "iTXt") && rest > 4 && end[1] == 0 && end[2] == 0 && end[3] == 0 &&
           end[4] == 0;
}

/* Returns true for exactly the values that writers of sRGB store; libpng handles any other
 * value. */
static bool is_srgb(const uint8_t *chunk, uint32_t length)
{
    static const struct {
        char type[5];
        uint32_t length, compared;
        const char *body;
    } all[] = {
        { "sRGB", 1, 1, "" },
        { "gAMA", 4, 4, "\x00\x00\xb1\x8f" },
        { "cHRM", 32, 32,
          "\x00\x00\x7a\x26\x00\x00\x80\x84\x00\x00\xfa\x00\x00\x00\x80\xe8"
          "\x00\x00\x75\x30\x00\x00\xea\x60\x00\x00\x3a\x98\x00\x00\x17\x70" },
        { "pHYs", 9, 0, "" },
    };

    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (is_type(chunk, all[i].type)) {
            return length == all[i].length && memcmp(chunk + 8, all[i].body, all[i].compared) == 0;
        }
    }
    return false;
}

/* Returns true for an ancillary chunk that libpng would skip or accept silently. */
static bool is_harmless(const uint8_t *chunk, uint32_t length, bool before_data)
{
    bool is_private = (chunk[4] & 0x20) && (chunk[5] & 0x20);

    for (int i = 4; i < 8; i++) {
        is_private = is_private && ((chunk[i] | 0x20) >= 'a' && (chunk[i] | 0x20) <= 'z');
    }
    return length <= ANCILLARY_BYTES &&
           (is_private || is_text(chunk, length) || (before_data && is_srgb(chunk, length)));
}

/* Returns true if a second chunk of this type follows; only one is allowed. */
static bool is_repeated(const uint8_t *chunk)
{
    const uint8_t *next = chunk + 12 + read_be32(chunk);

    while (!is_type(next, "IEND") && memcmp(next + 4, chunk + 4, 4) != 0) {
        next += 12 + read_be32(next);
    }
    return !is_type(next, "IEND");
}

static size_t row_size(const uint8_t *header)
{
    return (size_t)read_be32(header) * (header[9] == 6 ? 4 : 3);
}

/* Returns true if the window declared in the first byte suffices; libpng enforces it. */
static bool window_is_wide(const uint8_t *stream, uint32_t length, size_t raw)
{
    return length > 0 && (stream[0] >> 4 >= 7 || (size_t)1 << ((stream[0] >> 4) + 8) >= raw);
}

bool png_is_plain(const struct blob *file)
{
    const uint8_t *header = file->data + HEADER;
    bool data = false;
    int ancillary = 0;

    if (header[8] != 8 || (header[9] != 2 && header[9] != 6) || header[10] != 0 ||
        header[11] != 0 || header[12] != 0) {
        return false;
    }
    for (const uint8_t *chunk = header + 17; !is_type(chunk, "IEND");
         chunk += 12 + read_be32(chunk)) {
        uint32_t length = read_be32(chunk);

        if (is_type(chunk, "IDAT")) {
            if (!data && !window_is_wide(chunk + 8, length,
                                         (row_size(header) + 1) * (size_t)read_be32(header + 4))) {
                return false;
            }
            data = true;
        } else if (!is_harmless(chunk, length, !data) || ++ancillary > ANCILLARY_MAX ||
                   (is_srgb(chunk, length) && is_repeated(chunk))) {
            return false;
        }
    }
    return data;
}

/* Concatenates all data chunks; a single chunk is used without a copy. */
static bool join_data(const struct blob *file, struct blob *out, struct error *err)
{
    const uint8_t *first = NULL, *chunk = file->data + HEADER + 17;
    size_t size = 0;

    for (; !is_type(chunk, "IEND"); chunk += 12 + read_be32(chunk)) {
        if (is_type(chunk, "IDAT")) {
            first = first ? first : chunk;
            size += read_be32(chunk);
        }
    }
    if (!first) {
        return error_set(err, ERROR_INPUT, "the PNG is broken: it has no pixel data");
    }
    if (size == read_be32(first)) {
        *out = blob_view(first + 8, size);
        return true;
    }
    if (!blob_new(out, size, err)) {
        return false;
    }
    size = 0;
    for (chunk = first; is_type(chunk, "IDAT"); chunk += 12 + read_be32(chunk)) {
        memcpy(out->data + size, chunk + 8, read_be32(chunk));
        size += read_be32(chunk);
    }
    return true;
}

static bool inflate_whole(const struct blob *stream, uint8_t *to, size_t size, struct error *err)
{
    struct libdeflate_decompressor *inflater = libdeflate_alloc_decompressor();
    enum libdeflate_result result;
    size_t taken = 0;

    if (!inflater) {
        return error_set(err, ERROR_INTERNAL, "no memory to decode a PNG");
    }
    result =
        libdeflate_zlib_decompress_ex(inflater, stream->data, stream->size, to, size, &taken, NULL);
    libdeflate_free_decompressor(inflater);
    if (result != LIBDEFLATE_SUCCESS) {
        return error_set(err, ERROR_INPUT, "the PNG is broken: %s",
                         result == LIBDEFLATE_BAD_DATA ? "its data cannot be decompressed"
                                                       : "its data has the wrong size");
    }
    return taken == stream->size ||
           error_set(err, ERROR_INPUT, "the PNG is broken: something follows its data");
}

/* Row y is read at y * (size + 1) and written at y * size, so that a write never reaches unread
 * data. */
static bool unfilter_rows(uint8_t *pixels, size_t size, int height, int step, struct error *err)
{
    uint8_t *zeros = calloc(size + UNFILTER_SLACK, 1);
    const uint8_t *above = zeros;

    if (!zeros) {
        return error_set(err, ERROR_INTERNAL, "no memory to decode a PNG");
    }
    for (size_t y = 0; y < (size_t)height; y++) {
        const uint8_t *from = pixels + y * (size + 1);
        unfilter_fn unfilter = unfilter_for(from[0], step);

        if (!unfilter) {
            free(zeros);
            return error_set(err, ERROR_INPUT, "the PNG is broken: a row has an unknown filter");
        }
        unfilter(from + 1, above, pixels + y * size, size);
        above = pixels + y * size;
    }
    free(zeros);
    return true;
}

bool decode_png_plain(const struct blob *file, const struct image_facts *facts,
                      const struct decode_target *target, struct image *out, struct error *err)
{
    size_t size = row_size(file->data + HEADER), raw = (size + 1) * (size_t)facts->height;
    int channels = file->data[HEADER + 9] == 6 ? 4 : 3;
    struct blob stream;
    bool good;

    *out = (struct image){ 0 };
    if (!join_data(file, &stream, err)) {
        return false;
    }
    good = target_image(target, facts->width, facts->height, channels,
                        (size_t)facts->height + UNFILTER_SLACK, out, err) &&
           inflate_whole(&stream, out->pixels, raw, err) &&
           unfilter_rows(out->pixels, size, facts->height, channels, err);
    blob_free(&stream);
    if (!good) {
        image_free(out);
    }
    return good;
}
