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

static int64_t add_samples(struct eta *eta, int64_t from_s, int seconds, double rate, int64_t ended)
{
    for (int i = 0; i <= seconds; i++) {
        eta_add_sample(eta, (from_s + i) * 1000000, ended + (int64_t)(i * rate));
    }
    return ended + (int64_t)(seconds * rate);
}

static void too_few_samples_give_no_estimate(void **state)
{
    struct eta eta = { 0 };
    double least, most;

    (void)state;
    assert_false(eta_remaining(&eta, 10, 5, &least, &most));
    eta_add_sample(&eta, 0, 0);
    eta_add_sample(&eta, 1000000, 50);
    assert_true(eta_rate(&eta, 60) < 0);
    assert_false(eta_remaining(&eta, 10, 5, &least, &most));
    assert_true(eta_remaining(&eta, 0, 5, &least, &most));
    assert_true(near(least, 0) && near(most, 0));
}

static void steady_rate_gives_a_narrow_range(void **state)
{
    struct eta eta = { 0 };
    double least, most;

    (void)state;
    add_samples(&eta, 0, 100, 2, 0);
    assert_true(near(eta_rate(&eta, 60), 2));
    assert_true(eta_remaining(&eta, 200, 30, &least, &most));
    assert_true(near(least, 100));
    assert_true(near(most, 130)); /* plus the p95 of the last item */
}

/* The last minute was twice as fast as before. */
static void change_of_rate_widens_the_range(void **state)
{
    struct eta eta = { 0 };
    double least, most;
    int64_t ended;

    (void)state;
    ended = add_samples(&eta, 0, 240, 2, 0);
    add_samples(&eta, 241, 60, 4, ended);
    assert_true(eta_remaining(&eta, 400, 0, &least, &most));
    assert_true(least < 102 && least > 98);
    assert_true(most > 160 && most < 175);
}

static void standstill_gives_no_estimate(void **state)
{
    struct eta eta = { 0 };
    double least, most;
    int64_t ended;

    (void)state;
    ended = add_samples(&eta, 0, 60, 2, 0);
    add_samples(&eta, 61, 90, 0, ended);
    assert_false(eta_remaining(&eta, 10, 5, &least, &most));
    add_samples(&eta, 200, 2000, 3, ended); /* only the last minutes count */
    assert_true(near(eta_rate(&eta, 300), 3));
}

static void durations_are_rounded(void **state)
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
        cmocka_unit_test(too_few_samples_give_no_estimate),
        cmocka_unit_test(steady_rate_gives_a_narrow_range),
        cmocka_unit_test(change_of_rate_widens_the_range),
        cmocka_unit_test(standstill_gives_no_estimate),
        cmocka_unit_test(durations_are_rounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
