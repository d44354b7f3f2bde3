/* test_text_ink.c - composed texts in every script can be read by their pixels; texts that are
 * covered, cut off, drawn over each other or without contrast cannot. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compose/text_ink.h"
#include "draw/demo_photo.h"
#include "draw/shape.h"
#include "image/cut_out/cut_out.h"
#include "lib/compose_products.h"

static struct image photo, cut_out;

static int set_up(void **state)
{
    struct error err;

    (void)state;
    return demo_photo_draw(1700, &photo, &err) && image_cut_out(&photo, &cut_out, &err) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    image_free(&photo);
    image_free(&cut_out);
    return 0;
}

static void compose(const struct image_layout *layout, const struct brief *brief,
                    struct composition *made, struct image *out)
{
    struct composition_request request = { .layout = layout,
                                           .brief = brief,
                                           .size = { 1024, 1792 } };
    struct error err;

    if (layout->kind == FEATURE_HIGHLIGHT || layout->kind == COMPARISON_CHART) {
        request.size = (struct size){ 1600, 1600 };
    }
    if (!compose_image(&request, layout->plate == PLATE_SCENE ? &photo : &cut_out, made, out,
                       &err)) {
        fail_msg("%s: %s", layout->name, err.text);
    }
}

/* Saved as JPEG of the lowest quality that is used, and read again. */
static void compress(struct image *image)
{
    struct blob file;
    struct error err;

    assert_true(image_encode_jpeg(image, 78, true, &file, &err));
    image_free(image);
    assert_true(image_decode(&file, NULL, image, NULL, &err));
    blob_free(&file);
}

static void expect_legible(const struct image_layout *layout, const char *language,
                           const struct composition *made, const struct image *image)
{
    struct text_ink ink;
    struct error err;

    assert_true(text_ink_measure(made, image, &ink, &err));
    if (ink.fault || ink.contrast < 4.2 || ink.whole < 0.95) {
        fail_msg("%s %s, %s: %s (whole %.3f, contrast %.2f)", kind_name(layout->kind), layout->name,
                 language, ink.message, ink.whole, ink.contrast);
    }
}

/* Twelve products in four languages, Arabic among them, and every layout; as stored in a PNG and in
 * a JPEG. */
static void composed_texts_are_legible_in_every_language(void **state)
{
    const enum image_kind kinds[] = { INFOGRAPHIC, FEATURE_HIGHLIGHT, COMPARISON_CHART,
                                      DIMENSION_DIAGRAM };
    const struct image_layout *layout;

    (void)state;
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        for (int i = 0; (layout = layout_at(layouts_builtin(), kinds[k], i)); i++) {
            for (int p = i; p < TEST_PRODUCTS; p += 5) {
                struct brief brief = test_products[p].brief;
                struct composition made;
                struct image image;

                brief.kind = layout->kind;
                compose(layout, &brief, &made, &image);
                expect_legible(layout, test_products[p].language, &made, &image);
                compress(&image);
                expect_legible(layout, test_products[p].language, &made, &image);
                image_free(&image);
            }
        }
    }
}

static const struct test_product *product_in(const char *language)
{
    for (int i = 0; i < TEST_PRODUCTS; i++) {
        if (strcmp(test_products[i].language, language) == 0) {
            return &test_products[i];
        }
    }
    fail_msg("no product in '%s'", language);
    return NULL;
}

enum fault { COVERED, HALF_COVERED, FADED, GROUND_CHANGED, CUT_OFF, OVER_ANOTHER, FAULTS };

/* Fills a part of the image with a colour; `share` 0 leaves it as it is. */
static void paint(struct image *image, struct box box, const uint8_t colour[3], double share)
{
    for (int y = (int)box.y; y < box.y + box.height && y < image->height; y++) {
        for (int x = (int)box.x; x < box.x + box.width && x < image->width; x++) {
            uint8_t *p = image->pixels +
                         ((size_t)y * (size_t)image->width + (size_t)x) * (size_t)image->channels;

            for (int c = 0; c < 3 && x >= 0 && y >= 0; c++) {
                p[c] = (uint8_t)(p[c] + (colour[c] - p[c]) * share);
            }
        }
    }
}

static void spoil(enum fault fault, struct composition *made, struct image *image)
{
    struct composed_text *text = &made->texts[0];
    struct box half = text->box;
    const struct colour *own = &text->lettering.colour;
    const uint8_t same[3] = { (uint8_t)(own->r * 255), (uint8_t)(own->g * 255),
                              (uint8_t)(own->b * 255) };
    uint8_t level = own->r + own->g + own->b > 1.5 ? 0 : 255;
    const uint8_t other[3] = { level, level, level };

    half.width /= 2;
    switch (fault) {
    case COVERED:
        paint(image, text->box, other, 1);
        break;
    case HALF_COVERED:
        paint(image, half, other, 1);
        break;
    case FADED: /* letters and ground become alike */
        paint(image, text->box, other, 0.8);
        break;
    case GROUND_CHANGED: /* the ground takes the colour of the letters */
        paint(image, text->box, same, 0.9);
        break;
    case CUT_OFF:
        text->box.x = text->space.x = -text->box.width / 2;
        break;
    default:
        made->texts[1] = made->texts[0];
        break;
    }
}

static void illegible_texts_are_found_in_every_script(void **state)
{
    static const char *const words[FAULTS] = {
        "can be seen", "can be seen", "letters", "does not stand out", "cut off", "over another"
    };
    const char *const languages[] = { "eng", "ara" };

    (void)state;
    for (size_t l = 0; l < 2; l++) {
        const struct image_layout *layout = layout_at(layouts_builtin(), INFOGRAPHIC, 0);
        struct brief brief = product_in(languages[l])->brief;

        brief.kind = INFOGRAPHIC;
        for (int fault = 0; fault < FAULTS; fault++) {
            struct composition made;
            struct text_ink ink;
            struct image image;
            struct error err;

            compose(layout, &brief, &made, &image);
            spoil((enum fault)fault, &made, &image);
            assert_true(text_ink_measure(&made, &image, &ink, &err));
            if (!ink.fault || (fault != FADED && !strstr(ink.message, words[fault]))) {
                fail_msg("%s, fault %d: %s", languages[l], fault, ink.message);
            }
            image_free(&image);
        }
    }
}

static void nothing_to_read_is_no_fault(void **state)
{
    struct composition none = { .text_count = 0 };
    struct text_ink ink;
    struct image image;
    struct error err;

    (void)state;
    assert_true(image_new(40, 30, 3, &image, &err));
    memset(image.pixels, 200, (size_t)40 * 30 * 3);
    assert_true(text_ink_measure(&none, &image, &ink, &err));
    assert_null(ink.fault);
    image_free(&image);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(composed_texts_are_legible_in_every_language),
        cmocka_unit_test(illegible_texts_are_found_in_every_script),
        cmocka_unit_test(nothing_to_read_is_no_fault),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
