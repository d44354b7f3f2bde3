/* sql_client.c - a private Postgres for each test program, a loop and connections for each test. */
#include "lib/sql_client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"

struct sql_client client;

static bool beginning;

static const char script[] =
    "create schema darkroom;"
    "create function darkroom.remaining_jobs(command text) returns text language plpgsql as $$"
    " declare answer text; begin if command is null then return null; end if;"
    " execute command into answer; return answer; end $$";

int sql_client_start(void **state)
{
    struct error err;

    (void)state;
    if (!private_postgres_start(&client.cluster, NULL, &err) ||
        !database_url_read(client.cluster.url, &client.url, &err)) {
        fprintf(stderr, "%s\n", err.text);
        return -1;
    }
    client.session = sql_open(&client.url, "other session", &err);
    return client.session && sql_script(client.session, script, &err) ? 0 : -1;
}

int sql_client_stop(void **state)
{
    (void)state;
    sql_close(client.session);
    database_url_free(&client.url);
    private_postgres_stop(&client.cluster);
    return 0;
}

static void wake(void *context)
{
    (void)context;
    client.woken++;
}

bool sql_client_is_up(void)
{
    return sql_connected(client.sql);
}

bool sql_client_listens(void)
{
    return sql_listening(client.sql);
}

/* Waits until it returns true, at most a minute. */
void sql_client_wait_until(bool (*condition)(void))
{
    int64_t end = clock_mono_us() + 60000000;

    while (!condition() && clock_mono_us() < end) {
        loop_wait(client.loop, 50);
    }
    assert_true(condition());
}

void sql_client_connect(void)
{
    struct sql_config config = { .url = client.route ? client.route : &client.url,
                                 .application_name = "under test",
                                 .channel = "darkroom_test",
                                 .connections = client.connections,
                                 .proof_ms = client.proof_ms,
                                 .lock_key = 77 };

    sql_free(client.sql);
    client.sql = sql_new(client.loop, &config);
    sql_on_notify(client.sql, wake, NULL);
}

int sql_client_set_up(void **state)
{
    struct error err;

    (void)state;
    client.ended = client.woken = 0;
    client.order[0] = '\0';
    client.sql = NULL;
    client.loop = loop_new(2, &err);
    if (!client.loop) {
        return -1;
    }
    sql_client_connect();
    return 0;
}

int sql_client_tear_down(void **state)
{
    (void)state;
    sql_free(client.sql);
    client.sql = NULL;
    loop_free(client.loop);
    return 0;
}

static void done(struct op *op, void *context)
{
    (void)op;
    assert_false(beginning); /* must not be called within begin */
    client.ended++;
    if (context) {
        strcat(client.order, context);
    }
}

void sql_client_begin(struct op *op, const char *letter)
{
    beginning = true;
    sql_begin(client.sql, op, done, (void *)(intptr_t)letter);
    beginning = false;
}

void sql_client_wait(int count)
{
    int64_t end = clock_mono_us() + 60000000;

    while (client.ended < count && clock_mono_us() < end) {
        loop_wait(client.loop, 50);
    }
    assert_int_equal(client.ended, count);
}

struct op sql_client_statement(const char *text)
{
    struct op op = { .kind = OP_SQL, .sql.statement = "remaining_jobs" };

    op_param(&op, text);
    return op;
}

void sql_client_perform(struct op *op)
{
    int before = client.ended;

    sql_client_begin(op, NULL);
    sql_client_wait(before + 1);
}

void assert_value(struct op *op, const char *want)
{
    assert_string_equal(op->error.text, "");
    assert_int_equal(op->sql_result.value.size, strlen(want));
    if (*want) {
        assert_string_equal((const char *)op->sql_result.value.data, want);
    }
    op_clear(op);
}

/* Runs SQL over another connection. */
void sql_client_run_directly(const char *text)
{
    struct error err;

    if (!sql_script(client.session, text, &err)) {
        fail_msg("%s: %s", text, err.text);
    }
}
