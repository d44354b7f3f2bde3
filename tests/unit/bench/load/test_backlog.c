/* Responses that wait for evaluation: limits of memory, and moving bodies to disk. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "bench/load/backlog.h"
#include "bench/load/bench_request.h"

enum { ANSWER = 100, REQUESTS = 12 };

static struct { /* work submitted to the background and not yet started */
    struct work_request ask;
    void (*done)(void *context, const struct error *err);
    void *context;
} submitted[REQUESTS * 2];
static int submitted_count, evaluated_count, aborted_count;
static struct bench_request *requests;

static void submit(void *context, const struct work_request *ask,
                   void (*done)(void *context, const struct error *err), void *done_context)
{
    (void)context;
    submitted[submitted_count].ask = *ask;
    submitted[submitted_count].done = done;
    submitted[submitted_count++].context = done_context;
}

static void evaluated(struct bench_request *request)
{
    evaluated_count++;
    aborted_count += request->sample.outcome == OUTCOME_ABORTED;
    blob_free(&request->op.http_response.body);
}

static struct backlog *backlog_of(size_t memory_bytes, size_t spill_now_bytes)
{
    struct run_clock run_clock = { .work = submit, .max_parallel = 2 };
    struct backlog_limits limits = { .memory_bytes = memory_bytes,
                                     .spill_now_bytes = spill_now_bytes,
                                     .full_bytes = 900 };

    return backlog_new(&run_clock, &limits, evaluated);
}

static int set_up(void **state)
{
    (void)state;
    submitted_count = evaluated_count = aborted_count = 0;
    requests = calloc(REQUESTS, sizeof *requests);
    return requests ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    for (int i = 0; i < REQUESTS; i++) {
        blob_free(&requests[i].op.http_response.body);
    }
    free(requests);
    return 0;
}

static void add(struct backlog *backlog, int which)
{
    struct blob *body = &requests[which].op.http_response.body;
    struct error err;

    assert_true(blob_new(body, ANSWER, &err));
    memset(body->data, 'a' + which, body->size);
    backlog_add(backlog, &requests[which]);
}

/* Counts the bodies in memory. */
static int memory_bytes(void)
{
    int count = 0;

    for (int i = 0; i < REQUESTS; i++) {
        count += requests[i].op.http_response.body.data != NULL;
    }
    return count;
}

/* The loop itself moves bodies to disk if the background is too slow. */
static void the_loop_moves_bodies_to_disk_beyond_the_limit(void **state)
{
    struct backlog *backlog = backlog_of(300, 500);
    struct error none = { .kind = ERROR_NONE };

    (void)state;
    for (int i = 0; i < REQUESTS; i++) {
        add(backlog, i);
        assert_int_equal(memory_bytes(), i < 5 ? i + 1 : 5);
    }
    assert_int_equal(backlog_spilled(backlog), REQUESTS - 5);
    assert_int_equal(backlog_count(backlog), REQUESTS);
    assert_int_equal(submitted_count, 2); /* one to evaluate and one to move to disk */
    assert_ptr_equal(submitted[1].ask.arg, &requests[1]);
    assert_true(
        submitted[1].ask.run(submitted[1].ask.arg, &none)); /* the background completes its work */
    submitted[1].done(submitted[1].context, &none);
    assert_int_equal(memory_bytes(), 4);
    assert_int_equal(submitted_count, 3); /* and continues, since 300 bytes may stay in memory */
    backlog_drop(backlog);
    assert_int_equal(evaluated_count, REQUESTS - 2); /* all but those the background works on */
    assert_int_equal(aborted_count, evaluated_count);
    backlog_free(backlog);
}

static void bodies_within_the_limit_stay_in_memory(void **state)
{
    struct backlog *backlog = backlog_of(10000, 20000);

    (void)state;
    for (int i = 0; i < 9; i++) {
        assert_false(backlog_is_full(backlog));
        add(backlog, i);
    }
    assert_true(backlog_is_full(backlog)); /* 900 */
    assert_int_equal(backlog_spilled(backlog), 0);
    assert_int_equal(memory_bytes(), 9);
    backlog_drop(backlog);
    backlog_free(backlog);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_loop_moves_bodies_to_disk_beyond_the_limit, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(bodies_within_the_limit_stay_in_memory, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
