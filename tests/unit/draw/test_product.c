/* test_product.c - a product in a picture is as sharp as in its photo. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "draw/product.h"
#include "image/resize.h"

enum { PHOTO = 300, WIDTH = 120, HEIGHT = 280, LEFT = 90, TOP = 10 };

/* A product of fine stripes, on a transparent background. */
static struct image striped_photo(void)
{
    struct image image;
    struct error err;

    assert_true(image_new(PHOTO, PHOTO, 4, &image, &err));
    memset(image.pixels, 0, (size_t)PHOTO * PHOTO * 4);
    for (int y = TOP; y < TOP + HEIGHT; y++) {
        for (int x = LEFT; x < LEFT + WIDTH; x++) {
            uint8_t *pixel = image.pixels + ((size_t)y * PHOTO + (size_t)x) * 4;

            memset(pixel, (x + y) / 3 % 2 ? 40 : 210, 3);
            pixel[3] = 255;
        }
    }
    return image;
}

/* Paints the product at a place between pixels. */
static struct image painted(const struct image *photo, struct box at)
{
    struct product product;
    struct canvas canvas;
    struct image out;
    struct blob file;
    struct error err;

    assert_true(image_encode_png(photo, false, &file, &err));
    assert_true(product_open(&file, &product, &err));
    assert_int_equal(product.width, WIDTH);
    assert_true(canvas_new(PHOTO, PHOTO, &canvas, &err));
    product_paint(&canvas, &product, at);
    assert_true(canvas_image(&canvas, 3, &out, &err));
    canvas_free(&canvas);
    product_close(&product);
    blob_free(&file);
    return out;
}

static void a_reduced_product_has_the_pixels_of_the_scaled_photo(void **unused)
{
    struct box at = { 20.4, 7.6, 110.3, 257.2 };
    struct image photo = striped_photo(), made = painted(&photo, at), product, expected, part;
    struct error err;

    (void)unused;
    assert_true(image_crop(&photo, LEFT, TOP, WIDTH, HEIGHT, &product, &err));
    assert_true(image_scale(&product, 110, 257, &expected, &err));
    assert_true(image_crop(&made, 20, 8, 110, 257, &part, &err));
    for (int i = 0; i < 110 * 257; i++) {
        for (int c = 0; c < 3; c++) {
            assert_int_equal(part.pixels[i * 3 + c], expected.pixels[i * 4 + c]);
        }
    }
    image_free(&photo);
    image_free(&made);
    image_free(&product);
    image_free(&expected);
    image_free(&part);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reduced_product_has_the_pixels_of_the_scaled_photo),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
