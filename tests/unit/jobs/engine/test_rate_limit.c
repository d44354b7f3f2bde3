/* test_rate.c - what a provider takes a minute is what it gets: no more, and hardly less. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "jobs/engine/rate_limit.h"

/* Asks every `turn_ms`; returns how many went in `ms`, and the most in any 250 ms. */
static int count(struct rate_limiter *rate, int ms, int turn_ms, int *most)
{
    int went = 0, at[10000];

    *most = 0;
    for (int now = 1000; now < 1000 + ms; now += turn_ms) {
        while (went < 10000 && rate_limit_admits(rate, now)) {
            rate_limit_take(rate, now);
            at[went++] = now;
        }
    }
    for (int i = 0; i < went; i++) {
        int near = 0;

        for (int k = i; k < went && at[k] < at[i] + 250; k++) {
            near++;
        }
        *most = near > *most ? near : *most;
    }
    return went;
}

static void as_many_as_told(void **state)
{
    struct rate_limiter rate = { 0 };
    int most, went;

    (void)state;
    rate_limit_update(&rate, 1200, -1, 0); /* one every 50 ms */
    went = count(&rate, 60000, 10, &most);
    assert_true(went <= 1200 && went >= 1150);
    assert_true(most <= 5 + 2); /* five are due in 250 ms, and a little may be caught up */
    rate.next_ms = 0;
    went = count(&rate, 60000, 23, &most); /* turns that fit badly cost nothing */
    assert_true(went <= 1200 && went >= 1150);
}

static void slow_ones_never_bunch(void **state)
{
    struct rate_limiter rate = { 0 };
    int most;

    (void)state;
    rate_limit_update(&rate, 5, -1, 0); /* of images, in the lowest tier */
    assert_int_equal(count(&rate, 60000, 10, &most), 5);
    assert_int_equal(most, 1);
}

static void what_remains_may_go_at_once(void **state)
{
    struct rate_limiter rate = { 0 };
    int64_t first;

    (void)state;
    rate_limit_take(&rate, 1000);
    first = rate.total_sent;
    rate_limit_take(&rate, 1000); /* its answer has not come: it may not be counted */
    rate_limit_update(&rate, 50, 9, first);
    for (int i = 0; i < 7; i++) {
        assert_true(rate_limit_admits(&rate, 2000));
        rate_limit_take(&rate, 2000);
    }
    assert_false(
        rate_limit_admits(&rate, 2000)); /* one is left in reserve; from here on by the clock */
    rate_limit_update(&rate, 50, 40, rate.total_sent);
    assert_true(rate_limit_admits(&rate, 2000));
    rate_limit_rejected(&rate, 2000);
    assert_false(rate_limit_admits(&rate, 2000));
    rate_limit_update(&rate, 50, INT64_MAX, rate.total_sent); /* never more than a minute's */
    assert_int_equal(rate.burst, 49);
}

static void one_turned_away_keeps_others_back(void **state)
{
    struct rate_limiter rate = { 0 };

    (void)state;
    rate_limit_update(&rate, 600, -1, 0);
    rate_limit_take(&rate, 1000);
    rate_limit_rejected(&rate, 1100);
    assert_false(rate_limit_admits(&rate, 1500));
    assert_true(rate_limit_admits(&rate, 1650));
    assert_true(rate_limit_wait_ms(&rate, 1100) > 500 && rate_limit_wait_ms(&rate, 1100) < 520);
    assert_int_equal(rate_limit_wait_ms(&rate, 1700), 0);
}

static void nobody_told_nobody_waits(void **state)
{
    static const int64_t no_numbers[] = { 0, -1, INT64_MAX, 1000001 };
    struct rate_limiter rate = { 0 };

    (void)state;
    for (int i = 0; i < 4; i++) {
        rate_limit_update(&rate, no_numbers[i], -1, 0);
    }
    for (int i = 0; i < 1000; i++) {
        assert_true(rate_limit_admits(&rate, 5));
        rate_limit_take(&rate, 5);
    }
    rate_limit_update(&rate, 60, -1, 0); /* those before are forgotten */
    assert_true(rate_limit_admits(&rate, 5));
    rate_limit_take(&rate, 5);
    assert_false(rate_limit_admits(&rate, 6));
    rate_limit_update(&rate, -1, -1, 0);
    assert_false(rate_limit_admits(&rate, 6));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_many_as_told),
        cmocka_unit_test(slow_ones_never_bunch),
        cmocka_unit_test(what_remains_may_go_at_once),
        cmocka_unit_test(one_turned_away_keeps_others_back),
        cmocka_unit_test(nobody_told_nobody_waits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
