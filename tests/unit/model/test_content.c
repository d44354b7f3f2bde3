/* test_content.c - the texts of a composed image survive storing, and translations that change
 * their facts are rejected. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/json.h"
#include "model/content/content.h"

static struct arena *arena;

static int set_up(void **state)
{
    (void)state;
    arena = arena_new();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static struct brief bottle(void)
{
    struct brief brief = {
        .product_name = "Steel Bottle, 750 ml",
        .category = "",
        .features = { { .title = "Keeps cold 24 hours",
                        .description = "Double wall.",
                        .priority = 9,
                        .icon = "snow" },
                      { .title = "Leak-proof", .description = "", .priority = 8, .icon = "" } },
        .feature_count = 2,
        .text_only = { .language = "" },
    };

    brief.dimension_count = dimensions_find("24 x 7 x 7.5 cm, 12 cm handle", "Bottle", arena,
                                            brief.dimensions, BRIEF_DIMENSIONS);
    dimensions_print(brief.dimensions, brief.dimension_count, UNITS_INCH_AND_CM, arena);
    return brief;
}

static void stored_texts_are_restored(void **state)
{
    struct brief before = bottle(), after = { .product_name = "Another name",
                                              .feature_count = 1,
                                              .text_only = { .language = "" } };
    cJSON *json = content_json(&before);
    struct error err;

    (void)state;
    assert_int_equal(before.dimension_count, 4);
    assert_true(content_restore(json_print(json, arena), arena, &after, &err));
    dimensions_print(after.dimensions, after.dimension_count, UNITS_INCH_AND_CM, arena);
    assert_string_equal(after.product_name, before.product_name);
    assert_int_equal(after.feature_count, 2);
    assert_string_equal(after.features[0].title, "Keeps cold 24 hours");
    assert_string_equal(after.features[0].icon, "snow");
    assert_int_equal(after.features[0].priority, 9);
    assert_int_equal(after.dimension_count, before.dimension_count);
    for (int i = 0; i < after.dimension_count; i++) {
        const struct dimension *a = &before.dimensions[i], *b = &after.dimensions[i];

        assert_string_equal(a->text, b->text);
        assert_string_equal(a->part, b->part);
        assert_string_equal(dimension_print(a), dimension_print(b));
        assert_int_equal(a->axis, b->axis);
        assert_int_equal(a->series, b->series);
    }
    cJSON_Delete(json);
}

static void unusable_stored_texts_are_refused(void **state)
{
    static const char *const cases[] = {
        "{}",
        "{\"productName\":7}",
        "{\"productName\":\"\"}",
        "nonsense",
        "{\"productName\":\"A\",\"dimensions\":[{\"value\":3,\"unit\":\"parsec\"}]}",
        "{\"productName\":\"A\",\"dimensions\":[{\"value\":-3,\"unit\":\"cm\"}]}",
        "{\"productName\":\"A\",\"features\":[{\"title\":[]}]}",
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct brief brief = bottle();
        struct error err;

        assert_false(content_restore(cases[i], arena, &brief, &err));
        assert_int_equal(err.kind, ERROR_INPUT);
    }
}

static void more_features_than_an_image_has_are_left_out(void **state)
{
    struct brief brief = bottle();
    char json[4000] = "{\"productName\":\"A\",\"features\":[";
    struct error err;

    (void)state;
    for (int i = 0; i < 30; i++) {
        strcat(json, i ? ",{\"title\":\"T\"}" : "{\"title\":\"T\"}");
    }
    strcat(json, "]}");
    assert_true(content_restore(json, arena, &brief, &err));
    assert_int_equal(brief.feature_count, BRIEF_FEATURES);
}

static void a_translation_replaces_each_text(void **state)
{
    struct brief brief = bottle();
    struct error err;

    (void)state;
    assert_string_equal(content_texts(&brief, arena),
                        "[\"Steel Bottle, 750 ml\",\"Keeps cold 24 hours\",\"Double wall.\","
                        "\"Leak-proof\",\"handle\"]");
    assert_true(content_translate("{\"texts\":[\"Edelstahlflasche, 750 ml\",\"24 Stunden kalt\","
                                  "\"Doppelwandig.\",\"Auslaufsicher\",\"Griff\"]}",
                                  arena, &brief, &err));
    assert_string_equal(brief.product_name, "Edelstahlflasche, 750 ml");
    assert_string_equal(brief.features[1].title, "Auslaufsicher");
    assert_string_equal(brief.features[1].description, "");
    assert_string_equal(brief.dimensions[3].part, "Griff");
    assert_string_equal(brief.dimensions[3].text, "12 cm (4.7 in)");
}

static void numbers_in_other_notations_are_the_same(void **state)
{
    static const struct {
        const char *source, *translation;
        bool good;
    } cases[] = {
        { "1,200.5 g", "1.200,5 g", true },
        { "Holds 24 hours", "24 Stunden", true },
        { "24 hours", "\xd9\xa2\xd9\xa4 \xd8\xb3\xd8\xa7\xd8\xb9\xd8\xa9", true },
        { "2 of 3", "3 von 2", true },
        { "24 hours", "12 Stunden", false },
        { "24 hours", "24 Stunden, 100 % dicht", false },
        { "Strong", "Platz 1", false },
        { "2 x 2", "2", false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct brief brief = { .product_name = cases[i].source };
        struct error err;

        if (content_translate(arena_printf(arena, "{\"texts\":[\"%s\"]}", cases[i].translation),
                              arena, &brief, &err) != cases[i].good) {
            fail_msg("'%s' as '%s'", cases[i].source, cases[i].translation);
        }
    }
}

static void unusable_translations_are_rejected_and_change_nothing(void **state)
{
    static const char *const cases[] = {
        "no JSON",
        "{}",
        "{\"texts\":[\"a\",\"24\",\"c\",\"d\"]}",
        "{\"texts\":[\"A 750\",\"24\",\"\",\"d\",\"e\"]}",
        "{\"texts\":[\"A 750\",\"24\",7,\"d\",\"e\"]}",
        "{\"texts\":[\"A 750\",\"24\",\"<b></b>\",\"d\",\"e\"]}",
        ("{\"texts\":[\"A 750\",\"24\",\"c\",\"Leak-proof in every bag, on every journey, and "
         "whatever you may do with it\",\"e\"]}"),
        "{\"texts\":[\"A 750\",\"24\",\"c\xff\",\"d\",\"e\"]}",
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct brief brief = bottle();
        struct error err;

        if (content_translate(cases[i], arena, &brief, &err)) {
            fail_msg("accepted: %s", cases[i]);
        }
        assert_int_equal(err.kind, ERROR_OUTPUT);
        assert_string_equal(brief.product_name, "Steel Bottle, 750 ml");
    }
}

static void markup_and_hidden_characters_are_removed(void **state)
{
    struct brief brief = { .product_name = "Steel Bottle" };
    struct error err;

    (void)state;
    assert_true(content_translate("{\"texts\":[\"**Stahl\\u202e flasche** <i>neu</i>\"]}", arena,
                                  &brief, &err));
    assert_string_equal(brief.product_name, "Stahl flasche neu");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stored_texts_are_restored),
        cmocka_unit_test(unusable_stored_texts_are_refused),
        cmocka_unit_test(more_features_than_an_image_has_are_left_out),
        cmocka_unit_test(a_translation_replaces_each_text),
        cmocka_unit_test(numbers_in_other_notations_are_the_same),
        cmocka_unit_test(unusable_translations_are_rejected_and_change_nothing),
        cmocka_unit_test(markup_and_hidden_characters_are_removed),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
