/* report.c - writes the files of a run. */
#include "bench/report/report.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/charts/chart.h"
#include "bench/report/sample_chain.h"
#include "bench/stats/histogram.h"
#include "io/file.h"

enum { REPORT_BYTES = 512 << 20 };
#define HOUR_US ((int64_t)3600 * 1000000)

bool report_file(const char *folder, const char *name, const struct text *text, struct error *err)
{
    char path[1200];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    return text->overflow ? error_set(err, ERROR_INTERNAL, "'%s' is too large to write", name)
                          : file_write(path, text->data, text->size, err);
}

static bool write_text(const char *folder, const char *name, struct text *text, struct error *err)
{
    bool good = report_file(folder, name, text, err);

    text_end(text);
    return good;
}

static void add_line(struct text *out, cJSON *json, struct sample_chain *chain)
{
    char *line = cJSON_PrintUnformatted(json);

    sample_chain_add(chain, line ? line : "{}", out);
    free(line);
    cJSON_Delete(json);
}

static bool write_samples(const struct report *report, const char *folder,
                          struct sample_chain *chain, struct error *err)
{
    struct text out;

    sample_chain_begin(chain);
    text_begin(&out, REPORT_BYTES);
    add_line(&out, report_run(report), chain);
    for (size_t i = 0; i < report->samples->count; i++) {
        add_line(&out, report_sample(report, &report->samples->rows[i]), chain);
    }
    return write_text(folder, "samples.jsonl", &out, err);
}

/* RFC 4180: every text is quoted. */
static void add_cell(struct text *out, const cJSON *value)
{
    char number[32];

    if (cJSON_IsString(value)) {
        text_add_char(out, '"');
        for (const char *at = value->valuestring; *at; at++) {
            text_add(out, *at == '"' ? "\"\"" : (char[]){ *at, 0 });
        }
        text_add_char(out, '"');
    } else if (cJSON_IsNumber(value)) {
        snprintf(number, sizeof number, "%.15g", value->valuedouble);
        text_add(out, number);
    } else if (cJSON_IsBool(value)) {
        text_add(out, cJSON_IsTrue(value) ? "true" : "false");
    }
}

static bool write_csv(const struct report *report, const char *folder, struct error *err)
{
    struct text out;

    text_begin(&out, REPORT_BYTES);
    for (size_t i = 0; i < report->samples->count; i++) {
        cJSON *row = report_sample(report, &report->samples->rows[i]);
        const cJSON *cell;

        for (int head = i == 0 ? 0 : 1; head < 2; head++) {
            cJSON_ArrayForEach(cell, row)
            {
                if (cell != row->child) {
                    text_add_char(&out, ',');
                }
                if (head == 0) {
                    text_add(&out, cell->string);
                } else {
                    add_cell(&out, cell);
                }
            }
            text_add(&out, "\r\n");
        }
        cJSON_Delete(row);
    }
    return write_text(folder, "samples.csv", &out, err);
}

/* Copies a name into a tag, without the characters that separate fields of the log. */
static void tag_of(const char *name, char out[TARGET_NAME])
{
    snprintf(out, TARGET_NAME, "%s", name);
    for (char *at = out; *at; at++) {
        if (*at == ',' || *at == ' ' || *at == '=' || (unsigned char)*at < 32) {
            *at = '_';
        }
    }
}

static bool write_hlog(const struct report *report, const char *folder, struct error *err)
{
    double length = (double)report->progress->ended_us / 1e6;
    struct text out;
    bool good = true;

    text_begin(&out, REPORT_BYTES);
    histogram_log_header((double)report->began_wall_ms / 1e3, "darkroom " DARKROOM_VERSION, &out);
    for (int i = 0; good && i < report->plan->target_count; i++) {
        const struct target_summary *summary = &report->summaries[i];
        struct histogram histogram;
        char tag[TARGET_NAME];

        good = histogram_new(3, HOUR_US, &histogram, err);
        for (size_t j = 0; good && j < summary->count; j++) {
            histogram_record(&histogram, (int64_t)llround(summary->usable[j] * 1e6));
        }
        tag_of(summary->target->name, tag);
        if (good) {
            good = histogram_log_line(&histogram, tag, 0, length, 1e6, &out, err);
            histogram_free(&histogram);
        }
    }
    if (!good) {
        text_end(&out);
        return false;
    }
    return write_text(folder, "latency.hlog", &out, err);
}

