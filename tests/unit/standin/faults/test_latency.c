/* test_latency.c - distributions are those that they are called after, drawn and dealt. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>

#include "standin/faults/latency.h"

enum { CARDS = 400, DRAWS = 20000 };

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static struct latencies parse(const char *text, int strata)
{
    struct latencies out;
    struct error err;

    assert_true(latencies_parse(text, strata, &out, &err));
    return out;
}

/* What each is known to have at some of its places. */
static void quantiles(void **state)
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

/* Kolmogorov and Smirnov; 1.63 / sqrt(n) is passed by chance once in a hundred, the seed is fixed.
 */
static void drawn_freely_they_follow(void **state)
{
    static const char *const kinds[] = { "uniform:10:20", "lognormal:200:455",
                                         "bimodal:100:1000:0.2", "pareto:50:1.5" };
    static double values[DRAWS];
    uint64_t seed = 4;

    (void)state;
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        struct latencies latencies = parse(kinds[k], 0);
        double worst = 0;

        for (int i = 0; i < DRAWS; i++) {
            values[i] = latencies_next(&latencies, "images", &seed);
        }
        qsort(values, DRAWS, sizeof *values, ascending);
        for (int i = 0, low = 0; i < DRAWS; i += 50) {
            double at = latency_at(&latencies.rows[0], (i + 0.5) / DRAWS);

            while (low < DRAWS && values[low] <= at) {
                low++;
            }
            worst = fmax(worst, fabs((double)low / DRAWS - (i + 0.5) / DRAWS));
        }
        assert_true(worst < 1.63 / sqrt(DRAWS));
        latencies_free(&latencies);
    }
}

/* Every card once, in an order of its own, and again after that; the same after a shuffle. */
static void dealt_they_hold_each_part_once(void **state)
{
    struct latencies latencies = parse("lognormal:200:455,chat=constant:5", CARDS);
    double values[CARDS], first[CARDS];
    uint64_t seed = 9;
    int moved = 0;

    (void)state;
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < CARDS; i++) {
            values[i] = latencies_next(&latencies, "images", &seed);
            first[i] = round == 0 ? values[i] : first[i];
            moved += round == 1 && values[i] != first[i];
            assert_true(latencies_next(&latencies, "chat", &seed) == 5);
        }
        qsort(values, CARDS, sizeof *values, ascending);
        for (int i = 0; i < CARDS; i++) {
            assert_true(values[i] == latency_at(&latencies.rows[0], (i + 0.5) / CARDS));
        }
    }
    assert_true(moved > CARDS / 2);
    latencies_next(&latencies, "images", &seed);
    latencies_shuffle(&latencies);
    seed = 9;
    assert_true(latencies_next(&latencies, "images", &seed) == first[0]);
    latencies_free(&latencies);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quantiles),
        cmocka_unit_test(drawn_freely_they_follow),
        cmocka_unit_test(dealt_they_hold_each_part_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
