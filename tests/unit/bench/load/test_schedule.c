/* Schedules: random blocks without preference, and even and Poisson arrivals. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "bench/load/schedule.h"
#include "bench/stats/percentile.h"

enum { TARGETS = 5, PROMPTS = 3, BLOCKS = 400, GAPS = 20000 };

static void each_block_contains_each_target_once(void **state)
{
    struct schedule schedule;
    int first[TARGETS] = { 0 };

    (void)state;
    schedule_begin(&schedule, TARGETS, PROMPTS, 7);
    for (int block = 0; block < BLOCKS; block++) {
        int seen[TARGETS] = { 0 };

        for (int i = 0; i < TARGETS; i++) {
            struct schedule_entry entry = schedule_next(&schedule);

            assert_int_equal(entry.block, block);
            assert_int_equal(entry.prompt, block % PROMPTS);
            seen[entry.target]++;
            first[entry.target] += i == 0;
        }
        for (int i = 0; i < TARGETS; i++) {
            assert_int_equal(seen[i], 1);
        }
    }
    for (int i = 0; i < TARGETS;
         i++) { /* no target is preferred: expected 80, standard deviation 8 */
        assert_true(first[i] > 48 && first[i] < 112);
    }
}

static void the_same_seed_gives_the_same_order(void **state)
{
    struct schedule a, b;

    (void)state;
    schedule_begin(&a, TARGETS, PROMPTS, 11);
    schedule_begin(&b, TARGETS, PROMPTS, 11);
    for (int i = 0; i < 100; i++) {
        assert_int_equal(schedule_next(&a).target, schedule_next(&b).target);
    }
}

static void even_arrivals_have_equal_gaps(void **state)
{
    struct schedule schedule;

    (void)state;
    schedule_begin(&schedule, 1, 1, 1);
    schedule_arrivals(&schedule, 40, ARRIVALS_EVEN);
    for (int i = 1; i <= 1000; i++) {
        assert_int_equal(schedule_due(&schedule), 25000 * i);
    }
}

/* Kolmogorov-Smirnov test: the gaps of a Poisson process are exponential. Chance exceeds
 * 1.63 / sqrt(n) once in a hundred runs; the seed is fixed. */
static void poisson_arrivals_have_exponential_gaps(void **state)
{
    static double gaps[GAPS];
    struct schedule schedule;
    int64_t before = 0;
    double worst = 0;

    (void)state;
    schedule_begin(&schedule, 1, 1, 3);
    schedule_arrivals(&schedule, 50, ARRIVALS_POISSON);
    for (int i = 0; i < GAPS; i++) {
        int64_t due = schedule_due(&schedule);

        gaps[i] = (double)(due - before) / 1e6;
        before = due;
    }
    values_sort(gaps, GAPS);
    for (int i = 0; i < GAPS; i++) {
        worst = fmax(worst, fabs(1 - exp(-50 * gaps[i]) - (i + 0.5) / GAPS));
    }
    assert_true(worst < 1.63 / sqrt(GAPS));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_block_contains_each_target_once),
        cmocka_unit_test(the_same_seed_gives_the_same_order),
        cmocka_unit_test(even_arrivals_have_equal_gaps),
        cmocka_unit_test(poisson_arrivals_have_exponential_gaps),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
