/* run_progress.h - the counters and client figures of a run, while it is under way and at its end.
 */
#ifndef BENCH_LOAD_RUN_PROGRESS_H
#define BENCH_LOAD_RUN_PROGRESS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct run_progress {   /* times in microseconds from the start of the run */
    int64_t now_us;     /* when these figures were updated */
    int64_t first_us;   /* when the first measured request was due; -1 before that */
    int64_t stopped_us; /* when the runner stopped sending; -1 before that */
    int64_t ended_us;   /* when the last response ended */
    int in_flight, in_flight_peak;
    int issued, done, usable;  /* without the warm-up */
    int64_t spent;             /* microdollars */
    int64_t reserved;          /* microdollars; of requests in flight or whose cost is unknown */
    bool spent_unknown;        /* the cost of at least one request is unknown */
    const char *stopped_why;   /* NULL if the plan was carried out */
    int64_t cpu_us;            /* processor time of this process, all threads */
    int64_t loop_cpu_us;       /* processor time of the loop's thread until ended_us */
    int waiting;               /* responses that are not evaluated yet */
    size_t spilled;            /* responses that waited on disk for their evaluation */
    int64_t paused_us;         /* closed loop: sending paused because evaluation was late */
    int64_t loop_lag_us[3];    /* lateness of the loop's timer: p50, p99, max; -1 if unknown */
    int64_t run_queue_wait_us; /* the loop's thread was ready and had no processor; -1 if unknown */
};

typedef void (*runner_progress_fn)(const struct run_progress *progress, void *context);
#endif
