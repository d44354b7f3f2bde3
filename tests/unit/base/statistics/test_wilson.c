/* test_wilson.c - the interval of a share has the published values. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/statistics/wilson.h"

static void assert_interval(int64_t hits, int64_t of, double low, double high)
{
    struct share_interval interval = wilson_interval(hits, of, WILSON_Z_95);

    assert_float_equal(interval.low, low, 0.00005);
    assert_float_equal(interval.high, high, 0.00005);
}

/* The first three, and 0 of 20, are those of Newcombe (1998), table I, method 3. */
static void intervals_have_the_published_values(void **state)
{
    (void)state;
    assert_interval(81, 263, 0.2553, 0.3662);
    assert_interval(15, 148, 0.0624, 0.1605);
    assert_interval(1, 29, 0.0061, 0.1718);
    assert_interval(112, 184, 0.5366, 0.6763);
}

static void intervals_stay_within_0_and_1(void **state)
{
    (void)state;
    assert_interval(0, 20, 0, 0.1611);
    assert_interval(20, 20, 0.8389, 1);
    assert_interval(0, 0, 0, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(intervals_have_the_published_values),
        cmocka_unit_test(intervals_stay_within_0_and_1),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
