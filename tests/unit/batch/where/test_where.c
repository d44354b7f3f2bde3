/* test_where.c - the --where language: generated predicates, error messages, limits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "batch/where/where.h"

static const int64_t now_ms = 1795435267113; /* 2026-11-23T12:01:07.113Z */
static const char *const checks[] = { "white", "fill", "sharpness", NULL };

static void expressions_compile_to_predicates(void **state)
{
    static const char *const cases[][3] = {
        { "type = LIFESTYLE", "(($.\"type\" == $v1[*]))", "{\"v1\":[\"LIFESTYLE\"]}" },
        { "TYPE == main-image", NULL, "{\"v1\":[\"MAIN_IMAGE\"]}" },
        { "model != dall-e-3", "((!($.\"model\" == $v1[*])))", "{\"v1\":[\"dall-e-3\"]}" },
        { "cost > 0.10", "(($.\"cost\" > $v1[*]))", "{\"v1\":[0.10]}" },
        { "width<=01024", "(($.\"width\" <= $v1[*]))", "{\"v1\":[1024]}" },
        { "style in (bold, 'very bold')", "(($.\"style\" == $v1[*]))",
          "{\"v1\":[\"bold\",\"very bold\"]}" },
        { "failed has white", "(($.\"failed\"[*] == $v1[*]))", "{\"v1\":[\"white\"]}" },
        { "product ~ 'a \"b\" \\d'", "(($.\"like\"[0] == true))",
          "{\"like\":[[\"product\",\"%a \\\"b\\\" \\\\\\\\d%\"]]}" },
        { "user = 'it''s'", NULL, "{\"v1\":[\"it's\"]}" },
        { "created >= 2026-06-01", "((($.\"created\" >= $v1)))",
          "{\"v1\":\"2026-06-01T00:00:00Z\"}" },
        { "created > 2026-06-01", "((($.\"created\" >= $v1)))",
          "{\"v1\":\"2026-06-02T00:00:00Z\"}" },
        { "created >= 2026-06-01T12:30", NULL, "{\"v1\":\"2026-06-01T12:30:00Z\"}" },
        { "created >= '2026-06-01 12:30:09'", NULL, "{\"v1\":\"2026-06-01T12:30:09Z\"}" },
        { "created >= 30d ago", NULL, "{\"v1\":\"2026-10-24T12:01:07Z\"}" },
        { "created >= 3 days ago and width = 1", NULL,
          "{\"v1\":\"2026-11-20T12:01:07Z\",\"v2\":[1]}" },
        { "created >= 90min ago", NULL, "{\"v1\":\"2026-11-23T10:31:07Z\"}" },
        { "created >= today", NULL, "{\"v1\":\"2026-11-23T00:00:00Z\"}" },
        { "created = yesterday", "(((($.\"created\" >= $v1 && $.\"created\" < $v2))))",
          "{\"v1\":\"2026-11-22T00:00:00Z\",\"v2\":\"2026-11-23T00:00:00Z\"}" },
        { "not type = LIFESTYLE and (width < 5 or height < 6)",
          "((!($.\"type\" == $v1[*]) && (($.\"width\" < $v2[*]) || ($.\"height\" < $v3[*]))))",
          "{\"v1\":[\"LIFESTYLE\"],\"v2\":[5],\"v3\":[6]}" },
        { "state = stored or status = failed", NULL, "{\"v1\":[\"stored\"],\"v2\":[\"FAILED\"]}" },
        { "state = there", NULL, "{\"v1\":[\"stored\"]}" }, /* alias of version 0.1.0 */
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct where_expression *where = where_new(now_ms, checks);
        struct error err = { 0 };

        if (!where_add(where, cases[i][0], &err)) {
            fail_msg("%s: %s", cases[i][0], err.text);
        }
        assert_string_equal(where_variables(where), cases[i][2]);
        if (cases[i][1]) {
            assert_string_equal(where_path(where), cases[i][1]);
        }
        where_free(where);
    }
}

