/* colour_source.c - profiles in JPEG and WebP, and code points. ICC.1:2022 annex B, ITU-T H.273. */
#include "image/codec/colour_source.h"

#include <string.h>

#include "image/codec/exif.h"
#include "image/codec/webp_parts.h"

enum { PROFILE_BYTES_MAX = 16 << 20 };

/* -- JPEG ------------------------------------------------------------------------------------ */

enum { ICC_HEAD = 14, ICC_CHUNKS = 256 }; /* name, number of the chunk, number of chunks */

struct jpeg_chunks {
    const uint8_t *body[ICC_CHUNKS];
    size_t size[ICC_CHUNKS], total;
    int count, found; /* count: as the chunks say */
    bool adobe_rgb;
};

static void take_segment(uint8_t marker, const uint8_t *body, size_t size, struct jpeg_chunks *out)
{
    if (marker == 0xe1 && size > 6 && memcmp(body, "Exif\0\0", 6) == 0) {
        out->adobe_rgb = out->adobe_rgb || exif_read(body, size).adobe_rgb;
    }
    if (marker != 0xe2 || size < ICC_HEAD || memcmp(body, "ICC_PROFILE", 12) != 0 ||
        out->body[body[12]]) { /* a copy of a chunk */
        return;
    }
    out->body[body[12]] = body + ICC_HEAD;
    out->size[body[12]] = size - ICC_HEAD;
    out->total += size - ICC_HEAD;
    out->count = body[13];
    out->found++;
}

/* Visits the segments before the first scan. */
static void walk_jpeg(const struct blob *file, struct jpeg_chunks *out)
{
    const uint8_t *d = file->data;
    size_t at = 2;

    while (at + 4 <= file->size) {
        size_t length;

        if (d[at] != 0xff || d[at + 1] == 0xff || d[at + 1] == 0) {
            at++;
            continue;
        }
        length = (size_t)(d[at + 2] << 8 | d[at + 3]);
        if (d[at + 1] == 0xda || length < 2 || length > file->size - at - 2) {
            return;
        }
        take_segment(d[at + 1], d + at + 4, length - 2, out);
        at += 2 + length;
    }
}

/* The chunks are numbered from 1. */
static bool join_chunks(const struct jpeg_chunks *chunks, struct blob *out)
{
    struct error ignored;
    size_t at = 0;

    if (chunks->total > PROFILE_BYTES_MAX || chunks->count != chunks->found ||
        !blob_new(out, chunks->total, &ignored)) {
        return false;
    }
    for (int i = 1; i <= chunks->count; i++) {
        if (!chunks->body[i]) {
            blob_free(out);
            return false;
        }
        memcpy(out->data + at, chunks->body[i], chunks->size[i]);
        at += chunks->size[i];
    }
    return true;
}

static void find_jpeg(const struct blob *file, struct colour_source *out)
{
    static const struct colour_space adobe_rgb = {
        .white = { 0.3127, 0.3290 },
        .primaries = { { 0.64, 0.33 }, { 0.21, 0.71 }, { 0.15, 0.06 } },
        .gamma = 563.0 / 256
    };
    struct jpeg_chunks chunks = { .count = 0 };

    walk_jpeg(file, &chunks);
    if (chunks.found > 0) {
        out->kind =
            join_chunks(&chunks, &out->profile) ? COLOUR_SOURCE_PROFILE : COLOUR_SOURCE_BROKEN;
    } else if (chunks.adobe_rgb) {
        out->kind = COLOUR_SOURCE_SPACE;
        out->space = adobe_rgb;
    }
}

/* -- WebP ------------------------------------------------------------------------------------ */

static void find_webp(const struct blob *file, struct colour_source *out)
{
    struct webp_parts parts;

    if (webp_find_parts(file, file->size, &parts) && parts.profile.size > 0) {
        out->kind = COLOUR_SOURCE_PROFILE;
        out->profile = parts.profile;
    }
}

/* -- code points ----------------------------------------------------------------------------- */

