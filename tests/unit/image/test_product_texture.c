/* test_product_texture.c - the noise of a photo is no sharpness; blur of the product is blur. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "image/measure.h"
#include "image/product/product_texture.h"

enum { SIDE = 400, EDGE = 90 };

static uint8_t level(double value)
{
    return (uint8_t)fmin(255, fmax(0, value));
}

/* Draws a disc with soft stripes on light grey. Stripes of less height are as a blur leaves them.
 */
static struct image draw(double noise, double height)
{
    uint64_t state = 5;
    struct image image;
    struct error err;

    assert_true(image_new(SIDE, SIDE, 3, &image, &err));
    for (int y = 0; y < SIDE; y++) {
        for (int x = 0; x < SIDE; x++) {
            bool product = hypot(x - SIDE / 2.0, y - SIDE / 2.0) < SIDE / 2.0 - EDGE;
            double light = product ? 110 + height * sin(x * 0.9) : 215;

            for (int c = 0; c < 3; c++) {
                image.pixels[(y * SIDE + x) * 3 + c] = level(light + noise * random_normal(&state));
            }
        }
    }
    return image;
}

/* Returns the product's sharpness in the made image, of the photo's. */
static double sharpness(double noise, double height)
{
    struct image photo = draw(noise, 20), made = draw(0, height);
    struct product_reference reference;
    struct product_texture textures[2];
    double out;

    product_reference_open(&photo, &reference);
    assert_true(reference.alone);
    assert_true(product_textures(&reference, &made, reference.box, SIDE, &reference.view,
                                 &textures[0], &textures[1]));
    out = textures[1].edges / textures[0].edges;
    product_reference_close(&reference);
    image_free(&photo);
    image_free(&made);
    return out;
}

static void noise_of_the_photo_is_no_sharpness(void **state)
{
    (void)state;
    assert_true(fabs(sharpness(0, 20) - 1) < 0.05);
    assert_true(fabs(sharpness(6, 20) - 1) < 0.15);
}

static void blur_is_seen_beside_a_noisy_photo_too(void **state)
{
    (void)state;
    assert_true(sharpness(0, 4) < 0.3);
    assert_true(sharpness(6, 4) < 0.3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(noise_of_the_photo_is_no_sharpness),
        cmocka_unit_test(blur_is_seen_beside_a_noisy_photo_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
