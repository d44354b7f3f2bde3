/* test_ground.c - background detection agrees with a simple reference flood fill. */
#include "lib/test_images.h"

#include "image/ground.h"

static int off(const struct image *image, int at)
{
    const uint8_t *p = image->pixels + at * image->channels;
    int least = p[0] < p[1] ? p[0] : p[1];

    return 255 - (p[2] < least ? p[2] : least);
}

static bool on_border(const struct image *image, int at)
{
    int x = at % image->width, y = at / image->width;

    return x == 0 || y == 0 || x == image->width - 1 || y == image->height - 1;
}

/* Repeats passes over the image until nothing is added. */
static void flood(const struct image *image, uint8_t *ground)
{
    int w = image->width, count = w * image->height;
    bool more = true;

    memset(ground, 0, (size_t)count);
    while (more) {
        more = false;
        for (int i = 0; i < count; i++) {
            bool beside = on_border(image, i) || ground[i - 1] || ground[i + 1] || ground[i - w] ||
                          ground[i + w];

            if (!ground[i] && beside && off(image, i) <= NEAR_WHITE) {
                ground[i] = 1;
                more = true;
            }
        }
    }
}

/* All background pixels become white; all others are unchanged. */
static void assert_whitened(const struct image *image, const uint8_t *ground)
{
    size_t n = (size_t)image->channels, count = (size_t)image->width * (size_t)image->height;
    struct image copy = *image;

    copy.pixels = malloc(count * n);
    assert_non_null(copy.pixels);
    memcpy(copy.pixels, image->pixels, count * n);
    assert_true(ground_whiten(&copy, NULL));
    for (size_t i = 0; i < count; i++) {
        assert_memory_equal(copy.pixels + i * n,
                            ground[i] ? (const uint8_t *)"\xff\xff\xff" : image->pixels + i * n, 3);
    }
    image_free(&copy);
}

static void agrees_with_reference(const struct image *image)
{
    int w = image->width, count = w * image->height;
    struct ground got, want = { .left = w, .top = image->height, .right = -1, .bottom = -1 };
    uint8_t *ground = calloc((size_t)count, 1);

    flood(image, ground);
    for (int i = 0; i < count; i++) {
        int x = i % w, y = i / w;

        want.count += ground[i];
        if (ground[i] || on_border(image, i)) {
            want.off_white += off(image, i) > 0;
            want.max_off_white =
                off(image, i) > want.max_off_white ? off(image, i) : want.max_off_white;
        }
        if (!ground[i]) {
            want.left = x < want.left ? x : want.left;
            want.right = x > want.right ? x : want.right;
            want.top = y < want.top ? y : want.top;
            want.bottom = y > want.bottom ? y : want.bottom;
        }
    }
    assert_true(ground_find(image, NULL, &got));
    assert_int_equal(got.count, want.count);
    assert_int_equal(got.off_white, want.off_white);
    assert_int_equal(got.max_off_white, want.max_off_white);
    assert_int_equal(got.left, want.left);
    assert_int_equal(got.right, want.right);
    assert_int_equal(got.top, want.top);
    assert_int_equal(got.bottom, want.bottom);
    assert_whitened(image, ground);
    free(ground);
}

/* Random mazes, from almost all white to almost none. */
static void mazes_agree_with_the_reference(void **unused)
{
    uint64_t state = 8;

    (void)unused;
    for (int i = 0; i < 400; i++) {
        int w = 1 + (int)random_below(&state, 40), h = 1 + (int)random_below(&state, 40);
        struct image image = scene(w, h, i % 2 ? 3 : 4, 0);

        for (int at = 0; at < w * h; at++) {
            bool dark = random_below(&state, 100) < (size_t)i / 4;
            size_t value = dark ? random_below(&state, 240) : 235 + random_below(&state, 21);

            memset(image.pixels + at * image.channels, (int)value, (size_t)image.channels);
        }
        agrees_with_reference(&image);
        image_free(&image);
    }
}

/* A white spiral, one pixel wide. */
static void spiral_agrees_with_the_reference(void **unused)
{
    struct image image = scene(41, 41, 3, 0);
    int x = 0, y = 0, dx = 1, dy = 0, low_x = 0, low_y = 2, high_x = 40, high_y = 40;

    (void)unused;
    memset(image.pixels, 10, 41 * 41 * 3);
    while (low_x <= high_x && low_y <= high_y + 2) {
        memset(image.pixels + (y * 41 + x) * 3, 255, 3);
        if (dx == 1 && x == high_x) {
            dx = 0, dy = 1, high_x -= 2;
        } else if (dy == 1 && y == high_y) {
            dx = -1, dy = 0, high_y -= 2;
        } else if (dx == -1 && x == low_x) {
            dx = 0, dy = -1, low_x += 2;
        } else if (dy == -1 && y == low_y) {
            dx = 1, dy = 0, low_y += 2;
        }
        x += dx;
        y += dy;
    }
    agrees_with_reference(&image);
    image_free(&image);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mazes_agree_with_the_reference),
        cmocka_unit_test(spiral_agrees_with_the_reference),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
