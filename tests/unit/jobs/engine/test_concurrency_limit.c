/* test_limit.c - how many calls a provider gets: finds its level, pauses, revives. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "jobs/engine/concurrency_limit.h"

static const struct error well = { .kind = ERROR_NONE };

static void never_more_than_its_level(void **state)
{
    struct concurrency_limit limit;
    int admitted = 0;

    (void)state;
    concurrency_limit_init(&limit, 4, 1000);
    while (admitted < 10 && concurrency_limit_admit(&limit, 0)) {
        admitted++;
    }
    assert_int_equal(admitted, 4);
    concurrency_limit_call_ended(&limit, &well, 0, 10);
    assert_true(concurrency_limit_admit(&limit, 10));
    assert_false(concurrency_limit_admit(&limit, 10));
}

static void falls_once_a_round_trip(void **state)
{
    struct error busy = { .kind = ERROR_BUSY };
    struct concurrency_limit limit;

    (void)state;
    concurrency_limit_init(&limit, 9, 1000);
    for (int i = 0; i < 9; i++) {
        assert_true(concurrency_limit_admit(&limit, 100));
    }
    for (int i = 0; i < 9; i++) { /* all were on their way when the first was turned away */
        concurrency_limit_call_ended(&limit, &busy, 100, 200 + i);
    }
    assert_true(limit.level > 5.9 && limit.level < 6.1);
    assert_true(concurrency_limit_admit(&limit, 300));
    concurrency_limit_call_ended(&limit, &busy, 300, 400); /* news */
    assert_true(limit.level > 3.9 && limit.level < 4.1);
    for (int i = 0; i < 100; i++) {
        assert_true(concurrency_limit_admit(&limit, 500));
        concurrency_limit_call_ended(&limit, &well, 500, 500);
    }
    assert_true(limit.level >= 9);
}

static void keeps_to_retry_after(void **state)
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

static void pauses_longer_each_time_and_probes_alone(void **state)
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
    assert_int_equal(limit.pause_ms, 1000); /* three answers to calls of one time: one pause */
    assert_true(concurrency_limit_paused(&limit, 1009));
    assert_false(concurrency_limit_paused(&limit, 1010));
    assert_true(concurrency_limit_admit(&limit, 1010));
    assert_false(concurrency_limit_admit(&limit, 1010)); /* the probe goes alone */
    concurrency_limit_call_ended(&limit, &empty, 1010, 1020);
    assert_int_equal(limit.pause_ms, 2000);
    assert_false(concurrency_limit_admit(&limit, 3000));
    assert_true(concurrency_limit_admit(&limit, 3020));
    concurrency_limit_call_ended(&limit, &well, 3020, 3030);
    assert_true(concurrency_limit_admit(&limit, 3030));
    assert_true(concurrency_limit_admit(&limit, 3030));
}

static void stopping_says_nothing_of_the_provider(void **state)
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
        cmocka_unit_test(never_more_than_its_level),
        cmocka_unit_test(falls_once_a_round_trip),
        cmocka_unit_test(keeps_to_retry_after),
        cmocka_unit_test(pauses_longer_each_time_and_probes_alone),
        cmocka_unit_test(stopping_says_nothing_of_the_provider),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
