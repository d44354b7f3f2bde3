/* Stored runs: what counts, and every kind of file that is none. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "bench/report/stored_run.h"

#define RUN "{\"schema\":1,\"load\":\"closed\",\"concurrency\":8}\n"
#define OK(usable, usd)                                                                            \
    "{\"target\":\"a\",\"outcome\":\"ok\",\"usable\":" usable ",\"status\":200,\"usd\":" usd "}\n"

static struct stored_run stored_run;
static struct error err;

static bool reads(const char *text)
{
    bool good;

    err = (struct error){ .kind = ERROR_NONE };
    good = stored_run_read(text, strlen(text), &stored_run, &err);
    assert_true(good || (err.kind == ERROR_INPUT && err.text[0]));
    return good;
}

static void what_counts(void **unused)
{
    const struct stored_target *a;

    (void)unused;
    assert_true(reads(RUN OK("3", "0.02") "\n" OK("1", "0.01") /* blank lines are nothing */
                      "{\"target\":\"a\",\"outcome\":\"ok\",\"usable\":9,\"warmUp\":true}\n"
                      "{\"target\":\"a\",\"outcome\":\"shed\",\"usable\":null}\n"
                      "{\"target\":\"a\",\"outcome\":\"aborted\"}\n"
                      "{\"target\":\"a\",\"outcome\":\"rate\",\"status\":429,\"usd\":null}\n"
                      "{\"target\":\"b\",\"outcome\":\"wrong\",\"status\":200,\"usd\":null}"));
    assert_string_equal(stored_run.load, "8 in flight");
    assert_int_equal(stored_run.count, 2);
    a = stored_run_find(&stored_run, "a");
    assert_non_null(a);
    assert_int_equal(a->count, 2);
    assert_true(a->usable[0] == 1 && a->usable[1] == 3);
    assert_int_equal(a->requests, 3); /* warm-up, shed and aborted say nothing of the model */
    assert_false(a->cost_unknown);
    assert_true(fabs(cost_per_usable(&a->price) - 0.015) < 1e-12);
    assert_true(stored_run_find(&stored_run, "b")
                    ->cost_unknown); /* an answer came, and nobody knows its price */
    assert_int_equal(stored_run_find(&stored_run, "b")->count, 0);
    assert_null(stored_run_find(&stored_run, "c"));
    stored_run_free(&stored_run);
}

/* --json prints the run last. */
static void the_run_may_come_last(void **unused)
{
    (void)unused;
    assert_true(reads(OK("3", "0") "{\"schema\":1,\"load\":\"open\",\"concurrency\":0,\"rate\":0.5,"
                                   "\"arrivals\":\"even\",\"stoppedBecause\":\"interrupted\"}"));
    assert_string_equal(stored_run.load, "0.5 a second, even");
    assert_string_equal(stored_run.stopped, "interrupted");
    stored_run_free(&stored_run);
}

static void says(const char *text, const char *why)
{
    assert_false(reads(text));
    if (!strstr(err.text, why)) {
        fail_msg("'%s' does not say '%s'", err.text, why);
    }
}

static void what_is_no_run(void **unused)
{
    char long_name[300];

    (void)unused;
    says("", "no run of darkroom bench");
    says("\n\n", "no run of darkroom bench");
    says(RUN, "no sample");
    says(OK("1", "0"), "no run of darkroom bench");
    says(RUN "nonsense", "line 2");
    says(RUN OK("1", "0") "{\"target\":\"a\",\"outco", "line 3"); /* cut off */
    says(RUN OK("1", "0") RUN OK("1", "0"), "line 3: a second run begins");
    assert_non_null(strstr(err.hint, "sweep"));
    says("{\"schema\":2}\n", "schema is not 1");
    says("{\"schema\":\"1\"}\n", "schema is not 1");
    says("{\"schema\":1,\"load\":\"closed\",\"concurrency\":0}\n", "contradict");
    says("{\"schema\":1,\"load\":\"open\",\"concurrency\":1e300}\n", "whole number");
    says("{\"schema\":1,\"load\":\"open\",\"rate\":-1}\n", "'rate' is -1");
    says("{\"schema\":1,\"load\":\"open\",\"stoppedBecause\":\"\\u001b[2J\"}\n", "not plain");
    says("{\n \"schema\": 1,\n \"tallies\": []\n}\n", "summary");
    assert_non_null(strstr(err.hint, "samples.jsonl"));
    says(RUN "[1]\n", "line 2: 'target': expected text");
    says(RUN "{\"target\":7,\"outcome\":\"ok\",\"usable\":1}", "'target'");
    says(RUN "{\"target\":\"\",\"outcome\":\"ok\",\"usable\":1}", "name is empty");
    says(RUN "{\"target\":\"a\\u001b[2Jb\",\"outcome\":\"ok\",\"usable\":1}", "not plain text");
    says(RUN "{\"target\":\"a\",\"outcome\":\"splendid\",\"usable\":1}", "no outcome 'splendid'");
    says(RUN "{\"target\":\"a\",\"outcome\":\"ok\",\"usable\":null}", "contradict");
    says(RUN "{\"target\":\"a\",\"outcome\":\"rate\",\"usable\":1}", "contradict");
    says(RUN OK("-1", "0"), "'usable' is -1");
    says(RUN OK("1e300", "0"), "'usable' is 1e+300");
    says(RUN OK("1e999", "0"), "'usable'");
    says(RUN OK("\"1\"", "0"), "'usable': expected a number");
    says(RUN OK("1", "-0.5"), "'usd' is -0.5");
    says(RUN "{\"target\":\"a\",\"outcome\":\"ok\",\"usable\":1,\"status\":1000}", "'status'");
    says(RUN "{\"target\":\"a\",\"outcome\":\"ok\",\"usable\":1,\"warmUp\":1}", "'warmUp'");
    snprintf(long_name, sizeof long_name,
             RUN "{\"target\":\"%0100d\",\"outcome\":\"ok\",\"usable\":1}", 0);
    says(long_name, "too long");
}

static void bounds_of_a_file(void **unused)
{
    static char text[(1 << 20) + 4000];
    size_t size = (size_t)snprintf(text, sizeof text, RUN);

    (void)unused;
    for (int i = 0; i <= TARGETS_MAX; i++) {
        size += (size_t)snprintf(text + size, sizeof text - size,
                                 "{\"target\":\"t%d\",\"outcome\":\"rate\"}\n", i);
    }
    says(text, "more than 16 targets");
    memset(text, ' ', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    says(text, "line 1: it is longer");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_counts),
        cmocka_unit_test(the_run_may_come_last),
        cmocka_unit_test(what_is_no_run),
        cmocka_unit_test(bounds_of_a_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
