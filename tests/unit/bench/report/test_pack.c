/* Simulated packs match the analytic maximum of six draws; failed attempts add their time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "base/random.h"
#include "bench/report/pack.h"

static struct samples samples;

static void add(int target, enum outcome outcome, double seconds, bool warm_up)
{
    struct sample sample = { .sequence = (int)samples.count,
                             .entry = { .target = target },
                             .warm_up = warm_up,
                             .outcome = outcome,
                             .ended_us = (int64_t)(seconds * 1e6) };

    samples_add(&samples, &sample);
}

static int tear_down(void **state)
{
    (void)state;
    samples_free(&samples);
    return 0;
}

static void near(double value, double truth, double part)
{
    if (fabs(value / truth - 1) > part) {
        fail_msg("%g is not %g", value, truth);
    }
}

/* Of n equally likely values x1 < ... < xn the largest of six is xi with (i/n)^6 - ((i-1)/n)^6. */
static void concurrent_time_is_the_maximum_of_six(void **state)
{
    double values[50], expected = 0, sum = 0;
    uint64_t random = 3;
    struct pack pack;

    (void)state;
    for (int i = 0; i < 50; i++) {
        values[i] = 8 * exp(0.5 * random_normal(&random));
        add(1, OUTCOME_OK, values[i], false);
        add(0, OUTCOME_OK, 1, false);    /* of another target */
        add(1, OUTCOME_OK, 500, true);   /* warm-up */
        add(1, OUTCOME_SHED, 0, false);  /* never sent: not an attempt */
        add(1, OUTCOME_QUOTA, 0, false); /* ended the run */
    }
    for (int i = 1; i < 50; i++) { /* ascending */
        for (int j = i; j > 0 && values[j] < values[j - 1]; j--) {
            double swap = values[j];

            values[j] = values[j - 1];
            values[j - 1] = swap;
        }
    }
    for (int i = 0; i < 50; i++) {
        expected += values[i] * (pow((i + 1) / 50.0, 6) - pow(i / 50.0, 6));
        sum += values[i];
    }
    pack = pack_of(&samples, 1, 9);
    assert_true(pack.known);
    near(pack.concurrent, expected, 0.02);
    near(pack.sequential, 6 * sum / 50, 0.02);
    assert_true(pack.concurrent_p95 >= pack.concurrent && pack.concurrent_p95 <= values[49] + 1e-5);
}

/* Every second request fails after 1 s: on average one failure precedes each image of 10 s. */
static void failed_attempts_add_their_time(void **state)
{
    struct pack pack;

    (void)state;
    for (int i = 0; i < 20; i++) {
        add(0, i % 2 ? OUTCOME_OK : OUTCOME_SERVER_ERROR, i % 2 ? 10 : 1, false);
    }
    pack = pack_of(&samples, 0, 9);
    near(pack.sequential, 6 * 11, 0.01);
    /* six geometric numbers of failures: their expected maximum is the sum of 1 - (1 - 2^-k)^6 */
    near(pack.concurrent, 10 + 3.0348, 0.01);
}

static void nothing_usable(void **state)
{
    (void)state;
    assert_false(pack_of(&samples, 0, 1).known);
    add(0, OUTCOME_INVALID, 3, false);
    assert_false(pack_of(&samples, 0, 1).known);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(concurrent_time_is_the_maximum_of_six, tear_down),
        cmocka_unit_test_teardown(failed_attempts_add_their_time, tear_down),
        cmocka_unit_test_teardown(nothing_usable, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
