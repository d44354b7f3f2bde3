/* test_json_long.c - long strings are returned as spans of the text; the rest equals json_parse. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "providers/response/json_long.h"

static struct text text;
static struct json_long_strings longs;
static struct error err;

static void add_run(char c, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        text_add_char(&text, c);
    }
}

static int setup(void **unused)
{
    (void)unused;
    text_begin(&text, 4 << 20);
    return 0;
}

static int teardown(void **unused)
{
    (void)unused;
    text_end(&text);
    return 0;
}

static cJSON *parsed(void)
{
    cJSON *top = NULL;

    if (!json_parse_long(text.data, text.size, "it", &longs, &top, &err)) {
        assert_null(top);
        return NULL;
    }
    return top;
}

static void image_of_a_response_is_a_span(void **unused)
{
    struct json_span span;
    cJSON *top, *first;

    (void)unused;
    text_add(&text, "{\"created\":5,\"data\":[{\"b64_json\":\"");
    add_run('A', 200000);
    text_add(&text, "\",\"revised_prompt\":\"a \\\"cup\\\"\"}],\"usage\":{\"n\":7}}");
    top = parsed();
    assert_non_null(top);
    first = cJSON_GetArrayItem(cJSON_GetObjectItem(top, "data"), 0);
    span = json_span_of(&longs, cJSON_GetObjectItem(first, "b64_json"));
    assert_int_equal(span.size, 200000);
    assert_ptr_equal(span.text, strstr(text.data, "AAAA")); /* no copy */
    span = json_span_of(&longs, cJSON_GetObjectItem(first, "revised_prompt"));
    assert_int_equal(span.size, 7);
    assert_memory_equal(span.text, "a \"cup\"", 7);
    assert_int_equal(json_peek_int(cJSON_GetObjectItem(top, "usage"), "n", 0), 7);
    assert_null(json_span_of(&longs, cJSON_GetObjectItem(top, "usage")).text);
    assert_null(json_span_of(&longs, NULL).text);
    cJSON_Delete(top);
}

static void number_of_spans_is_limited(void **unused)
{
    cJSON *top;

    (void)unused;
    text_add(&text, "[");
    for (int i = 0; i < JSON_LONG_STRINGS_MAX + 3; i++) {
        text_add(&text, i ? ",\"" : "\"");
        add_run((char)('a' + i), JSON_LONG_STRING_MIN + 1 + (size_t)i);
        text_add(&text, "\"");
    }
    text_add(&text, "]");
    top = parsed();
    assert_non_null(top);
    assert_int_equal(longs.count, JSON_LONG_STRINGS_MAX);
    for (int i = 0; i < JSON_LONG_STRINGS_MAX + 3; i++) { /* those beyond are in the tree */
        struct json_span span = json_span_of(&longs, cJSON_GetArrayItem(top, i));

        assert_int_equal(span.size, JSON_LONG_STRING_MIN + 1 + i);
        assert_int_equal(span.text[0], 'a' + i);
        assert_int_equal(span.text[span.size - 1], 'a' + i);
    }
    cJSON_Delete(top);
}

static void escaped_quotes_do_not_end_a_string(void **unused)
{
    cJSON *top;

    (void)unused;
    text_add(&text, "{\"a\":\"");
    add_run('x', JSON_LONG_STRING_MIN);
    text_add(&text, "\\\\\\\"still in\\\\\",\"b\":1}");
    top = parsed();
    assert_non_null(top);
    assert_int_equal(longs.count, 1);
    assert_int_equal(longs.spans[0].size, JSON_LONG_STRING_MIN + strlen("\\\\\\\"still in\\\\"));
    assert_int_equal(json_peek_int(top, "b", 0), 1);
    cJSON_Delete(top);
}

static void invalid_json_is_rejected(void **unused)
{
    static const char *const tails[] = { "", "\"", "\"]", "\"}}", "\"} x", "\" \"b\":1}", "\\\"}" };

    (void)unused;
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
        text_clear(&text);
        text_add(&text, "{\"a\":\"");
        add_run('x', JSON_LONG_STRING_MIN + 10);
        text_add(&text, tails[i]);
        assert_null(parsed());
        assert_int_equal(err.kind, ERROR_REMOTE);
    }
}

/* A mark that the other side wrote itself leads to its own text, or is ordinary text. */
static void placeholder_in_the_input_is_not_a_span(void **unused)
{
    struct json_span span;
    cJSON *top;

    (void)unused;
    text_add(&text, "{\"a\":\"\\u00010\",\"c\":\"\\u00019\",\"d\":\"\\u0001\",\"b\":\"");
    add_run('x', JSON_LONG_STRING_MIN + 1);
    text_add(&text, "\"}");
    top = parsed();
    assert_non_null(top);
    span = json_span_of(&longs, cJSON_GetObjectItem(top, "a"));
    assert_ptr_equal(span.text, longs.spans[0].text);
    assert_int_equal(json_span_of(&longs, cJSON_GetObjectItem(top, "c")).size, 2);
    assert_int_equal(json_span_of(&longs, cJSON_GetObjectItem(top, "d")).size, 1);
    cJSON_Delete(top);
}

static void escapes_of_a_span_are_decoded(void **unused)
{
    static const struct {
        const char *text, *plain; /* NULL: rejected */
    } cases[] = {
        { "abc", "abc" },       { "a\\/b\\nc\\u0041", "a/b\ncA" },
        { "\\\"\\\\", "\"\\" }, { "a\\", NULL },
        { "\\x", NULL },        { "\\u00e9", NULL },
        { "\\u0000", NULL },    { "\\u004", NULL },
        { "\\u00g1", NULL },
    };
    char out[40];
    size_t size;

    (void)unused;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct json_span span = { cases[i].text, strlen(cases[i].text) };
        bool good = json_span_unescape(span, out, &size);

        if (good != (cases[i].plain != NULL)) {
            fail_msg("'%s': %d", cases[i].text, good);
        }
        if (good) {
            assert_int_equal(size, strlen(cases[i].plain));
            assert_memory_equal(out, cases[i].plain, size);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(image_of_a_response_is_a_span, setup, teardown),
        cmocka_unit_test_setup_teardown(number_of_spans_is_limited, setup, teardown),
        cmocka_unit_test_setup_teardown(escaped_quotes_do_not_end_a_string, setup, teardown),
        cmocka_unit_test_setup_teardown(invalid_json_is_rejected, setup, teardown),
        cmocka_unit_test_setup_teardown(placeholder_in_the_input_is_not_a_span, setup, teardown),
        cmocka_unit_test(escapes_of_a_span_are_decoded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
