/* series.h - a run in windows of time: does it drift, is it throttled, does the load keep up? */
#ifndef BENCH_REPORT_SERIES_H
#define BENCH_REPORT_SERIES_H
#include "bench/load/runner.h"
#include "bench/stats/compare.h"

enum { WINDOWS_MAX = 24 };

struct time_window { /* of one target; requests belong to where they were due */
    double from, to; /* seconds from the beginning of the run */
    size_t due, usable, failed, rate_limited, shed; /* rate_limited: 429, among the failed */
    double p50;                                     /* seconds, of usable ones; NAN: fewer than 3 */
    double p95;                                     /* NAN: fewer than 20 */
    double in_flight;                               /* mean over the window */
    double due_rate, usable_rate; /* requests due and usable answers in, a second */
};

struct series {
    struct time_window windows[WINDOWS_MAX];
    int count;               /* 0: too few requests, or all of them due at once */
    struct difference drift; /* of medians: the later half of the run's minus the earlier's */
    size_t halves[2];        /* usable answers in each */
    double first_429_at;     /* seconds: when the first 429 was due; NAN: none came */
};

/* All targets of a run have the same windows. `pairs`: how many drifts are told side by side. */
void series_make(const struct load_plan *plan, const struct run_progress *progress,
                 const struct samples *samples, int target, struct series *out);
#endif
