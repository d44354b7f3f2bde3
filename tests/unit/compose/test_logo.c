/* test_logo.c - the brand's logo on composed images of light and dark brands: legible, and apart
 * from text and product. With DARKROOM_GALLERY=FOLDER it writes the images there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compose/composition.h"
#include "draw/demo_photo.h"
#include "draw/shape.h"
#include "image/cut_out/cut_out.h"
#include "lib/compose_products.h"
#include "lib/gallery.h"

static const struct layouts *layouts;
static struct image photo, cut_out;

static int set_up(void **state)
{
    struct error err;

    (void)state;
    layouts = layouts_builtin();
    return demo_photo_draw(1700, &photo, &err) && image_cut_out(&photo, &cut_out, &err) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    image_free(&photo);
    image_free(&cut_out);
    return 0;
}

static bool overlap(struct box a, struct box b)
{
    return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height &&
           b.y < a.y + a.height;
}

/* A wordmark of three bars in one colour; transparent around it if `ground` is NULL. */
static void draw_logo(const char *colour, const char *ground, int width, int height,
                      struct image *out)
{
    struct canvas canvas;
    struct colour ink = COLOUR_BLACK, paper = COLOUR_WHITE;
    struct error err;

    assert_true(canvas_new(width, height, &canvas, &err));
    if (ground) {
        assert_true(colour_read(ground, &paper));
        canvas_fill(&canvas, paper);
    }
    assert_true(colour_read(colour, &ink));
    for (int i = 0; i < 3; i++) {
        shape_panel(&canvas,
                    (struct box){ width * (0.1 + 0.28 * i), height * 0.2, width * 0.2,
                                  height * 0.6 },
                    height * 0.1 * i, ink, 1);
    }
    assert_true(canvas_image(&canvas, ground ? 3 : 4, out, &err));
    canvas_free(&canvas);
}

/* On light and dark brands, for each layout that has a place for it. */
static void a_logo_is_legible_and_apart_from_text_and_product(void **state)
{
    static const struct {
        const char *name, *colour, *ground;
        int width, height;
    } logos[] = {
        { "dark", "#101828", NULL, 900, 200 },  { "light", "#ffffff", NULL, 900, 200 },
        { "grey", "#808080", NULL, 300, 300 },  { "white-box", "#b00020", "#ffffff", 600, 240 },
        { "tiny", "#101828", NULL, 24, 12 },    { "banner", "#0a7d32", NULL, 3000, 60 },
        { "tower", "#0a7d32", NULL, 60, 1500 },
    };
    static const struct size sizes[IMAGE_KINDS] = { [INFOGRAPHIC] = { 1024, 1792 },
                                                    [FEATURE_HIGHLIGHT] = { 1024, 1024 },
                                                    [COMPARISON_CHART] = { 1792, 1024 },
                                                    [DIMENSION_DIAGRAM] = { 1600, 1600 },
                                                    [A_PLUS_MODULE] = { 1940, 1200 } };

    (void)state;
    for (size_t l = 0; l < sizeof logos / sizeof *logos; l++) {
        struct image logo;

        draw_logo(logos[l].colour, logos[l].ground, logos[l].width, logos[l].height, &logo);
        for (int kind = 0; kind < IMAGE_KINDS; kind++) {
            const struct image_layout *layout;

            /* the first two on every layout, the others on one of each image type */
            for (int i = l < 2 ? 0 : (int)l % 3;
                 (layout = layout_at(layouts, (enum image_kind)kind, i)); i += l < 2 ? 1 : 3) {
                const struct test_product *product = &test_products[(l + (size_t)i * 3) % 12];
                struct brief brief = product->brief;
                struct composition_request request = {
                    .layout = layout, .brief = &brief, .logo = &logo, .size = sizes[kind]
                };
                struct composition made;
                struct image out;
                struct error err;
                char name[120];

                brief.kind = layout->kind;
                assert_true(compose_image(&request,
                                          layout->plate == PLATE_SCENE ? &photo : &cut_out, &made,
                                          &out, &err));
                snprintf(name, sizeof name, "logo-%s-%s-%s-%s", logos[l].name,
                         kind_name(layout->kind), layout->name, product->language);
                write_gallery(&out, name);
                assert_true(made.text_count >= (layout->kind == A_PLUS_MODULE ? 1 : 2));
                assert_true(composition_smallest(&made) >= 0.02 - 1e-9);
                assert_true(made.logo.width > 0);
                assert_true(made.logo_legible >= 0.75);
                assert_false(overlap(made.logo, made.product));
                for (int t = 0; t < made.text_count; t++) {
                    assert_false(overlap(made.logo, made.texts[t].box));
                    assert_string_not_equal(made.texts[t].text, brief.brand.name);
                }
                image_free(&out);
            }
        }
        image_free(&logo);
    }
}

static void an_empty_logo_is_left_out(void **state)
{
    const struct image_layout *layout = layout_at(layouts, INFOGRAPHIC, 0);
    struct brief brief = test_products[0].brief;
    struct composition_request request = { .layout = layout,
                                           .brief = &brief,
                                           .size = { 600, 600 } };
    struct composition made;
    struct image logo, out = { 0 };
    struct error err;

    (void)state;
    assert_true(image_new(40, 40, 4, &logo, &err));
    memset(logo.pixels, 0, 40 * 40 * 4);
    request.logo = &logo;
    assert_true(compose_image(&request, &photo, &made, &out, &err));
    assert_true(made.logo.width == 0);
    assert_string_equal(made.texts[0].text, brief.brand.name);
    image_free(&out);
    image_free(&logo);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_logo_is_legible_and_apart_from_text_and_product),
        cmocka_unit_test(an_empty_logo_is_left_out),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
