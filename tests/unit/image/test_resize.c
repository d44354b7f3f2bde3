/* test_resize.c - cropping, and scaling compared with a Lanczos3 reference in double precision. */
#include "lib/test_images.h"

#include <math.h>

#include "image/resize.h"
#include "image/resize_row.h"

static double kernel(double x)
{
    x = fabs(x);
    return x < 1e-9 ? 1
           : x >= 3 ? 0
                    : 3 * sin(M_PI * x) * sin(M_PI * x / 3) / (M_PI * M_PI * x * x);
}

/* Computes the weights of the inputs of output o; weights outside the image go to the edge. */
static void weights_of(int in, int out, int o, double *weights)
{
    double scale = (double)in / out, wide = scale > 1 ? scale : 1, sum = 0;
    double centre = (o + 0.5) * scale - 0.5;

    memset(weights, 0, (size_t)in * sizeof *weights);
    for (int i = (int)(centre - 3 * wide) - 3; i < centre + 3 * wide + 3; i++) {
        int at = i < 0 ? 0 : i >= in ? in - 1 : i;

        weights[at] += kernel((i - centre) / wide);
        sum += kernel((i - centre) / wide);
    }
    for (int i = 0; i < in; i++) {
        weights[i] /= sum;
    }
}

static double byte_of(double v)
{
    return v < 0 ? 0 : v > 255 ? 255 : floor(v + 0.5);
}

static void reference(const struct image *in, int x, int y, const struct image *out, double *to)
{
    double across[400], down[400], sum[4] = { 0 };
    int n = in->channels;

    weights_of(in->width, out->width, x, across);
    weights_of(in->height, out->height, y, down);
    for (int row = 0; row < in->height; row++) {
        for (int col = 0; col < in->width && down[row] != 0; col++) {
            const uint8_t *p = in->pixels + (row * in->width + col) * n;
            double w = across[col] * down[row], alpha = n == 4 ? p[3] / 255.0 : 1;

            for (int c = 0; c < 3; c++) {
                sum[c] += w * alpha * p[c];
            }
            sum[3] += w * alpha * 255;
        }
    }
    for (int c = 0; c < 3; c++) {
        double alpha = n == 4 ? sum[3] / 255 : 1;

        to[c] = alpha > 0.002 ? byte_of(sum[c] / alpha) : 0;
    }
    to[3] = byte_of(sum[3]);
}

static void assert_close_to_reference(int in_w, int in_h, int w, int h, int channels)
{
    struct image in = scene(in_w, in_h, channels, 200), out;
    struct error err;

    assert_true(image_scale(&in, w, h, &out, &err));
    assert_int_equal(out.width, w);
    assert_int_equal(out.height, h);
    assert_int_equal(out.channels, channels);
    for (int y = 0; y < h; y += 1 + h / 37) {
        for (int x = 0; x < w; x += 1 + w / 41) {
            const uint8_t *p = out.pixels + (y * w + x) * channels;
            double want[4];

            reference(&in, x, y, &out, want);
            for (int c = 0; c < channels; c++) {
                /* for almost transparent pixels, the colour is a quotient of small numbers */
                double most = channels == 4 && c < 3 ? 1 + 255 * 0.5 / fmax(want[3], 1) : 1;

                assert_true(fabs(p[c] - want[c]) <= most);
            }
        }
    }
    image_free(&in);
    image_free(&out);
}

static void scaling_is_close_to_the_reference(void **unused)
{
    static const int sizes[][4] = {
        { 40, 30, 80, 60 }, { 40, 30, 25, 19 },   { 97, 61, 13, 11 }, { 64, 64, 64, 64 },
        { 7, 5, 61, 50 },   { 1, 1, 9, 4 },       { 3, 200, 90, 2 },  { 200, 3, 2, 90 },
        { 150, 99, 1, 1 },  { 300, 20, 299, 21 }, { 2, 2, 3, 3 },     { 33, 17, 66, 17 },
    };

    (void)unused;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        assert_close_to_reference(sizes[i][0], sizes[i][1], sizes[i][2], sizes[i][3], 3);
        assert_close_to_reference(sizes[i][0], sizes[i][1], sizes[i][2], sizes[i][3], 4);
    }
}

static void constant_image_stays_constant(void **unused)
{
    (void)unused;
    for (int i = 0; i < 40; i++) {
        struct image in = scene(11 + i, 50 - i, i % 2 ? 3 : 4, 0), out;
        uint8_t value = (uint8_t)(i * 255 / 39);
        struct error err;

        memset(in.pixels, value, (size_t)in.width * (size_t)in.height * (size_t)in.channels);
        for (int k = 0; in.channels == 4 && k < in.width * in.height; k++) {
            in.pixels[k * 4 + 3] = 255;
        }
        assert_true(image_scale(&in, 7 + i * 3, 90 - i, &out, &err));
        for (int k = 0; k < out.width * out.height * out.channels; k++) {
            assert_int_equal(out.pixels[k], out.channels == 4 && k % 4 == 3 ? 255 : value);
        }
        image_free(&in);
        image_free(&out);
    }
}

