/* test_brief.c - reading a project's row: malformed rows, limits, cleaned text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "model/brief.h"

static struct arena *arena;
static struct brief brief;
static struct error err;

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

static void reads(const char *json)
{
    if (!brief_read(json, arena, &brief, &err)) {
        fail_msg("%.200s: %s", json, err.text);
    }
}

static void is_rejected(const char *json, enum error_kind kind, const char *expected)
{
    if (brief_read(json, arena, &brief, &err)) {
        fail_msg("%.200s was taken", json);
    }
    assert_int_equal(err.kind, kind);
    if (!strstr(err.text, expected)) {
        fail_msg("%.200s: wanted '%s' in '%s'", json, expected, err.text);
    }
}

static void photos_are_read_in_order(void **state)
{
    (void)state;
    reads("{\"jobId\":\"j\",\"userId\":\"u\",\"projectId\":\"p\",\"projectName\":\"Mugs\","
          "\"productName\":\"Mug\",\"photoUrl\":\"a\",\"photoCount\":3,\"photos\":["
          "{\"url\":\"a\",\"originalUrl\":\"b\"},{\"url\":\"c\",\"originalUrl\":null},"
          "{\"url\":\"\",\"originalUrl\":\"\"}]}");
    assert_int_equal(brief.known_photos, 2);
    assert_string_equal(brief.photos[0].url, "a");
    assert_string_equal(brief.photos[0].original_url, "b");
    assert_string_equal(brief.photos[1].url, "c");
    assert_string_equal(brief.photos[1].original_url, "");
    /* a database that was not migrated yet has one URL */
    reads("{\"jobId\":\"j\",\"userId\":\"u\",\"projectId\":\"p\",\"projectName\":\"Mugs\","
          "\"productName\":\"Mug\",\"photoUrl\":\"a\",\"photoCount\":3}");
    assert_int_equal(brief.known_photos, 1);
    assert_string_equal(brief.photos[0].url, "a");
}

static void complete_row_is_read(void **state)
{
    (void)state;
    reads(
        "{\"jobId\":\"j\",\"userId\":\"u\",\"projectId\":\"p\",\"projectName\":\"Mugs\","
        "\"productName\":\"Mug\",\"description\":\"A mug, 10 cm tall\",\"category\":\"Drinkware\","
        "\"photoUrl\":\"https://x/y.jpg\",\"photoCount\":3,\"createdMs\":1764000000000,"
        "\"brand\":{\"name\":\"B\",\"primary\":\"#A1b2C3\",\"secondary\":\"fff\",\"accent\":"
        "\"red\","
        "\"fontFamily\":\"Inter\",\"logoUrl\":null},\"features\":{\"features\":[{\"title\":\"T\","
        "\"description\":\"D\",\"priority\":9,\"icon\":\"I\"},{\"title\":\"\"},{\"title\":\"U\"}]"
        "}}");
    assert_string_equal(brief.job_id, "j");
    assert_string_equal(brief.product_name, "Mug");
    assert_int_equal(brief.photo_count, 3);
    assert_true(brief.created_ms == 1764000000000);
    assert_string_equal(brief.brand.primary, "#A1b2C3");
    assert_string_equal(brief.brand.secondary, "#ffffff");
    assert_string_equal(brief.brand.accent, ""); /* an invalid colour is ignored */
    assert_string_equal(brief.brand.logo_url, "");
    assert_int_equal(brief.feature_count, 2); /* a feature without title is ignored */
    assert_int_equal(brief.features[0].priority, 9);
    assert_int_equal(brief.features[1].priority, 5);
    assert_string_equal(brief.features[1].title, "U");
    assert_int_equal(brief.dimension_count, 1);
    assert_string_equal(brief.dimensions[0].label, "height");
    assert_int_equal(brief.kind, IMAGE_KINDS);
    assert_string_equal(brief.style, "");
}

static void missing_fields_are_empty(void **state)
{
    (void)state;
    reads("{\"productName\":\"Mug\",\"brand\":null,\"features\":null,\"description\":null}");
    assert_string_equal(brief.description, "");
    assert_string_equal(brief.photo_url, "");
    assert_string_equal(brief.brand.name, "");
    assert_int_equal(brief.feature_count, 0);
    assert_int_equal(brief.dimension_count, 0);
    reads("{\"productName\":\"Mug\",\"brand\":[1],\"features\":\"x\"}");
    assert_int_equal(brief.feature_count, 0);
}

static void error_of_the_row_is_reported(void **state)
{
    (void)state;
    is_rejected("{\"error\":\"the project is gone\",\"productName\":\"Mug\"}", ERROR_INPUT,
                "the project is gone");
    is_rejected("{\"error\":\"a\\nb\\u001b[31m%s%n\",\"productName\":\"Mug\"}", ERROR_INPUT,
                "a b [31m%s%n"); /* removes escapes; not used as a format */
    is_rejected("{}", ERROR_INPUT, "no product name");
    is_rejected("{\"productName\":\" \\n\\t \"}", ERROR_INPUT, "no product name");
}

