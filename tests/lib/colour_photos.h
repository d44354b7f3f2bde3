/* colour_photos.h - photos of many colours that name a profile. */
#ifndef TESTS_LIB_COLOUR_PHOTOS_H
#define TESTS_LIB_COLOUR_PHOTOS_H
#include "lib/colour_profiles.h"
#include "lib/photo_files.h"

enum { LEVELS = 6, COLOURS = LEVELS * LEVELS * LEVELS, ACROSS = 18, BLOCK = 8 };
enum { WIDTH = ACROSS * BLOCK, HEIGHT = COLOURS / ACROSS * BLOCK };

static const struct image_bounds seller = { .from_seller = true };

/* A block of each colour of a grid. */
static inline void fill_blocks(uint8_t *pixels, int channels, bool inverted)
{
    for (int y = 0; y < HEIGHT; y++) {
        for (int x = 0; x < WIDTH; x++) {
            int n = y / BLOCK * ACROSS + x / BLOCK;
            uint8_t *to = pixels + (y * WIDTH + x) * channels;
            int values[4] = { n % LEVELS, n / LEVELS % LEVELS, n / LEVELS / LEVELS, n % 3 };

            for (int c = 0; c < channels; c++) {
                int value = values[c] * 255 / (LEVELS - 1);

                to[c] = (uint8_t)(inverted ? 255 - value : value);
            }
        }
    }
}

/* Splits the profile into segments of at most `most` bytes, written in reverse order. */
static inline void add_profile(struct blob *jpeg, const struct blob *profile, size_t most)
{
    size_t count = (profile->size + most - 1) / most;

    for (size_t i = 0; i < count; i++) {
        size_t size = profile->size - i * most < most ? profile->size - i * most : most;
        struct blob body = { 0 };

        put(&body, "ICC_PROFILE\0", 12);
        put(&body, (uint8_t[]){ (uint8_t)(i + 1), (uint8_t)count }, 2);
        put(&body, profile->data + i * most, size);
        photo_add_segment(jpeg, 0xe2, body.data, body.size);
        blob_free(&body);
    }
}

static inline void add_iccp(struct blob *png, const struct blob *profile)
{
    struct blob body = { 0 }, packed = deflated(profile->data, profile->size);

    put(&body, "a name\0", 8); /* its zero, and the method */
    put(&body, packed.data, packed.size);
    photo_add_chunk(png, "iCCP", body.data, body.size);
    blob_free(&packed);
    blob_free(&body);
}

static inline struct image decoded(const struct blob *file, enum image_colours colours,
                                   const char *what)
{
    struct image_facts facts;
    struct image image;
    struct error err = { 0 };

    if (!image_decode(file, &seller, &image, &facts, &err)) {
        fail_msg("%s: %s", what, err.text);
    }
    if (facts.colours != colours) {
        fail_msg("%s: colours %d, not %d", what, (int)facts.colours, (int)colours);
    }
    assert_int_equal(image.width, WIDTH);
    return image;
}

static inline void expect_colours(const struct image *image, const struct image *original,
                                  const struct blob *profile, double most, const char *what)
{
    for (int n = 0; n < COLOURS; n++) {
        int at = (n / ACROSS * BLOCK + BLOCK / 2) * WIDTH + n % ACROSS * BLOCK + BLOCK / 2;
        const uint8_t *from = original->pixels + at * 3, *got = image->pixels + at * 3;
        double in[3] = { from[0] / 255.0, from[1] / 255.0, from[2] / 255.0 }, want[3], apart;

        reference(profile, TYPE_RGB_DBL, in, want);
        apart = difference(got, want);
        if (apart > most) {
            fail_msg("%s: colour %d %d %d is off by %.2f", what, from[0], from[1], from[2], apart);
        }
    }
}

static inline struct image colour_blocks(void)
{
    struct image image;
    struct error err;

    assert_true(image_new(WIDTH, HEIGHT, 3, &image, &err));
    fill_blocks(image.pixels, 3, false);
    return image;
}
#endif
