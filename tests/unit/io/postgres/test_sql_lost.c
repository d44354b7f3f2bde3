/* test_sql_lost.c - connections that are lost, statements that take too long, notifications. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "lib/sql_client.h"

#define TERMINATE_CLIENT_SESSIONS                                                                  \
    "select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name = "       \
    "'under test'"

static bool sleeps(void)
{
    struct error err;
    struct blob value;
    bool found;

    assert_true(sql_query(client.session,
                          "select count(*) from pg_stat_activity where application_name = "
                          "'under test' and wait_event = 'PgSleep'",
                          0, NULL, &value, &err));
    found = strcmp((const char *)value.data, "0") != 0;
    blob_free(&value);
    return found;
}

static void lost_connection_fails_its_statement_and_reconnects(void **state)
{
    struct op slow = sql_client_statement("select pg_sleep(30)"),
              waits = sql_client_statement("select 7");

    (void)state;
    sql_client_begin(&slow, "s");
    sql_client_begin(&waits, "w");
    sql_client_wait_until(sleeps);
    sql_client_run_directly(TERMINATE_CLIENT_SESSIONS);
    sql_client_wait(2);
    assert_int_equal(slow.error.kind, ERROR_DATABASE); /* done or not is not known */
    assert_value(&waits, "7");                         /* on another connection, or on a new one */
}

static bool is_down(void)
{
    return !sql_connected(client.sql);
}

static void lost_idle_connection_is_detected_and_reconnects(void **state)
{
    struct op op = sql_client_statement("select 8");

    (void)state;
    sql_client_wait_until(sql_client_is_up);
    sql_client_wait_until(sql_client_listens);
    sql_client_run_directly(TERMINATE_CLIENT_SESSIONS);
    sql_client_wait_until(is_down);
    assert_int_equal(sql_last_error(client.sql)->kind, ERROR_DATABASE);
    assert_false(sql_listening(client.sql));
    loop_wait(client.loop, 0); /* a last word and the end of the stream may take a turn each */
    loop_wait(client.loop, 0);
    sql_client_perform(&op);
    assert_value(&op, "8");
    sql_client_wait_until(sql_client_is_up);
    sql_client_wait_until(sql_client_listens);
    assert_int_equal(sql_last_error(client.sql)->kind, ERROR_NONE);
}

static void statement_ends_at_its_deadline(void **state)
{
    enum { SLEEP_US = 300 * 1000000 };
    struct op slow = sql_client_statement("select pg_sleep(300)"),
              waits = sql_client_statement("select 9"), first = sql_client_statement("select 3");
    int64_t began;

    (void)state;
    sql_client_perform(&first); /* opens the connection, which may take longer than the deadline */
    assert_value(&first, "3");
    began = clock_mono_us();
    slow.timeout_ms = 1000;
    sql_client_begin(&slow, "s");
    sql_client_begin(&waits, "w");
    sql_client_wait(3);
    assert_int_equal(slow.error.kind, ERROR_DATABASE);
    assert_non_null(strstr(slow.error.text, "cancelled the statement"));
    assert_value(&waits, "9");
    assert_true(clock_mono_us() - began < SLEEP_US);
}

static void running_and_waiting_statements_can_be_cancelled(void **state)
{
    struct op slow = sql_client_statement("select pg_sleep(30)"),
              waits = sql_client_statement("select 1");
    struct op also = sql_client_statement("select 2"), after = sql_client_statement("select 10");

    (void)state;
    sql_client_begin(&slow, NULL);
    sql_client_begin(&waits, NULL);
    sql_client_begin(&also, NULL);
    sql_client_wait_until(sleeps);
    sql_cancel(client.sql, &waits);
    sql_cancel(client.sql, &also);
    assert_int_equal(client.ended, 0);
    sql_client_wait(2);
    assert_int_equal(waits.error.kind, ERROR_STOPPED);
    assert_int_equal(also.error.kind, ERROR_STOPPED);
    sql_cancel(client.sql, &slow);
    sql_client_wait(3);
    assert_int_equal(slow.error.kind, ERROR_STOPPED);
    assert_int_not_equal(sql_last_error(client.sql)->kind,
                         ERROR_STOPPED); /* no trouble of the database's */
    sql_client_perform(&after);
    assert_value(&after, "10");
}

