/* test_clock.c - formats and parses times and dates. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/clock.h"

static void times_are_formatted_in_utc(void **state)
{
    char out[25];

    (void)state;
    clock_format(0, out);
    assert_string_equal(out, "1970-01-01T00:00:00.000Z");
    clock_format(1795435267113, out);
    assert_string_equal(out, "2026-11-23T12:01:07.113Z");
    clock_format(-1, out);
    assert_string_equal(out, "1969-12-31T23:59:59.999Z");
    clock_format(INT64_MAX, out); /* no such year: still 24 characters */
    assert_int_equal(strlen(out), 24);
    clock_format(INT64_MIN, out);
    assert_int_equal(strlen(out), 24);
}

static void dates_are_parsed(void **state)
{
    static const char *const bad[] = {
        "",           "2026-11",    "2026-02-29",  "2026-13-01", "2026-00-10", "2026-01-00",
        "2026-04-31", "2026-1-1",   "2026-11-231", "26-11-2300", "2026/11/23", " 026-01-02",
        "+026-01-02", "2026-+1-02", "2026--1-02",  "2026- 1-02", "2026-01- 2", "0x26-01-02",
    };

    (void)state;
    assert_int_equal(clock_parse_date("1970-01-01"), 0);
    assert_int_equal(clock_parse_date("2026-11-23"), 1795392000000);
    assert_int_equal(clock_parse_date("2024-02-29"), 1709164800000);
    assert_int_equal(clock_parse_date(NULL), -1);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (clock_parse_date(bad[i]) != -1) {
            fail_msg("'%s' was taken for a date", bad[i]);
        }
    }
}

static void monotonic_clock_never_goes_back(void **state)
{
    int64_t before = clock_mono_us(), after = clock_mono_us();

    (void)state;
    assert_true(after >= before);
    assert_true(clock_wall_ms() > 1577836800000); /* 2020 */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_are_formatted_in_utc),
        cmocka_unit_test(dates_are_parsed),
        cmocka_unit_test(monotonic_clock_never_goes_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
