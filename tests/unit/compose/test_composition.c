/* test_composition.c - composed images: their text is the seller's, readable, and apart from the
 * product. With DARKROOM_GALLERY=FOLDER it writes the images there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "compose/composition.h"
#include "draw/demo_photo.h"
#include "image/cut_out/cut_out.h"
#include "lib/compose_products.h"
#include "lib/gallery.h"

static struct layouts *layouts;
static struct image photo, cut_out;

static int set_up(void **state)
{
    const struct embedded *file = embed_find("assets/layouts.json");
    struct error err;

    (void)state;
    if (!file || !layouts_load((const char *)file->data, &layouts, &err) ||
        !demo_photo_draw(1700, &photo, &err) || !image_cut_out(&photo, &cut_out, &err)) {
        fprintf(stderr, "%s\n", err.text);
        return -1;
    }
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    layouts_free(layouts);
    image_free(&photo);
    image_free(&cut_out);
    return 0;
}

/* Returns whether the text is the start of one of the seller's texts. */
static bool is_sellers(const struct brief *brief, const char *text)
{
    size_t size = strlen(text);

    if (strncmp(brief->product_name, text, size) == 0 ||
        strncmp(brief->brand.name, text, size) == 0) {
        return true;
    }
    for (int i = 0; i < brief->feature_count; i++) {
        if (strncmp(brief->features[i].title, text, size) == 0 ||
            strncmp(brief->features[i].description, text, size) == 0) {
            return true;
        }
    }
    for (int i = 0; i < brief->dimension_count; i++) {
        if (strcmp(brief->dimensions[i].text, text) == 0) {
            return true;
        }
    }
    return brief->module_request.headline &&
           strncmp(brief->module_request.headline, text, size) == 0;
}

static bool overlap(struct box a, struct box b)
{
    return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height &&
           b.y < a.y + a.height;
}

static void assert_good(const struct composition *made, const struct brief *brief, struct size size)
{
    assert_true(made->text_count >= (brief->kind == A_PLUS_MODULE ? 1 : 2));
    assert_true(composition_smallest(made) >= 0.02 - 1e-9);
    assert_true(composition_contrast(made) >= 4.5);
    for (int i = 0; i < made->text_count; i++) {
        struct box box = made->texts[i].box;

        assert_true(is_sellers(brief, made->texts[i].text));
        assert_false(overlap(box, made->product));
        assert_true(box.x >= 0 && box.y >= 0 && box.x + box.width <= size.width &&
                    box.y + box.height <= size.height);
        for (int j = 0; j < i; j++) {
            assert_false(overlap(box, made->texts[j].box));
        }
    }
}

static void compose_one(const struct image_layout *layout, const struct test_product *product,
                        struct size size)
{
    struct brief brief = product->brief;
    struct composition_request request = { .layout = layout, .brief = &brief, .size = size };
    struct composition made;
    struct image out;
    struct error err;
    char name[120];

    brief.kind = layout->kind;

    if (!compose_image(&request, layout->plate == PLATE_SCENE ? &photo : &cut_out, &made, &out,
                       &err)) {
        fail_msg("%s: %s", layout->name, err.text);
    }
    snprintf(name, sizeof name, "%s-%s-%s-%dx%d", kind_name(layout->kind), layout->name,
             product->language, size.width, size.height);
    write_gallery(&out, name);
    assert_good(&made, &brief, size);
    image_free(&out);
}

