/* test_worker.c - what the worker sends to the database, in which order, with answers from a
 * script: trouble ends nothing, and leases are renewed before jobs are claimed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "jobs/worker/worker.h"

enum { MOST_SENT = 4000 };

static struct {
    struct performer performer; /* must be first */
    struct loop *loop;
    struct worker *worker;
    const char *sent[MOST_SENT]; /* names of the statements */
    int count;
    const char *fails; /* the next statement with this name fails; NULL: none */
    enum error_kind kind;
    const char *stop_after; /* stops the worker once this was sent after a failure; NULL: never */
    bool failed;
    int forgets; /* renewals that answer that the worker has no row */
} script;

struct answer {
    struct op *op;
    op_done_fn done;
    void *context;
    struct loop_timer *timer;
};

static const char *reply_to(const char *name)
{
    if (strcmp(name, "renew") == 0 && script.forgets > 0) {
        script.forgets--;
        script.failed = true;
        return "{\"kept\":[],\"registered\":false}";
    }
    return strcmp(name, "claim") == 0            ? "{\"jobs\":[]}"
           : strcmp(name, "renew") == 0          ? "{\"kept\":[]}"
           : strcmp(name, "remaining_jobs") == 0 ? "{\"ready\":0,\"waiting\":0,\"running\":0,"
                                                   "\"nextMs\":-1}"
                                                 : "{\"done\":true}";
}

static void end_op(void *context)
{
    struct answer *answer = context;
    struct op *op = answer->op;
    const char *name = op->sql.statement, *reply = reply_to(name);
    struct error err;

    if (script.fails && strcmp(script.fails, name) == 0) {
        script.fails = NULL;
        script.failed = true;
        error_set(&op->error, script.kind, "trouble");
    } else if (!blob_copy(&op->sql_result.value, reply, strlen(reply) + 1, &err)) {
        FATAL("out of memory");
    } else {
        op->sql_result.value.size--;
    }
    loop_timer_free(answer->timer);
    answer->done(op, answer->context);
    free(answer);
}

static void begin(struct performer *self, struct op *op, op_done_fn done, void *context)
{
    struct answer *answer = xcalloc(1, sizeof *answer);
    const char *name = op->sql.statement;

    (void)self;
    if (script.count < MOST_SENT) {
        script.sent[script.count++] = name;
    }
    if (script.stop_after && (script.failed || !script.fails) &&
        strcmp(name, script.stop_after) == 0) {
        worker_stop(script.worker);
    }
    *answer = (struct answer){ .op = op, .done = done, .context = context };
    answer->timer = loop_timer_new(script.loop, end_op, answer);
    loop_timer_start(answer->timer, 1, 0);
}

static void cancel(struct performer *self, struct op *op)
{
    (void)self;
    (void)op;
}

static int64_t now_ms(struct performer *self)
{
    (void)self;
    return clock_mono_us() / 1000;
}

static void give_up(void *context)
{
    (void)context;
    fail_msg("the worker did not end");
}

/* Runs a worker until the script stops it. */
static void run(void)
{
    static struct job_context job_context = { .worker = "w", .spool = "/nonexistent" };
    struct worker_config config = {
        .lease_ms = 60000, .poll_ms = 3600000, .grace_ms = 1000, .lock_key = 7
    };
    struct loop_timer *limit;
    struct error err;

    script.performer = (struct performer){ .begin = begin, .cancel = cancel, .now_ms = now_ms };
    script.loop = loop_new(1, &err);
    assert_non_null(script.loop);
    limit = loop_timer_new(script.loop, give_up, NULL);
    loop_timer_start(limit, 60000, 0);
    config.loop = script.loop;
    config.performer = &script.performer;
    config.engine = (struct engine_config){ .performer = &script.performer,
                                            .job_context = &job_context,
                                            .max_jobs = 4,
                                            .max_calls_per_provider = 4 };
    script.worker = worker_new(&config);
    assert_true(worker_run(script.worker, &err));
    worker_free(script.worker);
    loop_timer_free(limit);
    loop_free(script.loop);
}

static int set_up(void **state)
{
    (void)state;
    memset(&script, 0, sizeof script);
    log_setup(LOG_TEXT, LOG_ERROR);
    return 0;
}

/* Position of the first statement with this name at or after `from`; -1 if there is none. */
static int position_of(const char *name, int from)
{
    for (int i = from; i < script.count; i++) {
        if (strcmp(script.sent[i], name) == 0) {
            return i;
        }
    }
    return -1;
}

static void a_worker_registers_claims_and_deregisters(void **state)
{
    (void)state;
    script.stop_after = "claim";
    run();
    assert_int_equal(position_of("register", 0), 0);
    assert_true(position_of("claim", 0) > 0);
    assert_string_equal(script.sent[script.count - 1], "deregister");
}

static void trouble_of_the_database_ends_no_worker(void **state)
{
    static const enum error_kind kinds[] = { ERROR_DATABASE, ERROR_CONFIG, ERROR_INTERNAL,
                                             ERROR_INPUT, ERROR_REMOTE };
    static const char *const statements[] = { "register", "claim", "renew" };

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        for (size_t k = 0; k < sizeof statements / sizeof *statements; k++) {
            set_up(state);
            script.fails = statements[k];
            script.kind = kinds[i];
            script.stop_after = "claim";
            run();
            assert_true(script.failed);
            assert_string_equal(script.sent[script.count - 1], "deregister");
        }
    }
}

static void after_trouble_leases_are_renewed_before_jobs_are_claimed(void **state)
{
    int failed, renewed, returned;

    (void)state;
    script.fails = "claim";
    script.kind = ERROR_DATABASE;
    script.stop_after = "claim";
    run();
    failed = position_of("claim", 0);
    renewed = position_of("renew", failed);
    returned = position_of("return_unknown_jobs", failed);
    assert_true(failed < renewed);
    assert_true(renewed < returned); /* jobs of the claim whose reply was lost */
    assert_true(returned < position_of("claim", failed + 1));
}

static void a_worker_whose_row_was_removed_registers_again(void **state)
{
    int renewed, registered;

    (void)state;
    script.fails = "none"; /* `failed` is set by the reply to the renewal */
    script.forgets = 1;
    script.stop_after = "renew";
    run();
    renewed = position_of("renew", 0);
    registered = position_of("register", renewed);
    assert_true(renewed > 0);
    assert_true(registered > renewed);
    assert_true(registered < position_of("renew", renewed + 1));
    assert_string_equal(script.sent[script.count - 1], "deregister");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_worker_registers_claims_and_deregisters, set_up),
        cmocka_unit_test_setup(trouble_of_the_database_ends_no_worker, set_up),
        cmocka_unit_test_setup(a_worker_whose_row_was_removed_registers_again, set_up),
        cmocka_unit_test_setup(after_trouble_leases_are_renewed_before_jobs_are_claimed, set_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
