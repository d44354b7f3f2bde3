/* test_print_match.c - another print at the same place is seen; light, size and a small shift are
 * not another print. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "image/measure.h"
#include "image/product/print_match.h"

enum { SIDE = 640 };

struct print {
    int seed;  /* decides which of its squares are dark */
    int left;  /* moves the print */
    int light; /* added to all */
    bool is_blank;
};

/* Draws a bright box with a print of dark squares, on transparency. */
static struct image draw(const struct print *print)
{
    struct image image;
    struct error err;

    assert_true(image_new(SIDE, SIDE, 4, &image, &err));
    memset(image.pixels, 0, (size_t)SIDE * SIDE * 4);
    for (int y = 60; y < SIDE - 60; y++) {
        for (int x = 60; x < SIDE - 60; x++) {
            uint8_t *to = image.pixels + ((size_t)y * SIDE + (size_t)x) * 4;
            int column = (x - print->left - 200) / 6, row = (y - 240) / 6;
            unsigned mix = (unsigned)(column + row * 64 + print->seed * 4096) * 2654435761U;
            bool inside = x - print->left >= 200 && column < 39 && y >= 240 && row < 24;

            memset(to,
                   (inside && !print->is_blank && ((mix ^ mix >> 15) * 2246822519U) >> 30 == 0
                        ? 60
                        : 190) +
                       print->light,
                   3);
            to[3] = 255;
        }
    }
    return image;
}

static struct print_match compare(const struct print *print)
{
    struct print original = { .seed = 1 };
    struct image photo = draw(&original), made = draw(print);
    struct product_reference reference;
    struct print_match match;
    struct pixel_box box;

    product_reference_open(&photo, &reference);
    assert_true(reference.alone);
    assert_true(measure_visible(&made, 128, &box) > 0);
    match = print_match(&reference, &made, box);
    product_reference_close(&reference);
    image_free(&photo);
    image_free(&made);
    return match;
}

static void same_print_is_the_same_in_another_light_and_a_little_beside(void **state)
{
    static const struct print same[] = { { 1, 0, 0, false },
                                         { 1, 0, 40, false },
                                         { 1, 6, -20, false } };

    (void)state;
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        struct print_match match = compare(&same[i]);

        assert_true(match.places > 10);
        assert_int_equal(match.different, 0);
        assert_true(match.where.right < match.where.left);
    }
}

static void another_print_and_none_differ(void **state)
{
    static const struct print others[] = { { 2, 0, 0, false }, { 1, 0, 0, true } };

    (void)state;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        struct print_match match = compare(&others[i]);

        assert_true(match.different * 2 > match.places);
        assert_in_range(match.where.left, 150, 250);
        assert_in_range(match.where.bottom, 350, 450);
    }
}

static void plain_product_has_no_print(void **state)
{
    struct print blank = { .is_blank = true };
    struct image photo = draw(&blank);
    struct product_reference reference;
    struct print_match match;

    (void)state;
    product_reference_open(&photo, &reference);
    match = print_match(&reference, &photo, reference.box);
    assert_int_equal(match.places, 0);
    assert_int_equal(match.different, 0);
    product_reference_close(&reference);
    image_free(&photo);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_print_is_the_same_in_another_light_and_a_little_beside),
        cmocka_unit_test(another_print_and_none_differ),
        cmocka_unit_test(plain_product_has_no_print),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
