/* test_runner.c - the load is what it is called, no latency is lost or made up, and the budget
 * holds, in a world with a clock of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "bench/report/summary.h"
#include "lib/bench_world.h"

enum { SECOND = 1000000, BEGIN = 5 * SECOND }; /* the world's clock at the beginning of a run */

static struct bench_world world;
static struct target targets[3];
static struct load_plan plan;

static double in_10_ms(struct bench_world *unused, int target)
{
    (void)unused;
    (void)target;
    return 0.01;
}

static double about_two_seconds(struct bench_world *of, int target)
{
    (void)target;
    return 2 * exp(0.5 * random_normal(&of->random));
}

static int set_up(void **state)
{
    (void)state;
    bench_world_begin(&world, 7);
    bench_world_targets(&world, targets, 3);
    plan = bench_world_plan(&world, 1);
    world.latency = about_two_seconds;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    bench_world_end();
    return 0;
}

static int count_of(const struct samples *samples, enum outcome outcome)
{
    int count = 0;

    for (size_t i = 0; i < samples->count; i++) {
        count += samples->rows[i].outcome == outcome;
    }
    return count;
}

/* Every request that was taken from the schedule is there, once. */
static void assert_whole(const struct samples *samples)
{
    char *seen = calloc(samples->count + 1, 1);

    assert_non_null(seen);
    for (size_t i = 0; i < samples->count; i++) {
        int at = samples->rows[i].sequence;

        assert_in_range(at, 0, samples->count - 1);
        assert_int_equal(seen[at]++, 0);
    }
    free(seen);
}

/* Latencies of usable answers, without what judging took: exact, for the clock is virtual. */
static size_t latencies(const struct samples *samples, double *out)
{
    size_t count = 0;

    for (size_t i = 0; i < samples->count; i++) {
        const struct sample *sample = &samples->rows[i];

        if (sample->outcome == OUTCOME_OK && !sample->warm_up) {
            out[count++] = (double)(sample->ended_us - sample->due_us) / SECOND;
        }
    }
    values_sort(out, count);
    return count;
}

/* -- closed loop ------------------------------------------------------------------------------- */

static void closed_loop_keeps_every_place_busy(void **state)
{
    struct runner *runner;
    const struct samples *samples;
    double busy = 0;

    (void)state;
    plan.concurrency = 8;
    plan.requests = 400;
    runner = bench_world_run(&world, &plan);
    samples = runner_samples(runner);
    assert_int_equal(samples->count, 400);
    assert_whole(samples);
    assert_int_equal(world.most_in_flight, 8);
    for (size_t i = 0; i < samples->count; i++) {
        const struct sample *sample = &samples->rows[i];

        assert_int_equal(sample->due_us, sample->started_us);
        assert_int_equal(sample->slot_idle_us, 0); /* a place that falls free is filled */
        busy += (double)(sample->ended_us - sample->started_us);
    }
    /* until nothing more was issued no place stood empty */
    assert_true(busy >= 8.0 * (double)runner_progress(runner)->stopped_us);
    runner_free(runner);
}

static void warm_up_is_apart_and_leaves_no_gap(void **state)
{
    const struct run_progress *progress;
    struct runner *runner;
    int warm = 0;

    (void)state;
    plan.target_count = 2;
    plan.concurrency = 4;
    plan.warm_up = 5;
    plan.requests = 20;
    runner = bench_world_run(&world, &plan);
    progress = runner_progress(runner);
    for (size_t i = 0; i < runner_samples(runner)->count; i++) {
        const struct sample *sample = &runner_samples(runner)->rows[i];

        warm += sample->warm_up;
        assert_true(sample->warm_up || sample->due_us >= progress->first_us);
        assert_int_equal(sample->due_us, sample->started_us);
    }
    assert_int_equal(warm, 10);
    assert_int_equal(progress->issued, 40);
    assert_int_equal(progress->done, 40);
    runner_free(runner);
}

/* -- open loop --------------------------------------------------------------------------------- */

