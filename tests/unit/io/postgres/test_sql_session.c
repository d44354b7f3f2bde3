/* test_sql_session.c - the blocking connection of commands: no wait is without an end, and a signal
 * ends it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "lib/sql_client.h"
#include "lib/tcp_proxy.h"

enum { LIMIT_MS = 500, LONG_US = 60 * 1000000 };

static struct tcp_proxy proxy;
static struct database_url route; /* through the proxy */
static volatile sig_atomic_t stop;
static int64_t began_us;

static int set_up(void **state)
{
    char text[200];
    struct error err;

    (void)state;
    memset(&proxy, 0, sizeof proxy);
    snprintf(proxy.socket_path, sizeof proxy.socket_path, "%.100s/.s.PGSQL.5432",
             client.cluster.folder);
    if (!tcp_proxy_start(&proxy)) {
        return -1;
    }
    snprintf(text, sizeof text, "postgresql://postgres@127.0.0.1:%d/postgres?sslmode=disable",
             proxy.port);
    stop = 0;
    began_us = clock_mono_us();
    return database_url_read(text, &route, &err) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    tcp_proxy_stop(&proxy);
    database_url_free(&route);
    return 0;
}

static void *request_stop(void *arg)
{
    (void)arg;
    usleep(LIMIT_MS * 1000);
    stop = 1;
    return NULL;
}

static struct sql_session *open_session(void)
{
    struct error err;
    struct sql_session *session = sql_open_stoppable(&route, "session", &stop, &err);

    if (!session) {
        fail_msg("%s", err.text);
    }
    return session;
}

static void statement_of_a_server_that_does_not_answer_ends_at_its_limit(void **state)
{
    struct sql_session *session = open_session();
    struct error err;

    (void)state;
    sql_limit_statements(session, LIMIT_MS);
    proxy.frozen = 1 << 30;
    assert_false(sql_query(session, "select 1 where true", 0, NULL, NULL, &err));
    assert_int_equal(err.kind, ERROR_DATABASE);
    assert_non_null(strstr(err.text, "did not execute a statement"));
    assert_string_equal(sql_last_state(session), "");
    proxy.frozen = 0; /* the late answer is not taken for that of the next statement */
    assert_false(sql_query(session, "select 2 where true", 0, NULL, NULL, &err));
    assert_int_equal(err.kind, ERROR_DATABASE);
    assert_true(clock_mono_us() - began_us < LONG_US);
    sql_close(session);
}

static void session_is_usable_after_a_cancelled_statement(void **state)
{
    struct sql_session *session = NULL;
    bool confirmed = false;
    struct error err;
    struct blob value;

    (void)state;
    for (int i = 0; i < 10 && !confirmed;
         i++) { /* on a loaded machine a confirmation may be late */
        sql_close(session);
        session = open_session();
        sql_limit_statements(session, LIMIT_MS);
        assert_false(sql_query(session, "select pg_sleep(300)", 0, NULL, NULL, &err));
        assert_int_equal(err.kind, ERROR_DATABASE);
        confirmed = sql_last_state(session)[0] != '\0';
    }
    assert_string_equal(sql_last_state(session), "57014");
    sql_limit_statements(session, 60000);
    assert_true(sql_query(session, "select 2 where true", 0, NULL, &value, &err));
    assert_string_equal((const char *)value.data, "2");
    blob_free(&value);
    sql_close(session);
}

static void stop_ends_a_statement(void **state)
{
    struct sql_session *session = open_session();
    pthread_t thread;
    struct error err;

    (void)state;
    pthread_create(&thread, NULL, request_stop, NULL);
    assert_false(sql_query(session, "select pg_sleep(300)", 0, NULL, NULL, &err));
    assert_int_equal(err.kind, ERROR_STOPPED);
    assert_true(clock_mono_us() - began_us < LONG_US);
    pthread_join(thread, NULL);
    sql_close(session);
}

static void stop_ends_connecting(void **state)
{
    pthread_t thread;
    struct error err;

    (void)state;
    proxy.frozen = 1 << 30;
    pthread_create(&thread, NULL, request_stop, NULL);
    assert_null(sql_open_stoppable(&route, "session", &stop, &err));
    assert_int_equal(err.kind, ERROR_STOPPED);
    pthread_join(thread, NULL);
}

static void statement_larger_than_the_buffers_is_sent_completely(void **state)
{
    enum { SIZE = 20 << 20 };
    struct sql_session *session = open_session();
    char *large = malloc(SIZE + 1);
    const char *params[] = { large };
    struct error err;
    struct blob value;

    (void)state;
    assert_non_null(large);
    memset(large, 'x', SIZE);
    large[SIZE] = '\0';
    assert_true(sql_query(session, "select $1::text || 'y'", 1, params, &value, &err));
    assert_int_equal(value.size, SIZE + 1);
    assert_int_equal(value.data[SIZE], 'y');
    blob_free(&value);
    free(large);
    sql_close(session);
}

static void connection_that_breaks_during_a_statement_is_reported(void **state)
{
    struct sql_session *session = open_session();
    struct error err;

    (void)state;
    assert_false(
        sql_query(session, "select pg_terminate_backend(pg_backend_pid())", 0, NULL, NULL, &err));
    assert_int_equal(err.kind, ERROR_DATABASE);
    tcp_proxy_cut(&proxy);
    assert_false(sql_query(session, "select 1 where true", 0, NULL, NULL, &err));
    assert_int_equal(err.kind, ERROR_DATABASE);
    sql_close(session);
}

static void script_stops_at_its_first_error(void **state)
{
    struct sql_session *session = open_session();
    struct error err;
    struct blob value;

    (void)state;
    assert_false(sql_script(session, "create table not_created (); select 1/0; select 1", &err));
    assert_string_equal(sql_last_state(session), "22012");
    assert_true(sql_script(session, "select 1; select 2; ", &err));
    assert_string_equal(sql_last_state(session), "");
    assert_true(sql_query(session, "select 1 where to_regclass('not_created') is not null", 0, NULL,
                          &value, &err));
    assert_int_equal(value.size, 0);
    sql_close(session);
}

int main(void)
{
#define EACH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        EACH(statement_of_a_server_that_does_not_answer_ends_at_its_limit),
        EACH(session_is_usable_after_a_cancelled_statement),
        EACH(stop_ends_a_statement),
        EACH(stop_ends_connecting),
        EACH(statement_larger_than_the_buffers_is_sent_completely),
        EACH(connection_that_breaks_during_a_statement_is_reported),
        EACH(script_stops_at_its_first_error),
    };

    return cmocka_run_group_tests(tests, sql_client_start, sql_client_stop);
}
