/* test_sql_blocked.c - rows that others keep locked, servers that do not answer, sessions that are
 * cut: other statements go on, nothing is lost, and no backend keeps waiting. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "lib/sql_client.h"
#include "lib/tcp_proxy.h"

static struct tcp_proxy proxy;

static char *value_of(const char *text)
{
    struct error err;
    struct blob value;

    if (!sql_query(client.session, text, 0, NULL, &value, &err)) {
        fail_msg("%s: %s", text, err.text);
    }
    return (char *)value.data;
}

static int count_of(const char *text)
{
    char *value = value_of(text);
    int count = atoi(value);

    free(value);
    return count;
}

static void wait_ms(int ms)
{
    int64_t end = clock_mono_us() + (int64_t)ms * 1000;

    while (clock_mono_us() < end) {
        loop_wait(client.loop, 20);
    }
}

#define WAITING                                                                                    \
    "select count(*) from pg_stat_activity where application_name = 'under test' and "             \
    "wait_event_type = 'Lock'"
#define BACKENDS "select count(*) from pg_stat_activity where application_name = 'under test'"

static void a_locked_row_delays_only_statements_that_need_it(void **state)
{
    enum { LOCKED = 12, FREE = 40 };
    static struct op locked[LOCKED], others[FREE];
    struct op urgent = sql_client_statement("select 'u'");
    int most = 0;

    (void)state;
    sql_client_run_directly("create table if not exists thing (id int primary key, n int);"
                            "insert into thing values (1, 0), (2, 0) on conflict do nothing;"
                            "update thing set n = 0");
    sql_client_run_directly("begin; update thing set n = 0 where id = 1");
    for (int i = 0; i < LOCKED; i++) {
        locked[i] = sql_client_statement("update thing set n = n + 1 where id = 1 returning 'l'");
        locked[i].timeout_ms = 100000;
        sql_client_begin(&locked[i], NULL);
    }
    for (int i = 0; i < FREE; i++) {
        others[i] = sql_client_statement("update thing set n = n + 1 where id = 2 returning 'o'");
        sql_client_begin(&others[i], NULL);
    }
    sql_client_wait(FREE);
    for (int i = 0; i < FREE; i++) {
        assert_value(&others[i], "o");
    }
    for (int i = 0; i < 12; i++) {
        int waiting;

        wait_ms(500);
        waiting = count_of(WAITING);
        most = waiting > most ? waiting : most;
    }
    urgent.sql.urgent = true;
    sql_client_perform(&urgent);
    assert_value(&urgent, "u");
    assert_in_range(most, 0, 5); /* the work connections for a moment, then the patient one */
    assert_in_range(count_of(BACKENDS), 1, 9);
    assert_int_equal(client.ended, FREE + 1);
    sql_client_run_directly("commit");
    sql_client_wait(FREE + 1 + LOCKED);
    for (int i = 0; i < LOCKED; i++) {
        assert_value(&locked[i], "l");
    }
    assert_int_equal(count_of("select n from thing where id = 1"), LOCKED);
}

static void a_statement_that_waits_too_long_leaves_no_backend_behind(void **state)
{
    struct op op = sql_client_statement("update thing set n = n + 1 where id = 1 returning 'x'");
    struct op claim = op;
    int64_t began = clock_mono_us();

    (void)state;
    sql_client_run_directly("begin; update thing set n = 0 where id = 1");
    op.timeout_ms = 3000;
    claim.sql.urgent = true;
    sql_client_begin(&op, NULL);
    sql_client_begin(&claim, NULL);
    sql_client_wait(2);
    assert_int_equal(op.error.kind, ERROR_DATABASE);
    assert_int_equal(claim.error.kind, ERROR_DATABASE);
    assert_non_null(strstr(claim.error.text, "lock"));
    assert_non_null(strstr(claim.error.hint, "pg_stat_activity"));
    assert_true(clock_mono_us() - began < 30000000);
    for (int i = 0; i < 200 && count_of(WAITING) > 0; i++) {
        wait_ms(100);
    }
    assert_int_equal(count_of(WAITING), 0);
    sql_client_run_directly("rollback");
}

