/* test_metrics_page.c - the page that Prometheus reads, in both formats. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "telemetry/metrics.h"
#include "telemetry/metrics_page.h"

static struct text page;

static const char *write_page(enum metrics_format format)
{
    if (page.data) {
        text_end(&page);
    }
    text_begin(&page, 1 << 20);
    metrics_page(format, &page);
    assert_false(page.overflow);
    return page.data;
}

static void assert_line(const char *text, const char *line)
{
    char whole[400];

    snprintf(whole, sizeof whole, "\n%s\n", line);
    if (!strstr(text, whole)) {
        fail_msg("no line '%s' in:\n%s", line, text);
    }
}

static int fill(void **state)
{
    (void)state;
    metric_add(METRIC_JOBS, METRIC_VALUES("generate-image", "completed"), 3);
    metric_add(METRIC_PROVIDER_COST, METRIC_VALUES("openai", "gpt-image-2"), 1234500);
    metric_set(METRIC_OLDEST_PENDING_AGE, NULL, 61000000);
    metric_set(METRIC_MEMORY_BUDGET_USED, NULL, 5000000);
    for (int i = 0; i < 40; i++) {
        metric_observe(METRIC_PROVIDER_REQUEST_DURATION, METRIC_VALUES("openai", "gpt-image-2"),
                       (int64_t)i * i * 1000000 / 2);
        metric_observe(METRIC_LOOP_LAG, NULL, (int64_t)i * 100);
    }
    return 0;
}

static void the_text_format_names_counters_with_their_suffix(void **state)
{
    const char *text = write_page(METRICS_TEXT);

    (void)state;
    assert_line(text, "# TYPE darkroom_jobs_total counter");
    assert_line(text, "darkroom_jobs_total{job_type=\"generate-image\",outcome=\"completed\"} 3");
    assert_line(
        text, "darkroom_provider_cost_usd_total{provider=\"openai\",model=\"gpt-image-2\"} 1.2345");
    assert_line(text, "darkroom_oldest_pending_age_seconds 61");
    assert_line(text, "darkroom_memory_budget_used_bytes 5000000");
    assert_line(text, "darkroom_credits_refunded_total 0"); /* without labels: from the start */
    assert_null(strstr(text, "\ndarkroom_job_slots "));     /* a gauge that is not known yet */
    assert_null(strstr(text, "# EOF"));
    assert_null(strstr(text, "# UNIT"));
}

static void openmetrics_names_families_without_it_and_has_units_and_an_end(void **state)
{
    const char *text = write_page(METRICS_OPENMETRICS);

    (void)state;
    assert_line(text, "# TYPE darkroom_jobs counter");
    assert_line(text, "darkroom_jobs_total{job_type=\"generate-image\",outcome=\"completed\"} 3");
    assert_line(text, "# UNIT darkroom_provider_cost_usd usd");
    assert_non_null(strstr(text, "le=\"1.0\"} "));
    assert_null(strstr(text, "le=\"1\"} "));
    assert_string_equal(text + strlen(text) - 6, "# EOF\n");
}

/* Prometheus itself accepts a histogram whose buckets do not add up, and then shows wrong
 * percentiles. */
static void buckets_are_cumulative_and_the_last_equals_the_count(enum metrics_format format)
{
    char *copy = strdup(write_page(format)), *rest = copy, *line;
    long long last = 0, buckets = 0, infinite = -1, histograms = 0;

    while ((line = strsep(&rest, "\n"))) {
        char *value = strrchr(line, ' ');
        long long number = value ? atoll(value) : 0;

        if (line[0] == '#' || !value) {
            continue;
        }
        if (strstr(line, "_bucket{")) {
            assert_true(number >= last);
            last = number;
            buckets++;
            infinite = strstr(line, "le=\"+Inf\"") ? number : -1;
        } else if (strncmp(value - strlen("_count"), "_count", 6) == 0 || strstr(line, "_count{")) {
            assert_true(buckets > 10);
            assert_int_equal(number, infinite);
            histograms++;
            last = buckets = 0;
        }
    }
    assert_true(histograms >= 2);
    free(copy);
}

static void buckets_are_cumulative_in_both_formats(void **state)
{
    (void)state;
    buckets_are_cumulative_and_the_last_equals_the_count(METRICS_TEXT);
    buckets_are_cumulative_and_the_last_equals_the_count(METRICS_OPENMETRICS);
    assert_line(page.data, "darkroom_loop_lag_seconds_bucket{le=\"0.001\"} 11");
    assert_line(page.data, "darkroom_loop_lag_seconds_sum 0.078");
    assert_line(page.data, "darkroom_loop_lag_seconds_count 40");
}

static void label_values_cannot_end_a_label_or_a_line(void **state)
{
    (void)state;
    metric_set(METRIC_SERVICE_UP, METRIC_VALUES("a\"b\\c\nd\re\x01"), 1);
    assert_line(write_page(METRICS_TEXT), "darkroom_service_up{service=\"a\\\"b\\\\c\\nd e \"} 1");
}

static void the_accept_header_chooses_the_format(void **state)
{
    static const struct {
        const char *accept;
        enum metrics_format format;
    } cases[] = {
        { NULL, METRICS_TEXT },
        { "", METRICS_TEXT },
        { "*/*", METRICS_TEXT },
        { "text/html,application/xhtml+xml,*/*;q=0.8", METRICS_TEXT },
        { "text/plain", METRICS_TEXT },
        { "application/openmetrics-text", METRICS_OPENMETRICS },
        { "Application/OpenMetrics-Text; version=1.0.0; charset=utf-8", METRICS_OPENMETRICS },
        { "application/openmetrics-text;q=0", METRICS_TEXT },
        { "application/openmetrics-text;q=0.2,text/plain;q=0.5", METRICS_TEXT },
        { "application/openmetrics-textual", METRICS_TEXT },
        /* Prometheus 2.42 and 3 */
        { "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;"
          "q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
          METRICS_OPENMETRICS },
        { "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,"
          "application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;"
          "escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1",
          METRICS_OPENMETRICS },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (metrics_format_of(cases[i].accept) != cases[i].format) {
            fail_msg("'%s' chooses the other format", cases[i].accept);
        }
    }
    assert_non_null(strstr(metrics_content_type(METRICS_TEXT), "version=0.0.4"));
    assert_non_null(strstr(metrics_content_type(METRICS_OPENMETRICS), "openmetrics-text"));
}

/* Debian's package prometheus has promtool. */
static void promtool_finds_nothing_wrong(void **state)
{
    FILE *pipe;

    (void)state;
    if (system("command -v promtool >/dev/null 2>&1") != 0) {
        skip();
    }
    pipe = popen("promtool check metrics >&2", "w");
    assert_non_null(pipe);
    fputs(write_page(METRICS_TEXT), pipe);
    assert_int_equal(pclose(pipe), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_text_format_names_counters_with_their_suffix),
        cmocka_unit_test(openmetrics_names_families_without_it_and_has_units_and_an_end),
        cmocka_unit_test(buckets_are_cumulative_in_both_formats),
        cmocka_unit_test(label_values_cannot_end_a_label_or_a_line),
        cmocka_unit_test(the_accept_header_chooses_the_format),
        cmocka_unit_test(promtool_finds_nothing_wrong),
    };

    return cmocka_run_group_tests(tests, fill, NULL);
}
