/* test_where_selection.c - expressions as operators write them select the right images of a seeded
 * database, and --sql reaches nothing but its view. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/embed.h"
#include "batch/select_sql.h"
#include "batch/where/where.h"
#include "lib/sql_client.h"
#include "queue/migrate.h"

static const int64_t now_ms = 1795435267113; /* 2026-11-23T12:01:07.113Z */

/* Six projects, pa to pf, with one image each; that of pf has failed. */
static const char application[] =
    "insert into \"User\" (id, email, \"updatedAt\") values"
    " ('ua', 'Anna@example.com', now()), ('ub', 'bob@shop.de', now()),"
    " ('uc', 'carol@example.com', now());"
    "insert into \"BrandKit\" (id, \"userId\", name, \"updatedAt\")"
    " values ('k', 'ua', 'Acme', now());"
    "insert into \"Project\" (id, \"userId\", name, \"productName\", \"productCategory\","
    "                       \"brandKitId\", status, \"updatedAt\") values"
    " ('pa', 'ua', 'A', 'Red Clay Cup', 'Tableware', 'k', 'COMPLETED', now()),"
    " ('pb', 'ub', 'B', '100% wool scarf', 'Clothing', null, 'COMPLETED', now()),"
    " ('pc', 'ua', 'C', 'Gift card holder', 'Tableware', null, 'PROCESSING', now()),"
    " ('pd', 'ub', 'D', 'Steel bottle', 'Tableware', null, 'COMPLETED', now()),"
    " ('pe', 'uc', 'E', 'Linen shirt (large)', 'Clothing', null, 'COMPLETED', now()),"
    " ('pf', 'ub', 'F', 'Oak lamp', null, null, 'FAILED', now());"
    "insert into \"GeneratedImage\" (id, \"projectId\", type, style, url, width, height, size,"
    "                              metadata, \"createdAt\") values"
    " ('ia', 'pa', 'LIFESTYLE', 'bold', 'https://x/a', 1024, 1024, 1500000,"
    "  '{\"model\":\"dall-e-3\",\"provider\":\"openai\",\"costUsd\":0.04,\"quality\":\"high\","
    "    \"marketplace\":\"amazon\",\"prompt\":\"A red cup on a table\",\"promptVersion\":\"v7\","
    "    \"likeness\":{\"score\":0.91},\"checks\":[{\"check\":\"white\",\"passed\":false},"
    "    {\"check\":\"fill\",\"passed\":true}]}', '2026-11-23 10:00'),"
    " ('ib', 'pb', 'INFOGRAPHIC', null, 'https://x/b', 2000, 2000, 2500000,"
    "  '{\"model\":\"gpt-image-2\",\"provider\":\"openai\",\"costUsd\":0.17,"
    "    \"quality\":\"medium\",\"marketplace\":\"etsy\",\"prompt\":\"An infographic\","
    "    \"checks\":[{\"check\":\"white\",\"passed\":true},{\"check\":\"fill\","
    "    \"passed\":true}]}', '2026-11-22 09:00'),"
    " ('ic', 'pc', 'MAIN_IMAGE', null, 'https://x/c', 2000, 2000, 900000,"
    "  '{\"model\":\"gpt-image-2\",\"provider\":\"openai\",\"costUsd\":0.02,\"quality\":\"low\","
    "    \"marketplace\":\"amazon\",\"likeness\":{\"score\":0.55},"
    "    \"checks\":[{\"check\":\"fill\",\"passed\":false},{\"check\":\"sharpness\","
    "    \"passed\":false}]}', '2026-11-10 08:00'),"
    " ('id', 'pd', 'LIFESTYLE', 'minimal', 'https://x/d', 1600, 1600, 3000000,"
    "  '{\"model\":\"gpt-image-2.5-flare\",\"provider\":\"openai\",\"costUsd\":0.005,"
    "    \"likeness\":{\"score\":0.79}}', '2026-10-01 08:00'),"
    " ('00000000-0000-4000-8000-000000000001', 'pe', 'MAIN_IMAGE', null, 'https://x/e', 500, 500,"
    "  80000, '{\"model\":\"cut-out\",\"provider\":\"darkroom\",\"costUsd\":0,"
    "    \"marketplace\":\"amazon\"}', '2026-06-01 10:00');"
    "insert into job_queue (id, job_type, payload, status, error_message, user_id) values"
    " ('00000000-0000-4000-8000-000000000002', 'generate-image',"
    "  '{\"projectId\":\"pf\",\"imageType\":\"LIFESTYLE\"}', 'failed',"
    "  'The photo is too small.', 'ub');";
