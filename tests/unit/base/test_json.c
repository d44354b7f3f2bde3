/* test_json.c - JSON from outside: errors name what is wrong, nothing is converted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"

static cJSON *parsed(const char *text)
{
    struct error err;
    cJSON *json;

    if (!json_parse(text, strlen(text), "answer", &json, &err)) {
        fail_msg("%s: %s", text, err.text);
    }
    return json;
}

static void input_must_be_exactly_one_value(void **state)
{
    static const char *const bad[] = {
        "", " ", "{", "{\"a\":1", "{} {}", "{}x", "nul", "'a'", "[1,]", "{\"a\" 1}", "\"a",
    };
    struct error err;
    cJSON *json;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (json_parse(bad[i], strlen(bad[i]), "answer of openai", &json, &err)) {
            fail_msg("'%s' was taken", bad[i]);
        }
        assert_int_equal(err.kind, ERROR_REMOTE);
        assert_memory_equal(err.text, "answer of openai", 16);
        assert_null(json);
    }
    cJSON_Delete(parsed(" {\"a\": [1, 2]} \r\n\t"));
}

static void depth_is_limited(void **state)
{
    char deep[4 * JSON_MAX_DEPTH + 8];
    struct error err;
    cJSON *json;

    (void)state;
    memset(deep, '[', JSON_MAX_DEPTH);
    memset(deep + JSON_MAX_DEPTH, ']', JSON_MAX_DEPTH);
    deep[2 * JSON_MAX_DEPTH] = '\0';
    cJSON_Delete(parsed(deep));
    memset(deep, '[', JSON_MAX_DEPTH + 1);
    memset(deep + JSON_MAX_DEPTH + 1, ']', JSON_MAX_DEPTH + 1);
    assert_false(json_parse(deep, 2 * JSON_MAX_DEPTH + 2, "answer", &json, &err));
    memset(deep, '[', sizeof deep); /* brackets inside a text do not nest */
    deep[0] = deep[sizeof deep - 2] = '"';
    deep[sizeof deep - 1] = '\0';
    cJSON_Delete(parsed(deep));
}

/* Returns a list of `count` zeros; the caller frees it. */
static char *zeros(int count, size_t *size)
{
    char *text = malloc((size_t)count * 2 + 2);

    assert_non_null(text);
    for (int i = 0; i < count; i++) {
        text[1 + 2 * i] = '0';
        text[2 + 2 * i] = ',';
    }
    text[0] = '[';
    text[2 * count] = ']';
    *size = (size_t)count * 2 + 1;
    return text;
}

static void number_of_values_is_limited(void **state)
{
    struct error err;
    size_t size;
    char *text = zeros(JSON_MAX_VALUES - 2, &size);
    cJSON *json;

    (void)state;
    assert_true(json_parse(text, size, "answer", &json, &err));
    cJSON_Delete(json);
    free(text);
    text = zeros(JSON_MAX_VALUES + 1, &size);
    assert_false(json_parse(text, size, "answer", &json, &err));
    assert_string_equal(err.text, "answer has more than 200000 values");
    assert_true(json_parse_own(text, size, "answer", &json, &err));
    cJSON_Delete(json);
    memset(text, ',', size); /* commas in a string are not values */
    text[0] = text[size - 1] = '"';
    assert_true(json_parse(text, size, "answer", &json, &err));
    cJSON_Delete(json);
    free(text);
}

static void getters_reject_the_wrong_type(void **state)
{
    cJSON *json = parsed("{\"t\":\"x\",\"n\":5,\"f\":1.5,\"b\":true,\"z\":null,\"a\":[],\"o\":{}}");
    struct error err;
    const char *text;
    const cJSON *item;
    int64_t number;
    double real;
    bool flag;

    (void)state;
    assert_true(json_text(json, "t", &text, &err));
    assert_string_equal(text, "x");
    assert_false(json_text(json, "n", &text, &err));
    assert_non_null(strstr(err.text, "'n'"));
    assert_non_null(strstr(err.text, "a number"));
    assert_false(json_text(json, "z", &text, &err));
    assert_false(json_text(json, "none", &text, &err));
    assert_false(json_text(json, "T", &text, &err)); /* names are compared by case */
    assert_true(json_text_or(json, "z", "d", &text, &err));
    assert_string_equal(text, "d");
    assert_false(json_text_or(json, "o", "d", &text, &err));
    assert_true(json_int(json, "n", 5, 5, &number, &err));
    assert_int_equal(number, 5);
    assert_false(json_int(json, "f", 0, 9, &number, &err));
    assert_false(json_int(json, "z", 0, 9, &number, &err));
    assert_true(json_number_or(json, "f", 0, &real, &err));
    assert_true(real == 1.5);
    assert_false(json_number_or(json, "t", 0, &real, &err));
    assert_true(json_bool_or(json, "b", false, &flag, &err));
    assert_true(flag);
    assert_false(json_bool_or(json, "n", false, &flag, &err));
    assert_true(json_array(json, "a", &item, &err));
    assert_false(json_array(json, "o", &item, &err));
    assert_true(json_object(json, "o", &item, &err));
    assert_false(json_object(json, "none", &item, &err));
    cJSON_Delete(json);
}

static void whole_numbers_are_bounded(void **state)
{
    cJSON *json = parsed("{\"big\":1e300,\"edge\":9007199254740993,\"neg\":-1,\"ten\":10}");
    struct error err;
    int64_t number;

    (void)state;
    assert_false(json_int(json, "big", INT64_MIN, INT64_MAX, &number, &err));
    assert_false(json_int(json, "neg", 0, 10, &number, &err));
    assert_non_null(strstr(err.text, "0 to 10"));
    assert_false(json_int(json, "ten", 0, 9, &number, &err));
    assert_true(json_int_or(json, "none", 0, 9, 7, &number, &err));
    assert_int_equal(number, 7);
    assert_int_equal(json_peek_int(json, "big", 3), 3);
    assert_int_equal(json_peek_int(json, "ten", 3), 10);
    assert_null(json_peek_text(json, "ten"));
    assert_null(json_peek_text(NULL, "ten"));
    cJSON_Delete(json);
}

static void strings_and_names_become_valid_utf8(void **state)
{
    struct arena *arena = arena_new();
    cJSON *json = parsed("{\"n\xff\":[\"caf\xe9\",{\"a\":\"\xc3\xa9\xc3\"}]}");

    (void)state;
    assert_string_equal(json_print(json, arena), "{\"n?\":[\"caf?\",{\"a\":\"\xc3\xa9?\"}]}");
    cJSON_Delete(json);
    arena_free(arena);
}

static void json_is_printed_without_spaces(void **state)
{
    struct arena *arena = arena_new();
    cJSON *json = parsed("{ \"a\" : [ 1, \"x\\ny\" ] }");

    (void)state;
    assert_string_equal(json_print(json, arena), "{\"a\":[1,\"x\\ny\"]}");
    cJSON_Delete(json);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(input_must_be_exactly_one_value),
        cmocka_unit_test(depth_is_limited),
        cmocka_unit_test(number_of_values_is_limited),
        cmocka_unit_test(getters_reject_the_wrong_type),
        cmocka_unit_test(whole_numbers_are_bounded),
        cmocka_unit_test(strings_and_names_become_valid_utf8),
        cmocka_unit_test(json_is_printed_without_spaces),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
