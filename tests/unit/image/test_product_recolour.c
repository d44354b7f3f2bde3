/* test_product_recolour.c - a small part of the product with another colour is found, and light is
 * not taken for one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "image/product/product_recolour.h"

struct colour {
    float light, a, b;
};

static const struct colour dark = { 25, 1, -4 }, red = { 50, 60, 35 }, grey = { 50, 0, 0 };

static void fill(struct product_view *view, struct pixel_box box, struct colour colour)
{
    for (int y = box.top; y <= box.bottom; y++) {
        for (int x = box.left; x <= box.right; x++) {
            int at = y * VIEW_SIDE + x;

            view->alpha[at] = 1;
            view->lab[0][at] = colour.light;
            view->lab[1][at] = colour.a;
            view->lab[2][at] = colour.b;
        }
    }
}

/* A dark product with a button of six by six cells. */
static struct product_view device(struct colour button, int right)
{
    struct product_view view = { .aspect = 1 };

    fill(&view, (struct pixel_box){ 0, 0, 63, 63 }, dark);
    fill(&view, (struct pixel_box){ 20 + right, 30, 25 + right, 35 }, button);
    return view;
}

/* Adds a colour to all cells. */
static struct product_view lit(struct product_view view, float a, float b)
{
    for (int i = 0; i < VIEW_CELLS; i++) {
        view.lab[1][i] += a;
        view.lab[2][i] += b;
    }
    return view;
}

static void a_small_part_that_lost_its_colour_is_found(void **unused)
{
    struct product_view photo = device(red, 0), faded = device(grey, 0);
    struct product_view green = device((struct colour){ 50, -50, 40 }, 0);

    (void)unused;
    assert_true(product_recoloured(&photo, &faded) > 0.008);
    assert_true(product_recoloured(&photo, &green) > 0.008);
}

static void the_same_part_nearby_darker_or_in_warm_light_is_right(void **unused)
{
    struct product_view photo = device(red, 0), moved = device(red, 3);
    struct product_view darker = device((struct colour){ 38, 48, 27 }, 0);
    struct product_view warm = lit(device(red, 0), 3, 12), sunset = lit(device(red, 0), 12, 18);

    (void)unused;
    assert_true(product_recoloured(&photo, &moved) == 0);
    assert_true(product_recoloured(&photo, &darker) == 0);
    assert_true(product_recoloured(&photo, &warm) == 0);
    assert_true(product_recoloured(&photo, &sunset) == 0);
}

static void pale_blue_in_warm_light_is_right_and_yellow_is_not(void **unused)
{
    struct product_view photo = device((struct colour){ 60, 0, -38 }, 0);
    struct product_view sunset = lit(photo, 6, 28);
    struct product_view yellow = lit(device((struct colour){ 60, 0, 38 }, 0), 6, 28);

    (void)unused;
    assert_true(product_recoloured(&photo, &sunset) == 0);
    assert_true(product_recoloured(&photo, &yellow) > 0.008);
}

static void another_hue_of_a_dark_product_is_a_tint_unless_the_light_has_a_colour(void **unused)
{
    struct product_view photo = { .aspect = 1, .has_backdrop = true, .backdrop = { 88, 0, 1 } };
    struct product_view made = { .aspect = 1 };

    (void)unused;
    fill(&photo, (struct pixel_box){ 0, 0, 63, 63 }, (struct colour){ 22, 10, -22 });
    fill(&made, (struct pixel_box){ 0, 0, 63, 63 }, (struct colour){ 22, 22, -10 });
    assert_true(product_tinted(&photo, &made) > 0.9);
    assert_true(product_tinted(&photo, &photo) == 0);
    photo.backdrop[2] = 14; /* lamplight, which a model may correct */
    assert_true(product_tinted(&photo, &made) == 0);
}

static void a_blue_backdrop_behind_glass_is_not_a_colour_of_the_product(void **unused)
{
    struct product_view photo = device((struct colour){ 40, 0, -40 }, 0), made = device(grey, 0);

    (void)unused;
    assert_true(product_recoloured(&photo, &made) > 0.008);
    photo.has_backdrop = true;
    photo.backdrop[0] = 50;
    photo.backdrop[2] = -45;
    assert_true(product_recoloured(&photo, &made) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_small_part_that_lost_its_colour_is_found),
        cmocka_unit_test(the_same_part_nearby_darker_or_in_warm_light_is_right),
        cmocka_unit_test(pale_blue_in_warm_light_is_right_and_yellow_is_not),
        cmocka_unit_test(another_hue_of_a_dark_product_is_a_tint_unless_the_light_has_a_colour),
        cmocka_unit_test(a_blue_backdrop_behind_glass_is_not_a_colour_of_the_product),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
