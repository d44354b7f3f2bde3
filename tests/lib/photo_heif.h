/* photo_heif.h - the files of tests/photos, and what their pixels are. */
#ifndef TESTS_LIB_PHOTO_HEIF_H
#define TESTS_LIB_PHOTO_HEIF_H
#include "lib/test_images.h"

#include <stdio.h>

struct heif_case {
    const char *name;
    int width, height;
    int first[2]; /* x and y, in the drawing, of the picture's top left pixel */
    bool alpha;
    enum image_colours colours;
};

static const struct heif_case heif_cases[] = {
    { "plain.heic", 64, 48, { 0, 0 }, false, COLOURS_SRGB },
    { "plain.avif", 64, 48, { 0, 0 }, false, COLOURS_SRGB },
    { "alpha.heic", 64, 48, { 0, 0 }, true, COLOURS_SRGB },
    { "alpha.avif", 64, 48, { 0, 0 }, true, COLOURS_SRGB },
    { "turned.heic", 48, 64, { 63, 0 }, false, COLOURS_SRGB },
    { "turned.avif", 48, 64, { 63, 0 }, false, COLOURS_SRGB },
    { "mirrored.heic", 64, 48, { 63, 0 }, false, COLOURS_SRGB },
    { "mirrored.avif", 64, 48, { 63, 0 }, false, COLOURS_SRGB },
    { "cropped.heic", 32, 24, { 16, 12 }, false, COLOURS_SRGB },
    { "cropped.avif", 32, 24, { 16, 12 }, false, COLOURS_SRGB },
    { "grid.heic", 120, 60, { 0, 0 }, false, COLOURS_SRGB },
    { "grid.avif", 128, 128, { 0, 0 }, false, COLOURS_SRGB },
    { "ten_bits.avif", 64, 48, { 0, 0 }, false, COLOURS_SRGB },
    { "sequence.avif", 64, 48, { 0, 0 }, true, COLOURS_SRGB },
    { "p3_profile.heic", 64, 48, { 0, 0 }, false, COLOURS_CONVERTED },
    { "p3_codes.avif", 64, 48, { 0, 0 }, false, COLOURS_CONVERTED },
};

enum { HEIF_CASES = sizeof heif_cases / sizeof *heif_cases };

static inline struct blob photo_file(const char *name)
{
    const char *source = getenv("DARKROOM_SOURCE");
    struct blob file = { 0 };
    uint8_t bytes[1 << 14];
    char path[4096];
    FILE *in;

    snprintf(path, sizeof path, "%s/tests/photos/%s", source ? source : ".", name);
    in = fopen(path, "rb");
    if (!in) {
        fail_msg("cannot open %s", path);
    }
    put(&file, bytes, fread(bytes, 1, sizeof bytes, in));
    fclose(in);
    return file;
}
#endif
