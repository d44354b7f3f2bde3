/* matting_cases.h - a folder for models, and photos with a known outline, for tests of the cut-out
 * model. */
#ifndef LIB_MATTING_CASES_H
#define LIB_MATTING_CASES_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io/file.h"
#include "matting/matting_pool.h"

static char folder[] = "/tmp/darkroom-matting-XXXXXX";

static inline const char *path_in_folder(const char *name)
{
    static char path[200];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static inline void write_file(const char *name, const void *data, size_t size)
{
    FILE *file = fopen(path_in_folder(name), "we");

    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, size, file), size);
    fclose(file);
}

static inline void write_text(const char *name, const char *text)
{
    write_file(name, text, strlen(text));
}

enum { EDGE = 512, RADIUS = 150 };

static inline bool in_disc(int x, int y)
{
    int dx = x - EDGE / 2, dy = y - EDGE / 2;

    return dx * dx + dy * dy < RADIUS * RADIUS;
}

/* A disc on a plain backdrop, whose lower half has another grey. */
static inline struct image photo_of(uint8_t backdrop, uint8_t upper, uint8_t lower)
{
    struct image photo;
    struct error err;

    assert_true(image_new(EDGE, EDGE, 3, &photo, &err));
    for (int y = 0; y < EDGE; y++) {
        for (int x = 0; x < EDGE; x++) {
            uint8_t level = !in_disc(x, y) ? backdrop : y < EDGE / 2 ? upper : lower;

            memset(photo.pixels + ((size_t)y * EDGE + (size_t)x) * 3, level, 3);
        }
    }
    return photo;
}

static inline double overlap_with_disc(const struct image *cut)
{
    long both = 0, either = 0;

    for (int y = 0; y < EDGE; y++) {
        for (int x = 0; x < EDGE; x++) {
            bool kept = cut->pixels[((size_t)y * EDGE + (size_t)x) * 4 + 3] >= 128;

            both += kept && in_disc(x, y);
            either += kept || in_disc(x, y);
        }
    }
    return (double)both / (double)either;
}

static inline void expect_mask(const struct image *photo, struct cut_mask *mask)
{
    struct error err = { .text = "" };

    if (!cut_mask_find(photo, mask, &err)) {
        fail_msg("no mask: %s", err.text);
    }
}

/* For the end of a group of tests. */
static inline int remove_folder(void **unused)
{
    struct error err;

    (void)unused;
    return folder_remove(folder, &err) ? 0 : -1;
}
#endif
