/* test_reduce.c - reduced images hold the rounded means of squares, also of the incomplete ones at
 * the right and lower edge, and colours count as much as they are opaque. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/random.h"
#include "image/codec/reduce.h"

/* Returns the mean of channel `c` in a square, by its definition. */
static unsigned mean_of(const struct image *image, int left, int top, int by, int c)
{
    unsigned sum = 0, weight = 0;

    for (int y = top; y < top + by && y < image->height; y++) {
        for (int x = left; x < left + by && x < image->width; x++) {
            const uint8_t *p = image->pixels + (y * image->width + x) * image->channels;
            unsigned alpha = image->channels == 4 && c < 3 ? p[3] : 1;

            sum += p[c] * alpha;
            weight += alpha;
        }
    }
    return weight > 0 ? (sum + weight / 2) / weight : 0;
}

static struct image noise(int width, int height, int channels, uint64_t *state)
{
    struct image out;
    struct error err;

    assert_true(image_new(width, height, channels, &out, &err));
    for (int i = 0; i < width * height * channels; i++) {
        uint64_t value = random_next(state);

        out.pixels[i] = value % 4 == 0 ? 0 : value % 4 == 1 ? 255 : (uint8_t)(value >> 8);
    }
    return out;
}

static void assert_reduced(const struct image *in, int by)
{
    struct image out;
    struct error err;

    assert_true(
        image_new((in->width + by - 1) / by, (in->height + by - 1) / by, in->channels, &out, &err));
    assert_true(image_reduce(in, by, &out, &err));
    for (int i = 0; i < out.width * out.height; i++) {
        for (int c = 0; c < in->channels; c++) {
            assert_int_equal(out.pixels[i * in->channels + c],
                             mean_of(in, i % out.width * by, i / out.width * by, by, c));
        }
    }
    image_free(&out);
}

static void means_are_rounded_and_weighted(void **unused)
{
    uint64_t state = 7;

    (void)unused;
    for (int i = 0; i < 200; i++) {
        int width = 1 + (int)(random_next(&state) % 50),
            height = 1 + (int)(random_next(&state) % 50);
        struct image in = noise(width, height, 3 + i % 2, &state);

        assert_reduced(&in, 1 + i % 23);
        image_free(&in);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(means_are_rounded_and_weighted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