static void add_label(struct text *out, const char *name)
{
    text_add(out, "target=\"");
    for (const char *at = name; *at; at++) {
        text_add(out, *at == '"' ? "\\\"" : *at == '\\' ? "\\\\" : (char[]){ *at, 0 });
    }
    text_add_char(out, '"');
}

static bool write_prometheus(const struct report *report, const char *folder, struct error *err)
{
    struct text out;

    text_begin(&out, REPORT_BYTES);
    text_add(
        &out,
        "# HELP darkroom_bench_time_to_usable_seconds Time from due to usable, of usable answers.\n"
        "# TYPE darkroom_bench_time_to_usable_seconds summary\n");
    for (int i = 0; i < report->plan->target_count; i++) {
        const struct target_summary *summary = &report->summaries[i];

        for (int j = 0; j < SUMMARY_PERCENTILES; j++) {
            if (summary->count > 0) {
                text_add(&out, "darkroom_bench_time_to_usable_seconds{");
                add_label(&out, summary->target->name);
                text_printf(&out, ",quantile=\"%g\"} %.6f\n", summary_percentiles[j],
                            summary->percentiles[j]);
            }
        }
        text_add(&out, "darkroom_bench_time_to_usable_seconds_sum{");
        add_label(&out, summary->target->name);
        text_printf(&out, "} %.6f\ndarkroom_bench_time_to_usable_seconds_count{",
                    summary->count > 0 ? summary->stats.mean * (double)summary->count : 0);
        add_label(&out, summary->target->name);
        text_printf(&out, "} %zu\n", summary->count);
    }
    text_add(&out, "# HELP darkroom_bench_requests_total Requests by outcome.\n"
                   "# TYPE darkroom_bench_requests_total counter\n");
    for (int i = 0; i < report->plan->target_count; i++) {
        for (int j = 0; j < OUTCOMES; j++) {
            text_add(&out, "darkroom_bench_requests_total{");
            add_label(&out, report->summaries[i].target->name);
            text_printf(&out, ",outcome=\"%s\"} %zu\n", outcome_names[j],
                        report->summaries[i].outcomes[j]);
        }
    }
    return write_text(folder, "metrics.prom", &out, err);
}

static bool write_summary(const struct report *report, const char *folder,
                          const struct sample_chain *chain, struct error *err)
{
    struct text out;
    cJSON *json = report_summary(report), *head = cJSON_AddObjectToObject(json, "chain");
    char *text;

    cJSON_AddStringToObject(head, "head", chain->head);
    cJSON_AddNumberToObject(head, "lines", chain->lines);
    text = cJSON_Print(json);
    text_begin(&out, REPORT_BYTES);
    text_add(&out, text ? text : "");
    text_add_char(&out, '\n');
    free(text);
    cJSON_Delete(json);
    return write_text(folder, "summary.json", &out, err);
}

static bool write_profile(const struct report *report, const char *folder, struct error *err)
{
    struct text out;

    text_begin(&out, REPORT_BYTES);
    report_profile(report, &out);
    return write_text(folder, "profile.json", &out, err);
}

static bool write_html(const struct report *report, const char *folder, struct error *err)
{
    struct text out;

    text_begin(&out, REPORT_BYTES);
    if (!report_html(report, &out, err)) {
        text_end(&out);
        return false;
    }
    return write_text(folder, "report.html", &out, err);
}

bool report_write(const struct report *report, const char *folder, struct error *err)
{
    struct sample_chain chain;

    return folder_make(folder, err) && write_samples(report, folder, &chain, err) &&
           write_csv(report, folder, err) && write_summary(report, folder, &chain, err) &&
           write_hlog(report, folder, err) && write_prometheus(report, folder, err) &&
           write_profile(report, folder, err) && write_html(report, folder, err) &&
           charts_write(report, folder, err);
}
