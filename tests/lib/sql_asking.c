/* sql_asking.c - a cluster a program, a loop and its connections a test. */
#include "lib/sql_asking.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"

struct sql_asking asking;

static bool beginning;

static const char script[] =
    "create schema darkroom;"
    "create function darkroom.left_over(command text) returns text language plpgsql as $$"
    " declare answer text; begin if command is null then return null; end if;"
    " execute command into answer; return answer; end $$";

int sql_asking_start(void **state)
{
    struct error err;

    (void)state;
    if (!private_postgres_start(&asking.cluster, NULL, &err) ||
        !database_url_read(asking.cluster.url, &asking.url, &err)) {
        fprintf(stderr, "%s\n", err.text);
        return -1;
    }
    asking.session = sql_open(&asking.url, "beside", &err);
    return asking.session && sql_script(asking.session, script, &err) ? 0 : -1;
}

int sql_asking_stop(void **state)
{
    (void)state;
    sql_close(asking.session);
    database_url_free(&asking.url);
    private_postgres_stop(&asking.cluster);
    return 0;
}

static void wake(void *context)
{
    (void)context;
    asking.woken++;
}

bool sql_asking_is_up(void)
{
    return sql_connected(asking.sql);
}

bool sql_asking_listens(void)
{
    return sql_listening(asking.sql);
}

/* Until it is so; at most ten seconds. */
void sql_asking_until(bool (*so)(void))
{
    int64_t end = clock_mono_us() + 10000000;

    while (!so() && clock_mono_us() < end) {
        loop_wait(asking.loop, 50);
    }
    assert_true(so());
}

int sql_asking_set_up(void **state)
{
    struct sql_config config = { .url = &asking.url,
                                 .application_name = "under test",
                                 .channel = "darkroom_test",
                                 .lock_key = 77 };
    struct error err;

    (void)state;
    asking.ended = asking.woken = 0;
    asking.order[0] = '\0';
    asking.loop = loop_new(2, &err);
    asking.sql = asking.loop ? sql_new(asking.loop, &config, &err) : NULL;
    if (!asking.sql) {
        return -1;
    }
    sql_on_notify(asking.sql, wake, NULL);
    return 0;
}

int sql_asking_tear_down(void **state)
{
    (void)state;
    sql_free(asking.sql);
    loop_free(asking.loop);
    return 0;
}

static void done(struct op *op, void *context)
{
    (void)op;
    assert_false(beginning); /* never from within begin */
    asking.ended++;
    if (context) {
        strcat(asking.order, context);
    }
}

void sql_asking_begin(struct op *op, const char *letter)
{
    beginning = true;
    sql_begin(asking.sql, op, done, (void *)(intptr_t)letter);
    beginning = false;
}

void sql_asking_wait(int count)
{
    int64_t end = clock_mono_us() + 20000000;

    while (asking.ended < count && clock_mono_us() < end) {
        loop_wait(asking.loop, 50);
    }
    assert_int_equal(asking.ended, count);
}

struct op sql_asking_command(const char *text)
{
    struct op op = { .kind = OP_SQL, .sql.statement = "remaining" };

    op_param(&op, text);
    return op;
}

void sql_asking_perform(struct op *op)
{
    int before = asking.ended;

    sql_asking_begin(op, NULL);
    sql_asking_wait(before + 1);
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

/* What another connection says, waited for. */
void sql_asking_beside(const char *text)
{
    struct error err;

    if (!sql_script(asking.session, text, &err)) {
        fail_msg("%s: %s", text, err.text);
    }
}
