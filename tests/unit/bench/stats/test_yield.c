/* Intervals of what an accepted answer takes cover the true ratio, for skewed times and for costs
 * that depend on acceptance: 2,000 simulated runs each. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "base/random.h"
#include "bench/stats/compare.h"

enum { RUNS = 2000 };

/* Lognormal times with sigma 0.6; four of five answers are accepted, the others end early. */
static double time_of(bool accepted, uint64_t *state)
{
    return (accepted ? 20 : 8) * exp(0.6 * random_normal(state));
}

/* An answer that is not accepted costs half as much. */
static double cost_of(bool accepted, uint64_t *state)
{
    return (accepted ? 0.04 : 0.02) * (0.8 + 0.4 * random_uniform(state));
}

static int covered(double (*value)(bool accepted, uint64_t *state), double truth, int answers)
{
    uint64_t state = 7;
    int inside = 0;

    for (int run = 0; run < RUNS; run++) {
        struct yield_totals totals = { 0 };
        struct interval interval;

        for (int i = 0; i < answers; i++) {
            bool accepted = random_uniform(&state) < 0.8;

            yield_add(&totals, value(accepted, &state), accepted);
        }
        interval = yield_interval(&totals, 0.95);
        inside += interval.known && interval.low <= truth && truth <= interval.high;
    }
    return inside;
}

static void intervals_cover_the_true_ratio(void **unused)
{
    double mean = exp(0.18); /* of the lognormal factor */
    double seconds = (0.8 * 20 + 0.2 * 8) * mean / 0.8, usd = (0.8 * 0.04 + 0.2 * 0.02) / 0.8;
    static const int sizes[] = { 20, 50, 200 };

    (void)unused;
    for (int i = 0; i < 3; i++) {
        int times = covered(time_of, seconds, sizes[i]), costs = covered(cost_of, usd, sizes[i]);

        print_message("%d answers: seconds covered in %.1f %%, USD in %.1f %%\n", sizes[i],
                      times * 100.0 / RUNS, costs * 100.0 / RUNS);
        /* 0.93 and 0.97 of the runs, and three standard errors */
        assert_in_range(times, RUNS * 0.93 - 34, RUNS * 0.97 + 23);
        assert_in_range(costs, RUNS * 0.93 - 34, RUNS * 0.97 + 23);
    }
}

static void too_few_answers_have_no_interval(void **unused)
{
    struct yield_totals totals = { 0 };

    (void)unused;
    for (int i = 0; i < 7; i++) {
        yield_add(&totals, 2, true);
    }
    yield_add(&totals, 2, false);
    assert_false(yield_interval(&totals, 0.95).known);
    yield_add(&totals, 2, true);
    assert_true(yield_interval(&totals, 0.95).known);
    assert_true(fabs(yield_per_accepted(&totals) - 18.0 / 8) < 1e-12);
}

static void equal_answers_have_an_interval_without_width(void **unused)
{
    struct yield_totals totals = { 0 }, free = { 0 };

    (void)unused;
    for (int i = 0; i < 10; i++) {
        yield_add(&totals, 0.02, true);
        yield_add(&free, 0, true);
    }
    assert_true(fabs(yield_interval(&totals, 0.95).low - 0.02) < 1e-12);
    assert_true(fabs(yield_interval(&totals, 0.95).high - 0.02) < 1e-12);
    assert_true(yield_interval(&free, 0.95).high == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(intervals_cover_the_true_ratio),
        cmocka_unit_test(too_few_answers_have_no_interval),
        cmocka_unit_test(equal_answers_have_an_interval_without_width),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
