/* Prints a run on terminals of several widths: no line is too long, and no figure is cut. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cmocka.h>
#include <math.h>

#include "base/random.h"
#include "bench/command/bench.h"
#include "term/term.h"

enum { TARGETS = 3, REQUESTS = 60, OUTPUT = 1 << 16 };

static struct target targets[TARGETS] = {
    { .name = "gpt-image-2.5-flare 1024x1024 low" },
    { .name = "a name that is much too long for any terminal, and goes on and on and on" },
    { .name = "\xe5\x9b\xbe\xe5\x83\x8f\xe5\x9b\xbe\xe5\x83\x8f" },
};
static const struct workload workload;
static struct load_plan plan = {
    .targets = targets, .target_count = TARGETS, .concurrency = 4, .workload = &workload
};
static struct run_progress progress = { .stopped_us = 90000000,
                                        .ended_us = 91000000,
                                        .stopped_why = "the next request could exceed --max-cost" };
static struct samples samples;
static struct target_summary summaries[TARGETS];
static struct report report = {
    .plan = &plan, .progress = &progress, .samples = &samples, .summaries = summaries
};

static int set_up(void **state)
{
    uint64_t random = 2;

    (void)state;
    setenv("TERM", "xterm", 1);
    unsetenv("CI");
    term_setup("never");
    for (int i = 0; i < TARGETS; i++) {
        targets[i].task = TASK_IMAGE;
    }
    for (int i = 0; i < TARGETS * REQUESTS; i++) {
        bool good = i % 10 != 0;
        struct sample sample = { .sequence = i,
                                 .entry = { .target = i % TARGETS },
                                 .outcome = good ? OUTCOME_OK : OUTCOME_SERVER_ERROR,
                                 .accepted = good,
                                 .due_us = i * 500000,
                                 .started_us = i * 500000,
                                 .ended_us =
                                     i * 500000 + (int64_t)(9e6 * exp(random_normal(&random))),
                                 .checked = good,
                                 .checks_failed = i % 7 == 0 ? 8 : 0,
                                 .processing_ms = -1,
                                 .cost_microusd = 12000,
                                 .duplicate_of = -1 };

        if (!good) {
            strcpy(sample.error, "OpenAI had a fault: The server had an error while processing "
                                 "your request, and it has much to say about it.");
        }
        samples_add(&samples, &sample);
    }
    target_summaries_make(&plan, &progress, &samples, summaries);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    target_summaries_free(summaries, TARGETS);
    samples_free(&samples);
    return 0;
}

/* Returns what bench_table and bench_print write to a terminal of this width. */
static char *printed(int columns, bool wide)
{
    int master = posix_openpt(O_RDWR | O_NOCTTY), slave;
    struct winsize size = { .ws_row = 40, .ws_col = (unsigned short)columns };
    char *text = calloc(OUTPUT, 1), name[100];
    size_t used = 0;
    FILE *terminal;

    assert_true(master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0);
    assert_int_equal(ptsname_r(master, name, sizeof name), 0);
    slave = open(name, O_RDWR | O_NOCTTY);
    assert_true(slave >= 0 && ioctl(slave, TIOCSWINSZ, &size) == 0);
    fcntl(master, F_SETFL, O_NONBLOCK);
    terminal = fdopen(slave, "w");
    setvbuf(terminal, NULL, _IOFBF,
            OUTPUT); /* flushed in pieces that fit into the buffer of the terminal */
    for (int part = 0; part < 2; part++) {
        ssize_t got;

        if (part == 0) {
            bench_table(terminal, &report, wide);
        } else {
            bench_print(terminal, &report, wide);
        }
        fflush(terminal);
        while (used < OUTPUT - 1 && (got = read(master, text + used, OUTPUT - 1 - used)) > 0) {
            used += (size_t)got;
        }
    }
    fclose(terminal);
    close(master);
    return text;
}

static void no_line_exceeds_the_width(void **state)
{
    static const int widths[] = { 80, 81, 100, 120, 160, 200, 240 };

    (void)state;
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
        char *text = printed(widths[i], false), *saved = NULL;
        int lines = 0;

        for (char *line = strtok_r(text, "\r\n", &saved); line;
             line = strtok_r(NULL, "\r\n", &saved), lines++) {
            if (term_columns(line) > widths[i]) {
                fail_msg("%d columns: %s", widths[i], line);
            }
        }
        assert_true(lines > 20);
        free(text);
    }
}

static void wider_terminals_show_more_columns(void **state)
{
    static const struct {
        int columns;
        const char *shown, *hidden;
    } rows[] = { { 80, "P95", "P75" }, { 120, "MEAN", "P99.9" }, { 200, "P99.9", NULL } };

    (void)state;
    for (int i = 0; i < 3; i++) {
        char *text = printed(rows[i].columns, false);

        assert_non_null(strstr(text, rows[i].shown));
        assert_non_null(strstr(text, "USD/USABLE"));
        assert_true(!rows[i].hidden || !strstr(text, rows[i].hidden));
        free(text);
    }
}

static void wide_shows_every_column(void **state)
{
    char *text = printed(80, true);

    (void)state;
    assert_non_null(strstr(text, "P99.9"));
    assert_non_null(strstr(text, "STD DEV"));
    assert_non_null(strstr(text, "54/60"));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_line_exceeds_the_width),
        cmocka_unit_test(wider_terminals_show_more_columns),
        cmocka_unit_test(wide_shows_every_column),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
