/* test_sql.c - statements to a Postgres of our own: answers, errors, their order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "lib/sql_client.h"

static void values_are_returned_unchanged(void **state)
{
    static const char *const texts[][2] = {
        { "select 'it''s; -- \"x\" \\ %s $1'", "it's; -- \"x\" \\ %s $1" },
        { "select 'gr\xc3\xbc\xc3\x9f'", "gr\xc3\xbc\xc3\x9f" },
        { "select ''", "" },
        { "select null", "" },
        { "select repeat('a', 3)", "aaa" },
        { NULL, "" },
    };
    struct op op;

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        op = sql_client_statement(texts[i][0]);
        sql_client_perform(&op);
        assert_value(&op, texts[i][1]);
    }
    op = sql_client_statement("select repeat('x', 3000000)");
    sql_client_perform(&op);
    assert_int_equal(op.sql_result.value.size, 3000000);
    op_clear(&op);
}

static void postgres_errors_map_to_error_kinds(void **state)
{
    static const struct {
        const char *text;
        enum error_kind kind;
        const char *said;
    } cases[] = {
        { "select 1/0", ERROR_INPUT, "division by zero" },
        { "select * from gone", ERROR_DATABASE, "not set up" },
        { "select gone()", ERROR_DATABASE, "not set up" },
        { "do $x$ begin raise 'again' using errcode = '40001'; end $x$", ERROR_DATABASE, "again" },
        { "do $x$ begin raise 'full' using errcode = '53100'; end $x$", ERROR_DATABASE, "full" },
        { "do $x$ begin raise 'no' using errcode = '42501'; end $x$", ERROR_DATABASE,
          "denies access" },
        { "do $x$ begin raise 'late' using errcode = '57014'; end $x$", ERROR_DATABASE, "late" },
        { "do $x$ begin raise 'plan' using errcode = '0A000'; end $x$", ERROR_DATABASE, "plan" },
        { "do $x$ begin raise E'one\\ntwo'; end $x$", ERROR_INPUT, "one (P0001)" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct op op = sql_client_statement(cases[i].text);

        sql_client_perform(&op);
        if (op.error.kind != cases[i].kind || !strstr(op.error.text, cases[i].said)) {
            fail_msg("%s: %s (%s)", cases[i].text, op.error.text, error_rule(op.error.kind)->name);
        }
        assert_int_equal(op.sql_result.value.size, 0);
    }
}

static void many_statements_are_answered_in_order(void **state)
{
    enum { MANY = 300 };
    static struct op ops[MANY];
    static char texts[MANY][40];

    (void)state;
    for (int i = 0; i < MANY; i++) {
        snprintf(texts[i], sizeof texts[i], "select %d", i);
        ops[i] = sql_client_statement(texts[i]);
        sql_client_begin(&ops[i], NULL);
    }
    sql_client_wait(MANY);
    for (int i = 0; i < MANY; i++) {
        assert_value(&ops[i], texts[i] + 7);
    }
}

/* The slow one lasts until the others have ended, however long their connections take to open. */
static void statements_do_not_wait_for_a_slow_one(void **state)
{
    struct op slow = sql_client_statement("select wait_for_end()"),
              next = sql_client_statement("select 1");
    struct op urgent = sql_client_statement("select 2");

    (void)state;
    sql_client_run_directly("create table others_ended ();"
                            "create function wait_for_end() returns text language plpgsql as $$ "
                            "begin while not exists (select from others_ended) loop "
                            "perform pg_sleep(0.02); end loop; return 'ended'; end $$");
    urgent.sql.urgent = true;
    sql_client_begin(&slow, "s");
    sql_client_begin(&next, "n");
    sql_client_begin(&urgent, "u");
    sql_client_wait(2);
    assert_null(strchr(client.order, 's'));
    sql_client_run_directly("insert into others_ended default values");
    sql_client_wait(3);
    assert_string_equal(client.order + 2, "s");
    assert_int_equal(slow.error.kind, ERROR_NONE);
    op_clear(&slow);
    op_clear(&next);
    op_clear(&urgent);
}

static void unknown_statement_fails_without_blocking_others(void **state)
{
    struct op bad = { .kind = OP_SQL, .sql.statement = "no_such_statement" };
    struct op worse = bad, good = sql_client_statement("select 5");

    (void)state;
    sql_client_wait_until(sql_client_is_up);
    sql_client_perform(&good); /* the work connection is there, and idle */
    assert_value(&good, "5");
    good = sql_client_statement("select 6");
    sql_client_begin(&bad, "b");
    sql_client_begin(&worse, "w");
    sql_client_begin(&good, "g");
    sql_client_wait(4);
    assert_string_equal(client.order, "bwg");
    assert_int_equal(bad.error.kind, ERROR_INTERNAL);
    assert_int_equal(worse.error.kind, ERROR_INTERNAL);
    assert_value(&good, "6");
}

