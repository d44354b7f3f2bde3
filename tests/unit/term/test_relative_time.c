/* test_relative_time.c - ages in one unit, from the times that the database prints. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "base/clock.h"
#include "term/relative_time.h"

static const char *age(double seconds)
{
    static char out[24];

    relative_time_age(seconds, out, sizeof out);
    return out;
}

static const char *ago(double seconds)
{
    static char out[40];

    relative_time_ago(seconds, out, sizeof out);
    return out;
}

static void age_has_the_largest_unit_that_has_passed(void **state)
{
    (void)state;
    assert_string_equal(age(0), "0 s");
    assert_string_equal(age(59.9), "59 s");
    assert_string_equal(age(60), "1 min");
    assert_string_equal(age(3599), "59 min");
    assert_string_equal(age(3600), "1 h");
    assert_string_equal(age(86399), "23 h");
    assert_string_equal(age(86400 * 29.0), "29 d");
    assert_string_equal(age(86400 * 31.0), "1 mo");
    assert_string_equal(age(86400 * 800.0), "2 y");
}

static void impossible_ages_are_bounded(void **state)
{
    (void)state;
    assert_string_equal(age(-5), "0 s");
    assert_string_equal(age(NAN), "0 s");
    assert_string_equal(age(1e300), "1000000 y");
    assert_string_equal(ago(-5), "now");
    assert_string_equal(ago(0.4), "now");
    assert_string_equal(ago(200), "3 min ago");
}

static void time_of_the_database_is_compared_with_now(void **state)
{
    int64_t now_ms = clock_parse_date("2026-11-23") + (12 * 3600 + 1 * 60 + 7) * 1000;

    (void)state;
    assert_true(relative_time_since("2026-11-23T12:01:07Z", now_ms) == 0);
    assert_true(relative_time_since("2026-11-23T12:00:00.5Z", now_ms) == 67);
    assert_true(relative_time_since("2026-11-22T12:01:07Z", now_ms) == 86400);
    assert_true(relative_time_since("2026-11-23T12:05:00Z", now_ms) == 0); /* clocks differ */
}

static void text_that_is_no_time_is_refused(void **state)
{
    (void)state;
    assert_true(relative_time_since(NULL, 0) < 0);
    assert_true(relative_time_since("", 0) < 0);
    assert_true(relative_time_since("infinity", 0) < 0);
    assert_true(relative_time_since("2026-13-45T12:00:00Z", 0) < 0);
    assert_true(relative_time_since("2026-11-23 at twelve o'clock", 0) < 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(age_has_the_largest_unit_that_has_passed),
        cmocka_unit_test(impossible_ages_are_bounded),
        cmocka_unit_test(time_of_the_database_is_compared_with_now),
        cmocka_unit_test(text_that_is_no_time_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
