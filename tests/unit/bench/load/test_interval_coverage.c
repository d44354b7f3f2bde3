/* Intervals of whole runs cover the true percentiles at the stated rate: two hundred simulated runs
 * with different seeds and a known distribution. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>

#include "base/random.h"
#include "bench/report/summary.h"
#include "bench/stats/compare.h"
#include "lib/bench_world.h"

enum { RUNS = 200, REQUESTS = 120 };
#define MEDIAN 20.0
#define SIGMA 0.6
#define SLOWER 1.5 /* the second target takes so many times as long */

static struct bench_world world;
static struct target targets[3];

static double lognormal(struct bench_world *of, int target)
{
    return MEDIAN * (target == 2 ? SLOWER : 1) * exp(SIGMA * random_normal(&of->random));
}

/* Returns the count below which chance falls less than once in ten thousand times, if each run
 * covers with a probability of 95 %. */
static int least_covered(void)
{
    double tail = 0, logs = 0;

    for (int k = 0; k <= RUNS; k++) {
        logs = lgamma(RUNS + 1) - lgamma(k + 1) - lgamma(RUNS - k + 1) + k * log(0.95) +
               (RUNS - k) * log(0.05);
        tail += exp(logs);
        if (tail > 1e-4) {
            return k;
        }
    }
    return RUNS;
}

static bool holds(const struct interval *interval, double truth)
{
    return interval->known && interval->low <= truth && truth <= interval->high;
}

static struct difference significant_count(const struct target_summary *a,
                                           const struct target_summary *b, uint64_t seed)
{
    return compare_percentile((struct sample_view){ a->usable, a->count },
                              (struct sample_view){ b->usable, b->count }, 0.5, 0.95, 1, seed);
}

static void intervals_cover_the_true_percentiles(void **state)
{
    /* the standard normal's quantiles at p50, p90, p95 */
    static const double quantiles[] = { 0, 1.2815515655446004, 1.6448536269514722 };
    static const int shares[] = { 0, 2, 3 };
    int covered[3] = { 0 }, same_apart = 0, other_apart = 0, other_held = 0;
    int min = least_covered();

    (void)state;
    for (int run = 0; run < RUNS; run++) {
        struct target_summary summaries[3];
        struct difference same, other;
        struct runner *runner;
        struct load_plan plan;

        bench_world_begin(&world, (uint64_t)run * 7919 + 1);
        world.latency = lognormal;
        bench_world_targets(&world, targets, 3);
        plan = bench_world_plan(&world, 3);
        plan.seed = (uint64_t)run;
        plan.requests = REQUESTS;
        plan.concurrency = run % 2 ? 12 : 0; /* closed and open alternately */
        plan.rate = 0.7;
        runner = bench_world_run(&world, &plan);
        target_summaries_make(&plan, runner_progress(runner), runner_samples(runner), summaries);
        for (int i = 0; i < 3; i++) {
            covered[i] +=
                holds(&summaries[0].intervals[shares[i]], MEDIAN * exp(SIGMA * quantiles[i]));
        }
        same = significant_count(&summaries[0], &summaries[1], plan.seed);
        other = significant_count(&summaries[0], &summaries[2], plan.seed);
        same_apart += same.significant;
        other_apart += other.significant;
        other_held += holds(&other.range, MEDIAN * (SLOWER - 1));
        target_summaries_free(summaries, 3);
        runner_free(runner);
    }
    bench_world_end();
    print_message(
        "of %d runs the interval held p50 in %d, p90 in %d, p95 in %d; two alike were told "
        "apart in %d; two that differ in %d, their difference held in %d (chance leaves "
        "at least %d)\n",
        RUNS, covered[0], covered[1], covered[2], same_apart, other_apart, other_held, min);
    for (int i = 0; i < 3; i++) {
        assert_in_range(covered[i], min, RUNS);
    }
    assert_in_range(same_apart, 0, RUNS - min);
    assert_in_range(other_held, min, RUNS);
    assert_in_range(other_apart, RUNS * 3 / 4, RUNS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(intervals_cover_the_true_percentiles),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