static const char installed[] =
    "insert into darkroom.slot (project_id, slot, job_id, state, updated_at) values"
    " ('pf', 'LIFESTYLE', '00000000-0000-4000-8000-000000000002', 'failed',"
    "  '2026-11-20 12:30+00');"
    "insert into darkroom.batch (created_by, selection, options, estimate)"
    " values ('Maria', '{}', '{}', '{}');"
    "insert into darkroom.batch_item (batch_id, item, variant, project_id, user_id, type, job_id,"
    "                                 state, decision, decided_by, reasons)"
    " select id, 1, 1, 'pe', 'uc', 'MAIN_IMAGE', '00000000-0000-4000-8000-000000000001', 'done',"
    "        'accepted', 'Maria', '{sharp,\"good light\"}' from darkroom.batch;"
    "create function leak() returns text language sql as 'select email from \"User\" limit 1';";

static int start(void **state)
{
    struct migration_report report;
    struct error err;

    if (sql_client_start(state) != 0) {
        return -1;
    }
    sql_client_run_directly("drop schema darkroom cascade");
    sql_client_run_directly((const char *)embed_find("sql/host_application.sql")->data);
    sql_client_run_directly(application);
    if (!migrate(client.session, NULL, &report, &err)) {
        fail_msg("%s", err.text);
    }
    sql_client_run_directly(installed);
    return 0;
}

/* The letters of the projects whose image the expression selects. */
static void expect_selected(const char *expression, const char *want)
{
    static const char *const checks[] = { "white", "fill", "sharpness", NULL };
    struct where_expression *where = where_new(now_ms, checks);
    struct error err = { 0 };
    struct blob value = { 0 };
    const char *params[2], *selected;

    if (!where_add(where, expression, &err)) {
        fail_msg("%s: %s", expression, err.text);
    }
    params[0] = where_path(where);
    params[1] = where_variables(where);
    if (!sql_query(client.session,
                   "select string_agg(right(project_id, 1), '' order by project_id) "
                   "from darkroom.select_images($1::jsonpath, $2::jsonb, null)",
                   2, params, &value, &err)) {
        fail_msg("%s: %s", expression, err.text);
    }
    selected = value.size ? (const char *)value.data : "";
    if (strcmp(selected, want) != 0) {
        fail_msg("%s: selected '%s', expected '%s'", expression, selected, want);
    }
    blob_free(&value);
    where_free(where);
}

