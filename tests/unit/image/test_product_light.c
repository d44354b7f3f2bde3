/* test_product_light.c - photos by lamplight and dark photos show the product of a well-lit image;
 * other colours stay other colours. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "image/product/product_light.h"

static const float shirt[3] = { 80, 5, 18 }, print[3] = { 45, 20, -50 }, backdrop[3] = { 84, 0, 0 };

/* A shirt with a print, with all colours through the light. */
static struct product_view product_in(const struct light *light, const float shirt_colour[3])
{
    struct product_view view = { .aspect = 1, .pieces = 1, .has_backdrop = true };

    for (int i = 0; i < VIEW_CELLS; i++) {
        int x = i % VIEW_SIDE, y = i / VIEW_SIDE;
        bool printed = x > 24 && x < 40 && y > 20 && y < 36;

        view.alpha[i] = 1;
        for (int c = 0; c < 3; c++) {
            view.lab[c][i] = printed ? print[c] : shirt_colour[c];
        }
    }
    for (int c = 0; c < 3; c++) {
        view.backdrop[c] = backdrop[c];
    }
    product_view_take_light(&view, light);
    return view;
}

static double distance_of(const struct light *light, const float made_shirt[3],
                          struct product_match *match)
{
    struct product_reference reference = { .alone = true };
    struct light white = { .gain = 1 };
    struct product_view made = product_in(&white, made_shirt);

    reference.view = product_in(light, shirt);
    product_match_in_light(&reference, &made, match);
    return match->colour;
}

static void lamplight_and_darkness_are_no_other_colours(void **unused)
{
    /* Taking a bluish grey makes all yellow; a gain below 1 makes it dark; more chroma is vivid. */
    static const struct light lights[] = {
        { .grey = { 84, -3, -16 }, .gain = 1 },    { .grey = { 84, 2, 14 }, .gain = 1 },
        { .grey = { 84, 0, 0 }, .gain = 0.75F },   { .grey = { 84, -3, -16 }, .gain = 0.75F },
        { .grey = { 84, 0, 0 }, .chroma = 1.35F }, { .grey = { 84, 0, 0 }, .chroma = 0.75F },
    };
    struct product_match match;

    (void)unused;
    for (size_t i = 0; i < sizeof lights / sizeof *lights; i++) {
        assert_true(distance_of(&lights[i], shirt, &match) < 2);
        assert_true(fabs(match.lightness) < 2);
        assert_true(match.recoloured == 0);
    }
}

static void another_colour_is_not_excused_by_light(void **unused)
{
    static const float red[3] = { 50, 60, 35 }, black[3] = { 15, 0, 0 }, washed[3] = { 80, 1, 1 };
    static const struct light white = { .gain = 1 }, dark = { .gain = 0.75F };
    struct product_match match;

    (void)unused;
    assert_true(distance_of(&white, red, &match) > 20);
    assert_true(distance_of(&dark, red, &match) > 20);
    (void)distance_of(&white, washed, &match);
    assert_true(match.chroma < 0.6);
    (void)distance_of(&white, black, &match);
    assert_true(match.lightness < -12);
}

static void backdrop_becomes_no_brighter_than_white(void **unused)
{
    static const float pale[3] = { 97, 2, 4 };
    static const struct light dim = { .gain = 0.75F };
    struct product_reference reference = { .alone = true };
    struct product_view made = product_in(&(struct light){ .gain = 1 }, pale);
    struct product_match match;

    (void)unused;
    reference.view = product_in(&dim, (const float[3]){ 40, 1, 2 });
    product_match_in_light(&reference, &made, &match);
    assert_true(match.lightness > 12);
    assert_true(reference.view.backdrop[0] <= 100.5F);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lamplight_and_darkness_are_no_other_colours),
        cmocka_unit_test(another_colour_is_not_excused_by_light),
        cmocka_unit_test(backdrop_becomes_no_brighter_than_white),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
