/* Comparisons that stop when they are decided: at most 5 % of those of equal models are decided,
 * and of models that differ most end early. 500 simulated comparisons each, with a fixed seed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>

#include "base/random.h"
#include "bench/stats/sequential.h"

enum { COMPARISONS = 500, PLANNED = 200 };

struct outcome_counts {
    int decided, wrong, held; /* wrong: the slower one was called faster */
    double saved[COMPARISONS];
};

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Times of image models: lognormal, sigma 0.6; both depend on the prompt; a tenth is not accepted.
 */
static struct sequential_block block_of(double slower, uint64_t *state)
{
    double prompt = 0.2 * random_normal(state);
    struct sequential_block out;

    out.a.value = 20 * exp(prompt + 0.6 * random_normal(state));
    out.b.value = 20 * slower * exp(prompt + 0.6 * random_normal(state));
    out.a.accepted = random_uniform(state) < 0.9;
    out.b.accepted = random_uniform(state) < 0.9;
    return out;
}

static struct outcome_counts simulate(double slower)
{
    struct outcome_counts out = { 0 };
    struct sequential_block blocks[PLANNED];
    uint64_t state = 20261130;

    for (int i = 0; i < COMPARISONS; i++) {
        struct sequential_result result = { .decided = false };
        size_t count = 0;

        while (count < PLANNED && !result.decided) {
            blocks[count++] = block_of(slower, &state);
            result = sequential_compare(blocks, count, PLANNED);
        }
        out.decided += result.decided;
        out.wrong += result.decided && (result.ratio > 1) != (slower > 1);
        out.held += result.range.low <= slower && slower <= result.range.high;
        out.saved[i] = 1 - (double)count / PLANNED;
    }
    qsort(out.saved, COMPARISONS, sizeof *out.saved, by_value);
    return out;
}

static void at_most_five_percent_of_equal_models_are_decided(void **unused)
{
    struct outcome_counts same = simulate(1);

    (void)unused;
    print_message("equal: %d of %d decided; the interval held the ratio in %d\n", same.decided,
                  COMPARISONS, same.held);
    assert_in_range(same.decided, 0, COMPARISONS / 20);
    assert_in_range(same.held, COMPARISONS * 95 / 100, COMPARISONS);
}

static void models_that_differ_are_decided_early(void **unused)
{
    static const struct {
        double slower;
        int least_decided;
        double least_saved;
    } cases[] = { { 1.25, 350, 0.1 }, { 1.5, 499, 0.45 }, { 2, 500, 0.65 } };

    (void)unused;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct outcome_counts other = simulate(cases[i].slower);
        double median = other.saved[COMPARISONS / 2];

        print_message("slower by %.0f %%: %d of %d decided, %d wrongly; median saving %.0f %%; the "
                      "interval held the ratio in %d\n",
                      (cases[i].slower - 1) * 100, other.decided, COMPARISONS, other.wrong,
                      median * 100, other.held);
        assert_in_range(other.decided, cases[i].least_decided, COMPARISONS);
        assert_in_range(other.wrong, 0, COMPARISONS / 100);
        assert_true(median >= cases[i].least_saved);
        assert_in_range(other.held, COMPARISONS * 94 / 100, COMPARISONS);
    }
}

static void nothing_is_decided_without_data(void **unused)
{
    struct sequential_block blocks[20];
    uint64_t state = 1;

    (void)unused;
    for (int i = 0; i < 20; i++) {
        blocks[i] = block_of(100, &state);
    }
    assert_false(sequential_compare(blocks, 7, 20).known);
    assert_false(sequential_compare(blocks, 0, 20).known);
    assert_false(sequential_compare(blocks, 20, 19).known);
    assert_true(sequential_compare(blocks, 20, 20).decided);
    for (int i = 0; i < 20; i++) {
        blocks[i].b.accepted = false;
    }
    assert_false(sequential_compare(blocks, 20, 20).known);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(at_most_five_percent_of_equal_models_are_decided),
        cmocka_unit_test(models_that_differ_are_decided_early),
        cmocka_unit_test(nothing_is_decided_without_data),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