static void open_loop_issues_what_is_due(void **state)
{
    struct runner *runner;
    const struct samples *samples;

    (void)state;
    plan.rate = 50;
    plan.arrivals = ARRIVALS_EVEN;
    plan.duration_us = 10 * SECOND;
    runner = bench_world_run(&world, &plan);
    samples = runner_samples(runner);
    assert_int_equal(samples->count, 500);
    assert_whole(samples);
    for (size_t i = 0; i < samples->count; i++) {
        const struct sample *sample = &samples->rows[i];

        assert_int_equal(sample->due_us, 20000 * (sample->sequence + 1));
        assert_int_equal(sample->started_us, sample->due_us);
    }
    assert_int_equal(runner_progress(runner)->stopped_us - runner_progress(runner)->first_us,
                     10 * SECOND);
    runner_free(runner);
}

/* A harness that was not run for three seconds hides nothing: what was due meanwhile is sent late,
 * and has waited; also where its absence reaches over the end. */
static void a_harness_that_was_away_loses_nothing(void **state)
{
    static const int from[] = { 4, 9 };

    for (int i = 0; i < 2; i++) {
        double values[600];
        struct runner *runner;
        size_t count;

        set_up(state);
        world.latency = in_10_ms;
        world.away =
            (struct world_span){ BEGIN + from[i] * SECOND, BEGIN + (from[i] + 3) * SECOND };
        plan.rate = 50;
        plan.arrivals = ARRIVALS_EVEN;
        plan.duration_us = 10 * SECOND;
        runner = bench_world_run(&world, &plan);
        assert_int_equal(runner_samples(runner)->count, 500);
        count = latencies(runner_samples(runner), values);
        assert_int_equal(count, 500);
        assert_true(fabs(values[count - 1] - 3.0) < 0.05);
        runner_free(runner);
    }
}

/* 60 s at 100 a second, 10 ms each, still for ten seconds: a sixth of all waits for its end, each
 * a hundredth of a second less than the one before. */
static void a_provider_that_stands_still_cannot_hide(void **state)
{
    static double values[7000];
    struct runner *runner;
    size_t count;

    (void)state;
    world.latency = in_10_ms;
    world.stall = (struct world_span){ BEGIN + 20 * SECOND, BEGIN + 30 * SECOND };
    plan.rate = 100;
    plan.arrivals = ARRIVALS_EVEN;
    plan.duration_us = 60 * SECOND;
    runner = bench_world_run(&world, &plan);
    count = latencies(runner_samples(runner), values);
    assert_int_equal(count, 6000);
    assert_true(fabs(percentile_of(values, count, 0.5) - 0.01) < 1e-9);
    assert_true(fabs(percentile_of(values, count, 0.9) - 4.01) < 0.011);
    assert_true(fabs(percentile_of(values, count, 0.99) - 9.41) < 0.011);
    runner_free(runner);
}

static void what_cannot_be_sent_is_shed_and_changes_no_latency(void **state)
{
    static double values[4000];
    struct runner *runner;
    const struct samples *samples;
    size_t count;
    int shed;

    (void)state;
    plan.rate = 30; /* at two seconds each some sixty places would be needed */
    plan.duration_us = 100 * SECOND;
    plan.in_flight_max = 8;
    runner = bench_world_run(&world, &plan);
    samples = runner_samples(runner);
    shed = count_of(samples, OUTCOME_SHED);
    count = latencies(samples, values);
    assert_whole(samples);
    assert_int_equal(world.most_in_flight, 8);
    assert_int_equal(world.asked, (int)count);
    assert_int_equal(samples->count, count + (size_t)shed);
    assert_true(shed > (int)samples->count / 2);
    assert_true(fabs(percentile_of(values, count, 0.5) - 2) < 0.3); /* a deviation is 0.08 */
    runner_free(runner);
}

static void refusals_at_once_change_no_latency(void **state)
{
    static double values[2000];
    struct runner *runner;
    size_t count;

    (void)state;
    world.limited = 0.4;
    plan.concurrency = 8;
    plan.requests = 2000;
    runner = bench_world_run(&world, &plan);
    count = latencies(runner_samples(runner), values);
    assert_int_equal(count + (size_t)count_of(runner_samples(runner), OUTCOME_RATE_LIMITED), 2000);
    assert_in_range(count, 1110, 1290); /* 1200, deviation 22 */
    assert_true(fabs(percentile_of(values, count, 0.5) - 2) < 0.12);
    runner_free(runner);
}

/* -- ends -------------------------------------------------------------------------------------- */

