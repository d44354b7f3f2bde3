/* The estimated effect of hedging matches a simulation that draws pairs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "base/random.h"
#include "bench/stats/hedging.h"
#include "bench/stats/percentile.h"

enum { COUNT = 1000, PAIRS = 200000 };

static double values[COUNT], pairs[PAIRS];

static void estimate_matches_simulated_pairs(void **state)
{
    uint64_t random = 7;
    struct hedge hedge;
    double drawn;

    (void)state;
    for (int i = 0; i < COUNT; i++) { /* lognormal: median 10 s, sigma 0.8 */
        values[i] = 10 * exp(0.8 * random_normal(&random));
    }
    values_sort(values, COUNT);
    hedge = hedge_of(values, COUNT);
    assert_true(hedge.known);
    assert_true(hedge.extra_share > 0.049 && hedge.extra_share < 0.051);
    assert_true(hedge.after == percentile_of(values, COUNT, 0.95));
    for (int i = 0; i < PAIRS; i++) {
        double first = values[random_below(&random, COUNT)];
        double second = hedge.after + values[random_below(&random, COUNT)];

        pairs[i] = fmin(first, second);
    }
    values_sort(pairs, PAIRS);
    drawn = percentile_of(pairs, PAIRS, 0.99);
    assert_true(fabs(hedge.p99 - drawn) < 0.02 * drawn);
    assert_true(hedge.p99 < 0.9 * percentile_of(values, COUNT, 0.99));
}

static void equal_latencies_gain_nothing(void **state)
{
    struct hedge hedge;

    (void)state;
    for (int i = 0; i < COUNT; i++) {
        values[i] = 5;
    }
    hedge = hedge_of(values, COUNT);
    assert_true(hedge.known && hedge.p99 == 5 && hedge.extra_share == 0);
    assert_false(hedge_of(values, HEDGE_MIN_COUNT - 1).known);
    assert_false(hedge_of(values, 0).known);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(estimate_matches_simulated_pairs),
        cmocka_unit_test(equal_latencies_gain_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
