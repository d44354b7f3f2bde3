/* test_product_locate.c - the product of an image is found in the photo, without its backdrop. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "image/product/product_locate.h"

enum { SIDE = 240, BOX = 100 /* side of the product, in the middle */ };

/* Returns a dark box with a bright stripe on a plain backdrop. */
static struct image photo_of_box(void)
{
    struct image image;
    struct error err;

    assert_true(image_new(SIDE, SIDE, 4, &image, &err));
    memset(image.pixels, 230, (size_t)SIDE * SIDE * 4);
    for (int y = (SIDE - BOX) / 2; y < (SIDE + BOX) / 2; y++) {
        memset(image.pixels + ((size_t)y * SIDE + (SIDE - BOX) / 2) * 4, y % 40 < 10 ? 180 : 60,
               (size_t)BOX * 4);
    }
    for (size_t i = 0; i < (size_t)SIDE * SIDE; i++) {
        image.pixels[i * 4 + 3] = 255;
    }
    return image;
}

static double overlap_with(const struct image *shown, const struct image *photo)
{
    struct product_view view;
    struct product_found found;

    assert_true(product_view_of(shown, &view));
    assert_true(product_locate(&view, photo, &found));
    return found.overlap;
}

static void backdrop_of_the_photo_is_no_product(void **state)
{
    struct image photo = photo_of_box(), product = photo_of_box();

    (void)state;
    assert_true(overlap_with(&photo, &photo) < 0.1);
    for (size_t i = 0; i < (size_t)SIDE * SIDE; i++) {
        product.pixels[i * 4 + 3] = product.pixels[i * 4] == 230 ? 0 : 255;
    }
    assert_true(overlap_with(&product, &photo) > 0.9);
    image_free(&photo);
    image_free(&product);
}

/* Draws a white shirt with a blue print on light grey that is darker in the corners; from row `top`
 * on. `cut_out`: without the grey. */
static struct image white_shirt(int top, bool cut_out)
{
    struct image image;
    struct error err;

    assert_true(image_new(SIDE, SIDE, 4, &image, &err));
    for (int y = 0; y < SIDE; y++) {
        for (int x = 0; x < SIDE; x++) {
            uint8_t *to = image.pixels + ((size_t)y * SIDE + (size_t)x) * 4;
            int off = (x - SIDE / 2) * (x - SIDE / 2) + (y - SIDE / 2) * (y - SIDE / 2);
            bool shirt = x >= 70 && x < 170 && y >= top && y < 200 && (y > 100 || x % 100 < 50);
            bool print = shirt && x >= 100 && x < 140 && y >= 120 && y < 150;

            memset(to, shirt ? 238 + (x + y) % 7 : 208 - off / 1400, 3);
            to[0] = print ? 30 : to[0];
            to[1] = print ? 90 : to[1];
            to[3] = shirt || !cut_out ? 255 : 0;
        }
    }
    return image;
}

static void part_of_a_white_product_that_is_missing_is_seen(void **state)
{
    struct image photo = white_shirt(40, false), whole = white_shirt(40, true);
    struct image lower = white_shirt(100, true);
    struct product_view view;
    struct product_found found;

    (void)state;
    assert_true(product_view_of(&whole, &view));
    assert_true(product_locate(&view, &photo, &found));
    assert_true(found.overlap > 0.9);
    assert_true(found.absent < 0.01);
    assert_true(product_view_of(&lower, &view));
    assert_true(product_locate(&view, &photo, &found));
    assert_true(found.absent > 0.1);
    image_free(&photo);
    image_free(&whole);
    image_free(&lower);
}

/* Multiplies the colours, as light of another colour does. */
static void light(struct image *image, double red, double green, double blue)
{
    for (size_t i = 0; i < (size_t)SIDE * SIDE; i++) {
        uint8_t *p = image->pixels + i * 4;

        p[0] = (uint8_t)(p[0] * red);
        p[1] = (uint8_t)(p[1] * green);
        p[2] = (uint8_t)(p[2] * blue);
    }
}

static void white_product_is_found_in_light_of_any_colour(void **state)
{
    static const double lights[][3] = { { 1, 0.96, 0.85 }, { 1, 0.93, 0.75 }, { 0.9, 0.96, 1 } };
    struct image whole = white_shirt(40, true), lower = white_shirt(100, true);
    struct product_view whole_view, lower_view;
    struct product_found found;

    (void)state;
    assert_true(product_view_of(&whole, &whole_view));
    assert_true(product_view_of(&lower, &lower_view));
    for (size_t i = 0; i < sizeof lights / sizeof *lights; i++) {
        struct image photo = white_shirt(40, false);

        light(&photo, lights[i][0], lights[i][1], lights[i][2]);
        assert_true(product_locate(&whole_view, &photo, &found));
        assert_true(found.overlap > 0.9);
        assert_true(found.absent < 0.01);
        assert_true(product_locate(&lower_view, &photo, &found));
        assert_true(found.absent > 0.1);
        image_free(&photo);
    }
    image_free(&whole);
    image_free(&lower);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(backdrop_of_the_photo_is_no_product),
        cmocka_unit_test(part_of_a_white_product_that_is_missing_is_seen),
        cmocka_unit_test(white_product_is_found_in_light_of_any_colour),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
