/* sweep_report.c - writes the files of a sweep: a page, a summary and a plot of all levels. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/memory.h"
#include "bench/charts/chart.h"
#include "bench/report/page_table.h"
#include "bench/report/report.h"
#include "bench/report/report_page.h"
#include "bench/report/sweep.h"
#include "io/file.h"

enum { SWEEP_BYTES = 64 << 20 };
static const char plot_title[] = "Throughput and latency by load";

static cJSON *level_json(const struct sweep *sweep, const struct sweep_level *sweep_level)
{
    cJSON *json = cJSON_CreateObject(), *summaries;
    char folder[24];

    snprintf(folder, sizeof folder, "%g", sweep_level->level);
    cJSON_AddNumberToObject(json, "level", sweep_level->level);
    cJSON_AddStringToObject(json, "folder", folder);
    summaries = cJSON_AddArrayToObject(json, "results");
    for (int i = 0; i < sweep->plan->target_count; i++) {
        cJSON_AddItemToArray(summaries, report_target_summary(&sweep_level->summaries[i]));
    }
    return json;
}

/* Adds the level of this index; null for -1. */
static void add_level(cJSON *json, const char *name, const struct sweep *sweep, int sweep_level)
{
    json_add_number(json, name, sweep_level < 0 ? NAN : sweep->levels[sweep_level].level);
}

cJSON *sweep_json(const struct sweep *sweep)
{
    cJSON *json = cJSON_CreateObject(), *levels, *knees;
    char began[25];

    clock_format(sweep->began_wall_ms, began);
    cJSON_AddNumberToObject(json, "schema", REPORT_SCHEMA);
    cJSON_AddStringToObject(json, "tool", "darkroom " DARKROOM_VERSION);
    cJSON_AddStringToObject(json, "startedAt", began);
    cJSON_AddStringToObject(json, "command", sweep->command);
    cJSON_AddStringToObject(json, "parameter", sweep->by_rate ? "rate" : "concurrency");
    json_add_number(json, "spentUsd", sweep->spent_unknown ? NAN : (double)sweep->spent / 1e6);
    cJSON_AddBoolToObject(json, "endedAtLimit", sweep->ended_early);
    levels = cJSON_AddArrayToObject(json, "levels");
    for (int i = 0; i < sweep->count; i++) {
        cJSON_AddItemToArray(levels, level_json(sweep, &sweep->levels[i]));
    }
    knees = cJSON_AddArrayToObject(json, "knees");
    for (int i = 0; i < sweep->plan->target_count; i++) {
        cJSON *knee = cJSON_CreateObject();

        cJSON_AddStringToObject(knee, "target", sweep->plan->targets[i].name);
        add_level(knee, "level", sweep, sweep_knee(sweep, i));
        add_level(knee, "firstRateLimitLevel", sweep, sweep_first_429(sweep, i));
        cJSON_AddItemToArray(knees, knee);
    }
    return json;
}

static void add_table(const struct sweep *sweep, struct text *out)
{
    int targets = sweep->plan->target_count, count = sweep->count * targets;
    struct page_row *rows = xcalloc((size_t)count + 1, sizeof *rows);
    struct page_columns columns = { .count = 0 };
    struct arena *arena = arena_new();

    for (int i = 0; i < count; i++) {
        const struct sweep_level *sweep_level = &sweep->levels[i / targets];
        char level[40];

        rows[i] =
            (struct page_row){ .name =
                                   arena_printf(arena, "%s: %s",
                                                sweep_level_name(sweep, sweep_level->level, level),
                                                sweep->plan->targets[i % targets].name),
                               .href = arena_printf(arena, "%g/report.html", sweep_level->level),
                               .target = i % targets,
                               .summary = &sweep_level->summaries[i % targets] };
    }
    page_column(&columns, "usable", write_usable_cell, 0);
    page_column(&columns, "rate limited", write_outcome_cell, OUTCOME_RATE_LIMITED);
    page_column(&columns, "p50", write_percentile_cell, 0);
    page_column(&columns, "p95", write_percentile_cell, 3);
    page_column(&columns, "mean", write_stats_cell, 0);
    page_column(&columns, "per minute", write_rate_cell, 0);
    page_column(&columns, "USD/usable", write_cost_cell, 1);
    page_table(rows, count, &columns, out);
    arena_free(arena);
    free(rows);
}

static void add_body(const void *context, struct text *out)
{
    const struct sweep *sweep = context;
    struct plot *wide = chart_sweep(sweep, CHART_WIDE, plot_title);
    struct plot *narrow = chart_sweep(sweep, CHART_NARROW, plot_title);
    struct text verdicts;
    char began[25];

    clock_format(sweep->began_wall_ms, began);
    text_printf(out, "<h1>Benchmark of AI models by load</h1>\n<p class=\"dim\">%s, %d levels",
                began, sweep->count);
    if (!sweep->spent_unknown) {
        text_printf(out, ", %.4f USD spent", (double)sweep->spent / 1e6);
    }
    text_add(out, sweep->ended_early ? ", ended when a level exceeded a limit</p>\n" : "</p>\n");
    if (wide) {
        chart_both(wide, narrow, out);
        page_paragraph("dim",
                       "A dark ring marks the knee, where throughput divided by median latency is "
                       "highest. A red ring marks the first level with a rate limit (429).",
                       out);
    }
    text_begin(&verdicts, 1 << 20);
    sweep_verdicts(sweep, &verdicts);
    page_lines("Conclusions", verdicts.data, out);
    text_end(&verdicts);
    text_add(out, "<h2>Results by level</h2>\n");
    add_table(sweep, out);
    text_add(out, "<h2>Test setup</h2>\n<dl class=\"card\">\n<dt>command</dt><dd>");
    text_add_html(out, sweep->command);
    text_add(out, "</dd>\n</dl>\n");
    plot_free(wide);
    plot_free(narrow);
}

bool sweep_html(const struct sweep *sweep, struct text *out, struct error *err)
{
    return page_make(add_body, sweep, out, err);
}

static bool write_page(const struct sweep *sweep, const char *folder, struct error *err)
{
    struct text out;
    bool good;

    text_begin(&out, SWEEP_BYTES);
    good = sweep_html(sweep, &out, err) && report_file(folder, "report.html", &out, err);
    text_end(&out);
    return good;
}

static bool write_summary(const struct sweep *sweep, const char *folder, struct error *err)
{
    cJSON *json = sweep_json(sweep);
    char *words = cJSON_Print(json);
    struct text out;
    bool good;

    text_begin(&out, SWEEP_BYTES);
    text_add(&out, words ? words : "");
    text_add_char(&out, '\n');
    good = report_file(folder, "summary.json", &out, err);
    text_end(&out);
    free(words);
    cJSON_Delete(json);
    return good;
}

bool sweep_write(const struct sweep *sweep, const char *folder, struct error *err)
{
    struct plot *plot = chart_sweep(sweep, CHART_WIDE, plot_title);
    bool good = folder_make(folder, err) && write_summary(sweep, folder, err) &&
                write_page(sweep, folder, err);

    good = good && (!plot || plot_write(plot, folder, "sweep", err));
    plot_free(plot);
    return good;
}
