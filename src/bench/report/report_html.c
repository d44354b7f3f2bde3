/* report_html.c - the page of a run: fills in assets/bench/report.html. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/embed.h"
#include "bench/charts/chart.h"
#include "bench/report/machine.h"
#include "bench/report/report_page.h"

static void add_head(const struct report *report, struct text *out)
{
    const struct load_plan *plan = report->plan;
    const struct run_progress *progress = report->progress;
    char began[25], label[24];

    clock_format(report->began_wall_ms, began);
    text_printf(out, "<h1>Benchmark of AI models</h1>\n<p class=\"dim\">%s, %s", began,
                report_seconds((double)progress->ended_us / 1e6, label));
    if (plan->concurrency > 0) {
        text_printf(out, ", %d in flight", plan->concurrency);
    } else {
        text_printf(out, ", %g requests per second (%s arrivals)", plan->rate,
                    plan->arrivals == ARRIVALS_EVEN ? "even" : "Poisson");
    }
    text_printf(out, ", %zu requests, seed %llu", report->samples->count,
                (unsigned long long)plan->seed);
    if (!progress->spent_unknown) {
        text_printf(out, ", %.4f USD spent", (double)progress->spent / 1e6);
    }
    text_add(out, "</p>\n");
    if (progress->stopped_why) {
        text_add(out, "<p class=\"bad\">Stopped early: ");
        text_add_html(out, progress->stopped_why);
        text_add(out, ".</p>\n");
    }
}

void page_lines(const char *heading, char *lines, struct text *out)
{
    if (!lines[0]) {
        return;
    }
    text_printf(out, "<h2>%s</h2><ul class=\"card plain\">", heading);
    for (char *saved = NULL, *line = strtok_r(lines, "\n", &saved); line;
         line = strtok_r(NULL, "\n", &saved)) {
        text_add(out, "<li>");
        text_add_html(out, line);
        text_add(out, "</li>");
    }
    text_add(out, "</ul>\n");
}

static void add_verdicts(const struct report *report, struct text *out)
{
    struct text lines;

    text_begin(&lines, 1 << 20);
    report_verdicts(report, &lines);
    page_lines("Conclusions", lines.data, out);
    text_end(&lines);
}

static void add_fact(const char *name, const char *value, struct text *out)
{
    if (value[0]) {
        text_printf(out, "<dt>%s</dt><dd>", name);
        text_add_html(out, value);
        text_add(out, "</dd>\n");
    }
}

static void add_environment(const struct report *report, struct text *out)
{
    const struct run_progress *progress = report->progress;
    struct machine machine;
    char words[200], label[24];

    machine_read(&machine);
    text_add(out, "<h2>Test setup</h2>\n<dl class=\"card\">\n");
    add_fact("command", report->command, out);
    add_fact("version", "darkroom " DARKROOM_VERSION, out);
    snprintf(words, sizeof words, "%llu", (unsigned long long)report->plan->seed);
    add_fact("seed", words, out);
    add_fact("system", machine.system, out);
    snprintf(words, sizeof words, "%ld%s%.120s, %.1f GB of memory", machine.processors,
             machine.processor[0] ? " x " : "", machine.processor,
             (double)machine.memory_bytes / 1e9);
    add_fact("processors", words, out);
    add_fact("HTTP", machine.http, out);
    if (progress->now_us > 0) {
        snprintf(words, sizeof words, "%.0f %% of one processor, event loop late by at most %s",
                 (double)progress->cpu_us * 100 / (double)progress->now_us,
                 report_seconds(progress->loop_lag_us[2] < 0
                                    ? NAN
                                    : (double)progress->loop_lag_us[2] / 1e6,
                                label));
        add_fact("client load", words, out);
    }
    text_add(out, "</dl>\n");
}

static void add_body(const void *context, struct text *out)
{
    const struct report *report = context;

    add_head(report, out);
    page_headline(report, out);
    text_add(out, "<h2>Time to a usable answer</h2>\n");
    page_tables(report, out);
    add_verdicts(report, out);
    page_quality(report, out);
    page_packs(report, out);
    for (int i = 0; i < CHARTS; i++) {
        chart_html(report, &charts[i], out);
        if (charts[i].draw == chart_phases) {
            page_phases(report, out);
        }
    }
    page_first(report, out);
    page_gallery(report, out);
    add_environment(report, out);
}

/* Writes the page up to a placeholder and moves behind it. */
static bool add_until(const char **page, const char *placeholder, struct text *out)
{
    const char *at = *page ? strstr(*page, placeholder) : NULL;

    if (at) {
        text_add_bytes(out, *page, (size_t)(at - *page));
        *page = at + strlen(placeholder);
    }
    return at != NULL;
}

bool page_make(void (*body)(const void *context, struct text *out), const void *context,
               struct text *out, struct error *err)
{
    const struct embedded *file = embed_find("assets/bench/report.html");
    const char *page = file ? (const char *)file->data : NULL;

    if (!add_until(&page, "{{inks}}", out)) {
        return error_set(err, ERROR_INTERNAL, "the report template is not in the program");
    }
    plot_inks(out);
    if (!add_until(&page, "{{body}}", out)) {
        return error_set(err, ERROR_INTERNAL, "the report template has no {{body}}");
    }
    body(context, out);
    text_add(out, page);
    return true;
}

bool report_html(const struct report *report, struct text *out, struct error *err)
{
    return page_make(add_body, report, out, err);
}