static const char *const invalid[][3] = {
    { "", "empty", "type =" },
    { "modle = x", "unknown name 'modle', at character 1", "model" },
    { "type = LIFESTYLE and\n creatd < 5", "'creatd', at character 23", "created" },
    { "zzz = 1", "unknown name 'zzz'", "id, project, user" },
    { "type = LIFESTYLE or INFOGRAPHIC", "unknown name 'INFOGRAPHIC'", "type in (" },
    { "type = LIFESTLE", "unknown type 'LIFESTLE'", "LIFESTYLE" },
    { "type = dog", "unknown type 'dog'", "MAIN_IMAGE, INFOGRAPHIC" },
    { "failed has whit", "unknown check 'whit'", "white" },
    { "type < LIFESTYLE", "does not take '<'", "in (" },
    { "cost ~ 5", "does not take '~'", "<" },
    { "cost > cheap", "must be a number, not 'cheap'", "0.10" },
    { "cost > .5", "must be a number", "0.10" },
    { "cost > 1.", "must be a number", "0.10" },
    { "cost > 1e9", "must be a number", "0.10" },
    { "created < June", "'June' is not a date", "2026-06-01" },
    { "created < 2026-02-30", "is not a date", "2026-06-01" },
    { "created < 2026-06-01T25:00", "is not a date", "2026-06-01" },
    { "created < 2026-06-01T1", "is not a date", "2026-06-01" },
    { "created < 30 ago", "'30 ago' is not a time", "30d ago" },
    { "created < 5 lightyears ago", "is not a time", "30d ago" },
    { "created < 999999d ago", "is too long ago", "" },
    { "product ~", "a value is missing, at the end", "" },
    { "product", "an operator (=, !=, <", "" },
    { "product ~ red (large)", "instead of '('", "Quote" },
    { "failed > white", "does not take '>'", "failed has white" },
    { "age = 3d", "does not take '='", "age > 30d" },
    { "older than blue", "'blue' is not a date", "30d ago" },
    { "cost > 5 MB", "instead of 'MB'", "" },
    { "cost > 5px", "must be a number, not '5px'", "10 cents" },
    { "size > 2 quires", "instead of 'quires'", "" },
    { "size < 10x10", "cannot be compared with '<'", "at least" },
    { "width between 5", "`and` between two values is missing", "" },
    { "created between 2026-01-01 and", "a value is missing", "" },
    { "product contains 'red", "not closed, at character 18", "" },
    { "likness > 1", "unknown name 'likness'", "likeness" },
    { "product ~ 'red", "not closed, at character 11", "" },
    { "(type = LIFESTYLE", "`and`, `or` or ) is missing", "" },
    { "type = LIFESTYLE)", "instead of ')'", "" },
    { "type in (LIFESTYLE,)", "expected a value instead of ')'", "" },
    { "type in (none)", "'none' is only allowed with", "" },
    { "!type = LIFESTYLE", "'!' is not an operator", "not" },
    { "'type' = LIFESTYLE", "a name", "" },
    { "gr\xc3\xbc\xc3\x9f = gr\xc3\xbc\xc3\x9f and zzz = 1", "unknown name 'gr\xc3\xbc\xc3\x9f'",
      "" },
    { "product ~ '\x01'", "control character", "" },
    { "product ~ '\xff'", "not UTF-8", "" },
    { "style = gr\xc3\xbc\xc3\x9f and zzz = 1", "'zzz', at character 18", "" },
};

static void invalid_expressions_are_explained(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof invalid / sizeof *invalid; i++) {
        struct where_expression *where = where_new(now_ms, checks);
        struct error err = { 0 };

        assert_false(where_add(where, invalid[i][0], &err));
        assert_int_equal(err.kind, ERROR_INPUT);
        if (!strstr(err.text, invalid[i][1]) || !strstr(err.hint, invalid[i][2])) {
            fail_msg("%s: '%s', '%s'", invalid[i][0], err.text, err.hint);
        }
        where_free(where);
    }
}

static void depth_and_length_are_limited(void **state)
{
    struct text text;
    struct error err;
    struct where_expression *where;

    (void)state;
    for (int depth = 32; depth <= 33; depth++) {
        text_begin(&text, 100000);
        for (int i = 0; i < depth; i++) {
            text_add(&text, i % 2 ? "(" : "not ");
        }
        text_add(&text, "cost > 1");
        for (int i = 0; i < depth / 2; i++) {
            text_add(&text, ")");
        }
        where = where_new(now_ms, NULL);
        assert_int_equal(where_add(where, text.data, &err), depth == 32);
        where_free(where);
        text_end(&text);
    }
    text_begin(&text, 100000);
    for (int i = 0; i < 250; i++) {
        text_printf(&text, "%scost > %d", i ? " or " : "", i);
    }
    where = where_new(now_ms, NULL);
    assert_true(where_add(where, text.data, &err));
    where_free(where);
    while (text.size <= 4000) {
        text_add(&text, " or cost > 1");
    }
    where = where_new(now_ms, NULL);
    assert_false(where_add(where, text.data, &err));
    assert_non_null(strstr(err.text, "longer"));
    where_free(where);
    text_end(&text);
}

static void conditions_are_combined_with_and(void **state)
{
    struct where_expression *where = where_new(now_ms, checks);
    struct error err;

    (void)state;
    assert_string_equal(where_path(where), "true");
    assert_string_equal(where_variables(where), "{}");
    assert_true(where_add_one_of(where, "type", "lifestyle\nINFOGRAPHIC", &err));
    assert_true(where_add_compare(where, "created", ">=", "30d ago", &err));
    assert_true(where_add_one_of(where, "failed", "white\nfill", &err));
    assert_true(where_add(where, "width > 5 or width < 2", &err));
    assert_string_equal(where_path(where),
                        "($.\"type\" == $v1[*]) && (($.\"created\" >= $v2)) && "
                        "($.\"failed\"[*] == $v3[*]) && (($.\"width\" > $v4[*]) || "
                        "($.\"width\" < $v5[*]))");
    assert_string_equal(where_variables(where),
                        "{\"v1\":[\"LIFESTYLE\",\"INFOGRAPHIC\"],\"v2\":\"2026-10-24T12:01:07Z\","
                        "\"v3\":[\"white\",\"fill\"],\"v4\":[5],\"v5\":[2]}");
    assert_false(where_add_one_of(where, "failed", "white\nfil", &err));
    assert_int_equal(err.kind, ERROR_INPUT);
    where_free(where);
    where = where_new(now_ms, NULL); /* without a list of checks, any check name is accepted */
    assert_true(where_add_one_of(where, "failed", "mine", &err));
    assert_false(where_add_compare(where, "created", "<", "soon", &err));
    where_free(where);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expressions_compile_to_predicates),
        cmocka_unit_test(invalid_expressions_are_explained),
        cmocka_unit_test(depth_and_length_are_limited),
        cmocka_unit_test(conditions_are_combined_with_and),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