static const char *const selections[][2] = {
    { "type is LIFESTYLE", "adf" },
    { "type is not lifestyle", "bce" },
    { "type is main image", "ce" },
    { "type in (main-image, INFOGRAPHIC)", "bce" },
    { "type is one of MAIN_IMAGE, INFOGRAPHIC", "bce" },
    { "type not in (LIFESTYLE)", "bce" },
    { "image type = lifestyle", "adf" },
    { "model is dall-e-3", "a" },
    { "model isn't dall-e-3", "bcdef" },
    { "model = gpt-image-2 or model = dall-e-3", "abc" },
    { "model = gpt-image-2 || model = dall-e-3", "abc" },
    { "model like gpt-image-2*", "bcd" },
    { "model like 'GPT-IMAGE-_'", "bc" },
    { "model is not like '%image%'", "aef" },
    { "model starts with gpt", "bcd" },
    { "model does not start with gpt", "aef" },
    { "model ends with flare", "d" },
    { "provider is darkroom", "e" },
    { "made by cut-out", "e" },
    { "reviewed by Maria", "e" },
    { "reviewer is none", "abcdf" },
    { "reason is good light", "e" },
    { "reasons has 'good light' and reviewed by Maria", "e" },
    { "reason 'good light'", "e" },
    { "reasons", "e" },
    { "reasons is none", "abcdf" },
    { "reasons in (blurred, sharp)", "e" },
    { "not reasons contains sharp", "abcdf" },
    { "product contains cup", "a" },
    { "product contains red clay", "a" },
    { "product has 'CLAY'", "a" },
    { "product does not contain 'gift card'", "abdef" },
    { "product ~ '100%'", "b" },
    { "product !~ '100%' and provider is openai", "acd" },
    { "product contains 'shirt (large)'", "e" },
    { "not product contains bottle and type is LIFESTYLE", "af" },
    { "created today", "a" },
    { "yesterday", "b" },
    { "created yesterday or today", "ab" },
    { "older than 30d", "de" },
    { "older than 2 weeks", "de" },
    { "newer than two weeks", "abcf" },
    { "created in the last 3 days", "abf" },
    { "in the last month and type is MAIN_IMAGE", "c" },
    { "created within 24 hours", "a" },
    { "created < 30d ago", "de" },
    { "before 2026-11-01", "de" },
    { "created is before 2026-06-02", "e" },
    { "after 2026-11-10", "abf" },
    { "since 2026-11-10", "abcf" },
    { "created on 2026-06-01", "e" },
    { "created between 2026-10-01 and 2026-11-10", "cd" },
    { "created not between 2026-10-01 and 2026-11-10 and state is stored", "abe" },
    { "created = 2026-11", "abcf" },
    { "age > 30d", "de" },
    { "age under 1 week", "abf" },
    { "cost > $0.04", "b" },
    { "cost >= 4 cents", "ab" },
    { "cost is more than 10 cents", "b" },
    { "costs less than $ 0.01", "de" },
    { "cost between 0.01 and 0.05 USD", "ac" },
    { "cost is none", "f" },
    { "size > 2 MB", "bd" },
    { "size under 100 kB", "e" },
    { "file size at most 0.9 MB", "ce" },
    { "bytes <= 1.5MB", "ace" },
    { "size is 2000x2000", "bc" },
    { "size at least 1600x1600", "bcd" },
    { "width at least 1600 px", "bcd" },
    { "width < 1000px and height < 1000px", "e" },
    { "height \xe2\x89\xa5 2000", "bc" },
    { "width is not between 1000 and 1999", "bcef" },
    { "likeness below 80%", "cd" },
    { "likeness > 0.9", "a" },
    { "similarity is at least 79 percent", "ad" },
    { "failed", "ac" },
    { "not failed", "bdef" },
    { "failed white", "a" },
    { "failed contains fill", "c" },
    { "failed check is sharpness", "c" },
    { "passed fill", "ab" },
    { "failed in (white, sharpness)", "ac" },
    { "failed white or cost > 0.10", "ab" },
    { "state is failed", "f" },
    { "error contains too small", "f" },
    { "error is set", "f" },
    { "error is not empty", "f" },
    { "user is anna@example.com", "ac" },
    { "user is ua", "ac" },
    { "user is not ua", "bdef" },
    { "user like '*@example.com'", "ace" },
    { "user ends with @shop.de", "bdf" },
    { "user in (BOB@shop.de, uc)", "bdef" },
    { "email is carol@example.com", "e" },
    { "marketplace is etsy", "b" },
    { "quality is not high", "bcdef" },
    { "prompt contains infographic", "b" },
    { "prompt is missing", "cdef" },
    { "brand is Acme", "a" },
    { "template is v7", "a" },
    { "style is bold and language is none", "a" },
    { "category is Tableware and not (type is MAIN_IMAGE or cost > 3 cents)", "d" },
    { "type is INFOGRAPHIC or type is LIFESTYLE and cost > 1 cent", "ab" },
    { "(type is INFOGRAPHIC or type is LIFESTYLE) and cost < 10 cents", "ad" },
};

static void sixty_expressions_select_the_right_images(void **state)
{
    (void)state;
    assert_true(sizeof selections / sizeof *selections >= 60);
    for (size_t i = 0; i < sizeof selections / sizeof *selections; i++) {
        expect_selected(selections[i][0], selections[i][1]);
    }
}

/* What field_values answers for the filter; with `batch` for its candidates. */
static void expect_values(const char *filter, const char *batch, const char *want)
{
    struct where_expression *where = where_new(now_ms, NULL);
    const char *params[2] = { NULL, batch };
    struct blob value;
    struct error err;

    assert_true(where_add(where, filter, &err));
    params[0] = where_equals(where);
    assert_true(sql_query(client.session, "field_values", 2, params, &value, &err));
    assert_string_equal(value.size ? (char *)value.data : "", want);
    blob_free(&value);
    where_free(where);
}

static void a_value_that_no_image_has_is_named_with_those_that_exist(void **state)
{
    struct where_expression *where = where_new(now_ms, NULL);

    (void)state;
    assert_null(where_equals(where));
    where_free(where);
    expect_values("type is LIFESTYLE and model in (gpt-image-2, gpt-image-9)", NULL,
                  "{\"field\" : \"model\", \"value\" : \"gpt-image-9\", \"values\" : "
                  "[\"gpt-image-2\", \"cut-out\", \"dall-e-3\", \"gpt-image-2.5-flare\"]}");
    expect_values("failed sharpnes", NULL,
                  "{\"field\" : \"failed\", \"value\" : \"sharpnes\", \"values\" : "
                  "[\"fill\", \"sharpness\", \"white\"]}");
    expect_values("failed sharpness and reason is sharp", NULL, "");
}

