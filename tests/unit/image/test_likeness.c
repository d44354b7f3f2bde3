/* test_likeness.c - the same product scores high in any frame and format; another product or colour
 * scores low. */
#include <math.h>

#include "lib/test_images.h"

#include "image/likeness.h"
#include "image/resize.h"

struct product { /* on a plain background or in a scene */
    int kind;    /* 0 bottle, 1 lamp, 2 box */
    uint8_t body[3], cap[3];
    uint8_t ground; /* brightness; 0: a scene of many colours */
    double part;    /* share of the image's height */
};

static const struct product bottle = { 0, { 30, 110, 60 }, { 200, 190, 60 }, 235, 0.7 };

/* Returns 1 if (x, y), both -1 to 1, is in the body of the product, 2 if in its cap, else 0. */
static int inside(int kind, double x, double y)
{
    switch (kind) {
    case 0:
        return y < -0.7   ? (fabs(x) < 0.16 ? 2 : 0)
               : y < -0.4 ? (fabs(x) < 0.16 + (y + 0.7) * 0.8 ? 1 : 0)
                          : fabs(x) < 0.4;
    case 1:
        return y < -0.1  ? (fabs(x) < 0.35 + (y + 1) * 0.6 ? 1 : 0)
               : y < 0.8 ? (fabs(x) < 0.08 ? 2 : 0)
                         : (fabs(x) < 0.6 ? 2 : 0);
    default:
        return fabs(x) < 0.95 && fabs(y) < 0.6 ? (y < -0.2 ? 2 : 1) : 0;
    }
}

static struct image draw(const struct product *product, int width, int height)
{
    struct image image = scene(width, height, 3, 60);
    double unit = height * product->part / 2;

    for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
            uint8_t *p = image.pixels + ((size_t)y * (size_t)width + (size_t)x) * 3;
            double u = (x - width / 2.0) / unit, v = (y - height / 2.0) / unit;
            int where = fabs(v) <= 1 ? inside(product->kind, u, v) : 0;
            double light = 0.75 + 0.4 * u;

            if (where > 0) {
                for (int c = 0; c < 3; c++) {
                    double value = light * (where == 1 ? product->body[c] : product->cap[c]);

                    p[c] = (uint8_t)fmin(255, fmax(0, value));
                }
            } else if (product->ground > 0) {
                memset(p, product->ground, 3);
            }
        }
    }
    return image;
}

static struct likeness_fingerprint print_of(const struct product *product, int width, int height)
{
    struct image image = draw(product, width, height);
    struct likeness_fingerprint print;
    struct error err;

    assert_true(likeness_fingerprint(&image, &print, &err));
    image_free(&image);
    return print;
}

static struct likeness compare(const struct likeness_fingerprint *photo, const struct product *made,
                               int width, int height)
{
    struct likeness_fingerprint print = print_of(made, width, height);
    struct likeness out;

    likeness_compare(photo, &print, &out);
    return out;
}

static void equal_images_score_one(void **unused)
{
    struct likeness_fingerprint photo = print_of(&bottle, 500, 500);
    struct likeness likeness = compare(&photo, &bottle, 500, 500);

    (void)unused;
    assert_true(photo.alone);
    assert_true(likeness.shape > 0.9999 && likeness.score > 0.999);
    assert_true(likeness.colour < 0.001);
}

static void frame_and_size_do_not_matter(void **unused)
{
    struct likeness_fingerprint photo = print_of(&bottle, 900, 600);
    static const uint8_t grounds[] = { 255, 245, 235, 210 };
    static const double parts[] = { 0.5, 0.7, 0.85, 0.95 };

    (void)unused;
    for (int i = 0; i < 4; i++) {
        struct product made = bottle;
        struct likeness likeness;

        made.ground = grounds[i];
        made.part = parts[i];
        likeness = compare(&photo, &made, 400 + 200 * i, 400 + 200 * i);
        assert_true(likeness.shape > 0.97);
        assert_true(likeness.colour < 3);
        assert_true(likeness.score > 0.95);
    }
}

static void jpeg_compression_does_not_matter(void **unused)
{
    struct image image = draw(&bottle, 800, 800), again;
    struct likeness_fingerprint photo, made;
    struct likeness likeness;
    struct error err;
    struct blob file;

    (void)unused;
    assert_true(likeness_fingerprint(&image, &photo, &err));
    assert_true(image_encode_jpeg(&image, 50, false, &file, &err));
    assert_true(image_decode(&file, NULL, &again, NULL, &err));
    assert_true(likeness_fingerprint(&again, &made, &err));
    likeness_compare(&photo, &made, &likeness);
    assert_true(likeness.shape > 0.97 && likeness.colour < 3);
    image_free(&image);
    image_free(&again);
    blob_free(&file);
}