static const struct {
    unsigned code;
    double white[2], primaries[3][2];
} all_primaries[] = {
    { 4, { 0.310, 0.316 }, { { 0.67, 0.33 }, { 0.21, 0.71 }, { 0.14, 0.08 } } },
    { 5, { 0.3127, 0.3290 }, { { 0.64, 0.33 }, { 0.29, 0.60 }, { 0.15, 0.06 } } },
    { 6, { 0.3127, 0.3290 }, { { 0.630, 0.340 }, { 0.310, 0.595 }, { 0.155, 0.070 } } },
    { 7, { 0.3127, 0.3290 }, { { 0.630, 0.340 }, { 0.310, 0.595 }, { 0.155, 0.070 } } },
    { 9, { 0.3127, 0.3290 }, { { 0.708, 0.292 }, { 0.170, 0.797 }, { 0.131, 0.046 } } },
    { 11, { 0.314, 0.351 }, { { 0.680, 0.320 }, { 0.265, 0.690 }, { 0.150, 0.060 } } },
    { 12, { 0.3127, 0.3290 }, { { 0.680, 0.320 }, { 0.265, 0.690 }, { 0.150, 0.060 } } },
    /* sRGB's, and what cameras mean if they do not say it */
    { 1, { 0.3127, 0.3290 }, { { 0.64, 0.33 }, { 0.30, 0.60 }, { 0.15, 0.06 } } },
    { 2, { 0.3127, 0.3290 }, { { 0.64, 0.33 }, { 0.30, 0.60 }, { 0.15, 0.06 } } },
};

/* Cameras that write the code of BT.709 mean the curve of a screen, as every viewer shows them:
 * that of sRGB. Curves of high dynamic range are not supported. */
static bool read_transfer(unsigned transfer, struct colour_space *out)
{
    switch (transfer) {
    case 1:
    case 2:
    case 6:
    case 13:
    case 14:
    case 15:
        return true;
    case 4:
        out->gamma = 2.2;
        return true;
    case 5:
        out->gamma = 2.8;
        return true;
    case 8:
        out->gamma = 1;
        return true;
    default:
        return false;
    }
}

struct colour_source colour_source_of_codes(unsigned primaries, unsigned transfer)
{
    struct colour_source source = { .kind = COLOUR_SOURCE_BROKEN };

    for (size_t i = 0; i < sizeof all_primaries / sizeof *all_primaries; i++) {
        if (all_primaries[i].code == primaries && read_transfer(transfer, &source.space)) {
            memcpy(source.space.white, all_primaries[i].white, sizeof source.space.white);
            memcpy(source.space.primaries, all_primaries[i].primaries,
                   sizeof source.space.primaries);
            source.kind = primaries <= 2 && source.space.gamma == 0 ? COLOUR_SOURCE_NONE
                                                                    : COLOUR_SOURCE_SPACE;
        }
    }
    return source;
}

/* -- all ------------------------------------------------------------------------------------- */

void colour_source_find(const struct blob *file, const struct image_facts *facts,
                        struct colour_source *out)
{
    *out = (struct colour_source){ .kind = COLOUR_SOURCE_NONE };
    switch (facts->format) {
    case FORMAT_JPEG:
        find_jpeg(file, out);
        break;
    case FORMAT_PNG:
        colour_source_find_png(file, out);
        break;
    case FORMAT_WEBP:
        find_webp(file, out);
        break;
    default:
        break;
    }
}

void colour_source_free(struct colour_source *source)
{
    blob_free(&source->profile);
}

void colour_source_apply(const struct colour_source *source, struct image *image)
{
    enum colour_pixels pixels = image->channels == 4 ? PIXELS_RGBA : PIXELS_RGB;
    struct colour *colour;

    image->colours = COLOURS_SRGB;
    if (source->kind == COLOUR_SOURCE_NONE) {
        return;
    }
    image->colours = COLOURS_ASSUMED;
    if (source->kind == COLOUR_SOURCE_BROKEN) {
        return;
    }
    colour = source->kind == COLOUR_SOURCE_PROFILE ? colour_open(&source->profile, pixels)
                                                   : colour_open_space(&source->space, pixels);
    if (colour && colour_is_srgb(colour)) {
        image->colours = COLOURS_SRGB;
    } else if (colour && colour_convert(colour, image->pixels, image->pixels,
                                        (size_t)image->width * (size_t)image->height)) {
        image->colours = COLOURS_CONVERTED;
    }
    colour_close(colour);
}
