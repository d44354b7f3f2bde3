/* colour_source_png.c - cICP, iCCP, sRGB, gAMA and cHRM. PNG specification, 3rd edition, sections
 * 11.3.2 and 13.13: the first of them counts, in this order. */
#include <libdeflate.h>
#include <math.h>
#include <string.h>

#include "image/codec/byte_order.h"
#include "image/codec/png_chunk.h"
#include "image/colour/colour_source.h"

enum { SIGNATURE = 8, NAME_MAX_BYTES = 80, PROFILE_BYTES_MAX = 4 << 20 };

/* Returns the first chunk of the type with a correct checksum before the pixels; NULL if none. */
static const uint8_t *find_chunk(const struct blob *file, const char *type, uint32_t least)
{
    const uint8_t *chunk = file->data + SIGNATURE;

    while (memcmp(chunk + 4, "IDAT", 4) != 0 && memcmp(chunk + 4, "IEND", 4) != 0) {
        uint32_t length = read_be32(chunk);

        if (memcmp(chunk + 4, type, 4) == 0 && length >= least &&
            libdeflate_crc32(0, chunk + 4, (size_t)length + 4) ==
                read_be32(chunk + 8 + (size_t)length)) {
            return chunk;
        }
        chunk += PNG_CHUNK_FRAME + (size_t)length;
    }
    return NULL;
}

/* The size is not known before: small buffers are tried first. */
static bool inflate_profile(const uint8_t *data, size_t size, struct blob *out)
{
    struct libdeflate_decompressor *inflater = libdeflate_alloc_decompressor();
    enum libdeflate_result result = LIBDEFLATE_INSUFFICIENT_SPACE;
    struct error ignored;

    for (size_t room = 16 << 10; inflater && room <= PROFILE_BYTES_MAX; room *= 16) {
        size_t got = 0;

        blob_free(out);
        if (!blob_new(out, room, &ignored)) {
            break;
        }
        result = libdeflate_zlib_decompress(inflater, data, size, out->data, room, &got);
        out->size = got;
        if (result != LIBDEFLATE_INSUFFICIENT_SPACE) {
            break;
        }
    }
    libdeflate_free_decompressor(inflater);
    if (result != LIBDEFLATE_SUCCESS) {
        blob_free(out);
    }
    return result == LIBDEFLATE_SUCCESS;
}

/* iCCP holds a name, a zero, the method of compression (0), and the profile. */
static void read_profile(const uint8_t *chunk, struct colour_source *out)
{
    uint32_t length = read_be32(chunk);
    const uint8_t *body = chunk + 8;
    const uint8_t *end = memchr(body, 0, length < NAME_MAX_BYTES ? length : NAME_MAX_BYTES);
    size_t head = end ? (size_t)(end - body) + 2 : 0;

    out->kind = COLOUR_SOURCE_BROKEN;
    if (end && head < length && end[1] == 0 &&
        inflate_profile(body + head, length - head, &out->profile)) {
        out->kind = COLOUR_SOURCE_PROFILE;
    }
}

static double read_fixed(const uint8_t *at)
{
    return read_be32(at) / 100000.0;
}

/* gAMA holds the exponent of the encoder; sRGB's curve is close to 1 / 2.2. Files without cHRM have
 * the primaries of sRGB. */
static void read_numbers(const uint8_t *gama, const uint8_t *chrm, struct colour_source *out)
{
    struct colour_space *space = &out->space;
    double gamma = gama ? read_fixed(gama + 8) : 0;

    *out = colour_source_of_codes(1, 13);
    if (gamma != 0 && (gamma < 0.1 || gamma > 10)) {
        return; /* makes no sense */
    }
    space->gamma = gamma == 0 || fabs(gamma * 2.2 - 1) < 0.05 ? 0 : 1 / gamma;
    if (chrm) {
        for (int i = 0; i < 2; i++) {
            space->white[i] = read_fixed(chrm + 8 + (size_t)i * 4);
        }
        for (int i = 0; i < 6; i++) {
            space->primaries[i / 2][i % 2] = read_fixed(chrm + 16 + (size_t)i * 4);
        }
    }
    out->kind = gama || chrm ? COLOUR_SOURCE_SPACE : COLOUR_SOURCE_NONE;
}

void colour_source_find_png(const struct blob *file, struct colour_source *out)
{
    const uint8_t *cicp = find_chunk(file, "cICP", 4), *iccp = find_chunk(file, "iCCP", 1);

    if (cicp) { /* its third number must be 0: RGB; the fourth 1: full range */
        *out = colour_source_of_codes(cicp[8], cicp[9]);
        if (out->kind != COLOUR_SOURCE_BROKEN) {
            return;
        }
    }
    if (iccp) {
        read_profile(iccp, out);
    } else if (!cicp && !find_chunk(file, "sRGB", 1)) {
        read_numbers(find_chunk(file, "gAMA", 4), find_chunk(file, "cHRM", 32), out);
    }
}
