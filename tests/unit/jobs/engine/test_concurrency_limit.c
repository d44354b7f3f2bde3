/* test_concurrency_limit.c - the number of calls in flight follows the provider's load. */
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
    concurrency_limit_init(&limit, 4);
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
    concurrency_limit_init(&limit, 9);
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
    concurrency_limit_init(&limit, 4);
    assert_true(concurrency_limit_admit(&limit, 0));
    concurrency_limit_call_ended(&limit, &busy, 0, 100);
    assert_false(concurrency_limit_admit(&limit, 799));
    assert_true(concurrency_limit_admit(&limit, 800));
}

/* A longer Retry-After stops the model, not its provider: see service_state.h. */
static void a_retry_after_of_more_than_a_minute_delays_no_other_call(void **state)
{
    struct error busy = { .kind = ERROR_BUSY, .retry_ms = 3600 * 1000 };
    struct concurrency_limit limit;

    (void)state;
    concurrency_limit_init(&limit, 4);
    assert_true(concurrency_limit_admit(&limit, 0));
    concurrency_limit_call_ended(&limit, &busy, 0, 100);
    assert_true(concurrency_limit_admit(&limit, 101));
}

static void a_stopped_call_does_not_change_the_level(void **state)
{
    struct error stopped = { .kind = ERROR_STOPPED };
    struct concurrency_limit limit;

    (void)state;
    concurrency_limit_init(&limit, 4);
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
        cmocka_unit_test(a_retry_after_of_more_than_a_minute_delays_no_other_call),
        cmocka_unit_test(a_stopped_call_does_not_change_the_level),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
