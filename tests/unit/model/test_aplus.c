/* test_aplus.c - A+ content: breaks every rule once, and reports all faults together. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "model/aplus.h"

#define BODY "\"bodyText\":\"A cup of clay that keeps its warmth for a long and quiet morning.\""
#define HEAD "\"headline\":\"Warm in the hand\""
#define PICTURE "\"imageDescriptions\":[\"A cup on a table\"]"
#define SIDEBAR                                                                                    \
    "{\"type\":\"standard-single-image-sidebar\"," HEAD "," BODY                                   \
    ",\"sidebar\":\"Made by hand\"," PICTURE "}"

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

/* Returns three valid modules and this one. */
static const char *with(const char *module)
{
    return arena_printf(arena, "{\"modules\":[%s,%s,%s,%s]}", SIDEBAR, SIDEBAR, SIDEBAR, module);
}

static void is_rejected(const char *json, bool premium, const char *expected)
{
    struct aplus got;
    const char *all;
    struct error err;

    if (aplus_read(json, premium, arena, &got, &all, &err)) {
        fail_msg("%.300s was taken", json);
    }
    assert_int_equal(err.kind, ERROR_OUTPUT);
    assert_null(got.modules);
    if (!all || !strstr(all, expected)) {
        fail_msg("wanted '%s' in '%s'", expected, all ? all : "nothing");
    }
}

static void answer_is_converted_for_the_application(void **state)
{
    struct aplus got;
    const char *all;
    struct error err;
    const cJSON *one, *content;
    cJSON *top;

    (void)state;
    if (!aplus_read(with("{\"type\":\"standard-comparison-table\"," HEAD
                         ",\"bullets\":[\"one\",\"two\"],\"bodyText\":\"left out\",\"extra\":1,"
                         "\"imageDescriptions\":[\"a\",\"b\",\"c\"]}"),
                    false, arena, &got, &all, &err)) {
        fail_msg("%s", all);
    }
    assert_null(all);
    assert_int_equal(got.request_count,
                     5); /* one per module, and two of three: the third has no slot */
    assert_int_equal(got.requests[4].module, 3);
    assert_int_equal(got.requests[4].slot, 1);
    assert_string_equal(got.requests[4].module_type, "standard-comparison-table");
    assert_string_equal(got.requests[4].description, "b");
    assert_string_equal(got.requests[0].headline, "Warm in the hand");
    assert_true(json_parse(got.modules, strlen(got.modules), "modules", &top, &err));
    assert_int_equal(cJSON_GetArraySize(top), 4);
    one = cJSON_GetArrayItem(top, 3);
    assert_string_equal(json_peek_text(one, "type"), "standard-comparison-table");
    assert_string_equal(json_peek_text(one, "templateId"), "standard-comparison-table");
    assert_true(cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(one, "template")));
    assert_true(json_object(one, "content", &content, &err));
    assert_null(cJSON_GetObjectItemCaseSensitive(content, "bodyText"));
    assert_null(cJSON_GetObjectItemCaseSensitive(content, "extra"));
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(content, "bullets")), 2);
    cJSON_Delete(top);
}

static void premium_answer_is_read(void **state)
{
    const char *carousel = "{\"type\":\"premium-image-carousel\"," HEAD "," BODY
                           ",\"imageDescriptions\":[\"a\",\"b\",\"c\",\"d\"]}";
    struct aplus got;
    const char *all;
    struct error err;

    (void)state;
    /* six modules of four images: the maximum */
    assert_true(aplus_read(arena_printf(arena, "{\"modules\":[%s,%s,%s,%s,%s,%s]}", carousel,
                                        carousel, carousel, carousel, carousel, carousel),
                           true, arena, &got, &all, &err));
    assert_int_equal(got.request_count, 24);
    is_rejected(arena_printf(arena, "{\"modules\":[%s,%s,%s,%s]}", carousel, carousel, carousel,
                             carousel),
                false, "type: not one of the standard types");
    is_rejected(with(SIDEBAR), true, "type: not one of the premium types");
}

