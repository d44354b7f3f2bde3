/* Reads stored runs: which samples count, both format versions, and refused files. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "bench/report/stored_run.h"

#define RUN "{\"schema\":2,\"load\":\"closed\",\"concurrency\":8}\n"
#define OK(usable, usd)                                                                            \
    "{\"target\":\"a\",\"outcome\":\"ok\",\"timeToUsable\":" usable                                \
    ",\"status\":200,\"costUsd\":" usd "}\n"

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

static void only_measured_samples_count(void **unused)
{
    const struct stored_target *a;

    (void)unused;
    assert_true(
        reads(RUN OK("3", "0.02") "\n" OK("1", "0.01") /* blank lines are ignored */
              "{\"target\":\"a\",\"outcome\":\"ok\",\"timeToUsable\":9,\"warmUp\":true}\n"
              "{\"target\":\"a\",\"outcome\":\"shed\",\"timeToUsable\":null}\n"
              "{\"target\":\"a\",\"outcome\":\"aborted\"}\n"
              "{\"target\":\"a\",\"outcome\":\"rate_limited\",\"status\":429,\"costUsd\":null}\n"
              "{\"target\":\"b\",\"outcome\":\"invalid\",\"status\":200,\"costUsd\":null}"));
    assert_string_equal(stored_run.load, "8 in flight");
    assert_int_equal(stored_run.count, 2);
    a = stored_run_find(&stored_run, "a");
    assert_non_null(a);
    assert_int_equal(a->count, 2);
    assert_true(a->usable[0] == 1 && a->usable[1] == 3);
    assert_int_equal(a->requests, 3); /* without warm-up, shed and aborted */
    assert_false(a->cost_unknown);
    assert_true(fabs(yield_per_accepted(&a->cost) - 0.015) < 1e-12);
    assert_true(
        stored_run_find(&stored_run, "b")->cost_unknown); /* an answer without a known cost */
    assert_int_equal(stored_run_find(&stored_run, "b")->count, 0);
    assert_null(stored_run_find(&stored_run, "c"));
    stored_run_free(&stored_run);
}

/* --json prints the run last. */
static void the_run_may_be_the_last_line(void **unused)
{
    (void)unused;
    assert_true(reads(OK("3", "0") "{\"schema\":2,\"load\":\"open\",\"concurrency\":0,\"rate\":0.5,"
                                   "\"arrivals\":\"even\",\"stopReason\":\"interrupted\"}"));
    assert_string_equal(stored_run.load, "0.5 per second, even");
    assert_string_equal(stored_run.stopped, "interrupted");
    stored_run_free(&stored_run);
}

/* Files of version 1, with its keys and outcome names, can still be compared. */
static void version_1_is_read(void **unused)
{
    static const char *const outcomes[] = { "wrong",       "rate",   "quota",  "auth",
                                            "bad request", "server", "network" };
    char text[2000];
    size_t size = (size_t)snprintf(
        text, sizeof text,
        "{\"schema\":1,\"load\":\"closed\",\"concurrency\":8,\"stoppedBecause\":\"x\"}\n"
        "{\"target\":\"a\",\"outcome\":\"ok\",\"usable\":3,\"status\":200,\"usd\":0.02}\n");
    const struct stored_target *a;

    (void)unused;
    for (int i = 0; i < 7; i++) {
        size += (size_t)snprintf(text + size, sizeof text - size,
                                 "{\"target\":\"a\",\"outcome\":\"%s\",\"usable\":null}\n",
                                 outcomes[i]);
    }
    assert_true(reads(text));
    a = stored_run_find(&stored_run, "a");
    assert_int_equal(a->requests, 8);
    assert_true(a->count == 1 && a->usable[0] == 3);
    assert_true(fabs(yield_per_accepted(&a->cost) - 0.02) < 1e-12);
    assert_string_equal(stored_run.stopped, "x");
    stored_run_free(&stored_run);
}

static void refuses(const char *text, const char *why)
{
    assert_false(reads(text));
    if (!strstr(err.text, why)) {
        fail_msg("'%s' does not contain '%s'", err.text, why);
    }
}