static void malformed_rows_are_rejected(void **state)
{
    (void)state;
    is_rejected("", ERROR_REMOTE, "the project's row");
    is_rejected("{\"productName\":\"Mug\"", ERROR_REMOTE, "not JSON");
    is_rejected("{\"productName\":5}", ERROR_REMOTE, "'productName'");
    is_rejected("{\"productName\":\"M\",\"photoCount\":-1}", ERROR_REMOTE, "'photoCount'");
    is_rejected("{\"productName\":\"M\",\"photoCount\":1e99}", ERROR_REMOTE, "'photoCount'");
    is_rejected("{\"productName\":\"M\",\"createdMs\":\"x\"}", ERROR_REMOTE, "'createdMs'");
    is_rejected("{\"productName\":\"M\",\"brand\":{\"name\":[]}}", ERROR_REMOTE, "'name'");
    is_rejected("{\"productName\":\"M\",\"features\":[{\"title\":1}]}", ERROR_REMOTE, "'title'");
    is_rejected("{\"productName\":\"M\",\"features\":[{\"title\":\"x\",\"priority\":11}]}",
                ERROR_REMOTE, "'priority'");
    is_rejected("{\"productName\":\"\xff\"}", ERROR_REMOTE, "not UTF-8");
    is_rejected("[]", ERROR_INPUT, "no product name");
}

static void text_is_cleaned_and_cut(void **state)
{
    char json[40000] = "{\"productName\":\"";
    size_t used;

    (void)state;
    reads("{\"productName\":\"  A\\u0000hidden\"}");
    assert_string_equal(brief.product_name, "A");
    reads("{\"productName\":\"  A\\r\\n\\t B\\u007f\\u001bC\\u0085D  \"}");
    assert_string_equal(brief.product_name, "A B C D");
    for (int i = 0; i < 1000; i++) { /* three bytes each: 400 is not a multiple */
        strcat(json, "\xe2\x82\xac");
    }
    strcat(json, "\",\"description\":\"");
    used = strlen(json);
    memset(json + used, 'd', 20000);
    strcpy(json + used + 20000, "\"}");
    reads(json);
    assert_int_equal(strlen(brief.product_name), 399);
    assert_int_equal(utf8_length(brief.product_name), 133);
    assert_int_equal(strlen(brief.description), 8000);
}

static void long_lists_are_cut(void **state)
{
    char json[4000] = "{\"productName\":\"M\",\"description\":\"";

    (void)state;
    for (int i = 1; i < 30; i++) {
        sprintf(json + strlen(json), "%d cm, ", i);
    }
    strcat(json, "\",\"features\":[{\"title\":\"a\"}");
    for (int i = 0; i < 30; i++) {
        sprintf(json + strlen(json), ",{\"title\":\"b%d\"}", i);
    }
    strcat(json, "]}");
    reads(json);
    assert_int_equal(brief.feature_count, BRIEF_FEATURES);
    assert_int_equal(brief.dimension_count, BRIEF_DIMENSIONS);
}

static void dimensions_come_from_the_first_text_that_has_any(void **state)
{
    (void)state;
    reads("{\"productName\":\"Mug 8 cm\",\"description\":\"no size\",\"projectName\":\"9 cm\"}");
    assert_int_equal(brief.dimension_count, 1);
    assert_string_equal(brief.dimensions[0].text, "8 cm");
}

static void text_is_cut_between_characters(void **state)
{
    (void)state;
    assert_string_equal(brief_text("abc", 2, arena), "ab");
    assert_string_equal(brief_text("a\xc3\xa9", 2, arena), "a");
    assert_string_equal(brief_text("a\xc3\xa9", 3, arena), "a\xc3\xa9");
    assert_string_equal(brief_text("\xf0\x9f\x98\x80", 3, arena), "");
    assert_string_equal(brief_text("a b", 2, arena), "a");
    assert_string_equal(brief_text("", 0, arena), "");
    assert_string_equal(brief_text("x", 0, arena), "");
}

static void batch_options_are_read(void **state)
{
    char *long_prompt = malloc(40000);

    (void)state;
    reads("{\"productName\":\"Mug\"}");
    assert_string_equal(brief.batch.batch, "");
    assert_string_equal(brief.batch.model, "");
    reads("{\"productName\":\"Mug\",\"make\":null}");
    reads("{\"productName\":\"Mug\",\"make\":{\"batch\":\"b1-abcd\",\"item\":7,\"variant\":2,"
          "\"model\":null,\"quality\":\"low\",\"prompt\":\"One.\\nTwo.\"}}");
    assert_string_equal(brief.batch.batch, "b1-abcd");
    assert_string_equal(brief.batch.model, "");
    assert_string_equal(brief.batch.quality, "low");
    assert_string_equal(brief.batch.prompt, "One.\nTwo."); /* keeps line breaks */
    assert_int_equal(brief.batch.item, 7);
    assert_int_equal(brief.batch.variant, 2);
    is_rejected("{\"productName\":\"Mug\",\"make\":{\"model\":5}}", ERROR_REMOTE, "model");
    assert_non_null(long_prompt);
    sprintf(long_prompt, "{\"productName\":\"Mug\",\"make\":{\"prompt\":\"%033000d\"}}", 0);
    is_rejected(long_prompt, ERROR_INPUT, "prompt");
    free(long_prompt);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(photos_are_read_in_order),
        cmocka_unit_test(complete_row_is_read),
        cmocka_unit_test(missing_fields_are_empty),
        cmocka_unit_test(error_of_the_row_is_reported),
        cmocka_unit_test(malformed_rows_are_rejected),
        cmocka_unit_test(text_is_cleaned_and_cut),
        cmocka_unit_test(long_lists_are_cut),
        cmocka_unit_test(dimensions_come_from_the_first_text_that_has_any),
        cmocka_unit_test(batch_options_are_read),
        cmocka_unit_test(text_is_cut_between_characters),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
