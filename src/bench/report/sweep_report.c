/* sweep_report.c - the files of a sweep: one page and one summary of all its levels. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "bench/charts/chart.h"
#include "bench/report/page_table.h"
#include "bench/report/report_numbers.h"
#include "bench/report/report_page.h"
#include "bench/report/sweep.h"
#include "io/file.h"

enum { SWEEP_BYTES = 64 << 20 };
static const char plot_title[] = "Throughput and latency over the load";

static cJSON *rung_json(const struct ladder *ladder, const struct rung *rung)
{
    cJSON *json = cJSON_CreateObject(), *tallies;
    char folder[24];

    snprintf(folder, sizeof folder, "%g", rung->level);
    cJSON_AddNumberToObject(json, "level", rung->level);
    cJSON_AddStringToObject(json, "folder", folder);
    tallies = cJSON_AddArrayToObject(json, "tallies");
    for (int i = 0; i < ladder->plan->target_count; i++) {
        cJSON_AddItemToArray(tallies, report_tally(&rung->tallies[i]));
    }
    return json;
}

/* The level of a rung; null where there is none. */
static void add_level(cJSON *json, const char *name, const struct ladder *ladder, int rung)
{
    json_add_number(json, name, rung < 0 ? NAN : ladder->rungs[rung].level);
}

cJSON *ladder_json(const struct ladder *ladder)
{
    cJSON *json = cJSON_CreateObject(), *levels, *knees;
    char began[25];

    clock_format(ladder->began_wall_ms, began);
    cJSON_AddNumberToObject(json, "schema", REPORT_SCHEMA);
    cJSON_AddStringToObject(json, "tool", "darkroom " DARKROOM_VERSION);
    cJSON_AddStringToObject(json, "began", began);
    cJSON_AddStringToObject(json, "command", ladder->command);
    cJSON_AddStringToObject(json, "by", ladder->rates ? "rate" : "concurrency");
    json_add_number(json, "spentUsd", ladder->spent_unknown ? NAN : (double)ladder->spent / 1e6);
    cJSON_AddBoolToObject(json, "endedAtLimit", ladder->ended_early);
    levels = cJSON_AddArrayToObject(json, "levels");
    for (int i = 0; i < ladder->count; i++) {
        cJSON_AddItemToArray(levels, rung_json(ladder, &ladder->rungs[i]));
    }
    knees = cJSON_AddArrayToObject(json, "knees");
    for (int i = 0; i < ladder->plan->target_count; i++) {
        cJSON *knee = cJSON_CreateObject();

        cJSON_AddStringToObject(knee, "target", ladder->plan->targets[i].name);
        add_level(knee, "level", ladder, ladder_knee(ladder, i));
        add_level(knee, "limitedFrom", ladder, ladder_limited(ladder, i));
        cJSON_AddItemToArray(knees, knee);
    }
    return json;
}

static void add_table(const struct ladder *ladder, struct text *out)
{
    int targets = ladder->plan->target_count, count = ladder->count * targets;
    struct page_row *rows = calloc((size_t)count + 1, sizeof *rows);
    struct page_columns columns = { .count = 0 };
    struct arena *arena = arena_new();

    if (!rows) {
        abort();
    }
    for (int i = 0; i < count; i++) {
        const struct rung *rung = &ladder->rungs[i / targets];
        char level[40];

        rows[i] = (struct page_row){ .name = arena_printf(arena, "%s: %s",
                                                          ladder_level(ladder, rung->level, level),
                                                          ladder->plan->targets[i % targets].name),
                                     .href = arena_printf(arena, "%g/report.html", rung->level),
                                     .target = i % targets,
                                     .tally = &rung->tallies[i % targets] };
    }
    page_column(&columns, "usable", cell_usable, 0);
    page_column(&columns, "429", cell_class, OUTCOME_RATE);
    page_column(&columns, "p50", cell_percentile, 0);
    page_column(&columns, "p95", cell_percentile, 3);
    page_column(&columns, "mean", cell_around, 0);
    page_column(&columns, "usable a minute", cell_rate, 0);
    page_column(&columns, "USD a usable one", cell_price, 1);
    page_table(rows, count, &columns, out);
    arena_free(arena);
    free(rows);
}

static void add_body(const void *context, struct text *out)
{
    const struct ladder *ladder = context;
    struct plot *wide = chart_ladder(ladder, CHART_WIDE, plot_title);
    struct plot *slim = chart_ladder(ladder, CHART_SLIM, plot_title);
    struct text verdicts;
    char began[25];

    clock_format(ladder->began_wall_ms, began);
    text_printf(out, "<h1>How they take load</h1>\n<p class=\"dim\">%s, %d levels", began,
                ladder->count);
    if (!ladder->spent_unknown) {
        text_printf(out, ", %.4f USD spent", (double)ladder->spent / 1e6);
    }
    text_add(out, ladder->ended_early ? ", ended at a limit of the sweep</p>\n" : "</p>\n");
    if (wide) {
        chart_both(wide, slim, out);
        page_paragraph("dim",
                       "Dark rings: the knee, where rate over median is at its highest. Red "
                       "rings: the first level with a 429.",
                       out);
    }
    text_begin(&verdicts, 1 << 20);
    ladder_verdicts(ladder, &verdicts);
    page_lines("What may be believed", verdicts.data, out);
    text_end(&verdicts);
    text_add(out, "<h2>Level by level</h2>\n");
    add_table(ladder, out);
    text_add(out, "<h2>How it was measured</h2>\n<dl class=\"card\">\n<dt>command</dt><dd>");
    text_add_html(out, ladder->command);
    text_add(out, "</dd>\n</dl>\n");
    plot_free(wide);
    plot_free(slim);
}

bool ladder_html(const struct ladder *ladder, struct text *out, struct error *err)
{
    return page_make(add_body, ladder, out, err);
}

static bool write_page(const struct ladder *ladder, const char *folder, struct error *err)
{
    struct text out;
    bool good;

    text_begin(&out, SWEEP_BYTES);
    good = ladder_html(ladder, &out, err) && report_file(folder, "report.html", &out, err);
    text_end(&out);
    return good;
}

static bool write_summary(const struct ladder *ladder, const char *folder, struct error *err)
{
    cJSON *json = ladder_json(ladder);
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

bool ladder_write(const struct ladder *ladder, const char *folder, struct error *err)
{
    struct plot *plot = chart_ladder(ladder, CHART_WIDE, plot_title);
    bool good = folder_make(folder, err) && write_summary(ladder, folder, err) &&
                write_page(ladder, folder, err);

    good = good && (!plot || plot_write(plot, folder, "sweep", err));
    plot_free(plot);
    return good;
}
