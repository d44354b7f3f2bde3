/* Answers that wait to be judged: in memory, on disk, and by whom they are taken there. */
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

static struct { /* the background: what it was given, and has not begun */
    struct work_request ask;
    void (*done)(void *context, const struct error *err);
    void *context;
} given[REQUESTS * 2];
static int given_count, judged_count, aborted_count;
static struct bench_request *requests;

static void give(void *context, const struct work_request *ask,
                 void (*done)(void *context, const struct error *err), void *done_context)
{
    (void)context;
    given[given_count].ask = *ask;
    given[given_count].done = done;
    given[given_count++].context = done_context;
}

static void evaluated(struct bench_request *request)
{
    judged_count++;
    aborted_count += request->sample.outcome == OUTCOME_ABORTED;
    blob_free(&request->op.http_response.body);
}

static struct backlog *backlog_of(size_t memory_bytes, size_t spill_now_bytes)
{
    struct run_clock run_clock = { .work = give, .max_parallel = 2 };
    struct backlog_limits limits = { .memory_bytes = memory_bytes,
                                     .spill_now_bytes = spill_now_bytes,
                                     .full_bytes = 900 };

    return backlog_new(&run_clock, &limits, evaluated);
}

static int set_up(void **state)
{
    (void)state;
    given_count = judged_count = aborted_count = 0;
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

/* Bodies that have their bytes in memory. */
static int memory_bytes(void)
{
    int count = 0;

    for (int i = 0; i < REQUESTS; i++) {
        count += requests[i].op.http_response.body.data != NULL;
    }
    return count;
}

/* Without this a thousand answers that come at once are in memory before the disk's turn. */
static void the_loop_puts_aside_what_the_background_is_late_with(void **state)
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
    assert_int_equal(given_count, 2); /* one to be judged, one to be put aside: the first, both */
    assert_ptr_equal(given[1].ask.arg, &requests[1]);
    assert_true(given[1].ask.run(given[1].ask.arg, &none)); /* the background has its turn */
    given[1].done(given[1].context, &none);
    assert_int_equal(memory_bytes(), 4);
    assert_int_equal(given_count, 3); /* and goes on, as 300 are allowed to stay */
    backlog_drop(backlog);
    assert_int_equal(judged_count, REQUESTS - 2); /* but those in the background's hands */
    assert_int_equal(aborted_count, judged_count);
    backlog_free(backlog);
}

static void memory_holds_what_is_within_its_bound(void **state)
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
        cmocka_unit_test_setup_teardown(the_loop_puts_aside_what_the_background_is_late_with,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(memory_holds_what_is_within_its_bound, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
