/* test_concurrency_limit.c - the number of calls in flight follows the provider's load, and a
 * rejected key or an empty account pauses the provider. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "jobs/engine/concurrency_limit.h"

static const struct error good = { .kind = ERROR_NONE };

static void no_more_calls_than_the_level_are_admitted(void **state)
{
    struct concurrency_limit limit;
    int admitted = 0;

    (void)state;
    concurrency_limit_init(&limit, 4, 1000);
    while (admitted < 10 && concurrency_limit_admit(&limit, 0)) {
        admitted++;
    }
    assert_int_equal(admitted, 4);
    concurrency_limit_call_ended(&limit, &good, 0, 10);
    assert_true(concurrency_limit_admit(&limit, 10));
    assert_false(concurrency_limit_admit(&limit, 10));
}

static void level_falls_once_per_round_trip(void **state)
{
    struct error busy = { .kind = ERROR_BUSY };
    struct concurrency_limit limit;

    (void)state;
    concurrency_limit_init(&limit, 9, 1000);
    for (int i = 0; i < 9; i++) {
        assert_true(concurrency_limit_admit(&limit, 100));
    }
    for (int i = 0; i < 9; i++) { /* all were sent before the first one was rejected */
        concurrency_limit_call_ended(&limit, &busy, 100, 200 + i);
    }
    assert_true(limit.level > 5.9 && limit.level < 6.1);
    assert_true(concurrency_limit_admit(&limit, 300));
    concurrency_limit_call_ended(&limit, &busy, 300, 400); /* sent after the decrease: it counts */
    assert_true(limit.level > 3.9 && limit.level < 4.1);
    for (int i = 0; i < 100; i++) {
        assert_true(concurrency_limit_admit(&limit, 500));
        concurrency_limit_call_ended(&limit, &good, 500, 500);
    }
    assert_true(limit.level >= 9);
}

static void no_call_is_admitted_before_retry_after(void **state)
{
    struct error busy = { .kind = ERROR_BUSY, .retry_ms = 700 };
    struct concurrency_limit limit;

    (void)state;
    concurrency_limit_init(&limit, 4, 1000);
    assert_true(concurrency_limit_admit(&limit, 0));
    concurrency_limit_call_ended(&limit, &busy, 0, 100);
    assert_false(concurrency_limit_admit(&limit, 799));
    assert_int_equal(concurrency_limit_wait_ms(&limit, 200), 600);
    assert_true(concurrency_limit_admit(&limit, 800));
}

static void pauses_double_and_end_with_a_single_probe(void **state)
{
    struct error empty = { .kind = ERROR_QUOTA };
    struct concurrency_limit limit;

    (void)state;
    concurrency_limit_init(&limit, 4, 1000);
    for (int i = 0; i < 3; i++) {
        assert_true(concurrency_limit_admit(&limit, 0));
    }
    for (int i = 0; i < 3; i++) {
        concurrency_limit_call_ended(&limit, &empty, 0, 10);
    }
    assert_int_equal(limit.pause_ms, 1000); /* three calls sent before the pause cause one pause */
    assert_true(concurrency_limit_paused(&limit, 1009));
    assert_false(concurrency_limit_paused(&limit, 1010));
    assert_true(concurrency_limit_admit(&limit, 1010));
    assert_false(concurrency_limit_admit(&limit, 1010)); /* only one probe is sent */
    concurrency_limit_call_ended(&limit, &empty, 1010, 1020);
    assert_int_equal(limit.pause_ms, 2000);
    assert_false(concurrency_limit_admit(&limit, 3000));
    assert_true(concurrency_limit_admit(&limit, 3020));
    concurrency_limit_call_ended(&limit, &good, 3020, 3030);
    assert_true(concurrency_limit_admit(&limit, 3030));
    assert_true(concurrency_limit_admit(&limit, 3030));
}

static void a_stopped_call_does_not_change_the_level(void **state)
{
    struct error stopped = { .kind = ERROR_STOPPED };
    struct concurrency_limit limit;

    (void)state;
    concurrency_limit_init(&limit, 4, 1000);
    assert_true(concurrency_limit_admit(&limit, 0));
    concurrency_limit_call_ended(&limit, &stopped, 0, 10);
    assert_int_equal(limit.in_flight, 0);
    assert_true(limit.level == 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_more_calls_than_the_level_are_admitted),
        cmocka_unit_test(level_falls_once_per_round_trip),
        cmocka_unit_test(no_call_is_admitted_before_retry_after),
        cmocka_unit_test(pauses_double_and_end_with_a_single_probe),
        cmocka_unit_test(a_stopped_call_does_not_change_the_level),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
