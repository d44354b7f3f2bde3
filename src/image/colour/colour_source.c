/* colour_source.c - profiles in JPEG, WebP and TIFF. ICC.1:2022 annex B. */
#include "image/colour/colour_source.h"

#include <string.h>

#include "image/colour/srgb_profile.h"
#include "image/inspect/exif.h"
#include "image/inspect/tiff.h"
#include "image/inspect/webp_parts.h"

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

/* -- TIFF ------------------------------------------------------------------------------------ */

static void find_tiff(const struct blob *file, struct colour_source *out)
{
    struct tiff tiff;
    const uint8_t *profile;
    size_t size;

    if (!tiff_open(file->data, file->size, &tiff)) {
        return;
    }
    profile = tiff_bytes(&tiff, tiff_first_directory(&tiff), TIFF_ICC_PROFILE, &size);
    if (profile) {
        out->kind = COLOUR_SOURCE_PROFILE;
        out->profile = blob_view(profile, size);
    }
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
    case FORMAT_TIFF:
        find_tiff(file, out);
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
    struct srgb_conversion *conversion;

    image->colours = COLOURS_SRGB;
    if (source->kind == COLOUR_SOURCE_NONE ||
        (source->kind == COLOUR_SOURCE_PROFILE && srgb_profile_is(&source->profile))) {
        return;
    }
    image->colours = COLOURS_ASSUMED;
    if (source->kind == COLOUR_SOURCE_BROKEN) {
        return;
    }
    conversion = source->kind == COLOUR_SOURCE_PROFILE
                     ? srgb_conversion_open(&source->profile, pixels)
                     : srgb_conversion_open_space(&source->space, pixels);
    if (conversion && srgb_conversion_is_identity(conversion)) {
        image->colours = COLOURS_SRGB;
    } else if (conversion && srgb_convert(conversion, image->pixels, image->pixels,
                                          (size_t)image->width * (size_t)image->height)) {
        image->colours = COLOURS_CONVERTED;
    }
    srgb_conversion_close(conversion);
}
