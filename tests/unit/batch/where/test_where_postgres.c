/* test_where_postgres.c - runs compiled expressions in Postgres: every construct matches the right
 * images, and no value can change the predicate. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/embed.h"
#include "base/text.h"
#include "batch/where/where.h"
#include "lib/sql_client.h"
#include "queue/migrate.h"

static const int64_t now_ms = 1795435267113; /* 2026-11-23T12:01:07.113Z */

/* Three images; matches() returns the letters of those that the expression matches. */
static const char images[] =
    "create table image (name text, facts jsonb);"
    "insert into image values ('a', '{\"id\":\"1\",\"type\":\"LIFESTYLE\",\"style\":\"bold\","
    "  \"model\":\"dall-e-3\",\"created\":\"2026-06-01T10:00:00Z\",\"width\":1024,\"cost\":0.10,"
    "  \"failed\":[\"white\",\"fill\"],\"checks\":2,\"product\":\"Red \\\"Clay\\\" Cup\"}'),"
    " ('b', '{\"id\":\"2\",\"type\":\"INFOGRAPHIC\",\"style\":\"\",\"model\":\"gpt-image-2\","
    "  "
    "\"created\":\"2026-11-23T12:00:07Z\",\"width\":2000,\"cost\":null,\"failed\":[],\"checks\":0,"
    "  \"product\":\"100% wool \\\\ .* gr\xc3\xbc\xc3\x9f\"}'),"
    " ('c', '{\"id\":\"3\",\"type\":\"LIFESTYLE\",\"style\":\"bold\",\"model\":\"gpt-image-2\","
    "  \"created\":\"2026-06-02T00:00:00Z\",\"width\":512,\"cost\":0.2,\"failed\":[\"fill\"],"
    "  \"checks\":1,\"product\":\"it''s a $v1 \\\" or true\"}');"
    "create function matches(path text, vars text) returns text language sql as $$"
    " select coalesce(string_agg(name, '' order by name), '') from image"
    "  where coalesce(jsonb_path_match(facts || darkroom.more_facts(facts, '{}', vars::jsonb),"
    "                                  path::jsonpath, vars::jsonb), false) $$;";

static void migrate_host(void)
{
    struct migration_report report;
    struct error err;

    sql_client_run_directly("drop schema darkroom cascade");
    sql_client_run_directly((const char *)embed_find("sql/host_application.sql")->data);
    if (!migrate(client.session, NULL, &report, &err)) {
        fail_msg("%s", err.text);
    }
}

static int start(void **state)
{
    if (sql_client_start(state) != 0) {
        return -1;
    }
    migrate_host();
    sql_client_run_directly(images);
    return 0;
}

static void expect_matches(struct where_expression *where, const char *what, const char *want)
{
    const char *params[] = { where_path(where), where_variables(where) };
    struct blob value;
    struct error err;

    if (!sql_query(client.session, "select matches($1, $2)", 2, params, &value, &err)) {
        fail_msg("%s: %s", what, err.text);
    }
    if (strcmp(value.size ? (char *)value.data : "", want) != 0) {
        fail_msg("%s: matched '%s', expected '%s'", what, (char *)value.data, want);
    }
    blob_free(&value);
    where_free(where);
}

static void expect_all(const char *const (*cases)[2])
{
    for (; (*cases)[0]; cases++) {
        struct where_expression *where = where_new(now_ms, NULL);
        struct error err = { 0 };

        if (!where_add(where, (*cases)[0], &err)) {
            fail_msg("%s: %s", (*cases)[0], err.text);
        }
        expect_matches(where, (*cases)[0], (*cases)[1]);
    }
}

static void every_construct_matches_the_right_images(void **state)
{
    static const char *const cases[][2] = {
        { "type = LIFESTYLE", "ac" },
        { "type != lifestyle", "b" },
        { "not type = LIFESTYLE", "b" },
        { "type in (LIFESTYLE, INFOGRAPHIC)", "abc" },
        { "type ~ life", "ac" },
        { "style = none", "b" },
        { "style != none", "ac" },
        { "brand = none", "abc" }, /* a missing value */
        { "brand != acme", "abc" },
        { "brand = acme", "" },
        { "cost = none", "b" },
        { "cost > 0.10", "c" },
        { "cost >= 0.10", "ac" },
        { "cost = 0.1", "a" },
        { "cost != 0.1", "bc" },
        { "cost < 5", "ac" },
        { "not cost > 0.10", "ab" },
        { "width in (512, 2000)", "bc" },
        { "failed has white", "a" },
        { "failed has fill", "ac" },
        { "not failed has white", "bc" },
        { "failed in (white, fill)", "ac" },
        { "failed = none", "b" },
        { "failed != none", "ac" },
        { "checks >= 2", "a" },
        { "type = LIFESTYLE and (failed has white or cost > 0.1) and not id = 3", "a" },
        { "type = INFOGRAPHIC or type = LIFESTYLE and width < 600", "bc" },
        { "not (type = LIFESTYLE or width < 600)", "b" },
        { "not not id = 1", "a" },
        { NULL, NULL },
    };

    (void)state;
    expect_all(cases);
    expect_matches(where_new(now_ms, NULL), "nothing", "abc");
}