/* Near edges the filter overshoots 0 and 255; results are clamped. */
static void overshoot_is_clamped(void **unused)
{
    struct image in = scene(32, 32, 3, 0), out;
    struct error err;

    (void)unused;
    for (int i = 0; i < 32 * 32; i++) {
        memset(in.pixels + i * 3, i % 32 < 16 ? 0 : 255, 3);
    }
    assert_true(image_scale(&in, 128, 128, &out, &err));
    for (int i = 0; i < 128 * 128; i++) {
        int x = i % 128, value = out.pixels[i * 3];

        assert_true(x < 60 ? value < 30 : x >= 68 ? value > 225 : true);
    }
    assert_int_equal(out.pixels[0], 0);
    assert_int_equal(out.pixels[127 * 3], 255);
    image_free(&in);
    image_free(&out);
}

/* Transparent pixels do not affect colours: transparent green leaves no rim. */
static void transparent_pixels_do_not_affect_colour(void **unused)
{
    struct image in = scene(40, 40, 4, 0), out;
    struct error err;

    (void)unused;
    for (int i = 0; i < 40 * 40; i++) {
        memcpy(in.pixels + i * 4, i % 40 < 20 ? "\0\xff\0\0" : "\xff\0\0\xff", 4);
    }
    assert_true(image_scale(&in, 90, 30, &out, &err));
    for (int i = 0; i < 90 * 30; i++) {
        const uint8_t *p = out.pixels + i * 4;

        assert_int_equal(p[1], 0);
        assert_true(p[3] < 8 || p[0] > 240);
    }
    image_free(&in);
    image_free(&out);
}

static void vector_and_portable_code_agree(void **unused)
{
    enum { IN = 61, OUT = 97, TAPS = 8 };
    static float line[(IN + TAPS) * 4], weights[OUT * TAPS];
    static int first[OUT];
    uint8_t fast[OUT * 4], plain[OUT * 4];
    uint64_t state = 4;

    (void)unused;
    for (size_t i = 0; i < sizeof line / sizeof *line; i++) {
        line[i] = (float)random_uniform(&state) * 300 - 20;
    }
    for (int o = 0; o < OUT; o++) {
        first[o] = (int)random_below(&state, IN - TAPS);
        for (int t = 0; t < TAPS; t++) {
            weights[o * TAPS + t] = (float)random_uniform(&state) * 0.4F - 0.1F;
        }
    }
    for (int channels = 3; channels <= 4; channels++) {
        struct filter_weights taps = { first, TAPS, weights };

        row_filter(line, &taps, OUT, channels, fast);
        row_filter_portable(line, &taps, OUT, channels, plain);
        assert_memory_equal(fast, plain, (size_t)OUT * (size_t)channels);
    }
}

static void crop_copies_the_region(void **unused)
{
    struct image in = scene(20, 10, 3, 50), out;
    struct error err;

    (void)unused;
    assert_true(image_crop(&in, 3, 2, 5, 4, &out, &err));
    for (int y = 0; y < 4; y++) {
        assert_memory_equal(out.pixels + y * 15, in.pixels + ((y + 2) * 20 + 3) * 3, 15);
    }
    image_free(&out);
    assert_false(image_crop(&in, -1, 0, 5, 5, &out, &err));
    assert_false(image_crop(&in, 16, 0, 5, 5, &out, &err));
    assert_false(image_crop(&in, 0, 6, 5, 5, &out, &err));
    assert_false(image_crop(&in, 0, 0, 0, 5, &out, &err));
    image_free(&in);
}

/* image_cover crops around the centre, then scales down; it never enlarges. */
static void cover_crops_and_never_enlarges(void **unused)
{
    struct image in = scene(60, 40, 3, 80), middle, want, out;
    struct error err;

    (void)unused;
    assert_true(image_cover(&in, 20, 20, &out, &err));
    assert_true(image_crop(&in, 10, 0, 40, 40, &middle, &err));
    assert_true(image_scale(&middle, 20, 20, &want, &err));
    assert_memory_equal(out.pixels, want.pixels, 20 * 20 * 3);
    image_free(&out);
    image_free(&middle);
    image_free(&want);
    assert_true(image_cover(&in, 40, 40, &out, &err));
    assert_memory_equal(out.pixels, in.pixels + 30, 120);
    image_free(&out);
    assert_false(image_cover(&in, 61, 20, &out, &err));
    assert_int_equal(err.kind, ERROR_OUTPUT);
    assert_false(image_cover(&in, 20, 41, &out, &err));
    image_free(&in);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scaling_is_close_to_the_reference),
        cmocka_unit_test(constant_image_stays_constant),
        cmocka_unit_test(overshoot_is_clamped),
        cmocka_unit_test(transparent_pixels_do_not_affect_colour),
        cmocka_unit_test(vector_and_portable_code_agree),
        cmocka_unit_test(crop_copies_the_region),
        cmocka_unit_test(cover_crops_and_never_enlarges),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