/* Judging that takes ten times as long as an answer makes a run longer, and no latency. */
static void a_slow_judge_is_in_no_latency(void **state)
{
    double values[300];
    struct runner *runner;
    size_t count;

    (void)state;
    world.latency = in_10_ms;
    world.judging_us = SECOND / 10;
    plan.rate = 100;
    plan.arrivals = ARRIVALS_EVEN;
    plan.requests = 300;
    runner = bench_world_run(&world, &plan);
    count = latencies(runner_samples(runner), values);
    assert_int_equal(count, 300);
    assert_true(values[0] == values[299] && fabs(values[0] - 0.01) < 1e-9);
    assert_int_equal(runner_progress(runner)->ended_us, 3 * SECOND + 10000);
    runner_free(runner);
}

/* A connection that breaks may have been billed in full: the budget counts it so. */
static void what_may_have_been_billed_is_counted(void **state)
{
    struct runner *runner;

    (void)state;
    world.drops = true;
    plan.concurrency = 4;
    plan.requests = 1000;
    plan.cost_limit = 20 * 2 * WORLD_TOKENS + 1;
    runner = bench_world_run(&world, &plan);
    assert_int_equal(world.asked, 20);
    assert_true(runner_progress(runner)->spent_unknown);
    assert_non_null(strstr(runner_progress(runner)->stopped_why, "--max-cost"));
    runner_free(runner);
}

static void the_purse_is_settled_at_the_real_price(void **state)
{
    struct runner *runner;

    (void)state;
    plan.concurrency = 1;
    plan.requests = 1000;
    plan.cost_limit = 30 * WORLD_TOKENS;
    world.judging_us = 0;
    runner = bench_world_run(&world, &plan);
    assert_in_range(world.asked, 28, 29); /* the next could cost twice what one did */
    assert_int_equal(runner_progress(runner)->spent, world.asked * WORLD_TOKENS);
    assert_false(runner_progress(runner)->spent_unknown);
    runner_free(runner);
}

static void stop_at_ten(struct bench_world *of)
{
    if (of->answered == 10) {
        runner_stop(of->runner, "interrupted");
    }
}

static void cancel_at_ten(struct bench_world *of)
{
    stop_at_ten(of);
    if (of->answered == 10) {
        runner_cancel(of->runner);
    }
}

/* Once interrupted, it waits for what flies; twice, it ends that too, and has all of it. */
static void interrupted_once_and_twice(void **state)
{
    struct runner *runner;

    world.at_answer = stop_at_ten;
    plan.concurrency = 4;
    plan.requests = 100;
    runner = bench_world_run(&world, &plan);
    assert_in_range(runner_samples(runner)->count, 13, 14);
    assert_int_equal(count_of(runner_samples(runner), OUTCOME_OK), world.asked);
    runner_free(runner);

    set_up(state);
    world.at_answer = cancel_at_ten;
    world.judging_us = 1000 * (int64_t)SECOND; /* nothing is judged by then */
    plan.concurrency = 4;
    plan.requests = 100;
    runner = bench_world_run(&world, &plan);
    assert_int_equal(runner_samples(runner)->count, world.asked);
    assert_whole(runner_samples(runner));
    assert_true(count_of(runner_samples(runner), OUTCOME_ABORTED) >= 10);
    runner_free(runner);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(closed_loop_keeps_every_place_busy, set_up),
        cmocka_unit_test_setup(warm_up_is_apart_and_leaves_no_gap, set_up),
        cmocka_unit_test_setup(open_loop_issues_what_is_due, set_up),
        cmocka_unit_test_setup(a_harness_that_was_away_loses_nothing, set_up),
        cmocka_unit_test_setup(a_provider_that_stands_still_cannot_hide, set_up),
        cmocka_unit_test_setup(what_cannot_be_sent_is_shed_and_changes_no_latency, set_up),
        cmocka_unit_test_setup(refusals_at_once_change_no_latency, set_up),
        cmocka_unit_test_setup(a_slow_judge_is_in_no_latency, set_up),
        cmocka_unit_test_setup(what_may_have_been_billed_is_counted, set_up),
        cmocka_unit_test_setup(the_purse_is_settled_at_the_real_price, set_up),
        cmocka_unit_test_setup(interrupted_once_and_twice, set_up),
    };

    return cmocka_run_group_tests(tests, NULL, tear_down);
}
