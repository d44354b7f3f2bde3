/* test_features.c - validating the feature list of a text model. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "model/features.h"

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

/* Returns `count` features: the last one is `last`, the others are valid. */
static const char *list(int count, const char *last)
{
    char *json = arena_alloc(arena, 8000);

    strcpy(json, "{\"features\":[");
    for (int i = 0; i < count; i++) {
        sprintf(json + strlen(json), "%s", i ? "," : "");
        if (i == count - 1 && last) {
            strcat(json, last);
        } else {
            sprintf(json + strlen(json),
                    "{\"title\":\"T%d\",\"description\":\"D\",\"priority\":%d,\"icon\":\"I\"}", i,
                    i % 10 + 1);
        }
    }
    strcat(json, "]}");
    return json;
}

static void five_to_eight_features_are_read(void **state)
{
    const char *canonical;
    struct brief brief = { .feature_count = 0 };
    struct error err;
    cJSON *again;

    (void)state;
    for (int count = 5; count <= 8; count++) {
        assert_true(features_read(list(count, NULL), arena, &brief, &canonical, &err));
        assert_int_equal(brief.feature_count, count);
        assert_string_equal(brief.features[count - 1].title[0] == 'T' ? "T" : "", "T");
        assert_int_equal(brief.features[1].priority, 2);
        assert_true(json_parse(canonical, strlen(canonical), "it", &again, &err));
        assert_int_equal(cJSON_GetArraySize(again), count);
        cJSON_Delete(again);
    }
    assert_true(features_read(list(5, "{\"title\":\" A\\nB \",\"description\":\"\",\"priority\":1,"
                                      "\"icon\":null}"),
                              arena, &brief, &canonical, &err));
    assert_string_equal(brief.features[4].title, "A B");
    assert_string_equal(brief.features[4].icon, "");
}

static void schema_is_json(void **state)
{
    struct error err;
    cJSON *schema;

    (void)state;
    assert_true(json_parse(features_schema, strlen(features_schema), "schema", &schema, &err));
    cJSON_Delete(schema);
}

static void is_rejected(const char *json, const char *expected)
{
    struct brief brief = { .feature_count = 77 };
    const char *canonical;
    struct error err;

    if (features_read(json, arena, &brief, &canonical, &err)) {
        fail_msg("%.200s was taken", json);
    }
    assert_int_equal(err.kind, ERROR_OUTPUT);
    assert_int_equal(brief.feature_count, 77); /* unchanged */
    if (!strstr(err.text, expected)) {
        fail_msg("%.200s: wanted '%s' in '%s'", json, expected, err.text);
    }
}

static void invalid_features_are_rejected(void **state)
{
    char item[600];

    (void)state;
    is_rejected("", "not JSON");
    is_rejected("Here are your features!", "not JSON");
    is_rejected("[]", "five to eight");
    is_rejected("{\"features\":{}}", "five to eight");
    is_rejected("{\"features\":\"five\"}", "five to eight");
    is_rejected(list(4, NULL), "five to eight");
    is_rejected(list(9, NULL), "five to eight");
    is_rejected(list(5, "5"), "'title'");
    is_rejected(list(5, "null"), "'title'");
    is_rejected(list(5, "{\"description\":\"D\",\"priority\":1}"), "'title'");
    is_rejected(list(5, "{\"title\":\"T\",\"priority\":1}"), "'description'");
    is_rejected(list(5, "{\"title\":\"T\",\"description\":\"D\"}"), "'priority'");
    is_rejected(list(5, "{\"title\":\"T\",\"description\":\"D\",\"priority\":0}"), "'priority'");
    is_rejected(list(5, "{\"title\":\"T\",\"description\":\"D\",\"priority\":11}"), "'priority'");
    is_rejected(list(5, "{\"title\":\"T\",\"description\":\"D\",\"priority\":\"1\"}"),
                "'priority'");
    is_rejected(list(5, "{\"title\":\"T\",\"description\":\"D\",\"priority\":1,\"icon\":1}"),
                "'icon'");
    is_rejected(list(5, "{\"title\":\" \\n\",\"description\":\"D\",\"priority\":1}"),
                "empty or too long");
    is_rejected(list(5, "{\"title\":\"\xff\",\"description\":\"D\",\"priority\":1}"), "not UTF-8");
    sprintf(item, "{\"title\":\"%061d\",\"description\":\"D\",\"priority\":1}", 0);
    is_rejected(list(5, item), "empty or too long");
    sprintf(item, "{\"title\":\"T\",\"description\":\"%0201d\",\"priority\":1}", 0);
    is_rejected(list(5, item), "empty or too long");
    sprintf(item, "{\"title\":\"T\",\"description\":\"D\",\"priority\":1,\"icon\":\"%041d\"}", 0);
    is_rejected(list(5, item), "empty or too long");
}

static void titles_that_say_the_same_are_found(void **state)
{
    static const struct {
        const char *one, *two;
        bool same;
    } rows[] = {
        { "Height 9.5 cm", "Measures 9.5 cm", true },
        { "Height: 9.5cm", "Height 9.5 cm", true },
        { "Height 9.5 cm", "Width 9.5 cm", false },
        { "Height 9.5 cm", "Height 95 cm", false },
        { "Height 9.5 cm", "Height 9.5 in", false },
        { "100% Organic Cotton", "100% cotton", true },
        { "100% Organic Cotton", "Organic cotton, 100 %", true },
        { "Organic Cotton", "Cotton Lining", false },
        { "Ribbed cuffs", "Ribbed Cuff", true },
        { "2 pockets", "2 pockets of 30 cm", false },
        { "250 ml", "500 ml", false },
        { "\xc3\x9c"
          "ber 2 L",
          "\xc3\x9c"
          "ber 2 L",
          true },
        { "", "Leakproof", false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (features_say_the_same(rows[i].one, rows[i].two) != rows[i].same ||
            features_say_the_same(rows[i].two, rows[i].one) != rows[i].same) {
            fail_msg("'%s' and '%s'", rows[i].one, rows[i].two);
        }
    }
}

static void repeated_features_are_left_out(void **state)
{
    const char *canonical;
    struct brief brief = { .feature_count = 0 };
    struct error err;

    (void)state;
    assert_true(
        features_read(list(5,
                           "{\"title\":\"t0\",\"description\":\"D\",\"priority\":9,\"icon\":\"\"}"),
                      arena, &brief, &canonical, &err));
    assert_int_equal(brief.feature_count, 4);
    assert_string_equal(brief.features[0].title, "T0");
    assert_int_equal(brief.features[0].priority, 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(five_to_eight_features_are_read),
        cmocka_unit_test(schema_is_json),
        cmocka_unit_test(invalid_features_are_rejected),
        cmocka_unit_test(titles_that_say_the_same_are_found),
        cmocka_unit_test(repeated_features_are_left_out),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
