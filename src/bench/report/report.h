/* report.h - the files that a run leaves in its folder.
 *
 * samples.jsonl   the run in the first line, then every sample in a line
 * samples.csv     the samples for spreadsheets
 * summary.json    the results of each target, and the verdicts
 * latency.hlog    HdrHistogram log: one tagged line per target, in microseconds
 * metrics.prom    Prometheus text format 0.0.4
 * profile.json    latencies for `darkroom work --profile` (model/profile.h)
 * report.html     a page without external resources
 * percentiles.png, timeline.png, windows.png, phases.png, cost.png, each also with -dark for dark
 *                 pages: the plots that have data
 *
 * assets/bench/schema.json describes the JSON. */
#ifndef BENCH_REPORT_REPORT_H
#define BENCH_REPORT_REPORT_H
#include <cjson/cJSON.h>

#include "base/text.h"
#include "bench/report/summary.h"
#include "bench/report/until_decided.h"

struct report { /* every pointer is borrowed */
    const struct load_plan *plan;
    const struct run_progress *progress;
    const struct samples *samples;
    const struct target_summary *summaries; /* one per target */
    int64_t began_wall_ms;
    const char *command;                       /* command that repeats the run, without secrets */
    const struct until_decided *until_decided; /* NULL without --until-decided */
};

/* Writes all files; creates the folder if it does not exist. */
bool report_write(const struct report *report, const char *folder, struct error *err) MUST_CHECK;

/* Writes one file. Fails if the text has overflowed its limit. */
bool report_file(const char *folder, const char *name, const struct text *text,
                 struct error *err) MUST_CHECK;

/* Increases when a key is renamed, removed or changes its meaning; stored_run.c reads all versions.
 */
enum { REPORT_SCHEMA = 2 };
cJSON *report_run(const struct report *report); /* the run itself: targets, load, machine */
cJSON *report_sample(const struct report *report, const struct sample *sample);
cJSON *report_summary(const struct report *report);

cJSON *report_target_summary(const struct target_summary *summary);

bool report_html(const struct report *report, struct text *out, struct error *err) MUST_CHECK;
void report_profile(const struct report *report, struct text *out);

/* Writes one sentence per line: for each pair of targets which one is faster and by how much, or
 * that there is no significant difference; then drift, rate limits and hedging. The intervals of
 * the pairs hold simultaneously. */
void report_verdicts(const struct report *report, struct text *out);

/* Returns the error of the first sample with this outcome; empty if none. */
const char *report_reason(const struct report *report, int target, enum outcome outcome);

/* Formats "812 ms" or "12.4 s"; "-" for NAN. */
const char *report_seconds(double seconds, char out[24]);
/* What the headline counts: "accepted image" in a workload of packs, else "usable image" or "usable
 * answer". */
const char *report_unit(const struct report *report, const struct target *target);
#endif
