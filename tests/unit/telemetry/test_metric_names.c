/* test_metric_names.c - documentation, dashboard and alerts use the names of existing metrics. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "telemetry/metrics.h"

static const char prefix[] = "darkroom_";

/* The file relative to the source; freed by the caller. */
static char *read_source(const char *path)
{
    char whole[400];
    struct text text;
    FILE *file;
    int c;

    snprintf(whole, sizeof whole, "%s/%s", getenv("DARKROOM_SOURCE"), path);
    file = fopen(whole, "r");
    if (!file) {
        fail_msg("cannot read %s", whole);
    }
    text_begin(&text, 1 << 20);
    while ((c = getc(file)) != EOF) {
        text_add_char(&text, (char)c);
    }
    fclose(file);
    return text_detach(&text);
}

static void published_name(const struct metric_definition *metric, char out[80])
{
    snprintf(out, 80, "%s%s%s", prefix, metric->name,
             metric->type == METRIC_COUNTER ? "_total" : "");
}

/* Whether a series has this name. */
static bool is_published(const char *name, size_t length)
{
    static const char *const histogram_suffixes[] = { "_bucket", "_sum", "_count" };

    for (int i = 0; i < METRICS; i++) {
        char known[80];

        published_name(&metric_table[i], known);
        if (metric_table[i].type != METRIC_HISTOGRAM) {
            if (strlen(known) == length && strncmp(known, name, length) == 0) {
                return true;
            }
            continue;
        }
        for (int s = 0; s < 3; s++) {
            size_t base = strlen(known);

            if (base + strlen(histogram_suffixes[s]) == length && strncmp(known, name, base) == 0 &&
                strncmp(histogram_suffixes[s], name + base, length - base) == 0) {
                return true;
            }
        }
    }
    return false;
}

/* Fails for each word that begins with the prefix and names no series; returns how many there are.
 */
static int check_names(const char *path)
{
    char *text = read_source(path);
    int count = 0;

    for (const char *at = text; (at = strstr(at, prefix)); count++) {
        size_t length = strspn(at, "abcdefghijklmnopqrstuvwxyz_0123456789");

        if (!is_published(at, length)) {
            fail_msg("%s: %.*s is no metric", path, (int)length, at);
        }
        at += length;
    }
    free(text);
    return count;
}

static void the_dashboard_is_json_and_uses_existing_metrics(void **state)
{
    static const char path[] = "assets/packaging/grafana-darkroom.json";
    char *text = read_source(path);
    cJSON *json = cJSON_Parse(text);

    (void)state;
    assert_non_null(json);
    assert_true(cJSON_GetArraySize(cJSON_GetObjectItem(json, "panels")) >= 8);
    cJSON_Delete(json);
    free(text);
    assert_true(check_names(path) >= 12);
}

static void alerts_use_existing_metrics(void **state)
{
    (void)state;
    assert_true(check_names("assets/packaging/prometheus-alerts.yaml") >= 4);
}

static void add_row(const struct metric_definition *metric, struct text *out)
{
    static const char *const types[] = { "counter", "gauge", "histogram" };
    char name[80];

    published_name(metric, name);
    text_printf(out, "| `%s` | %s | ", name, types[metric->type]);
    for (int i = 0; i < METRIC_LABELS && metric->labels[i]; i++) {
        text_printf(out, "%s%s", i > 0 ? ", " : "", metric->labels[i]);
    }
    text_printf(out, " | %s |\n", metric->help);
}

static void the_documentation_lists_all_metrics(void **state)
{
    char *text = read_source("assets/docs/telemetry.md");
    struct text rows;

    (void)state;
    text_begin(&rows, 1 << 16);
    for (int i = 0; i < METRICS; i++) {
        add_row(&metric_table[i], &rows);
    }
    if (!strstr(text, rows.data)) {
        fail_msg("assets/docs/telemetry.md must contain:\n%s", rows.data);
    }
    text_end(&rows);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_dashboard_is_json_and_uses_existing_metrics),
        cmocka_unit_test(alerts_use_existing_metrics),
        cmocka_unit_test(the_documentation_lists_all_metrics),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
