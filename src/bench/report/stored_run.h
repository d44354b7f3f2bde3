/* stored_run.h - a stored run, read back from its samples.
 *
 * A file of samples comes from anywhere: each field is bounded before it is believed, and what is
 * not one whole run is refused with its line. Warm-up requests are left out of all figures here,
 * those that were shed or aborted too: they say nothing of the model. */
#ifndef BENCH_REPORT_STORED_RUN_H
#define BENCH_REPORT_STORED_RUN_H
#include "bench/load/runner.h"
#include "bench/stats/compare.h"

struct stored_target {
    char name[TARGET_NAME];
    double *usable; /* seconds of usable answers, ascending; owned */
    size_t count, capacity;
    size_t requests; /* usable or not */
    struct cost_totals price;
    bool cost_unknown; /* some answer's */
};

struct stored_run {
    struct stored_target targets[TARGETS_MAX];
    int count;
    char load[48];    /* "8 in flight", "0.5 a second, poisson" */
    char stopped[80]; /* why it was ended early; empty: it was not */
};

/* The lines of samples.jsonl, or of `darkroom bench --json`: one run and its samples, in any order.
 * ERROR_INPUT that names the line. Freed with past_free, after success alone. */
bool stored_run_read(const char *text, size_t size, struct stored_run *out,
                     struct error *err) MUST_CHECK;
/* A run of our own that has just ended, seen in the same way. */
bool stored_run_of(const struct load_plan *plan, const struct run_progress *progress,
                   const struct samples *samples, struct stored_run *out,
                   struct error *err) MUST_CHECK;
void stored_run_free(struct stored_run *stored_run);

const struct stored_target *stored_run_find(const struct stored_run *stored_run,
                                            const char *name); /* NULL: none */
#endif