static void text_is_the_sellers_readable_and_apart(void **state)
{
    static const struct size sizes[IMAGE_KINDS][2] = {
        [INFOGRAPHIC] = { { 1024, 1792 }, { 1600, 1600 } },
        [FEATURE_HIGHLIGHT] = { { 1024, 1024 }, { 1600, 1600 } },
        [COMPARISON_CHART] = { { 1792, 1024 }, { 1600, 1600 } },
        [DIMENSION_DIAGRAM] = { { 1024, 1792 }, { 1600, 1600 } },
        [A_PLUS_MODULE] = { { 600, 600 }, { 1940, 1200 } },
    };

    (void)state;
    for (int kind = 0; kind < IMAGE_KINDS; kind++) {
        const struct image_layout *layout;

        for (int i = 0; (layout = layout_at(layouts, (enum image_kind)kind, i)); i++) {
            for (int p = 0; p < TEST_PRODUCTS; p += 3) {
                for (int s = 0; s < 2; s++) {
                    compose_one(layout, &test_products[p], sizes[kind][s]);
                }
            }
        }
    }
}

#define FEATURE(feature_title, feature_priority)                                                   \
    {                                                                                              \
        .title = (feature_title), .description = "", .priority = (feature_priority), .icon = ""    \
    }

/* A text that fits at no readable size ends at a phrase or a word, or is left out. */
static void long_text_is_never_cut_within_a_word(void **state)
{
    static const struct brief brief = {
        .product_name =
            "Extraordinarily comfortable office chair with a very long name that no seller "
            "should write, adjustable, black, with armrests, for home and office use, "
            "model 2024 of the series",
        .brand = { .name = "Donaudampfschifffahrtsgesellschaftskapitänsmützenhersteller",
                   .primary = "",
                   .secondary = "",
                   .accent = "",
                   .font_family = "",
                   .logo_url = "" },
        .features = { FEATURE("Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz",
                              10),
                      FEATURE("Soft seat", 9), FEATURE("Quiet castors", 8) },
        .feature_count = 3,
    };
    const struct image_layout *layout = layout_at(layouts, INFOGRAPHIC, 0);
    struct composition_request request = { .layout = layout,
                                           .brief = &brief,
                                           .size = { 1024, 1792 } };
    struct composition made;
    struct image out;
    struct error err;
    size_t size;

    (void)state;
    assert_true(compose_image(&request, &photo, &made, &out, &err));
    write_gallery(&out, "long");
    assert_good(&made, &brief, request.size);
    assert_int_equal(made.text_count, 3); /* the headline and two features */
    size = strlen(made.texts[0].text);
    assert_true(size > 20 && size < strlen(brief.product_name));
    assert_true(strchr(" ,", brief.product_name[size]) != NULL);
    assert_string_equal(made.texts[1].text, "Soft seat");
    assert_true(made.left_out >= 3);
    image_free(&out);
}

static void other_products_are_shown_only_if_the_seller_compares(void **state)
{
    static const struct {
        const char *description;
        bool compares;
    } cases[] = {
        { "", false },
        { "A quiet chair. The seat is soft.", false },
        { "Unlike ordinary chairs, it has quiet castors.", true },
    };
    const struct image_layout *layout;

    (void)state;
    for (int i = 0; (layout = layout_at(layouts, COMPARISON_CHART, i)); i++) {
        for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
            struct brief brief = test_products[0].brief;
            struct composition_request request = { .layout = layout,
                                                   .brief = &brief,
                                                   .size = { 1792, 1024 } };
            struct composition made;
            struct image out;
            struct error err;
            char name[40];

            brief.kind = COMPARISON_CHART;
            brief.description = cases[c].description;
            assert_true(compose_image(&request, &cut_out, &made, &out, &err));
            snprintf(name, sizeof name, "chart-%d-%zu", i, c);
            write_gallery(&out, name);
            assert_int_equal(made.compares, cases[c].compares);
            image_free(&out);
        }
    }
}

