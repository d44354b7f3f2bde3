/* Sending keeps its limits while the rest of the program is late. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/bench_world.h"

enum { SECOND = 1000000 };

static struct bench_world world;
static struct target targets[1];
static struct load_plan plan;

static double in_10_ms(struct bench_world *unused, int target)
{
    (void)unused;
    (void)target;
    return 0.01;
}

/* No more is sent than may wait for its evaluation, and what is in flight besides. */
static void expect_few_waiting(struct bench_world *of)
{
    const struct run_progress *progress = runner_progress(of->runner);

    assert_true(progress->issued - progress->done <= plan.waiting_max + plan.concurrency);
}

static void sending_waits_for_a_late_evaluation(void **state)
{
    const struct run_progress *progress;
    struct runner *runner;

    (void)state;
    bench_world_begin(&world, 7);
    bench_world_targets(&world, targets, 1);
    plan = bench_world_plan(&world, 1);
    plan.concurrency = 4;
    plan.requests = 100;
    plan.waiting_max = 10;
    world.latency = in_10_ms;
    world.evaluation_us = SECOND;
    world.at_answer = expect_few_waiting;
    runner = bench_world_run(&world, &plan);
    progress = runner_progress(runner);
    assert_int_equal(progress->done, 100);
    assert_true(progress->paused_us > 0);
    assert_int_equal(runner_samples(runner)->count, 100);
    runner_free(runner);
    bench_world_end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sending_waits_for_a_late_evaluation),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
