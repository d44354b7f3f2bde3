/* series.h - a run divided into time windows, to show drift, rate limits and falling behind. */
#ifndef BENCH_REPORT_SERIES_H
#define BENCH_REPORT_SERIES_H
#include "bench/load/runner.h"
#include "bench/stats/compare.h"

enum { WINDOWS_MAX = 24 };

struct time_window { /* of one target; a request belongs to the window in which it was due */
    double from, to; /* seconds from the start of the run */
    size_t due, usable, failed, rate_limited, shed; /* rate_limited: 429, also in failed */
    double p50;                   /* seconds, of usable answers; NAN with fewer than 3 */
    double p95;                   /* NAN with fewer than 20 usable answers */
    double in_flight;             /* mean over the window */
    double due_rate, usable_rate; /* per second: requests due, usable answers that ended */
};

struct series {
    struct time_window windows[WINDOWS_MAX];
    int count;               /* 0 if there are too few requests or all were due at once */
    struct difference drift; /* median of the second half of the run minus the first half's */
    size_t halves[2];        /* usable answers in each */
    double first_429_at;     /* seconds: when the first 429 was due; NAN if there was none */
};

/* All targets of a run have the same windows. The drifts of all targets hold simultaneously. */
void series_make(const struct load_plan *plan, const struct run_progress *progress,
                 const struct samples *samples, int target, struct series *out);
#endif