static void schemas_are_json_and_list_the_types(void **state)
{
    (void)state;
    for (int premium = 0; premium < 2; premium++) {
        const char *text = aplus_schema(premium);
        struct error err;
        cJSON *schema;

        assert_true(json_parse(text, strlen(text), "schema", &schema, &err));
        cJSON_Delete(schema);
        assert_non_null(
            strstr(text, premium ? "\"premium-video\"" : "\"standard-four-images-text\""));
        assert_null(strstr(text, premium ? "\"standard-" : "\"premium-"));
    }
}

static void wrong_module_counts_are_rejected(void **state)
{
    (void)state;
    is_rejected("", false, "not JSON");
    is_rejected("{}", false, "0 modules; 4 to 6");
    is_rejected("[]", false, "0 modules;");
    is_rejected("{\"modules\":{}}", false, "0 modules;");
    is_rejected("{\"modules\":[" SIDEBAR "," SIDEBAR "," SIDEBAR "]}", false, "3 modules");
    is_rejected("{\"modules\":[" SIDEBAR "," SIDEBAR "," SIDEBAR "," SIDEBAR "," SIDEBAR "," SIDEBAR
                "," SIDEBAR "]}",
                false, "7 modules");
    is_rejected("{\"modules\":[1,\"x\",null,[]]}", false, "Module 4, type");
    is_rejected(with("{\"type\":\"\xff\"}"), false, "not UTF-8");
}

static void each_broken_rule_is_reported(void **state)
{
    (void)state;
    is_rejected(with("{\"type\":\"poster\"," HEAD "}"), false, "Module 4, type");
    is_rejected(with("{\"type\":\"standard-single-image-sidebar\",\"headline\":\"Too short\"," BODY
                     ",\"sidebar\":\"s\"," PICTURE "}"),
                false, "Module 4, headline: 9 characters; 10 to 50");
    is_rejected(with("{\"type\":\"standard-single-image-sidebar\"," BODY
                     ",\"sidebar\":\"s\"," PICTURE "}"),
                false, "headline: 0 characters");
    is_rejected(with("{\"type\":\"standard-single-image-sidebar\"," HEAD
                     ",\"bodyText\":\"Short.\",\"sidebar\":\"s\"," PICTURE "}"),
                false, "bodyText: 6 characters; 50 to 2000");
    is_rejected(with("{\"type\":\"standard-single-image-sidebar\"," HEAD
                     ",\"bodyText\":7,\"sidebar\":\"s\"," PICTURE "}"),
                false, "bodyText: 0 characters");
    is_rejected(with("{\"type\":\"standard-single-image-sidebar\"," HEAD "," BODY "," PICTURE "}"),
                false, "sidebar: 0 characters; 1 to 500");
    is_rejected(with("{\"type\":\"standard-single-image-bullets\"," HEAD "," BODY
                     ",\"bullets\":null," PICTURE "}"),
                false, "bullets: 0 characters; 1 to 1000");
    is_rejected(with("{\"type\":\"standard-single-image-bullets\"," HEAD "," BODY
                     ",\"bullets\":[5]," PICTURE "}"),
                false, "bullets: an entry is not text");
    is_rejected(with("{\"type\":\"standard-single-image-bullets\"," HEAD "," BODY
                     ",\"bullets\":[\"no refund\"]," PICTURE "}"),
                false, "bullets: refund");
    is_rejected(with("{\"type\":\"standard-single-image-specs\"," HEAD "," BODY
                     ",\"specifications\":[{\"name\":\"Weight\"}]," PICTURE "}"),
                false, "specifications: a row lacks a name or value");
    is_rejected(with("{\"type\":\"standard-single-image-specs\"," HEAD "," BODY
                     ",\"specifications\":[{\"name\":\"Price\",\"value\":\"5\"}]," PICTURE "}"),
                false, "\"price\" is not allowed");
    is_rejected(with("{\"type\":\"standard-single-image-specs\"," HEAD "," BODY "," PICTURE "}"),
                false, "specifications: 0 characters; 1 to 1500");
    is_rejected(with("{\"type\":\"standard-four-images-text\"," HEAD "," BODY "," PICTURE "}"),
                false, "imageDescriptions: fewer descriptions than images");
    is_rejected(with("{\"type\":\"standard-four-images-text\"," HEAD "," BODY
                     ",\"imageDescriptions\":[\"a\",1,\"c\",\"d\"]}"),
                false, "imageDescriptions: fewer descriptions than images");
    is_rejected(
        with(
            "{\"type\":\"standard-single-image-sidebar\",\"headline\":\"Buy now and be warm\"," BODY
            ",\"sidebar\":\"s\"," PICTURE "}"),
        false, "headline: \"buy now\" is not allowed");
}

