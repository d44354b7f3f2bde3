/* test_rate_limit.c - a model gets as many requests per minute as its provider allows: not more,
 * and hardly fewer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "jobs/engine/rate_limit.h"

/* Sends as many requests as are admitted, every `interval_ms` for `ms`. Returns how many, and in
 * *densest the most within 250 ms. */
static int count(struct rate_limiter *limiter, int ms, int interval_ms, int *densest)
{
    int sent = 0, at[10000];

    *densest = 0;
    for (int now = 1000; now < 1000 + ms; now += interval_ms) {
        while (sent < 10000 && rate_limit_admits(limiter, now)) {
            rate_limit_take(limiter, now);
            at[sent++] = now;
        }
    }
    for (int i = 0; i < sent; i++) {
        int near = 0;

        for (int k = i; k < sent && at[k] < at[i] + 250; k++) {
            near++;
        }
        *densest = near > *densest ? near : *densest;
    }
    return sent;
}

static void requests_follow_the_reported_limit(void **state)
{
    struct rate_limiter limiter = { 0 };
    int densest, sent;

    (void)state;
    rate_limit_update(&limiter, 1200, -1, 0); /* one every 50 ms */
    sent = count(&limiter, 60000, 10, &densest);
    assert_true(sent <= 1200 && sent >= 1150);
    assert_true(densest <= 5 + 2); /* five are due in 250 ms; two late ones may follow at once */
    limiter.next_ms = 0;
    sent = count(&limiter, 60000, 23,
                 &densest); /* a loop interval that does not divide 50 ms costs no requests */
    assert_true(sent <= 1200 && sent >= 1150);
}

static void at_a_low_limit_requests_are_never_close_together(void **state)
{
    struct rate_limiter limiter = { 0 };
    int densest;

    (void)state;
    rate_limit_update(&limiter, 5, -1, 0); /* images in OpenAI's lowest tier */
    assert_int_equal(count(&limiter, 60000, 10, &densest), 5);
    assert_int_equal(densest, 1);
}

static void reported_remaining_requests_may_be_sent_at_once(void **state)
{
    struct rate_limiter limiter = { 0 };
    int64_t first;

    (void)state;
    rate_limit_take(&limiter, 1000);
    first = limiter.total_sent;
    rate_limit_take(&limiter, 1000); /* still unanswered: the provider may not have counted it */
    rate_limit_update(&limiter, 50, 9, first);
    for (int i = 0; i < 7; i++) {
        assert_true(rate_limit_admits(&limiter, 2000));
        rate_limit_take(&limiter, 2000);
    }
    assert_false(
        rate_limit_admits(&limiter,
                          2000)); /* one is kept in reserve; the rest follow the interval */
    rate_limit_update(&limiter, 50, 40, limiter.total_sent);
    assert_true(rate_limit_admits(&limiter, 2000));
    rate_limit_rejected(&limiter, 2000);
    assert_false(rate_limit_admits(&limiter, 2000));
    rate_limit_update(&limiter, 50, INT64_MAX,
                      limiter.total_sent); /* capped at one minute's limit */
    assert_int_equal(limiter.burst, 49);
}

static void a_rejected_request_delays_the_next(void **state)
{
    struct rate_limiter limiter = { 0 };

    (void)state;
    rate_limit_update(&limiter, 600, -1, 0);
    rate_limit_take(&limiter, 1000);
    rate_limit_rejected(&limiter, 1100);
    assert_false(rate_limit_admits(&limiter, 1500));
    assert_true(rate_limit_admits(&limiter, 1650));
    assert_true(rate_limit_wait_ms(&limiter, 1100) > 500 &&
                rate_limit_wait_ms(&limiter, 1100) < 520);
    assert_int_equal(rate_limit_wait_ms(&limiter, 1700), 0);
}

static void without_a_reported_limit_nothing_waits(void **state)
{
    static const int64_t no_numbers[] = { 0, -1, INT64_MAX, 1000001 };
    struct rate_limiter limiter = { 0 };

    (void)state;
    for (int i = 0; i < 4; i++) {
        rate_limit_update(&limiter, no_numbers[i], -1, 0);
    }
    for (int i = 0; i < 1000; i++) {
        assert_true(rate_limit_admits(&limiter, 5));
        rate_limit_take(&limiter, 5);
    }
    rate_limit_update(&limiter, 60, -1, 0); /* requests before the first report are not counted */
    assert_true(rate_limit_admits(&limiter, 5));
    rate_limit_take(&limiter, 5);
    assert_false(rate_limit_admits(&limiter, 6));
    rate_limit_update(&limiter, -1, -1, 0);
    assert_false(rate_limit_admits(&limiter, 6));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_follow_the_reported_limit),
        cmocka_unit_test(at_a_low_limit_requests_are_never_close_together),
        cmocka_unit_test(reported_remaining_requests_may_be_sent_at_once),
        cmocka_unit_test(a_rejected_request_delays_the_next),
        cmocka_unit_test(without_a_reported_limit_nothing_waits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