static void a_value_that_no_candidate_has_is_named_with_those_that_exist(void **state)
{
    struct blob batch;
    struct error err;

    (void)state;
    assert_true(sql_query(client.session, "select id from darkroom.batch", 0, NULL, &batch, &err));
    expect_values("reason is blurred", (char *)batch.data,
                  "{\"field\" : \"reasons\", \"value\" : \"blurred\", \"values\" : "
                  "[\"good light\", \"sharp\"]}");
    expect_values("reason is sharp", (char *)batch.data, "");
    expect_values("reason is sharp", "none",
                  "{\"field\" : \"reasons\", \"value\" : "
                  "\"sharp\", \"values\" : []}");
    blob_free(&batch);
}

static void sql_conditions_select_images(void **state)
{
    static const struct {
        const char *condition;
        int count;
    } cases[] = {
        { "model = 'dall-e-3'", 1 },
        { "cost > 0.03 or likeness < 0.6", 3 },
        { "created < timestamptz '2026-11-23T12:00Z' - interval '30 days'", 2 },
        { "created < now() and date_trunc('month', created) = '2026-11-01'", 4 },
        { "user_email like '%@example.com' and width * height >= 1000000", 2 },
        { "'white' = any(failed) -- a comment", 1 },
        { "lower(product) ~ '(cup|lamp)$' and coalesce(error, '') <> 'x'", 2 },
        { "type in (select 'LIFESTYLE')", 3 },
        { "'sharp' = any(reasons)", 1 },
        { "cardinality(reasons) = 0", 5 },
        { "cost = (select max(cost) from darkroom.images)", 1 },
        { "state = 'failed'", 1 },
        { "current_date > date '2026-01-01' and product is not null", 6 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new();
        struct error err = { 0 };
        const char *ids;
        int count = 0;

        if (!select_sql(client.session, cases[i].condition, arena, &ids, &count, &err)) {
            fail_msg("%s: %s", cases[i].condition, err.text);
        }
        if (count != cases[i].count) {
            fail_msg("%s: %d images", cases[i].condition, count);
        }
        assert_true(ids[0] == '{');
        arena_free(arena);
    }
}

static void sql_conditions_reach_nothing_but_the_view(void **state)
{
    static const char *const cases[][2] = {
        { "exists (select 1 from public.\"User\")", "table \"User\"" },
        { "exists (select 1 from pg_shadow)", "pg_shadow" },
        { "exists (select 1 from pg_class)", "pg_class" },
        { "true) union select email from \"User\" where (true", "table \"User\"" },
        { "leak() = 'x'", "function leak()" },
        { "pg_read_file('/etc/passwd') = 'x'", "pg_read_file" },
        { "pg_sleep(100) is null", "pg_sleep" },
        { "set_config('a.b', 'c', false) = 'c'", "set_config" },
        { "current_setting('port') = '1'", "current_setting" },
        { "query_to_xml('select 1', true, true, '') is null", "query_to_xml" },
        { "table_to_xml('\"User\"', true, true, '') is null", "table_to_xml" },
        { "nextval('darkroom.batch_number') = 1", "nextval" },
        { "pg_terminate_backend(1)", "pg_terminate_backend" },
        { "lo_get(1) is null", "lo_get" },
        { "true); drop table job_queue; --", "syntax error" },
        { "true); drop table job_queue; select (true", "multiple commands" },
        { "modle = 'x'", "modle" },
        { "model = $1", "$1" },
        { "model", "boolean" },
        { "", "syntax error" },
        { "1 / (width - width) = 1", "division by zero" },
        { "model = 'gpt-image-9'", "no image meets" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new();
        struct error err = { 0 };
        struct blob value;
        const char *ids;
        int count;

        if (select_sql(client.session, cases[i][0], arena, &ids, &count, &err)) {
            fail_msg("%s: accepted", cases[i][0]);
        }
        if (err.kind != ERROR_INPUT || !strstr(err.text, cases[i][1])) {
            fail_msg("%s: kind %d, '%s'", cases[i][0], (int)err.kind, err.text);
        }
        /* the session is usable, outside a transaction */
        assert_true(
            sql_query(client.session, "select count(*) from job_queue", 0, NULL, &value, &err));
        assert_string_equal((char *)value.data, "1");
        blob_free(&value);
        arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sixty_expressions_select_the_right_images),
        cmocka_unit_test(a_value_that_no_image_has_is_named_with_those_that_exist),
        cmocka_unit_test(a_value_that_no_candidate_has_is_named_with_those_that_exist),
        cmocka_unit_test(sql_conditions_select_images),
        cmocka_unit_test(sql_conditions_reach_nothing_but_the_view),
    };

    return cmocka_run_group_tests(tests, start, sql_client_stop);
}