static void too_long_texts_are_rejected(void **state)
{
    const char *long_text = arena_printf(arena, "%02100d", 0);

    (void)state;
    is_rejected(
        with(arena_printf(arena,
                          "{\"type\":\"standard-single-image-sidebar\",\"headline\":\"%051d\"," BODY
                          ",\"sidebar\":\"s\"," PICTURE "}",
                          0)),
        false, "headline: 51 characters");
    is_rejected(with(arena_printf(arena,
                                  "{\"type\":\"standard-single-image-sidebar\"," HEAD
                                  ",\"bodyText\":\"%s\",\"sidebar\":\"%s\"," PICTURE "}",
                                  long_text, long_text)),
                false, "sidebar: 2100 characters; 1 to 500");
    is_rejected(with(arena_printf(arena,
                                  "{\"type\":\"standard-single-image-bullets\"," HEAD "," BODY
                                  ",\"bullets\":[\"%0600d\",\"%0600d\"]," PICTURE "}",
                                  0, 0)),
                false, "bullets: 1200 characters");
    is_rejected(with(arena_printf(arena,
                                  "{\"type\":\"standard-single-image-sidebar\"," HEAD "," BODY
                                  ",\"sidebar\":\"s\",\"imageDescriptions\":[\"%s\"]}",
                                  long_text)),
                false, "imageDescriptions: longer than 1000");
}

static void comparisons_are_allowed_in_premium_only(void **state)
{
    const char *video =
        "{\"type\":\"premium-video\",\"headline\":\"Better than other brands\"," BODY "," PICTURE
        "}";
    struct aplus got;
    const char *all;
    struct error err;

    (void)state;
    is_rejected(with("{\"type\":\"standard-single-image-sidebar\",\"headline\":\"Better than other "
                     "brands\"," BODY ",\"sidebar\":\"s\"," PICTURE "}"),
                false, "\"other brands\"");
    assert_true(
        aplus_read(arena_printf(arena, "{\"modules\":[%s,%s,%s,%s]}", video, video, video, video),
                   true, arena, &got, &all, &err));
}

static void all_faults_are_reported_together(void **state)
{
    struct aplus got;
    const char *all;
    struct error err;

    (void)state;
    assert_false(
        aplus_read("{\"modules\":[{\"type\":\"standard-single-image-sidebar\"},{\"type\":\"x\"},"
                   "{\"type\":\"standard-comparison-table\"}," SIDEBAR "]}",
                   false, arena, &got, &all, &err));
    assert_non_null(strstr(all, "Module 1, headline"));
    assert_non_null(strstr(all, "Module 1, bodyText"));
    assert_non_null(strstr(all, "Module 1, sidebar"));
    assert_non_null(strstr(all, "\nModule 2, type"));
    assert_non_null(strstr(all, "\nModule 3, bullets"));
    assert_null(strstr(all, "Module 4"));
    assert_null(strchr(err.text, '\n')); /* the error is a single line */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answer_is_converted_for_the_application),
        cmocka_unit_test(premium_answer_is_read),
        cmocka_unit_test(schemas_are_json_and_list_the_types),
        cmocka_unit_test(wrong_module_counts_are_rejected),
        cmocka_unit_test(each_broken_rule_is_reported),
        cmocka_unit_test(too_long_texts_are_rejected),
        cmocka_unit_test(comparisons_are_allowed_in_premium_only),
        cmocka_unit_test(all_faults_are_reported_together),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
