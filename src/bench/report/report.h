/* report.h - what a run leaves: one JSON line a sample, a summary, and forms that other tools read.
 *
 * samples.jsonl   every sample: the first line describes the run ("schema": 1), then one a line
 * samples.csv     the same for spreadsheets
 * summary.json    what the table on the terminal says, and more
 * latency.hlog    HdrHistogram log, one tagged line a target, microseconds
 * metrics.prom    Prometheus text format 0.0.4
 * profile.json    for `darkroom work --profile`: how long to wait for an answer (model/profile.h)
 * report.html     one page that needs nothing else
 * percentiles.png, timeline.png, windows.png, phases.png, cost.png: its plots, where there is
 *                 something to draw; and the same with -dark for dark grounds
 *
 * The JSON is described by assets/bench/schema.json. */
#ifndef BENCH_REPORT_REPORT_H
#define BENCH_REPORT_REPORT_H
#include <cjson/cJSON.h>

#include "base/text.h"
#include "bench/report/summary.h"

struct report { /* borrowed */
    const struct load_plan *plan;
    const struct run_progress *progress;
    const struct samples *samples;
    const struct target_summary *summaries;
    int64_t began_wall_ms;
    const char *command; /* as it was given; it holds no secret */
};

/* All files, into a folder that is made where it is missing. */
bool report_write(const struct report *report, const char *folder, struct error *err) MUST_CHECK;

/* One file of a folder, from a text that must not have overflowed. */
bool report_file(const char *folder, const char *name, const struct text *text,
                 struct error *err) MUST_CHECK;

enum { REPORT_SCHEMA = 1 }; /* it grows when a key changes its meaning or goes */
cJSON *report_run(const struct report *report); /* the run itself: targets, load, machine */
cJSON *report_sample(const struct report *report, const struct sample *sample);
cJSON *report_summary(const struct report *report);

cJSON *report_target_summary(const struct target_summary *summary);

bool report_html(const struct report *report, struct text *out, struct error *err) MUST_CHECK;
void report_profile(const struct report *report, struct text *out);

/* "a faster than b by 6.1 s [2.0, 9.8]" for each pair of targets, or that they are not told apart;
 * one a line. The intervals hold together. */
void report_verdicts(const struct report *report, struct text *out);

/* Why the first of its class failed; empty where none did. */
const char *report_reason(const struct report *report, int target, enum outcome outcome);

/* "812 ms", "12.4 s", "-" for NAN. */
const char *report_seconds(double seconds, char out[24]);
#endif
