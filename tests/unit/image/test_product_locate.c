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

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(backdrop_of_the_photo_is_no_product) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
