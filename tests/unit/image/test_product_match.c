/* test_product_match.c - what is missing from a product, and what is beside it that the photo does
 * not show. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "image/product/product_match.h"

/* Sets the cells of a box to one colour. */
static void fill(struct product_view *view, struct pixel_box box, float alpha, float light,
                 float red)
{
    for (int y = box.top; y <= box.bottom; y++) {
        for (int x = box.left; x <= box.right; x++) {
            int at = y * VIEW_SIDE + x;

            view->alpha[at] = alpha;
            view->lab[0][at] = light;
            view->lab[1][at] = red;
        }
    }
}

/* Two shoes side by side, on a backdrop of light grey. */
static struct product_view pair(void)
{
    struct product_view view = { .aspect = 1 };

    fill(&view, (struct pixel_box){ 0, 0, 63, 63 }, 0, 90, 0);
    fill(&view, (struct pixel_box){ 0, 0, 28, 63 }, 1, 40, 30);
    fill(&view, (struct pixel_box){ 34, 0, 63, 63 }, 1, 40, 30);
    return view;
}

static struct product_match match_of(const struct product_view *photo,
                                     const struct product_view *made)
{
    struct product_match out;

    product_match(photo, made, &out);
    return out;
}

static void a_hole_or_a_missing_part_is_absent(void **unused)
{
    struct product_view photo = pair(), made = pair();

    (void)unused;
    assert_true(match_of(&photo, &made).absent == 0);
    fill(&made, (struct pixel_box){ 8, 20, 19, 31 }, 0, 100, 0);
    assert_true(match_of(&photo, &made).absent > 0.015);
    assert_true(match_of(&made, &photo).absent > 0.015); /* added */
}

static void an_edge_that_is_off_by_little_is_not_absent(void **unused)
{
    struct product_view photo = pair(), made = pair();

    (void)unused;
    fill(&made, (struct pixel_box){ 0, 62, 63, 63 }, 0, 100, 0);
    assert_true(match_of(&photo, &made).absent == 0);
}

static void a_second_part_is_strange_where_the_photo_has_another_colour(void **unused)
{
    struct product_view photo = pair(), made = pair();

    (void)unused;
    assert_true(match_of(&photo, &made).strange == 0);
    fill(&made, (struct pixel_box){ 34, 0, 63, 63 }, 0, 100, 0);
    fill(&made, (struct pixel_box){ 50, 50, 55, 55 }, 1, 60, -40);
    assert_true(match_of(&photo, &made).strange > 0.01);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hole_or_a_missing_part_is_absent),
        cmocka_unit_test(an_edge_that_is_off_by_little_is_not_absent),
        cmocka_unit_test(a_second_part_is_strange_where_the_photo_has_another_colour),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
