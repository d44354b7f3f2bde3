/* Percentiles match brute force, and their intervals cover the truth at the stated rate. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/random.h"
#include "bench/stats/percentile.h"

static void percentiles_use_the_nearest_rank(void **unused)
{
    static const double shares[] = { 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 0.07, 1 };
    double values[211];

    (void)unused;
    for (int i = 0; i < 211; i++) {
        values[i] = i + 1; /* the k-th smallest is k */
    }
    assert_true(isnan(percentile_of(values, 0, 0.5)));
    for (size_t count = 1; count <= 211; count++) {
        for (size_t s = 0; s < sizeof shares / sizeof *shares; s++) {
            /* the smallest k with k >= share * count, in whole numbers */
            long thousandths = lround(shares[s] * 1000), k = 1;

            while (k * 1000 < thousandths * (long)count) {
                k++;
            }
            assert_true(percentile_of(values, count, shares[s]) == (double)k);
        }
    }
}

static void minimum_counts_have_an_interval(void **unused)
{
    static const struct {
        double share;
        size_t count;
    } known[] = { { 0.5, 6 }, { 0.9, 36 }, { 0.95, 72 }, { 0.99, 368 }, { 0.999, 3688 } };
    double *values = calloc(4000, sizeof *values);

    (void)unused;
    for (size_t i = 0; i < 4000; i++) {
        values[i] = (double)i;
    }
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        size_t count = percentile_min_count(known[i].share, 0.95);

        assert_int_equal(count, known[i].count);
        assert_true(percentile_interval(values, count, known[i].share, 0.95).known);
        assert_false(percentile_interval(values, count - 1, known[i].share, 0.95).known);
    }
    assert_false(percentile_interval(values, 0, 0.5, 0.95).known);
    free(values);
}

/* The median of 10 has the ranks 2 and 9, as in textbooks. */
static void interval_matches_the_textbook(void **unused)
{
    double values[10];
    struct interval range;

    (void)unused;
    for (int i = 0; i < 10; i++) {
        values[i] = (i + 1) * 10;
    }
    range = percentile_interval(values, 10, 0.5, 0.95);
    assert_true(range.known && range.low == 20 && range.high == 90);
}

/* Counts how often the interval covers the true percentile over 2,000 samples of each size. */
static void intervals_cover_the_truth(void **unused)
{
    static const struct {
        size_t count;
        double share;
    } cases[] = {
        { 10, 0.5 }, { 50, 0.5 }, { 50, 0.9 }, { 100, 0.95 }, { 500, 0.99 }, { 40, 0.25 }
    };
    uint64_t state = 5;
    double values[500];

    (void)unused;
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        /* exponential: skewed like latencies, with known percentiles */
        double truth = -log(1 - cases[c].share);
        int held = 0, rounds = 2000;

        for (int round = 0; round < rounds; round++) {
            struct interval range;

            for (size_t i = 0; i < cases[c].count; i++) {
                values[i] = random_exponential(&state, 1);
            }
            values_sort(values, cases[c].count);
            range = percentile_interval(values, cases[c].count, cases[c].share, 0.95);
            assert_true(range.known);
            held += range.low <= truth && truth <= range.high;
        }
        assert_in_range(held, 1880, 2000); /* 94 %: 95 % minus two standard deviations */
    }
}

/* (1-p)^n underflows here and must not become zero. */
static void large_samples_do_not_underflow(void **unused)
{
    size_t count = 100000;
    double *values = calloc(count, sizeof *values);
    struct interval range;

    (void)unused;
    for (size_t i = 0; i < count; i++) {
        values[i] = (double)i / (double)count;
    }
    range = percentile_interval(values, count, 0.5, 0.95);
    /* +- 1.96 * sqrt(n / 4) ranks */
    assert_true(fabs(range.low - 0.4969) < 0.0002 && fabs(range.high - 0.5031) < 0.0002);
    range = percentile_interval(values, count, 0.999, 0.95);
    assert_true(range.known && range.low > 0.9987 && range.high < 0.9993);
    free(values);
}

static void sample_stats_match_definitions(void **unused)
{
    double values[] = { 4, 2, 8, 6 }, large[1000];
    struct sample_stats found = sample_stats_of(values, 4);

    (void)unused;
    assert_int_equal(found.count, 4);
    assert_true(found.mean == 5 && found.min == 2 && found.max == 8);
    assert_true(fabs(found.standard_deviation - sqrt(20.0 / 3)) < 1e-12);
    assert_true(isnan(sample_stats_of(values, 0).mean));
    assert_true(sample_stats_of(values, 1).mean == 4 &&
                isnan(sample_stats_of(values, 1).standard_deviation));
    for (int i = 0; i < 1000; i++) { /* a small spread on a large base loses no digits */
        large[i] = 1e9 + i % 2;
    }
    assert_true(fabs(sample_stats_of(large, 1000).standard_deviation - 0.50025) < 1e-4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(percentiles_use_the_nearest_rank),
        cmocka_unit_test(minimum_counts_have_an_interval),
        cmocka_unit_test(interval_matches_the_textbook),
        cmocka_unit_test(intervals_cover_the_truth),
        cmocka_unit_test(large_samples_do_not_underflow),
        cmocka_unit_test(sample_stats_match_definitions),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
