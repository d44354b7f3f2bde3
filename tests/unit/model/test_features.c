/* test_features.c - the list of features that a text model made. */
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

/* `count` features: the last one is `last`, the others are good. */
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

static void reads_five_to_eight(void **state)
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

static void the_schema_is_json(void **state)
{
    struct error err;
    cJSON *schema;

    (void)state;
    assert_true(json_parse(features_schema, strlen(features_schema), "schema", &schema, &err));
    cJSON_Delete(schema);
}

static void refuses(const char *json, const char *said)
{
    struct brief brief = { .feature_count = 77 };
    const char *canonical;
    struct error err;

    if (features_read(json, arena, &brief, &canonical, &err)) {
        fail_msg("%.200s was taken", json);
    }
    assert_int_equal(err.kind, ERROR_OUTPUT);
    assert_int_equal(brief.feature_count, 77); /* untouched */
    if (!strstr(err.text, said)) {
        fail_msg("%.200s: wanted '%s' in '%s'", json, said, err.text);
    }
}

static void refuses_what_breaks_a_rule(void **state)
{
    char item[600];

    (void)state;
    refuses("", "not JSON");
    refuses("Here are your features!", "not JSON");
    refuses("[]", "five to eight");
    refuses("{\"features\":{}}", "five to eight");
    refuses("{\"features\":\"five\"}", "five to eight");
    refuses(list(4, NULL), "five to eight");
    refuses(list(9, NULL), "five to eight");
    refuses(list(5, "5"), "'title'");
    refuses(list(5, "null"), "'title'");
    refuses(list(5, "{\"description\":\"D\",\"priority\":1}"), "'title'");
    refuses(list(5, "{\"title\":\"T\",\"priority\":1}"), "'description'");
    refuses(list(5, "{\"title\":\"T\",\"description\":\"D\"}"), "'priority'");
    refuses(list(5, "{\"title\":\"T\",\"description\":\"D\",\"priority\":0}"), "'priority'");
    refuses(list(5, "{\"title\":\"T\",\"description\":\"D\",\"priority\":11}"), "'priority'");
    refuses(list(5, "{\"title\":\"T\",\"description\":\"D\",\"priority\":\"1\"}"), "'priority'");
    refuses(list(5, "{\"title\":\"T\",\"description\":\"D\",\"priority\":1,\"icon\":1}"), "'icon'");
    refuses(list(5, "{\"title\":\" \\n\",\"description\":\"D\",\"priority\":1}"),
            "empty or too long");
    refuses(list(5, "{\"title\":\"\xff\",\"description\":\"D\",\"priority\":1}"), "not UTF-8");
    sprintf(item, "{\"title\":\"%061d\",\"description\":\"D\",\"priority\":1}", 0);
    refuses(list(5, item), "empty or too long");
    sprintf(item, "{\"title\":\"T\",\"description\":\"%0201d\",\"priority\":1}", 0);
    refuses(list(5, item), "empty or too long");
    sprintf(item, "{\"title\":\"T\",\"description\":\"D\",\"priority\":1,\"icon\":\"%041d\"}", 0);
    refuses(list(5, item), "empty or too long");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_five_to_eight),
        cmocka_unit_test(the_schema_is_json),
        cmocka_unit_test(refuses_what_breaks_a_rule),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