static void dates_without_time_are_whole_days(void **state)
{
    static const char *const cases[][2] = {
        { "created = 2026-06-01", "a" },
        { "created != 2026-06-01", "bc" },
        { "created > 2026-06-01", "bc" },
        { "created >= 2026-06-01", "abc" },
        { "created < 2026-06-02", "a" },
        { "created <= 2026-06-02", "ac" },
        { "created = 2026-06-01T10:00", "a" },
        { "created in (2026-06-01, today)", "ab" },
        { "created > 1h ago", "b" },
        { "created < 30 days ago", "ac" },
        { NULL, NULL },
    };

    (void)state;
    expect_all(cases);
}

static void contains_is_literal_and_ignores_case(void **state)
{
    static const char *const cases[][2] = {
        { "product ~ 'CLAY'", "a" },
        { "product ~ '\"clay\"'", "a" },
        { "product ~ '.*'", "b" }, /* literal, not a pattern */
        { "product ~ '\\ .'", "b" },
        { "product ~ '100%'", "b" },
        { "product ~ 'gr\xc3\xbc\xc3\x9f'", "b" },
        { "product ~ 'it''s'", "c" },
        { NULL, NULL },
    };

    (void)state;
    expect_all(cases);
}

/* Each value is used with ~, = and in; it matches only an image that contains it literally. */
static void values_cannot_change_the_predicate(void **state)
{
    static const char *const cases[][2] = {
        { "x\" || true || \"", "" },
        { "\") || (true) || (\"a\" == \"a", "" },
        { "$v1 \" or true", "c" },
        { "$v1", "c" },
        { "\\\" || 1 == 1 || \\\"", "" },
        { "\\", "b" },
        { "\\\\", "" },
        { "\\u0022 || true", "" },
        { "\\x22", "" },
        { "'; drop table image; --", "" },
        { "'", "c" },
        { "(a|b", "" },
        { "[", "" },
        { "^", "" },
        { "(?i)red", "" },
        { "***=Red", "" },
        { "a\tb", "" },
        { "a\nb", "" },
        { "\"type\"", "" },
        { "{\"a\":1}", "" },
        { "%s%n", "" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct where_expression *where = where_new(now_ms, NULL);
        struct error err = { 0 };

        assert_true(where_add_compare(where, "product", "~", cases[i][0], &err));
        expect_matches(where, cases[i][0], cases[i][1]);
        where = where_new(now_ms, NULL);
        assert_true(where_add_compare(where, "product", "=", cases[i][0], &err));
        expect_matches(where, cases[i][0], "");
        where = where_new(now_ms, NULL);
        assert_true(where_add_one_of(where, "failed", cases[i][0], &err));
        expect_matches(where, cases[i][0], "");
        where = where_new(now_ms, NULL);
        assert_true(where_add_compare(where, "style", "!=", cases[i][0], &err));
        expect_matches(where, cases[i][0], "abc");
    }
}

/* The maximum depth, length and number of values. */
static void the_largest_expressions_run(void **state)
{
    struct where_expression *where = where_new(now_ms, NULL);
    struct text text;
    struct error err;

    (void)state;
    text_begin(&text, 200000);
    for (int i = 0; i < 32; i++) {
        text_add(&text, i % 2 ? "(" : "not ");
    }
    text_add(&text, "id = 1");
    for (int i = 0; i < 16; i++) {
        text_add(&text, ")");
    }
    for (int i = 0; text.size < 3980; i++) {
        text_printf(&text, " or id = %d", i % 3 + 1);
    }
    assert_true(where_add(where, text.data, &err));
    text_clear(&text);
    for (int i = 0; i < 1900; i++) {
        text_printf(&text, "%d\n", i);
    }
    assert_true(where_add_one_of(where, "id", text.data, &err));
    text_end(&text);
    expect_matches(where, "the largest", "abc");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_construct_matches_the_right_images),
        cmocka_unit_test(dates_without_time_are_whole_days),
        cmocka_unit_test(contains_is_literal_and_ignores_case),
        cmocka_unit_test(values_cannot_change_the_predicate),
        cmocka_unit_test(the_largest_expressions_run),
    };

    return cmocka_run_group_tests(tests, start, sql_client_stop);
}
