/* test_random.c - the generator repeats its numbers for a seed; its distributions are correct. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"

static void same_seed_gives_the_same_numbers(void **unused)
{
    uint64_t a = 1, b = 1, c = 2, known = 1234567;

    (void)unused;
    for (int i = 0; i < 100; i++) {
        assert_true(random_next(&a) == random_next(&b));
    }
    assert_true(random_next(&a) != random_next(&c));
    /* splitmix64's published values for seed 1234567 */
    assert_true(random_next(&known) == 6457827717110365317u);
    assert_true(random_next(&known) == 3203168211198807973u);
}

static void random_below_is_uniform(void **unused)
{
    uint64_t state = 7;
    int seen[7] = { 0 };

    (void)unused;
    for (int i = 0; i < 70000; i++) {
        size_t at = random_below(&state, 7);

        assert_true(at < 7);
        seen[at]++;
    }
    for (int i = 0; i < 7; i++) { /* 10,000 each; 5 standard deviations are 463 */
        assert_in_range(seen[i], 9537, 10463);
    }
    assert_int_equal(random_below(&state, 1), 0);
}

static void mean_and_variance_are_as_expected(void **unused)
{
    uint64_t state = 11;
    double sum = 0, squares = 0, gaps = 0;
    int n = 100000;

    (void)unused;
    for (int i = 0; i < n; i++) {
        double x = random_normal(&state), share = random_uniform(&state);

        sum += x;
        squares += x * x;
        gaps += random_exponential(&state, 3);
        assert_true(share >= 0 && share < 1);
    }
    assert_true(fabs(sum / n) < 0.02);
    assert_true(fabs(squares / n - 1) < 0.03);
    assert_true(fabs(gaps / n - 3) < 0.06);
}

static void shuffle_keeps_every_element(void **unused)
{
    uint64_t state = 3;
    int items[50], seen[50] = { 0 }, moved = 0;

    (void)unused;
    for (int i = 0; i < 50; i++) {
        items[i] = i;
    }
    random_shuffle(&state, items, 50, sizeof *items);
    for (int i = 0; i < 50; i++) {
        seen[items[i]]++;
        moved += items[i] != i;
    }
    for (int i = 0; i < 50; i++) {
        assert_int_equal(seen[i], 1);
    }
    assert_true(moved > 30);
}

static void normal_quantile_inverts_the_distribution(void **unused)
{
    (void)unused;
    assert_true(fabs(normal_quantile(0.5)) < 1e-12);
    assert_true(fabs(normal_quantile(0.95) - 1.6448536269514722) < 1e-12);
    assert_true(fabs(normal_quantile(0.9) - 1.2815515655446004) < 1e-12);
    assert_true(fabs(normal_quantile(0.025) + 1.9599639845400545) < 1e-12);
    assert_true(normal_quantile(1e-300) < -37 && normal_quantile(1 - 1e-16) > 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_seed_gives_the_same_numbers),
        cmocka_unit_test(random_below_is_uniform),
        cmocka_unit_test(mean_and_variance_are_as_expected),
        cmocka_unit_test(shuffle_keeps_every_element),
        cmocka_unit_test(normal_quantile_inverts_the_distribution),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
