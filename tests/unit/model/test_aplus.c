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
    ",\"sidebar\":[\"Made by hand\",\"Of clay\"]," PICTURE "}"

#define FOUR                                                                                       \
    "{\"type\":\"standard-four-images-text\"," HEAD "," BODY                                       \
    ",\"imageDescriptions\":[\"a\",\"b\",\"c\",\"d\"]}"
#define HIGHLIGHTS                                                                                 \
    "{\"type\":\"standard-single-image-highlights\"," HEAD "," BODY                                \
    ",\"bullets\":[\"Keeps warm\"]," PICTURE "}"

static struct arena *arena;
static const struct brief seller = { .product_name = "Clay cup",
                                     .description = "Made like a traditional cup." };

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
    return arena_printf(arena, "{\"modules\":[%s,%s,%s,%s]}", SIDEBAR, FOUR, HIGHLIGHTS, module);
}

static void is_rejected(const char *json, bool premium, const char *expected)
{
    struct aplus got;
    const char *all;
    struct error err;

    if (aplus_read(json, premium, &seller, arena, &got, &all, &err)) {
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
                    false, &seller, arena, &got, &all, &err)) {
        fail_msg("%s", all);
    }
    assert_null(all);
    assert_int_equal(got.request_count,
                     8); /* 1, 4 and 1, and two of three: the third has no slot */
    assert_int_equal(got.requests[7].module, 3);
    assert_int_equal(got.requests[7].slot, 1);
    assert_string_equal(got.requests[7].module_type, "standard-comparison-table");
    assert_string_equal(got.requests[7].description, "b");
    assert_string_equal(got.requests[0].headline, "Warm in the hand");
    assert_true(json_parse(got.modules, strlen(got.modules), "modules", &top, &err));
    assert_int_equal(cJSON_GetArraySize(top), 4);
    one = cJSON_GetArrayItem(top, 3);
    assert_string_equal(json_peek_text(one, "type"), "standard-comparison-table");
    assert_string_equal(json_peek_text(one, "templateId"), "default-standard-comparison-table");
    assert_string_equal(json_peek_text(cJSON_GetArrayItem(top, 0), "templateId"),
                        "single-image-sidebar-1");
    assert_string_equal(json_peek_text(cJSON_GetArrayItem(top, 1), "templateId"),
                        "four-images-text-1");
    assert_true(json_object(cJSON_GetArrayItem(top, 0), "content", &content, &err));
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(content, "sidebar")), 2);
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
                           true, &seller, arena, &got, &all, &err));
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
                false, "bullets: \"refund\" is not allowed");
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
    struct brief comparing = seller;
    struct aplus got;
    const char *all;
    struct error err;

    (void)state;
    is_rejected(with("{\"type\":\"standard-single-image-sidebar\",\"headline\":\"Better than other "
                     "brands\"," BODY ",\"sidebar\":\"s\"," PICTURE "}"),
                false, "\"other brands\"");
    comparing.description = "Better than other brands.";
    assert_true(
        aplus_read(arena_printf(arena, "{\"modules\":[%s,%s,%s,%s]}", video, video, video, video),
                   true, &comparing, arena, &got, &all, &err));
}

/* The application's export renders only these two types, so a page without them is empty. */
static void page_has_the_types_that_the_export_renders(void **state)
{
    const char *specs =
        "{\"type\":\"standard-single-image-specs\"," HEAD "," BODY
        ",\"specifications\":[{\"name\":\"Size\",\"value\":\"9 cm\"},{\"name\":"
        "\"Size\",\"value\":\"10 cm\"},{\"name\":\"Clay\",\"value\":\"Red\"}]," PICTURE "}";
    const cJSON *content, *list;
    const char *all;
    struct aplus got;
    struct error err;
    cJSON *top;

    (void)state;
    is_rejected(arena_printf(arena, "{\"modules\":[%s,%s,%s,%s]}", SIDEBAR, HIGHLIGHTS, specs,
                             specs),
                false, "The page lacks a module of the type standard-four-images-text");
    is_rejected(with(SIDEBAR), false, "Module 4, type: the type comes twice");
    assert_true(aplus_read(with(specs), false, &seller, arena, &got, &all, &err));
    assert_true(json_parse(got.modules, strlen(got.modules), "modules", &top, &err));
    assert_true(json_object(cJSON_GetArrayItem(top, 3), "content", &content, &err));
    list = cJSON_GetObjectItemCaseSensitive(content, "specifications");
    assert_true(cJSON_IsObject(list));
    assert_int_equal(cJSON_GetArraySize(list), 2); /* one name, one entry */
    assert_string_equal(json_peek_text(list, "Size"), "9 cm; 10 cm");
    cJSON_Delete(top);
}

static void claims_about_other_products_need_the_sellers_words(void **state)
{
    static const char *const claims[] = { "Stronger than an ordinary cup",
                                          "Unlike a thin cup, it stays warm",
                                          "Anders als herk\xc3\xb6mmliche Tassen",
                                          "Keeps heat longer than others" };
    struct brief other = seller;
    struct aplus got;
    const char *all;
    struct error err;

    (void)state;
    for (size_t i = 0; i < sizeof claims / sizeof *claims; i++) {
        is_rejected(with(arena_printf(arena,
                                      "{\"type\":\"standard-single-image-bullets\"," HEAD "," BODY
                                      ",\"bullets\":[\"%s\"]," PICTURE "}",
                                      claims[i])),
                    false, "the seller says nothing about other products");
    }
    other.description = "It is stronger than an ordinary cup.";
    assert_true(aplus_read(with("{\"type\":\"standard-single-image-bullets\"," HEAD "," BODY
                                ",\"bullets\":[\"Stronger than an ordinary cup\"]," PICTURE "}"),
                           false, &other, arena, &got, &all, &err));
}

static void all_faults_are_reported_together(void **state)
{
    struct aplus got;
    const char *all;
    struct error err;

    (void)state;
    assert_false(
        aplus_read("{\"modules\":[{\"type\":\"standard-single-image-sidebar\"},{\"type\":\"x\"},"
                   "{\"type\":\"standard-comparison-table\"}," FOUR "]}",
                   false, &seller, arena, &got, &all, &err));
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
        cmocka_unit_test(page_has_the_types_that_the_export_renders),
        cmocka_unit_test(claims_about_other_products_need_the_sellers_words),
        cmocka_unit_test(all_faults_are_reported_together),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
