/* Time windows count every request once. Drift is detected, and rarely reported without cause. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "base/random.h"
#include "bench/report/series.h"

static struct load_plan plan = { .target_count = 1, .concurrency = 4, .seed = 7 };
static struct run_progress progress = { .first_us = 0, .stopped_us = 100000000 };
static struct samples samples;

static void add(enum outcome outcome, double due, double took)
{
    struct sample sample = { .sequence = (int)samples.count,
                             .outcome = outcome,
                             .due_us = (int64_t)(due * 1e6),
                             .started_us = (int64_t)(due * 1e6),
                             .ended_us = (int64_t)((due + took) * 1e6) };

    samples_add(&samples, &sample);
}

static int tear_down(void **state)
{
    (void)state;
    samples_free(&samples);
    return 0;
}

/* 200 requests over 100 s, one each 0.5 s, each 1 s long; from 50 s on every fourth is a 429. */
static void each_request_is_in_one_window(void **state)
{
    size_t due = 0, usable = 0, limited = 0;
    struct series series;

    (void)state;
    for (int i = 0; i < 200; i++) {
        add(i >= 100 && i % 4 == 0 ? OUTCOME_RATE_LIMITED
            : i % 50 == 7          ? OUTCOME_SHED
                                   : OUTCOME_OK,
            i * 0.5, i % 50 == 7 ? 0 : 1);
    }
    series_make(&plan, &progress, &samples, 0, &series);
    assert_int_equal(series.count, WINDOWS_MAX);
    assert_true(series.windows[0].from == 0 && series.windows[WINDOWS_MAX - 1].to == 100);
    for (int i = 0; i < series.count; i++) {
        const struct time_window *window = &series.windows[i];

        assert_true(i == 0 || window->from == series.windows[i - 1].to);
        assert_int_equal(window->due, window->usable + window->failed + window->shed);
        assert_true(fabs(window->p50 - 1) < 1e-9 && isnan(window->p95));
        assert_true(window->in_flight > 1 && window->in_flight < 2.01);
        assert_true(fabs(window->due_rate - 2) < 0.5);
        due += window->due;
        usable += window->usable;
        limited += window->rate_limited;
    }
    assert_int_equal(due, 200);
    assert_int_equal(limited, 25);
    assert_int_equal(usable, 171);
    assert_true(series.first_429_at == 50);
    assert_false(series.drift.significant);
    assert_int_equal(series.halves[0] + series.halves[1], 171);
}

/* An answer counts for the usable rate of the window in which it ended. */
static void usable_rate_counts_answers_where_they_ended(void **state)
{
    struct series series;
    double sum = 0;

    (void)state;
    for (int i = 0; i < 160; i++) {
        add(OUTCOME_OK, i * 0.25, 50);
    }
    series_make(&plan, &progress, &samples, 0, &series);
    for (int i = 0; i < series.count; i++) {
        assert_true(series.windows[i].to > 50 || series.windows[i].usable_rate == 0);
        sum += series.windows[i].usable_rate * (series.windows[i].to - series.windows[i].from);
    }
    assert_true(fabs(sum - 160) < 1e-6);
}

static int drifts_of(double later, int rounds)
{
    uint64_t random = 11;
    int significant = 0;

    for (int round = 0; round < rounds; round++) {
        struct series series;

        for (int i = 0; i < 100; i++) {
            add(OUTCOME_OK, i, 5 * exp(0.5 * random_normal(&random)) * (i < 50 ? 1 : later));
        }
        series_make(&plan, &progress, &samples, 0, &series);
        assert_true(series.drift.known);
        significant += series.drift.significant;
        assert_true(!series.drift.significant || later == 1 || series.drift.value > 0);
        samples_free(&samples);
    }
    return significant;
}

static void drift_is_detected_at_the_stated_rate(void **state)
{
    (void)state;
    assert_in_range(drifts_of(1, 200), 0, 20); /* 5 % plus 3 standard deviations */
    assert_in_range(drifts_of(1.6, 200), 150, 200);
}

static void too_few_requests_have_no_windows(void **state)
{
    struct series series;

    (void)state;
    series_make(&plan, &progress, &samples, 0, &series);
    assert_int_equal(series.count, 0);
    for (int i = 0; i < 40; i++) { /* all due at the same time */
        add(OUTCOME_OK, 0, 1);
    }
    progress.stopped_us = 0;
    series_make(&plan, &progress, &samples, 0, &series);
    assert_int_equal(series.count, 0);
    assert_false(series.drift.known);
    progress.first_us = -1; /* no measured request was due */
    series_make(&plan, &progress, &samples, 0, &series);
    assert_int_equal(series.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(each_request_is_in_one_window, tear_down),
        cmocka_unit_test_teardown(usable_rate_counts_answers_where_they_ended, tear_down),
        cmocka_unit_test_teardown(drift_is_detected_at_the_stated_rate, tear_down),
        cmocka_unit_test_teardown(too_few_requests_have_no_windows, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