static void another_product_scores_low(void **unused)
{
    struct likeness_fingerprint photo = print_of(&bottle, 500, 500);
    double same = compare(&photo, &bottle, 700, 700).score;

    (void)unused;
    for (int kind = 1; kind <= 2; kind++) {
        struct product made = bottle;
        struct likeness alike, other;

        made.kind = kind; /* same colours, different shape */
        alike = compare(&photo, &made, 500, 500);
        assert_true(alike.shape < 0.4);
        assert_true(alike.score < same - 0.3);
        memcpy(made.body, (uint8_t[]){ 170, 40, 90 }, 3);
        other = compare(&photo, &made, 500, 500);
        assert_true(other.score < alike.score - 0.1);
        assert_true(other.score < 0.3);
    }
}

/* Ten degrees of hue are detected, and the distance grows with the angle. */
static void another_hue_is_detected(void **unused)
{
    static const uint8_t bodies[][3] = {
        { 30, 110, 60 }, { 30, 110, 73 }, { 30, 110, 100 }, { 30, 60, 110 }, { 110, 30, 60 }
    };
    struct likeness_fingerprint photo = print_of(&bottle, 500, 500);
    double before = -1;

    (void)unused;
    for (int i = 0; i < 5; i++) {
        struct product made = bottle;
        struct likeness likeness;

        memcpy(made.body, bodies[i], 3);
        likeness = compare(&photo, &made, 500, 500);
        assert_true(likeness.shape > 0.9);
        assert_true(likeness.colour > before + (i > 0 ? 2 : 0));
        before = likeness.colour;
    }
    assert_true(before > 35);
}

/* In a scene only the colours can be compared, not the outline. */
static void scene_compares_colours_only(void **unused)
{
    struct likeness_fingerprint photo = print_of(&bottle, 500, 500);
    struct product made = bottle;
    struct likeness same, other;

    (void)unused;
    made.ground = 0;
    same = compare(&photo, &made, 800, 600);
    assert_true(same.shape == -1);
    memcpy(made.body, (uint8_t[]){ 90, 20, 160 }, 3);
    other = compare(&photo, &made, 800, 600);
    assert_true(same.score > 0.9);
    assert_true(other.score < same.score - 0.4);
}

/* A transparent background works like a plain one. */
static void transparent_background_works(void **unused)
{
    struct image plain = draw(&bottle, 400, 400), clear;
    struct likeness_fingerprint photo, made;
    struct likeness likeness;
    struct error err;

    (void)unused;
    assert_true(likeness_fingerprint(&plain, &photo, &err));
    assert_true(image_new(400, 400, 4, &clear, &err));
    for (size_t i = 0; i < (size_t)400 * 400; i++) {
        memcpy(clear.pixels + i * 4, plain.pixels + i * 3, 3);
        clear.pixels[i * 4 + 3] = memcmp(plain.pixels + i * 3, "\xeb\xeb\xeb", 3) == 0 ? 0 : 255;
    }
    assert_true(likeness_fingerprint(&clear, &made, &err));
    assert_true(made.alone);
    likeness_compare(&photo, &made, &likeness);
    assert_true(likeness.shape > 0.97 && likeness.colour < 3);
    image_free(&plain);
    image_free(&clear);
}

/* Empty images, single pixels and plain backgrounds give valid results. */
static void empty_and_tiny_images_are_handled(void **unused)
{
    static const int sizes[][2] = { { 1, 1 }, { 1, 3000 }, { 3000, 1 }, { 40, 40 } };
    struct likeness_fingerprint photo = print_of(&bottle, 500, 500), print;
    struct likeness likeness;
    struct error err;

    (void)unused;
    for (int i = 0; i < 4; i++) {
        for (int channels = 3; channels <= 4; channels++) {
            struct image image;

            assert_true(image_new(sizes[i][0], sizes[i][1], channels, &image, &err));
            memset(image.pixels, 0, (size_t)image.width * (size_t)image.height * (size_t)channels);
            assert_true(likeness_fingerprint(&image, &print, &err));
            assert_false(print.alone);
            likeness_compare(&photo, &print, &likeness);
            assert_true(likeness.score >= 0 && likeness.score < 0.9);
            likeness_compare(&print, &photo, &likeness);
            assert_true(likeness.score >= 0 && likeness.score <= 1 && likeness.shape == -1);
            image_free(&image);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_images_score_one),
        cmocka_unit_test(frame_and_size_do_not_matter),
        cmocka_unit_test(jpeg_compression_does_not_matter),
        cmocka_unit_test(another_product_scores_low),
        cmocka_unit_test(another_hue_is_detected),
        cmocka_unit_test(scene_compares_colours_only),
        cmocka_unit_test(transparent_background_works),
        cmocka_unit_test(empty_and_tiny_images_are_handled),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
