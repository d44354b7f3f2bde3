/* Differences of means, shares and costs: hand calculations, and coverage over many runs. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/random.h"
#include "bench/stats/compare.h"

enum { ROUNDS = 1000 };

static struct sample_view lognormal(double *values, size_t count, double median, uint64_t *state)
{
    for (size_t i = 0; i < count; i++) {
        values[i] = median * exp(0.5 * random_normal(state));
    }
    values_sort(values, count);
    return (struct sample_view){ values, count };
}

static struct yield_totals priced(size_t count, double usable, double dear, uint64_t *state)
{
    struct yield_totals out = { 0 };

    for (size_t i = 0; i < count; i++) {
        yield_add(&out, dear * (0.5 + random_uniform(state)), random_uniform(state) < usable);
    }
    return out;
}

static struct share drawn(size_t count, double chance, uint64_t *state)
{
    struct share out = { .of = count };

    for (size_t i = 0; i < count; i++) {
        out.hits += random_uniform(state) < chance;
    }
    return out;
}

/* 95 % minus three standard deviations over a thousand rounds is 92.9 %. */
static void held(int rounds)
{
    assert_in_range(rounds, 929, ROUNDS);
}

static void mean_intervals_cover_the_truth(void **unused)
{
    uint64_t state = 11;
    double a[40], b[60], truth = (14 - 10) * exp(0.125);
    int inside = 0, wrong = 0;

    (void)unused;
    for (int i = 0; i < ROUNDS; i++) {
        struct sample_view x = lognormal(a, 40, 10, &state), y = lognormal(b, 60, 14, &state);
        struct difference d = compare_mean(x, y, 0.95, 1);

        inside += d.range.low <= truth && truth <= d.range.high;
        wrong += compare_mean(x, lognormal(b, 60, 10, &state), 0.95, 1).significant;
    }
    held(inside);
    held(ROUNDS - wrong);
}

static void share_intervals_cover_the_truth(void **unused)
{
    static const double chances[][2] = { { 0.02, 0.02 }, { 0.05, 0.3 }, { 0, 0.1 }, { 0.5, 0.5 } };
    uint64_t state = 12;

    (void)unused;
    for (int c = 0; c < 4; c++) {
        double truth = chances[c][1] - chances[c][0];
        int inside = 0;

        for (int i = 0; i < ROUNDS; i++) {
            struct difference d = compare_share(drawn(50, chances[c][0], &state),
                                                drawn(80, chances[c][1], &state), 0.95, 1);

            inside += d.range.low <= truth && truth <= d.range.high;
        }
        held(inside);
    }
}

static void cost_intervals_cover_the_truth(void **unused)
{
    uint64_t state = 13;
    int inside = 0;
    double truth = 0.02 / 0.8 - 0.01 / 0.95;

    (void)unused;
    for (int i = 0; i < ROUNDS; i++) {
        struct yield_totals a = priced(60, 0.95, 0.01, &state), b = priced(60, 0.8, 0.02, &state);
        struct difference d = compare_yield(&a, &b, 0.95, 1);

        inside += d.range.low <= truth && truth <= d.range.high;
    }
    held(inside);
}

/* Newcombe's own example (a): 56 of 70 and 48 of 80 differ by 0.20 [0.0524, 0.3339]. */
static void intervals_match_hand_calculation(void **unused)
{
    struct difference d =
        compare_share((struct share){ 48, 80 }, (struct share){ 56, 70 }, 0.95, 1);
    double a[] = { 1, 2, 3, 4, 5, 6, 7, 8 }, b[] = { 3, 4, 5, 6, 7, 8, 9, 10 };
    struct sample_view x = { a, 8 }, y = { b, 8 };
    double around = 2.14479 * sqrt(2 * 6.0 / 8); /* t of 14 degrees, variances 6 */
    struct yield_totals even = { 0 };

    (void)unused;
    assert_true(fabs(d.range.low - 0.0524) < 5e-5 && fabs(d.range.high - 0.3339) < 5e-5);
    d = compare_mean(x, y, 0.95, 1);
    assert_true(d.known && fabs(d.value - 2) < 1e-12);
    assert_true(fabs(d.range.low - (2 - around)) < 2e-3 && fabs(d.range.high - 2 - around) < 2e-3);
    assert_true(compare_mean(x, y, 0.95, 10).range.low < d.range.low); /* simultaneous over ten */
    for (int i = 0; i < 10; i++) {
        yield_add(&even, 0.02, true);
    }
    d = compare_yield(&even, &even, 0.95, 1); /* equal costs: the interval has no width */
    assert_true(d.known && d.range.low == 0 && d.range.high == 0 && !d.significant);
    assert_true(fabs(yield_per_accepted(&even) - 0.02) < 1e-15);
    assert_true(isnan(yield_per_accepted(&(struct yield_totals){ .answers = 3 })));
    assert_true(isnan(share_of((struct share){ 0, 0 })));
    assert_false(compare_mean(x, (struct sample_view){ b, 7 }, 0.95, 1).known);
    assert_false(compare_share((struct share){ 0, 7 }, (struct share){ 0, 70 }, 0.95, 1).known);
    assert_true(
        compare_share((struct share){ 0, 50 }, (struct share){ 50, 50 }, 0.95, 1).significant);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(intervals_match_hand_calculation),
        cmocka_unit_test(mean_intervals_cover_the_truth),
        cmocka_unit_test(share_intervals_cover_the_truth),
        cmocka_unit_test(cost_intervals_cover_the_truth),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
