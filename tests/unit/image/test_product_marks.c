/* test_product_marks.c - yellow type over a white product is a mark, though it is hardly darker. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "image/measure.h"
#include "image/product/product_marks.h"

enum { SIDE = 640, EDGE = 60, EVERY = 28, STROKE = 7 };

/* Draws a white box with a blue pattern, on transparency; with yellow strokes between the blue. A
 * lens lets some light through: its alpha is less than 255. */
static struct image draw(bool marked, uint8_t alpha)
{
    static const uint8_t white[] = { 240, 239, 238 }, blue[] = { 30, 90, 220 },
                         yellow[] = { 255, 220, 0 };
    struct image image;
    struct error err;

    assert_true(image_new(SIDE, SIDE, 4, &image, &err));
    memset(image.pixels, 0, (size_t)SIDE * SIDE * 4);
    for (int y = EDGE; y < SIDE - EDGE; y++) {
        for (int x = EDGE; x < SIDE - EDGE; x++) {
            uint8_t *to = image.pixels + ((size_t)y * SIDE + (size_t)x) * 4;
            bool print = x % EVERY < 6 && y % EVERY < 6;
            bool stroke =
                marked && y > 300 && y < 360 && x % EVERY >= 14 && x % EVERY < 14 + STROKE;

            memcpy(to, stroke ? yellow : print ? blue : white, 3);
            to[3] = alpha;
        }
    }
    return image;
}

static double marks_on(bool marked, uint8_t alpha, struct pixel_box *where)
{
    /* The strokes are details that the photo does not have: the correlation is low. */
    const struct product_match match = { .detail = 0.7 };
    struct image photo = draw(false, 255), made = draw(marked, alpha);
    struct product_reference reference;
    struct product_view view;
    struct pixel_box box;
    double share;

    product_reference_open(&photo, &reference);
    assert_true(reference.alone);
    assert_true(product_view_of(&made, &view));
    assert_true(measure_visible(&made, 128, &box) > 0);
    share = product_marks(&reference, &made, box, &view, &match, where);
    product_reference_close(&reference);
    image_free(&photo);
    image_free(&made);
    return share;
}

static void yellow_type_on_white_is_a_mark(void **state)
{
    struct pixel_box where;

    (void)state;
    assert_true(marks_on(false, 255, &where) == 0);
    assert_true(where.right < where.left);
    assert_true(marks_on(true, 255, &where) > 0.01);
    assert_in_range(where.top, 270, 310);
    assert_in_range(where.bottom, 350, 390);
}

static void marks_on_a_lens_are_seen(void **state)
{
    struct pixel_box where;

    (void)state;
    assert_true(marks_on(true, 230, &where) > 0.01);
    assert_true(marks_on(false, 230, &where) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(yellow_type_on_white_is_a_mark),
        cmocka_unit_test(marks_on_a_lens_are_seen),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
