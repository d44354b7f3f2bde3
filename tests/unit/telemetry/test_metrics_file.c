/* test_metrics_file.c - the file for node_exporter is complete, and goes when the worker stops. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "telemetry/metrics.h"
#include "telemetry/metrics_file.h"

static struct loop *loop;
static struct performer *performer;
static char folder[] = "/tmp/dr-metrics.XXXXXX";
static char path[100];
static char log_line[1000];

static int set_up(void **state)
{
    struct error err;

    (void)state;
    loop = loop_new(1, &err);
    performer = loop ? perform_new(loop, NULL, NULL) : NULL;
    return performer && mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    loop_free(loop);
    perform_free(performer);
    return rmdir(folder);
}

static void keep_line(const char *line, void *context)
{
    (void)context;
    snprintf(log_line, sizeof log_line, "%s", line);
}

static void the_file_holds_the_page_until_the_worker_stops(void **state)
{
    int64_t end_us = clock_mono_us() + 60 * 1000000;
    struct metrics_file *file;
    char text[200] = "";
    FILE *in;

    (void)state;
    snprintf(path, sizeof path, "%s/darkroom.prom", folder);
    metric_add(METRIC_LEASE_LOST, NULL, 3);
    file = metrics_file_start(loop, performer, path);
    while (access(path, R_OK) != 0 && clock_mono_us() < end_us) {
        loop_wait(loop, 100);
    }
    in = fopen(path, "r");
    assert_non_null(in);
    while (fgets(text, sizeof text, in) && strcmp(text, "darkroom_lease_lost_total 3\n") != 0) {
    }
    assert_string_equal(text, "darkroom_lease_lost_total 3\n");
    fclose(in);
    metrics_file_stop(file);
    assert_int_not_equal(access(path, F_OK), 0);
}

static void a_file_that_cannot_be_written_is_logged_and_stops_nothing(void **state)
{
    int64_t end_us = clock_mono_us() + 60 * 1000000;
    struct metrics_file *file;

    (void)state;
    log_sink(keep_line, NULL);
    snprintf(path, sizeof path, "/dev/null/darkroom.prom"); /* not a folder */
    file = metrics_file_start(loop, performer, path);
    while (!log_line[0] && clock_mono_us() < end_us) {
        loop_wait(loop, 100);
    }
    metrics_file_stop(file);
    log_sink(NULL, NULL);
    assert_non_null(strstr(log_line, "metrics cannot be written to the file"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_file_holds_the_page_until_the_worker_stops),
        cmocka_unit_test(a_file_that_cannot_be_written_is_logged_and_stops_nothing),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
