/* test_latency.c - quantiles_are_those_of_the_distribution, random samples and stratified samples
 * of latency distributions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>

#include "standin/faults/latency.h"

enum { QUANTILES = 400, SAMPLES = 20000 };

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static struct latencies parse(const char *text, int quantiles_per_set)
{
    struct latencies out;
    struct error err;

    assert_true(latencies_parse(text, quantiles_per_set, &out, &err));
    return out;
}

/* Values known from the formulas of the distributions. */
static void quantiles_are_those_of_the_distribution(void **state)
{
    struct latencies all = parse("constant:7,uniform:10:20,lognormal:200:455,bimodal:100:1000:0.2,"
                                 "pareto:50:1.5",
                                 0);

    (void)state;
    assert_true(latency_at(&all.rows[0], 0.3) == 7);
    assert_true(latency_at(&all.rows[1], 0.25) == 12.5);
    assert_true(fabs(latency_at(&all.rows[2], 0.5) - 200) < 1e-9);
    assert_true(fabs(latency_at(&all.rows[2], 0.95) - 455) < 1e-6);
    assert_true(fabs(latency_at(&all.rows[3], 0.4) - 100) < 1e-9); /* the middle of the fast */
    assert_true(fabs(latency_at(&all.rows[3], 0.9) - 1000) < 1e-9);
    assert_true(latency_at(&all.rows[4], 0) == 50);
    assert_true(fabs(latency_at(&all.rows[4], 0.875) - 200) < 1e-9); /* 50 / (1/8)^(2/3) */
    latencies_free(&all);
}

/* Kolmogorov-Smirnov test at the 1 % level, 1.63 / sqrt(n). The seed is fixed. */
static void random_samples_follow_the_distribution(void **state)
{
    static const char *const kinds[] = { "uniform:10:20", "lognormal:200:455",
                                         "bimodal:100:1000:0.2", "pareto:50:1.5" };
    static double values[SAMPLES];
    uint64_t seed = 4;

    (void)state;
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        struct latencies latencies = parse(kinds[k], 0);
        double worst = 0;

        for (int i = 0; i < SAMPLES; i++) {
            values[i] = latencies_next(&latencies, "images", &seed);
        }
        qsort(values, SAMPLES, sizeof *values, ascending);
        for (int i = 0, low = 0; i < SAMPLES; i += 50) {
            double at = latency_at(&latencies.rows[0], (i + 0.5) / SAMPLES);

            while (low < SAMPLES && values[low] <= at) {
                low++;
            }
            worst = fmax(worst, fabs((double)low / SAMPLES - (i + 0.5) / SAMPLES));
        }
        assert_true(worst < 1.63 / sqrt(SAMPLES));
        latencies_free(&latencies);
    }
}

/* Each set contains each quantile once, in a new order. After latencies_shuffle and with the same
 * seed the first set repeats. */
static void stratified_samples_contain_each_quantile_once(void **state)
{
    struct latencies latencies = parse("lognormal:200:455,chat=constant:5", QUANTILES);
    double values[QUANTILES], first[QUANTILES];
    uint64_t seed = 9;
    int moved = 0;

    (void)state;
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < QUANTILES; i++) {
            values[i] = latencies_next(&latencies, "images", &seed);
            first[i] = round == 0 ? values[i] : first[i];
            moved += round == 1 && values[i] != first[i];
            assert_true(latencies_next(&latencies, "chat", &seed) == 5);
        }
        qsort(values, QUANTILES, sizeof *values, ascending);
        for (int i = 0; i < QUANTILES; i++) {
            assert_true(values[i] == latency_at(&latencies.rows[0], (i + 0.5) / QUANTILES));
        }
    }
    assert_true(moved > QUANTILES / 2);
    latencies_next(&latencies, "images", &seed);
    latencies_shuffle(&latencies);
    seed = 9;
    assert_true(latencies_next(&latencies, "images", &seed) == first[0]);
    latencies_free(&latencies);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quantiles_are_those_of_the_distribution),
        cmocka_unit_test(random_samples_follow_the_distribution),
        cmocka_unit_test(stratified_samples_contain_each_quantile_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