static void a_payload_chooses_a_layout_by_name_or_number(void **state)
{
    struct image_rules rules = { .text = TEXT_COMPOSED, .layout = "card" };

    (void)state;
    assert_string_equal(layout_of_template(&rules, INFOGRAPHIC, "bold")->name, "bold");
    assert_string_equal(layout_of_template(&rules, INFOGRAPHIC, "Editorial")->name, "editorial");
    assert_string_equal(layout_of_template(&rules, INFOGRAPHIC, "infographic-2")->name, "card");
    assert_string_equal(layout_of_template(&rules, A_PLUS_MODULE, "single-image-sidebar-3")->name,
                        "bold");
    assert_null(layout_of_template(&rules, INFOGRAPHIC, "infographic-4"));
    assert_null(layout_of_template(&rules, INFOGRAPHIC, "infographic-0"));
    assert_null(layout_of_template(&rules, INFOGRAPHIC, "infographic-21"));
    assert_null(layout_of_template(&rules, INFOGRAPHIC, "default"));
    assert_null(layout_of_template(&rules, INFOGRAPHIC, ""));
    assert_null(layout_of_template(&rules, MAIN_IMAGE, "main-1"));
    rules.text = TEXT_MODEL;
    assert_null(layout_of_template(&rules, INFOGRAPHIC, "bold"));
}

static void a_layout_is_chosen_by_the_rules_and_the_style(void **state)
{
    struct image_rules rules = { .text = TEXT_COMPOSED, .layout = "" };

    (void)state;
    assert_string_equal(layout_for(&rules, INFOGRAPHIC, "", 0)->name, "editorial");
    assert_string_equal(layout_for(&rules, INFOGRAPHIC, "Bold, with strong colours", 0)->name,
                        "bold");
    assert_string_equal(layout_for(&rules, INFOGRAPHIC, "minimal", 0)->name, "card");
    assert_string_equal(layout_for(&rules, INFOGRAPHIC, "mini", 0)->name, "editorial");
    rules.layout = "card";
    assert_string_equal(layout_for(&rules, INFOGRAPHIC, "bold", 0)->name, "card");
    assert_null(layout_for(&rules, MAIN_IMAGE, "bold", 0));
    rules.text = TEXT_MODEL;
    assert_null(layout_for(&rules, INFOGRAPHIC, "bold", 0));
}

static void a_broken_file_of_layouts_names_layout_and_key(void **state)
{
    static const struct {
        const char *json, *message;
    } cases[] = {
        { "{}", "'layouts'" },
        { "{\"layouts\":[{\"name\":\"a\",\"type\":\"POSTER\"}]}", "layout 'a': 'type'" },
        { "{\"layouts\":[{\"name\":\"a\",\"type\":\"INFOGRAPHIC\"}]}",
          "layout 'a': it has no form" },
        { "{\"layouts\":[{\"name\":\"a\",\"type\":\"INFOGRAPHIC\",\"tall\":{\"ground\":\"pink\"}}]"
          "}",
          "layout 'a': 'ground'" },
        { "{\"layouts\":[{\"name\":\"a\",\"type\":\"INFOGRAPHIC\",\"plate\":\"cut-out\",\"tall\":"
          "{\"product\":[0.5,0,0.6,1]}}]}",
          "layout 'a': 'product'" },
        { "{\"layouts\":[{\"name\":\"a\",\"type\":\"INFOGRAPHIC\",\"plate\":\"cut-out\",\"tall\":"
          "{\"product\":[0,0,1,1],\"stacks\":[{\"box\":[0,0,1,1],\"items\":[{\"item\":\"headline\","
          "\"size\":0.05,\"minSize\":0.01}]}]}}]}",
          "layout 'a': 'minSize'" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct layouts *read;
        struct error err;

        assert_false(layouts_load(cases[i].json, &read, &err));
        assert_int_equal(err.kind, ERROR_CONFIG);
        assert_non_null(strstr(err.text, cases[i].message));
        assert_null(read);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_the_sellers_readable_and_apart),
        cmocka_unit_test(long_text_is_never_cut_within_a_word),
        cmocka_unit_test(other_products_are_shown_only_if_the_seller_compares),
        cmocka_unit_test(a_payload_chooses_a_layout_by_name_or_number),
        cmocka_unit_test(a_layout_is_chosen_by_the_rules_and_the_style),
        cmocka_unit_test(a_broken_file_of_layouts_names_layout_and_key),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