static int woken_before;

static bool was_woken(void)
{
    return client.woken > woken_before;
}

static void notifications_wake(void **state)
{
    (void)state;
    sql_client_wait_until(sql_client_listens);
    assert_true(client.woken >= 1); /* something may have been sent before LISTEN */
    for (int i = 0; i < 5; i++) {
        loop_wait(client.loop, 20);
    }
    woken_before = client.woken;
    sql_client_run_directly("notify darkroom_test, 'payload'");
    sql_client_wait_until(was_woken);
    woken_before = client.woken;
    sql_client_run_directly("notify another_channel");
    for (int i = 0; i < 5; i++) {
        loop_wait(client.loop, 20);
    }
    assert_int_equal(client.woken, woken_before);
    sql_client_run_directly("select pg_terminate_backend(pid, 5000) from pg_stat_activity "
                            "where application_name = 'under test'");
    sql_client_wait_until(was_woken); /* after a loss something may have been missed */
    sql_client_wait_until(sql_client_listens);
}

static bool sql_client_holds_lock(void)
{
    return sql_lock_held(client.sql);
}

static void advisory_lock_is_held_while_connected(void **state)
{
    struct error err;
    struct blob value;

    (void)state;
    sql_client_wait_until(sql_client_holds_lock);
    assert_true(sql_query(client.session,
                          "select count(*) from pg_locks where locktype = 'advisory' and "
                          "objid = 77",
                          0, NULL, &value, &err));
    assert_string_equal((const char *)value.data, "1");
    blob_free(&value);
}

static bool a_session_with_the_lock_is_older_than_the_timeout(void)
{
    struct error err;
    struct blob value;
    bool found;

    assert_true(sql_query(client.session,
                          "select count(*) from pg_locks l join pg_stat_activity a using (pid) "
                          "where l.locktype = 'advisory' and l.granted and a.backend_start < "
                          "now() - interval '3 s'",
                          0, NULL, &value, &err));
    found = strcmp((const char *)value.data, "1") == 0;
    blob_free(&value);
    return found;
}

static void idle_session_timeout_of_the_role_does_not_end_the_listen_session(void **state)
{
    (void)state;
    sql_client_run_directly("alter role postgres set idle_session_timeout = '1s'");
    sql_client_connect();
    sql_client_wait_until(a_session_with_the_lock_is_older_than_the_timeout);
    assert_true(sql_listening(client.sql));
    sql_client_run_directly("alter role postgres reset idle_session_timeout");
}

static void freeing_ends_statements_in_flight(void **state)
{
    struct op slow = sql_client_statement("select pg_sleep(30)"),
              waits = sql_client_statement("select 1");

    (void)state;
    sql_client_begin(&slow, NULL);
    sql_client_begin(&waits, NULL);
    sql_client_wait_until(sleeps);
    sql_free(client.sql);
    client.sql = NULL;
    assert_int_equal(client.ended, 2);
    assert_int_equal(slow.error.kind, ERROR_STOPPED);
    assert_int_equal(waits.error.kind, ERROR_STOPPED);
}

int main(void)
{
#define EACH(test) cmocka_unit_test_setup_teardown(test, sql_client_set_up, sql_client_tear_down)
    const struct CMUnitTest tests[] = {
        EACH(lost_connection_fails_its_statement_and_reconnects),
        EACH(lost_idle_connection_is_detected_and_reconnects),
        EACH(statement_ends_at_its_deadline),
        EACH(running_and_waiting_statements_can_be_cancelled),
        EACH(notifications_wake),
        EACH(advisory_lock_is_held_while_connected),
        EACH(idle_session_timeout_of_the_role_does_not_end_the_listen_session),
        EACH(freeing_ends_statements_in_flight),
    };

    client.connections = 1; /* so that statements wait for each other */
    return cmocka_run_group_tests(tests, sql_client_start, sql_client_stop);
}