static void invalid_files_are_refused(void **unused)
{
    char long_name[300];

    (void)unused;
    refuses("", "no run of darkroom bench");
    refuses("\n\n", "no run of darkroom bench");
    refuses(RUN, "no sample");
    refuses(OK("1", "0"), "no run of darkroom bench");
    refuses(RUN "nonsense", "line 2");
    refuses(RUN OK("1", "0") "{\"target\":\"a\",\"outco", "line 3"); /* truncated */
    refuses(RUN OK("1", "0") RUN OK("1", "0"), "line 3: the file contains a second run");
    assert_non_null(strstr(err.hint, "sweep"));
    refuses("{\"schema\":3}\n", "schema is not 1 to 2");
    refuses("{\"schema\":\"2\"}\n", "schema is not 1 to 2");
    refuses("{\"schema\":2,\"load\":\"closed\",\"concurrency\":0}\n", "contradict");
    refuses("{\"schema\":2,\"load\":\"open\",\"concurrency\":1e300}\n", "whole number");
    refuses("{\"schema\":2,\"load\":\"open\",\"rate\":-1}\n", "'rate' is -1");
    refuses("{\"schema\":2,\"load\":\"open\",\"stopReason\":\"\\u001b[2J\"}\n", "not plain");
    refuses("{\n \"schema\": 2,\n \"results\": []\n}\n", "summary");
    assert_non_null(strstr(err.hint, "samples.jsonl"));
    refuses(RUN "[1]\n", "line 2: 'target': expected text");
    refuses(RUN "{\"target\":7,\"outcome\":\"ok\",\"timeToUsable\":1}", "'target'");
    refuses(RUN "{\"target\":\"\",\"outcome\":\"ok\",\"timeToUsable\":1}", "name is empty");
    refuses(RUN "{\"target\":\"a\\u001b[2Jb\",\"outcome\":\"ok\",\"timeToUsable\":1}",
            "not plain text");
    refuses(RUN "{\"target\":\"a\",\"outcome\":\"splendid\",\"timeToUsable\":1}",
            "unknown outcome 'splendid'");
    refuses(RUN "{\"target\":\"a\",\"outcome\":\"ok\",\"timeToUsable\":null}", "contradict");
    refuses(RUN "{\"target\":\"a\",\"outcome\":\"rate_limited\",\"timeToUsable\":1}", "contradict");
    refuses(RUN OK("-1", "0"), "'timeToUsable' is -1");
    refuses(RUN OK("1e300", "0"), "'timeToUsable' is 1e+300");
    refuses(RUN OK("1e999", "0"), "'timeToUsable'");
    refuses(RUN OK("\"1\"", "0"), "'timeToUsable': expected a number");
    refuses(RUN OK("1", "-0.5"), "'costUsd' is -0.5");
    refuses(RUN "{\"target\":\"a\",\"outcome\":\"ok\",\"timeToUsable\":1,\"status\":1000}",
            "'status'");
    refuses(RUN "{\"target\":\"a\",\"outcome\":\"ok\",\"timeToUsable\":1,\"warmUp\":1}",
            "'warmUp'");
    snprintf(long_name, sizeof long_name,
             RUN "{\"target\":\"%0100d\",\"outcome\":\"ok\",\"timeToUsable\":1}", 0);
    refuses(long_name, "too long");
}

static void targets_and_line_length_are_bounded(void **unused)
{
    static char text[(1 << 20) + 4000];
    size_t size = (size_t)snprintf(text, sizeof text, RUN);

    (void)unused;
    for (int i = 0; i <= TARGETS_MAX; i++) {
        size += (size_t)snprintf(text + size, sizeof text - size,
                                 "{\"target\":\"t%d\",\"outcome\":\"rate_limited\"}\n", i);
    }
    refuses(text, "more than 16 targets");
    memset(text, ' ', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    refuses(text, "line 1: it is longer");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_measured_samples_count),
        cmocka_unit_test(the_run_may_be_the_last_line),
        cmocka_unit_test(version_1_is_read),
        cmocka_unit_test(invalid_files_are_refused),
        cmocka_unit_test(targets_and_line_length_are_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
