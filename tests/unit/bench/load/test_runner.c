/* Runs with a virtual clock: loads are as planned, every latency is recorded, and the budget holds.
 */
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

enum { SECOND = 1000000, BEGIN = 5 * SECOND }; /* the world's clock at the start of a run */

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

/* Every request that was taken from the schedule has one sample. */
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

/* Latencies of usable answers without evaluation; exact, since the clock is virtual. */
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

static void closed_loop_keeps_every_slot_busy(void **state)
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
    assert_int_equal(world.max_in_flight, 8);
    for (size_t i = 0; i < samples->count; i++) {
        const struct sample *sample = &samples->rows[i];

        assert_int_equal(sample->due_us, sample->started_us);
        assert_int_equal(sample->slot_idle_us, 0); /* a free slot is filled at once */
        busy += (double)(sample->ended_us - sample->started_us);
    }
    /* no slot was free before sending stopped */
    assert_true(busy >= 8.0 * (double)runner_progress(runner)->stopped_us);
    runner_free(runner);
}

static void warm_up_is_separate_and_leaves_no_gap(void **state)
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

static void open_loop_sends_each_request_when_due(void **state)
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

/* If the client does not run for three seconds, requests that were due are sent late and their
 * waiting time counts, also across the end of the run. */
static void a_paused_client_loses_no_latency(void **state)
{
    static const int from[] = { 4, 9 };

    for (int i = 0; i < 2; i++) {
        double values[600];
        struct runner *runner;
        size_t count;

        set_up(state);
        world.latency = in_10_ms;
        world.client_pause =
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

/* 60 s at 100 per second, 10 ms each, with a stall of ten seconds: a sixth of all requests waits
 * for its end, each 10 ms less than the one before. */
static void a_stalled_provider_shows_in_the_percentiles(void **state)
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

static void shed_requests_change_no_latency(void **state)
{
    static double values[4000];
    struct runner *runner;
    const struct samples *samples;
    size_t count;
    int shed;

    (void)state;
    plan.rate = 30; /* at two seconds each, about sixty slots would be needed */
    plan.duration_us = 100 * SECOND;
    plan.in_flight_max = 8;
    runner = bench_world_run(&world, &plan);
    samples = runner_samples(runner);
    shed = count_of(samples, OUTCOME_SHED);
    count = latencies(samples, values);
    assert_whole(samples);
    assert_int_equal(world.max_in_flight, 8);
    assert_int_equal(world.requests, (int)count);
    assert_int_equal(samples->count, count + (size_t)shed);
    assert_true(shed > (int)samples->count / 2);
    assert_true(fabs(percentile_of(values, count, 0.5) - 2) <
                0.3); /* the standard deviation is 0.08 */
    runner_free(runner);
}

static void immediate_rate_limits_change_no_latency(void **state)
{
    static double values[2000];
    struct runner *runner;
    size_t count;

    (void)state;
    world.rate_limited_share = 0.4;
    plan.concurrency = 8;
    plan.requests = 2000;
    runner = bench_world_run(&world, &plan);
    count = latencies(runner_samples(runner), values);
    assert_int_equal(count + (size_t)count_of(runner_samples(runner), OUTCOME_RATE_LIMITED), 2000);
    assert_in_range(count, 1110, 1290); /* expected 1200, standard deviation 22 */
    assert_true(fabs(percentile_of(values, count, 0.5) - 2) < 0.12);
    runner_free(runner);
}

/* -- ends -------------------------------------------------------------------------------------- */

/* Evaluation that takes ten times as long as an answer makes the run longer but no latency. */
static void slow_evaluation_is_in_no_latency(void **state)
{
    double values[300];
    struct runner *runner;
    size_t count;

    (void)state;
    world.latency = in_10_ms;
    world.evaluation_us = SECOND / 10;
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

/* A broken connection may have been billed in full, so the budget counts the maximum. */
static void possibly_billed_requests_stay_reserved(void **state)
{
    struct runner *runner;

    (void)state;
    world.drops = true;
    plan.concurrency = 4;
    plan.requests = 1000;
    plan.cost_limit = 20 * 2 * WORLD_TOKENS + 1;
    runner = bench_world_run(&world, &plan);
    assert_int_equal(world.requests, 20);
    assert_true(runner_progress(runner)->spent_unknown);
    assert_non_null(strstr(runner_progress(runner)->stopped_why, "--max-cost"));
    runner_free(runner);
}

static void budget_is_settled_at_the_real_cost(void **state)
{
    struct runner *runner;

    (void)state;
    plan.concurrency = 1;
    plan.requests = 1000;
    plan.cost_limit = 30 * WORLD_TOKENS;
    world.evaluation_us = 0;
    runner = bench_world_run(&world, &plan);
    assert_in_range(world.requests, 28, 29); /* the next request could cost twice as much */
    assert_int_equal(runner_progress(runner)->spent, world.requests * WORLD_TOKENS);
    assert_false(runner_progress(runner)->spent_unknown);
    runner_free(runner);
}

static void stop_at_ten(struct bench_world *of)
{
    if (of->responses == 10) {
        runner_stop(of->runner, "interrupted");
    }
}

static void cancel_at_ten(struct bench_world *of)
{
    stop_at_ten(of);
    if (of->responses == 10) {
        runner_cancel(of->runner);
    }
}

/* The first interrupt waits for requests in flight; the second cancels them. No sample is lost. */
static void interrupts_lose_no_sample(void **state)
{
    struct runner *runner;

    world.at_answer = stop_at_ten;
    plan.concurrency = 4;
    plan.requests = 100;
    runner = bench_world_run(&world, &plan);
    assert_in_range(runner_samples(runner)->count, 13, 14);
    assert_int_equal(count_of(runner_samples(runner), OUTCOME_OK), world.requests);
    runner_free(runner);

    set_up(state);
    world.at_answer = cancel_at_ten;
    world.evaluation_us = 1000 * (int64_t)SECOND; /* no response is evaluated by then */
    plan.concurrency = 4;
    plan.requests = 100;
    runner = bench_world_run(&world, &plan);
    assert_int_equal(runner_samples(runner)->count, world.requests);
    assert_whole(runner_samples(runner));
    assert_true(count_of(runner_samples(runner), OUTCOME_ABORTED) >= 10);
    runner_free(runner);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(closed_loop_keeps_every_slot_busy, set_up),
        cmocka_unit_test_setup(warm_up_is_separate_and_leaves_no_gap, set_up),
        cmocka_unit_test_setup(open_loop_sends_each_request_when_due, set_up),
        cmocka_unit_test_setup(a_paused_client_loses_no_latency, set_up),
        cmocka_unit_test_setup(a_stalled_provider_shows_in_the_percentiles, set_up),
        cmocka_unit_test_setup(shed_requests_change_no_latency, set_up),
        cmocka_unit_test_setup(immediate_rate_limits_change_no_latency, set_up),
        cmocka_unit_test_setup(slow_evaluation_is_in_no_latency, set_up),
        cmocka_unit_test_setup(possibly_billed_requests_stay_reserved, set_up),
        cmocka_unit_test_setup(budget_is_settled_at_the_real_cost, set_up),
        cmocka_unit_test_setup(interrupts_lose_no_sample, set_up),
    };

    return cmocka_run_group_tests(tests, NULL, tear_down);
}
