/* Computes figures, parses rules of --fail-if, and formats verdicts. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bench/report/figure.h"

static struct figure_rule rules[RULES_MAX];
static int count;
static struct error err;

static bool reads(const char *text)
{
    err = (struct error){ .kind = ERROR_NONE };
    return figure_rules_read(text, rules, &count, &err);
}

/* Usable answers of 1, 2, 3... seconds and unusable ones, at a cent each. */
static struct stored_target target_of(double *values, size_t usable, size_t others)
{
    struct stored_target out = { .name = "a", .usable = values, .count = usable };

    out.requests = usable + others;
    for (size_t i = 0; i < usable; i++) {
        values[i] = (double)i + 1;
        yield_add(&out.cost, 0.01, true);
    }
    for (size_t i = 0; i < others; i++) {
        yield_add(&out.cost, 0.01, false);
    }
    return out;
}

static void valid_rules_are_read(void **unused)
{
    char name[FIGURE_NAME];

    (void)unused;
    assert_true(reads("p95>1.2x, p99.9>800ms mean>20s,errors>5%,errors>0.05,usd>1.1x,usd>0.02"));
    assert_int_equal(count, 7);
    assert_true(rules[0].figure.kind == FIGURE_PERCENTILE && rules[0].relative);
    assert_true(fabs(rules[0].figure.share - 0.95) < 1e-12 && rules[0].max == 1.2);
    assert_string_equal(rules[0].text, "p95>1.2x");
    assert_string_equal(figure_name(&rules[1].figure, name), "p99.9");
    assert_true(fabs(rules[1].max - 0.8) < 1e-12 && !rules[1].relative);
    assert_true(rules[2].figure.kind == FIGURE_MEAN && rules[2].max == 20);
    assert_true(fabs(rules[3].max - 0.05) < 1e-12 && fabs(rules[4].max - 0.05) < 1e-12);
    assert_true(rules[5].figure.kind == FIGURE_USD && rules[5].relative);
    assert_true(rules[6].max == 0.02 && !rules[6].relative);
}

static void invalid_rules_are_refused(void **unused)
{
    static const char *const wrong[] = {
        "sometimes",
        "p95",
        "p95>",
        "p95>x",
        "p95<1.2x",
        "p>1.2x",
        "p0>1.2x",
        "p100>1.2x",
        "p95>0x",
        "p95>-1x",
        "p95>nanx",
        "p95>infx",
        "p95>1e3x",
        "p95>0x2x",
        "p95>1.2.3x",
        "p95>1.2",
        "p95>1.2%",
        "p95>1.2xx",
        "mean>2",
        "errors>2s",
        "usd>1s",
        "errors>.x",
        "p95>1.2x errors",
        "p99.99999999999999999>1x",
    };

    (void)unused;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_false(reads(wrong[i]));
        assert_int_equal(err.kind, ERROR_INPUT);
        assert_non_null(strstr(err.text, "expected a rule like p95>1.2x"));
    }
    assert_false(reads("") || reads(" , "));
    assert_false(reads("p1>1s,p2>1s,p3>1s,p4>1s,p5>1s,p6>1s,p7>1s,p8>1s,p9>1s,p10>1s,p11>1s,p12>1s,"
                       "p13>1s,p14>1s,p15>1s,p16>1s,p17>1s"));
    assert_non_null(strstr(err.text, "more than 16"));
}

static void figures_are_computed(void **unused)
{
    double values[20], more[20];
    struct stored_target a = target_of(values, 20, 5), none = target_of(more, 0, 3);
    static const double want[] = { 19, 10.5, 0.2, 0.0125 };

    (void)unused;
    assert_true(reads("p95>2x,mean>2x,errors>2x,usd>2x"));
    for (int i = 0; i < 4; i++) {
        assert_true(fabs(figure_of(&rules[i].figure, &a) - want[i]) < 1e-12);
        assert_true(fabs(figure_rule_bound(&rules[i], &a) - 2 * want[i]) < 1e-12);
    }
    assert_true(isnan(figure_of(&rules[0].figure, &none)));
    assert_true(isnan(figure_of(&rules[1].figure, &none)));
    assert_true(figure_of(&rules[2].figure, &none) == 1);
    assert_true(isnan(figure_of(&rules[3].figure, &none)));
    a.cost_unknown = true;
    assert_true(isnan(figure_of(&rules[3].figure, &a)));
    assert_false(figure_compare(&rules[3].figure, &a, &a, 1).known);
}

static void verdicts_name_the_difference(void **unused)
{
    double values[40], slow[40], few[3];
    struct stored_target a = target_of(values, 40, 0), b = target_of(slow, 40, 40);
    struct stored_target c = target_of(few, 3, 0);
    struct difference d;
    char out[FIGURE_VERDICT];

    (void)unused;
    for (int i = 0; i < 40; i++) {
        slow[i] += 100;
    }
    assert_true(reads("p50>2x,mean>2x,errors>2x,usd>2x"));
    for (int i = 0; i < 4; i++) {
        static const char *const up[] = { "slower by 100.0 s [", "slower by 100.0 s [",
                                          "more errors by 50.0 % [",
                                          "more expensive by 0.0100 USD [" };
        static const char *const down[] = { "faster by", "faster by", "fewer errors by",
                                            "cheaper by" };

        d = figure_compare(&rules[i].figure, &a, &b, 4);
        assert_ptr_equal(strstr(figure_verdict(&rules[i].figure, &d, out), up[i]), out);
        d = figure_compare(&rules[i].figure, &b, &a, 4);
        assert_ptr_equal(strstr(figure_verdict(&rules[i].figure, &d, out), down[i]), out);
        d = figure_compare(&rules[i].figure, &a, &a, 4);
        figure_verdict(&rules[i].figure, &d, out);
        assert_ptr_equal(strstr(out, "not significant: 0.0"), out);
        assert_non_null(strchr(out, '[')); /* with its interval */
        d = figure_compare(&rules[i].figure, &a, &c, 4);
        assert_string_equal(figure_verdict(&rules[i].figure, &d, out),
                            "too few answers to compare");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(valid_rules_are_read),
        cmocka_unit_test(invalid_rules_are_refused),
        cmocka_unit_test(figures_are_computed),
        cmocka_unit_test(verdicts_name_the_difference),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
