/* test_text_cover.c - the texts of an image are fitted to the fonts that exist, or their letters
 * are named. The program's own fonts are the only ones here, so that the system's do not matter. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "compose/text_cover.h"
#include "draw/font.h"

static char config_path[] = "/tmp/test_text_cover.XXXXXX";
static struct arena *arena;
static struct brief brief;
static struct missing_letters missing;

static int set_up(void **state)
{
    static const char config[] = "<?xml version=\"1.0\"?><fontconfig></fontconfig>\n";
    int fd = mkstemp(config_path);

    (void)state;
    arena = arena_new();
    return fd >= 0 && write(fd, config, sizeof config - 1) == (ssize_t)sizeof config - 1 &&
                   close(fd) == 0 && setenv("FONTCONFIG_FILE", config_path, 1) == 0
               ? 0
               : -1;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    return unlink(config_path);
}

static void begin(void)
{
    brief = (struct brief){
        .product_name = "Trail Mug",
        .category = "Tableware",
        .brand = { .name = "Northwind", .font_family = "" },
        .features = { { .title = "Keeps drinks hot",
                        .description = "For six hours",
                        .priority = 5 } },
        .feature_count = 1,
        .dimensions = { { .part = "", .text = "12 cm", .axis = AXIS_HEIGHT } },
        .dimension_count = 1,
    };
}

static bool cover(enum image_kind kind, bool has_logo)
{
    const struct size size = { 1024, 1024 };

    return text_cover(layout_at(layouts_builtin(), kind, 0), size, has_logo, arena, &brief,
                      &missing);
}

/* Returns what an infographic shows as the product's name; NULL if it cannot be drawn. */
static const char *covered(const char *name)
{
    begin();
    brief.product_name = name;
    return cover(INFOGRAPHIC, false) ? brief.product_name : NULL;
}

static void texts_of_covered_scripts_stay_as_they_are(void **state)
{
    static const char *const names[] = {
        "Trail Mug",     "Größe: 5 µm – „fein“", "Кружка для чая",
        "Κούπα τσαγιού", "كوب سفر حراري",        "ספל נסיעות",
        "แก้วกาแฟ",       "Cốc giữ nhiệt",        "e\u0301te\u0301"
    };

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_ptr_equal(covered(names[i]), names[i]);
    }
}

static void emoji_are_removed_and_the_text_stays_correct(void **state)
{
    static const char *const names[][2] = {
        { "🔥 Trail Mug 🔥", "Trail Mug" },
        { "Trail Mug🎁🎄", "Trail Mug" },
        { "Hot 🍵, cold 🧊", "Hot, cold" },
        { "Mug 👩🏽‍🍳 for cooks", "Mug for cooks" },
        { "🚚 | Trail Mug | 🚚", "Trail Mug" },
        { "Made in 🇩🇪", "Made in DE" },
        { "Trail Mug \ue000", "Trail Mug" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_string_equal(covered(names[i][0]), names[i][1]);
    }
}

static void decorated_letters_become_plain_ones(void **state)
{
    (void)state;
    assert_string_equal(covered("𝐁𝐨𝐥𝐝 Mug"), "Bold Mug");
    assert_string_equal(covered("ＭＵＧ"), "MUG");
    assert_string_equal(covered("12 ㎝ high"), "12 cm high");
}

static void letters_that_no_font_has_are_named(void **state)
{
    (void)state;
    assert_null(covered("བོད་ཡིག Mug"));
    assert_string_equal(missing.text, "བོད་ཡིག Mug");
    assert_non_null(strstr(missing.letters, "བོ"));
    assert_null(strstr(missing.letters, "M"));
    assert_int_equal(missing.first, 0xf56);
    assert_string_equal(missing.package, "fonts-noto-core");
    assert_null(covered("保温杯"));
    assert_string_equal(missing.package, "fonts-noto-cjk");
    assert_null(covered("\ue000\ue001\ue002")); /* private use: a script of its own font */
    assert_null(missing.package);
    assert_null(covered("Mu\ue001g"));
    assert_null(covered("🔥🔥"));    /* nothing would remain */
    assert_null(covered("⠓⠑⠇⠇⠕")); /* Braille: symbols that are letters */
}

static void a_long_text_is_cut_between_letters(void **state)
{
    char name[400] = "";

    (void)state;
    for (int i = 0; i < 60; i++) {
        strcat(name, "保");
    }
    assert_null(covered(name));
    assert_int_equal(strlen(missing.text) % 3, 0);
    assert_in_range(strlen(missing.text), 60, sizeof missing.text - 1);
}

static void only_texts_that_the_layout_draws_matter(void **state)
{
    (void)state;
    begin();
    brief.category = "保温杯";
    brief.dimensions[0].part = "保";
    assert_true(cover(INFOGRAPHIC, false));
    assert_false(cover(DIMENSION_DIAGRAM, false));
    begin();
    brief.features[0].title = "保温";
    assert_true(cover(DIMENSION_DIAGRAM, false));
    assert_false(cover(INFOGRAPHIC, false));
    assert_false(cover(FEATURE_HIGHLIGHT, false));
    assert_false(cover(COMPARISON_CHART, false));
    begin();
    brief.features[0].description = "🎉";
    assert_true(cover(INFOGRAPHIC, false));
    assert_string_equal(brief.features[0].description, "");
}

static void a_logo_stands_for_a_name_that_cannot_be_drawn(void **state)
{
    (void)state;
    begin();
    brief.brand.name = "北風";
    assert_false(cover(INFOGRAPHIC, false));
    assert_true(cover(INFOGRAPHIC, true));
    assert_string_equal(brief.brand.name, "");
}

static void a_brands_font_does_not_hide_letters_of_the_others(void **state)
{
    (void)state;
    begin();
    brief.brand.font_family = "Noto Sans Thai";
    brief.product_name = "Größe แก้ว Кружка";
    assert_true(cover(INFOGRAPHIC, false));
    assert_string_equal(brief.product_name, "Größe แก้ว Кружка");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_of_covered_scripts_stay_as_they_are),
        cmocka_unit_test(emoji_are_removed_and_the_text_stays_correct),
        cmocka_unit_test(decorated_letters_become_plain_ones),
        cmocka_unit_test(letters_that_no_font_has_are_named),
        cmocka_unit_test(a_long_text_is_cut_between_letters),
        cmocka_unit_test(only_texts_that_the_layout_draws_matter),
        cmocka_unit_test(a_logo_stands_for_a_name_that_cannot_be_drawn),
        cmocka_unit_test(a_brands_font_does_not_hide_letters_of_the_others),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