static void limits_of_the_role_are_replaced(void **state)
{
    struct op op = sql_client_statement("select current_setting('lock_timeout') || ' ' || "
                                        "current_setting('statement_timeout')");

    (void)state;
    sql_client_run_directly("alter role postgres set lock_timeout = '1ms';"
                            "alter role postgres set statement_timeout = '2ms'");
    sql_client_run_directly("select pg_terminate_backend(pid, 5000) from pg_stat_activity "
                            "where application_name = 'under test'");
    sql_client_perform(&op);
    sql_client_run_directly("alter role postgres reset all");
    if (op.error.kind == ERROR_DATABASE) { /* the terminated connection was still in use */
        sql_client_perform(&op);
    }
    assert_string_equal((const char *)op.sql_result.value.data, "500ms 25s");
    op_clear(&op);
}

static void a_changed_column_type_needs_only_a_fresh_connection(void **state)
{
    static const char call[] = "select take(1)::text";
    struct op op = sql_client_statement(call);
    int fails = 0;

    (void)state;
    sql_client_run_directly(
        "create table shape (id int, kind int); insert into shape values (1, 7);"
        "create function take(wanted int) returns text language plpgsql as $$"
        " declare r shape; begin select * into r from shape where id = wanted;"
        " return r.kind; end $$");
    for (int i = 0; i < 8; i++) { /* on all connections */
        op = sql_client_statement(call);
        sql_client_perform(&op);
        assert_value(&op, "7");
    }
    sql_client_run_directly("alter table shape alter kind type text using 'seven'");
    do {
        op = sql_client_statement(call);
        sql_client_perform(&op);
        if (op.error.kind != ERROR_NONE) {
            assert_int_equal(op.error.kind, ERROR_DATABASE);
            fails++;
        }
    } while (op.error.kind != ERROR_NONE && fails < 9);
    assert_value(&op, "seven");
}

static void frozen_sessions_are_replaced(void **state)
{
    struct op before = sql_client_statement("select 'b'"), op = sql_client_statement("select 'f'");
    struct op after = sql_client_statement("select 'a'");

    (void)state;
    sql_client_perform(&before);
    assert_value(&before, "b");
    proxy.frozen = proxy.sessions;
    op.timeout_ms = 1000;
    sql_client_perform(&op);
    assert_int_equal(op.error.kind, ERROR_DATABASE);
    sql_client_perform(&after);
    assert_value(&after, "a");
    proxy.frozen = 0;
}

static void dropped_answers_fail_a_statement_only_until_they_arrive(void **state)
{
    struct op op = sql_client_statement("select 'd'");
    struct op again = op;

    (void)state;
    sql_client_wait_until(sql_client_is_up);
    proxy.drops_answers = true;
    op.timeout_ms = 1000;
    sql_client_perform(&op);
    assert_int_equal(op.error.kind, ERROR_DATABASE);
    proxy.drops_answers = false;
    do {
        again = sql_client_statement("select 'd'");
        sql_client_perform(&again);
    } while (again.error.kind == ERROR_DATABASE);
    assert_value(&again, "d");
}

static void sessions_that_are_cut_again_and_again_do_their_work(void **state)
{
    int done = 0;
    int64_t cut_us = clock_mono_us(), end_us = cut_us + 60000000;

    (void)state;
    while (done < 40 && clock_mono_us() < end_us) {
        struct op op = sql_client_statement("select 'c' from pg_sleep(0.02)");

        sql_client_perform(&op);
        assert_true(op.error.kind == ERROR_NONE || op.error.kind == ERROR_DATABASE);
        done += op.error.kind == ERROR_NONE;
        op_clear(&op);
        if (clock_mono_us() - cut_us > 400000) {
            tcp_proxy_cut(&proxy);
            cut_us = clock_mono_us();
        }
    }
    assert_int_equal(done, 40);
}

