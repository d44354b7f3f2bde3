/* test_eta.c - rate, remaining time, and durations as text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "term/duration.h"
#include "term/eta.h"

static bool near(double a, double b)
{
    return fabs(a - b) < 1e-6 + fabs(b) * 0.02;
}

static int64_t go_on(struct eta *pace, int64_t from_s, int seconds, double rate, int64_t ended)
{
    for (int i = 0; i <= seconds; i++) {
        eta_add_sample(pace, (from_s + i) * 1000000, ended + (int64_t)(i * rate));
    }
    return ended + (int64_t)(seconds * rate);
}

static void nothing_is_known_at_first(void **state)
{
    struct eta pace = { 0 };
    double least, most;

    (void)state;
    assert_false(eta_remaining(&pace, 10, 5, &least, &most));
    eta_add_sample(&pace, 0, 0);
    eta_add_sample(&pace, 1000000, 50);
    assert_true(eta_rate(&pace, 60) < 0);
    assert_false(eta_remaining(&pace, 10, 5, &least, &most));
    assert_true(eta_remaining(&pace, 0, 5, &least, &most));
    assert_true(near(least, 0) && near(most, 0));
}

static void a_steady_pace_is_told(void **state)
{
    struct eta pace = { 0 };
    double least, most;

    (void)state;
    go_on(&pace, 0, 100, 2, 0);
    assert_true(near(eta_rate(&pace, 60), 2));
    assert_true(eta_remaining(&pace, 200, 30, &least, &most));
    assert_true(near(least, 100));
    assert_true(near(most, 130)); /* the last one may take its time */
}

/* The last minute was twice as fast as the time before: the truth lies between. */
static void a_change_widens_the_range(void **state)
{
    struct eta pace = { 0 };
    double least, most;
    int64_t ended;

    (void)state;
    ended = go_on(&pace, 0, 240, 2, 0);
    go_on(&pace, 241, 60, 4, ended);
    assert_true(eta_remaining(&pace, 400, 0, &least, &most));
    assert_true(least < 102 && least > 98);
    assert_true(most > 160 && most < 175);
}

static void a_standstill_tells_nothing(void **state)
{
    struct eta pace = { 0 };
    double least, most;
    int64_t ended;

    (void)state;
    ended = go_on(&pace, 0, 60, 2, 0);
    go_on(&pace, 61, 90, 0, ended);
    assert_false(eta_remaining(&pace, 10, 5, &least, &most));
    go_on(&pace, 200, 2000, 3, ended); /* and only the last minutes count */
    assert_true(near(eta_rate(&pace, 300), 3));
}

static void spans_are_said_as_people_say_them(void **state)
{
    static const struct {
        double least, most;
        const char *says;
    } cases[] = {
        { 0, 0, "0 s" },
        { 3.4, 3.4, "3 s" },
        { 41, 41, "40 s" },
        { 41, 63, "40 to 65 s" },
        { 80, 300, "80 s to 5 min" },
        { 2280, 3120, "38 to 52 min" },
        { 100, 102, "2 min" },
        { 5000, 6000, "83 min to 1.7 h" },
        { 86400, 86400, "24 h" },
    };
    char text[64];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        duration_text(cases[i].least, cases[i].most, text, sizeof text);
        assert_string_equal(text, cases[i].says);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_known_at_first),
        cmocka_unit_test(a_steady_pace_is_told),
        cmocka_unit_test(a_change_widens_the_range),
        cmocka_unit_test(a_standstill_tells_nothing),
        cmocka_unit_test(spans_are_said_as_people_say_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