static struct op perform_urgent(const char *text)
{
    struct op op = sql_client_statement(text);

    op.sql.urgent = true;
    sql_client_perform(&op);
    return op;
}

#define COUNT_PREPARED                                                                             \
    "select count(*) from pg_prepared_statements where name = 'darkroom_remaining_jobs'"

static void urgent_statements_are_prepared_where_sessions_last(void **state)
{
    struct op op, work = sql_client_statement(COUNT_PREPARED);

    (void)state;
    sql_client_wait_until(sql_client_listens);
    for (int i = 0; i < 3; i++) {
        op = perform_urgent(COUNT_PREPARED);
        assert_value(&op, "1");
        op = perform_urgent("select 1/0"); /* the session keeps the prepared statement */
        assert_int_equal(op.error.kind, ERROR_INPUT);
        op_clear(&op);
    }
    sql_client_perform(&work);
    assert_value(&work, "0");
}

static void a_prepared_statement_that_is_gone_is_prepared_again(void **state)
{
    enum { SENT_AT_MOST = 1000 };
    struct op op;
    int sent = 0;

    (void)state;
    sql_client_run_directly("create function forget() returns text language plpgsql as $$ begin "
                            "execute 'deallocate all'; return 'forgotten'; end $$");
    sql_client_wait_until(sql_client_listens);
    op = perform_urgent("select forget()");
    assert_value(&op, "forgotten");
    do { /* until it is sent on the session that has forgotten it: there may be two */
        op_clear(&op);
        op = perform_urgent("select 1");
    } while (!op.error.kind && ++sent < SENT_AT_MOST);
    assert_int_equal(op.error.kind, ERROR_DATABASE); /* nothing was executed: it may be repeated */
    op_clear(&op);
    op = perform_urgent(COUNT_PREPARED);
    assert_value(&op, "1");
}

static void blocking_session_reports_errors(void **state)
{
    const char *params[] = { "select 'x'" };
    struct database_url none;
    struct error err;
    struct blob value;

    (void)state;
    assert_true(sql_query(client.session, "remaining_jobs", 1, params, &value, &err));
    assert_string_equal((const char *)value.data, "x");
    blob_free(&value);
    assert_true(sql_query(client.session, "select 1 where false", 0, NULL, &value, &err));
    assert_int_equal(value.size, 0);
    assert_false(sql_query(client.session, "no_such_statement", 0, NULL, &value, &err));
    assert_int_equal(err.kind, ERROR_INTERNAL);
    assert_false(sql_query(client.session, "select * from gone", 0, NULL, NULL, &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
    assert_false(sql_script(client.session, "select 1; select 1/0", &err));
    assert_true(database_url_read("postgres://u:s3cr3t@/db?host=/tmp/no-such-folder", &none, &err));
    assert_null(sql_open(&none, "x", &err));
    assert_int_equal(err.kind, ERROR_DATABASE);
    assert_null(strstr(err.text, "s3cr3t"));
    database_url_free(&none);
}

static void unknown_role_is_a_config_error(void **state)
{
    char text[300], *user;
    struct database_url other;
    struct error err;

    (void)state;
    snprintf(text, sizeof text, "%s", client.cluster.url);
    user = strstr(text, "user=");
    assert_non_null(user);
    snprintf(user, 40, "user=no_such_user&password=s3cr3t");
    assert_true(database_url_read(text, &other, &err));
    assert_null(sql_open(&other, "x", &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
    assert_null(strstr(err.text, "s3cr3t"));
    database_url_free(&other);
}

int main(void)
{
#define EACH(test) cmocka_unit_test_setup_teardown(test, sql_client_set_up, sql_client_tear_down)
    const struct CMUnitTest tests[] = {
        EACH(values_are_returned_unchanged),
        EACH(postgres_errors_map_to_error_kinds),
        EACH(many_statements_are_answered_in_order),
        EACH(statements_do_not_wait_for_a_slow_one),
        EACH(unknown_statement_fails_without_blocking_others),
        EACH(urgent_statements_are_prepared_where_sessions_last),
        EACH(a_prepared_statement_that_is_gone_is_prepared_again),
        cmocka_unit_test(blocking_session_reports_errors),
        cmocka_unit_test(unknown_role_is_a_config_error),
    };

    return cmocka_run_group_tests(tests, sql_client_start, sql_client_stop);
}
