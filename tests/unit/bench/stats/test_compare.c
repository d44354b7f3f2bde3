/* Comparisons of percentiles detect real differences and err at the stated rate. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/random.h"
#include "bench/stats/compare.h"

static struct sample_view lognormal(double *values, size_t count, double median, uint64_t *state)
{
    for (size_t i = 0; i < count; i++) {
        values[i] = median * exp(0.5 * random_normal(state));
    }
    values_sort(values, count);
    return (struct sample_view){ values, count };
}

/* Two equal services differ significantly in at most 5 % of runs. A known shift is inside the
 * interval in 95 %. */
static void errors_at_the_stated_rate(void **unused)
{
    static const double medians[] = { 10, 14 };
    uint64_t state = 3;
    double a[60], b[60];

    (void)unused;
    for (int c = 0; c < 2; c++) {
        int significant = 0, held = 0, ranked = 0, rounds = 400;
        double truth = medians[c] - 10;

        for (int round = 0; round < rounds; round++) {
            struct difference found =
                compare_percentile(lognormal(a, 60, 10, &state),
                                   lognormal(b, 60, medians[c], &state), 0.5, 0.95, 1, 9);

            assert_true(found.known);
            significant += found.significant;
            ranked += found.p < 0.05;
            held += found.range.low <= truth && truth <= found.range.high;
        }
        assert_in_range(held, 368, 400); /* 92 %: 95 % minus 3 standard deviations */
        if (c == 0) {
            assert_in_range(significant, 0, 32);
            assert_in_range(ranked, 0, 33);
        } else {
            assert_in_range(significant, 250, 400);
            assert_in_range(ranked, 320, 400);
        }
    }
}

/* With all pairs of five equal services compared, at most 5 % of runs have a significant pair. */
static void intervals_of_many_pairs_hold_simultaneously(void **unused)
{
    uint64_t state = 8;
    double values[5][40];
    int wrong = 0, rounds = 150;

    (void)unused;
    for (int round = 0; round < rounds; round++) {
        struct sample_view views[5];
        bool any = false;

        for (int i = 0; i < 5; i++) {
            views[i] = lognormal(values[i], 40, 10, &state);
        }
        for (int i = 0; i < 5; i++) {
            for (int j = i + 1; j < 5; j++) {
                any |= compare_percentile(views[i], views[j], 0.5, 0.95, 10, 4).significant;
            }
        }
        wrong += any;
    }
    assert_in_range(wrong, 0, 15);
}

static void the_same_seed_gives_the_same_interval(void **unused)
{
    uint64_t state = 2;
    double a[30], b[30];
    struct sample_view x = lognormal(a, 30, 10, &state), y = lognormal(b, 30, 20, &state);
    struct difference one = compare_percentile(x, y, 0.5, 0.95, 1, 77);
    struct difference two = compare_percentile(x, y, 0.5, 0.95, 1, 77);
    struct difference back = compare_percentile(y, x, 0.5, 0.95, 1, 77);

    (void)unused;
    assert_true(one.range.low == two.range.low && one.range.high == two.range.high);
    assert_true(one.value == -back.value && one.value > 0);
    assert_false(compare_percentile(x, (struct sample_view){ b, 7 }, 0.5, 0.95, 1, 1).known);
}

static void rank_test_matches_hand_calculation(void **unused)
{
    double a[] = { 1, 2, 3, 4, 5 }, b[] = { 6, 7, 8, 9, 10 }, c[] = { 1, 2, 2, 2, 3 };
    double alike[] = { 5, 5, 5 };
    struct sample_view x = { a, 5 }, y = { b, 5 }, z = { c, 5 }, w = { alike, 3 };

    (void)unused;
    /* U = 0, mean 12.5, variance 275/12 */
    assert_true(fabs(rank_test(x, y) - erfc(12 / sqrt(275.0 / 6))) < 1e-12);
    assert_true(fabs(rank_test(y, x) - rank_test(x, y)) < 1e-12);
    /* ranks of x 1.5 4.5 7.5 9 10, ties of 2, 4 and 2: U = 17.5, variance 25/12 (11 - 72/90) */
    assert_true(fabs(rank_test(x, z) - erfc(4.5 / sqrt(42.5))) < 1e-12);
    assert_true(rank_test(w, w) == 1 && rank_test(x, (struct sample_view){ b, 0 }) == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors_at_the_stated_rate),
        cmocka_unit_test(intervals_of_many_pairs_hold_simultaneously),
        cmocka_unit_test(the_same_seed_gives_the_same_interval),
        cmocka_unit_test(rank_test_matches_hand_calculation),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