/* -- the listen connection --------------------------------------------------------------------- */

static bool holds_lock(void)
{
    return sql_lock_held(client.sql);
}

static bool holds_no_lock(void)
{
    return !sql_lock_held(client.sql);
}

static int locks_held(void)
{
    return count_of("select count(*) from pg_locks l join pg_stat_activity a using (pid) where "
                    "l.locktype = 'advisory' and l.objid = 77 and a.application_name = 'under "
                    "test'");
}

static void the_lock_is_requested_until_it_is_granted(void **state)
{
    (void)state;
    sql_free(client.sql);
    client.sql = NULL;
    while (locks_held() > 0) {
        wait_ms(50);
    }
    sql_client_run_directly("select pg_advisory_lock(77)");
    sql_client_connect();
    sql_client_wait_until(sql_client_listens);
    wait_ms(1500);
    assert_true(holds_no_lock());
    sql_client_run_directly("select pg_advisory_unlock(77)");
    sql_client_wait_until(holds_lock);
}

static void a_terminated_listen_session_gets_its_lock_back(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        sql_client_wait_until(holds_lock);
        assert_int_equal(locks_held(), 1);
        sql_client_run_directly("select pg_terminate_backend(l.pid, 5000) from pg_locks l "
                                "where l.locktype = 'advisory' and l.objid = 77");
        sql_client_wait_until(holds_no_lock);
    }
    sql_client_wait_until(holds_lock);
}

static bool is_not_listening(void)
{
    return !sql_listening(client.sql);
}

/* The server holds the frozen sessions, and with them the lock, for connected. */
static void a_frozen_listen_session_is_noticed_and_replaced(void **state)
{
    (void)state;
    sql_client_wait_until(holds_lock);
    proxy.frozen = proxy.sessions;
    sql_client_wait_until(is_not_listening);
    sql_client_wait_until(sql_client_listens);
    assert_true(holds_no_lock());
    assert_true(sql_client_is_up());
    sql_client_run_directly("select pg_terminate_backend(l.pid, 5000) from pg_locks l "
                            "where l.locktype = 'advisory' and l.objid = 77");
    sql_client_wait_until(holds_lock);
    proxy.frozen = 0;
}

static int start(void **state)
{
    static struct database_url route;
    struct error err;
    char url[120];

    if (sql_client_start(state) != 0) {
        return -1;
    }
    snprintf(proxy.socket_path, sizeof proxy.socket_path, "%s/.s.PGSQL.5432",
             client.cluster.folder);
    if (!tcp_proxy_start(&proxy)) {
        return -1;
    }
    snprintf(url, sizeof url, "postgres://postgres@127.0.0.1:%d/postgres", proxy.port);
    client.route = &route;
    client.proof_ms = 500;
    return database_url_read(url, &route, &err) ? 0 : -1;
}

static int stop(void **state)
{
    tcp_proxy_stop(&proxy);
    return sql_client_stop(state);
}

int main(void)
{
#define EACH(test) cmocka_unit_test_setup_teardown(test, sql_client_set_up, sql_client_tear_down)
    const struct CMUnitTest tests[] = {
        EACH(a_locked_row_delays_only_statements_that_need_it),
        EACH(a_statement_that_waits_too_long_leaves_no_backend_behind),
        EACH(limits_of_the_role_are_replaced),
        EACH(a_changed_column_type_needs_only_a_fresh_connection),
        EACH(frozen_sessions_are_replaced),
        EACH(dropped_answers_fail_a_statement_only_until_they_arrive),
        EACH(sessions_that_are_cut_again_and_again_do_their_work),
        EACH(the_lock_is_requested_until_it_is_granted),
        EACH(a_terminated_listen_session_gets_its_lock_back),
        EACH(a_frozen_listen_session_is_noticed_and_replaced),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
