/* Axes: ticks are round, ascending and far enough apart; values map into the axis. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/random.h"
#include "bench/charts/axis.h"

static bool is_round(double value)
{
    double digits = value / pow(10, floor(log10(value) + 1e-9));

    return fabs(digits - 1) < 1e-6 || fabs(digits - 2) < 1e-6 || fabs(digits - 5) < 1e-6;
}

static void logarithmic_axes_cover_their_values(void **unused)
{
    uint64_t state = 1;

    (void)unused;
    for (int round = 0; round < 2000; round++) {
        double min = pow(10, random_uniform(&state) * 9 - 6);
        double max = min * pow(10, random_uniform(&state) * random_uniform(&state) * 7);
        double length = 100 + random_uniform(&state) * 1000, ticks[AXIS_TICKS];
        struct axis axis = axis_log(min, max, 10 + length, 10);
        int count = axis_ticks(&axis, 20, ticks);

        assert_true(axis.low <= min * (1 + 1e-6) && axis.low > min / 2.6);
        assert_true(axis.high >= max * (1 - 1e-6) && axis.high > axis.low);
        assert_true(axis_at(&axis, axis.low) == 10 + length);
        assert_true(fabs(axis_at(&axis, axis.high) - 10) < 1e-9);
        assert_true(axis_at(&axis, min / 100) == 10 + length); /* clamped */
        for (int i = 0; i < count; i++) {
            assert_true(is_round(ticks[i]));
            assert_true(ticks[i] >= axis.low * 0.999 && ticks[i] <= axis.high * 1.001);
            assert_true(i == 0 ||
                        axis_at(&axis, ticks[i - 1]) - axis_at(&axis, ticks[i]) >= 20 - 1e-6);
        }
    }
}

static void linear_axes_cover_their_values(void **unused)
{
    uint64_t state = 2;

    (void)unused;
    for (int round = 0; round < 2000; round++) {
        double high = pow(10, random_uniform(&state) * 9 - 4), ticks[AXIS_TICKS];
        struct axis axis = axis_linear(0, high, 50, 950);
        int count = axis_ticks(&axis, 76, ticks);

        assert_true(axis.high >= high * (1 - 1e-6) && axis.high < high * 2.1);
        assert_in_range(count, 2, 12);
        assert_true(ticks[0] == 0);
        for (int i = 1; i < count; i++) {
            assert_true(axis_at(&axis, ticks[i]) - axis_at(&axis, ticks[i - 1]) >= 76 - 1e-6);
            assert_true(axis_at(&axis, ticks[i]) <= 950 + 1e-6);
        }
    }
}

static void seconds_are_labelled(void **unused)
{
    char label[AXIS_LABEL];

    (void)unused;
    assert_string_equal(axis_seconds(0, label), "0");
    assert_string_equal(axis_seconds(0.05, label), "50 ms");
    assert_string_equal(axis_seconds(0.0002, label), "0.2 ms");
    assert_string_equal(axis_seconds(1, label), "1 s");
    assert_string_equal(axis_seconds(2.5, label), "2.5 s");
    assert_string_equal(axis_seconds(300, label), "300 s");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(logarithmic_axes_cover_their_values),
        cmocka_unit_test(linear_axes_cover_their_values),
        cmocka_unit_test(seconds_are_labelled),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
