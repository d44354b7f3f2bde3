/* Results of a target: outcomes are separate, warm-ups count only for cost, costs are complete. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/report/summary.h"

static const struct target target = { .name = "t" };
static const struct load_plan plan = { .targets = &target, .target_count = 1, .concurrency = 2 };
static struct run_progress progress = { .first_us = 0,
                                        .stopped_us = 8000000,
                                        .ended_us = 10000000 };
static struct samples samples;
static struct target_summary summary;

static void add(enum outcome outcome, int64_t due_us, int64_t took_us, int64_t cost, bool warm_up)
{
    struct sample sample = { .sequence = (int)samples.count,
                             .outcome = outcome,
                             .warm_up = warm_up,
                             .due_us = due_us,
                             .started_us = due_us + 1000,
                             .ended_us = due_us + took_us,
                             .read_us = 500,
                             .check_us = 1500,
                             .status = outcome == OUTCOME_OK ? 200 : 500,
                             .processing_ms = -1,
                             .cost_microusd = cost,
                             .duplicate_of = -1,
                             .usage = { 5, -1, -1, -1, -1, 100, 0 } };

    samples_add(&samples, &sample);
}

static int tear_down(void **state)
{
    (void)state;
    target_summaries_free(&summary, 1);
    samples_free(&samples);
    return 0;
}

static void latencies_are_those_of_usable_answers(void **state)
{
    (void)state;
    add(OUTCOME_OK, 0, 9000000, 100, true); /* warm-up: counts only for cost */
    for (int i = 1; i <= 10; i++) {
        add(OUTCOME_OK, 1000, 998000 + i * 1000, 100, false);
    }
    add(OUTCOME_RATE_LIMITED, 0, 1000, -1, false);
    add(OUTCOME_INVALID, 0, 1000, 100, false);
    add(OUTCOME_SHED, 0, 0, -1, false);
    target_summaries_make(&plan, &progress, &samples, &summary);
    assert_int_equal(summary.issued, 13);
    assert_int_equal(summary.count, 10);
    assert_int_equal(summary.outcomes[OUTCOME_OK], 10);
    assert_int_equal(summary.outcomes[OUTCOME_RATE_LIMITED], 1);
    assert_int_equal(summary.outcomes[OUTCOME_SHED], 1);
    assert_true(fabs(summary.percentiles[0] - 1.005) < 1e-9); /* 5th of 10, nearest rank */
    assert_true(fabs(summary.stats.max - 1.010) < 1e-9);
    assert_true(summary.intervals[0].known);  /* the median of 10 */
    assert_false(summary.intervals[3].known); /* p95 of 10 */
    assert_int_equal(summary.cost_microusd, 1200);
    assert_true(fabs(summary.usd_per_usable - 0.00012) < 1e-12); /* failures and warm-up included */
    assert_true(fabs(summary.phases[PHASE_QUEUE] - 0.001) < 1e-9);
    assert_true(fabs(summary.phases[PHASE_CHECK] - 0.0015) < 1e-9);
}

/* Measured from due; failures and warm-up are excluded. */
static void first_partial_images_of_usable_answers_count(void **state)
{
    (void)state;
    add(OUTCOME_OK, 0, 9000000, 100, true);
    samples.rows[0].partials_received = 1;
    for (int i = 1; i <= 20; i++) {
        add(i == 20 ? OUTCOME_INVALID : OUTCOME_OK, 1000, 900000, 100, false);
        samples.rows[i].partials_received = i == 19 ? 0 : 2;
        samples.rows[i].times.first_event_us = i * 10000;
    }
    target_summaries_make(&plan, &progress, &samples, &summary);
    assert_true(fabs(summary.first_partial[0] - (0.001 + 0.09)) < 1e-9); /* the 9th of 18 */
    assert_true(fabs(summary.first_partial[1] - (0.001 + 0.18)) < 1e-9);
    assert_true(fabs(summary.partials_received - 36.0 / 19) < 1e-9);
    target_summaries_free(&summary, 1);
    samples_free(&samples);
    add(OUTCOME_OK, 0, 9000000, 100, false);
    target_summaries_make(&plan, &progress, &samples, &summary);
    assert_true(isnan(summary.first_partial[0])); /* none streamed */
    assert_true(summary.partials_received == 0);
}

/* Slots divided by the mean time that a request occupies one: the drain does not lower the rate. */
static void rate_excludes_the_drain(void **state)
{
    (void)state;
    for (int i = 0; i < 8; i++) {
        add(OUTCOME_OK, i / 2 * 2000000, 2000000, 0, false);
    }
    target_summaries_make(&plan, &progress, &samples, &summary);
    assert_true(fabs(summary.rate - 1) < 1e-9); /* 2 in flight, 2 s each */
    assert_true(fabs(summary.makespan - 10) < 1e-9);
}

static void without_usable_answers_figures_are_unknown(void **state)
{
    (void)state;
    add(OUTCOME_SERVER_ERROR, 0, 1000, -1, false);
    target_summaries_make(&plan, &progress, &samples, &summary);
    assert_int_equal(summary.count, 0);
    assert_true(isnan(summary.percentiles[0]));
    assert_true(isnan(summary.usd_per_usable));
    assert_false(summary.intervals[0].known);
}

static void duplicate_images_are_found(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        add(OUTCOME_OK, 0, 1000, 0, false);
        snprintf(samples.rows[i].sha256, sizeof samples.rows[i].sha256, "%016d", i % 2);
    }
    samples_find_duplicates(&samples);
    assert_int_equal(samples.rows[0].duplicate_of, -1);
    assert_int_equal(samples.rows[1].duplicate_of, -1);
    assert_int_equal(samples.rows[2].duplicate_of, 0);
    assert_int_equal(samples.rows[3].duplicate_of, 1);
    target_summaries_make(&plan, &progress, &samples, &summary);
    assert_int_equal(summary.duplicates, 2);
}

static void outcome_follows_the_error(void **state)
{
    struct error err = { .kind = ERROR_BUSY };

    (void)state;
    assert_int_equal(outcome_of(&err, 429, false), OUTCOME_RATE_LIMITED);
    assert_int_equal(outcome_of(&err, 503, false), OUTCOME_SERVER_ERROR);
    err.kind = ERROR_REMOTE;
    assert_int_equal(outcome_of(&err, 500, false), OUTCOME_SERVER_ERROR);
    assert_int_equal(outcome_of(&err, 200, false), OUTCOME_INVALID);
    err.kind = ERROR_NETWORK;
    assert_int_equal(outcome_of(&err, 0, false), OUTCOME_NETWORK_ERROR);
    assert_int_equal(outcome_of(&err, 0, true), OUTCOME_TIMEOUT);
    for (int kind = ERROR_NONE; kind < ERROR_KINDS; kind++) {
        err.kind = (enum error_kind)kind;
        assert_int_equal(outcome_of(&err, 400, false) == OUTCOME_OK, kind == ERROR_NONE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(latencies_are_those_of_usable_answers, tear_down),
        cmocka_unit_test_teardown(rate_excludes_the_drain, tear_down),
        cmocka_unit_test_teardown(first_partial_images_of_usable_answers_count, tear_down),
        cmocka_unit_test_teardown(without_usable_answers_figures_are_unknown, tear_down),
        cmocka_unit_test_teardown(duplicate_images_are_found, tear_down),
        cmocka_unit_test(outcome_follows_the_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
