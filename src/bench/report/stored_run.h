/* stored_run.h - reads a stored run back from its samples.
 *
 * The file is untrusted input: every field has bounds, and an error names its line. Warm-up
 * requests count for nothing here. Neither do shed and aborted requests, since they say nothing
 * about the model. */
#ifndef BENCH_REPORT_STORED_RUN_H
#define BENCH_REPORT_STORED_RUN_H
#include "bench/load/load_plan.h"
#include "bench/load/run_progress.h"
#include "bench/load/sample.h"
#include "bench/stats/compare.h"

struct stored_target {
    char name[TARGET_NAME];
    double *usable; /* seconds to each usable answer, ascending; owned */
    size_t count, capacity;
    size_t requests;                   /* usable or not */
    struct yield_totals seconds, cost; /* per accepted answer; earlier versions: usable ones */
    bool cost_unknown;                 /* the cost of at least one answer is unknown */
    bool seconds_unknown;              /* the duration of at least one answer is unknown */
};

struct stored_run {
    struct stored_target targets[TARGETS_MAX];
    int count;
    char load[48];    /* "8 in flight", "0.5 per second, poisson" */
    char stopped[80]; /* why it was stopped early; empty if it was not */
};

/* Reads the lines of samples.jsonl or of `darkroom bench --json`: one run and its samples in any
 * order, of this or an earlier format version. Fails with ERROR_INPUT and the number of the line.
 * Free with stored_run_free after success. */
bool stored_run_read(const char *text, size_t size, struct stored_run *out,
                     struct error *err) MUST_CHECK;
/* Converts a run of this process, so that it can be compared with a stored one. */
bool stored_run_of(const struct load_plan *plan, const struct run_progress *progress,
                   const struct samples *samples, struct stored_run *out,
                   struct error *err) MUST_CHECK;
void stored_run_free(struct stored_run *run);

/* Returns NULL if the run has no target of that name. */
const struct stored_target *stored_run_find(const struct stored_run *run, const char *name);
#endif
