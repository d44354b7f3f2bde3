/* run_clock.h - what a run lives by: the loop, its clock and the threads in the background; or a
 * test's own world. */
#ifndef BENCH_LOAD_RUN_CLOCK_H
#define BENCH_LOAD_RUN_CLOCK_H
#include "io/idle_pool.h"
#include "io/loop_lag.h"
#include "io/op.h"

struct run_clock {
    int64_t (*now_us)(void *context);
    void (*wait_until)(void *context, int64_t at_us); /* or until something has happened */
    /* Beside the loop; at most so many pieces at once. */
    void (*work)(void *context, const struct work_request *ask,
                 void (*done)(void *context, const struct error *err), void *done_context);
    int max_parallel;
    void *context;
    struct loop_lag *lag; /* measures the loop; NULL: nobody does */
};

struct run_context { /* of a real run; owned by the caller */
    struct loop *loop;
    struct idle_pool *background;
    struct loop_lag *lag;
};
/* `means` outlives it. */
struct run_clock run_clock_of(struct run_context *context);
#endif
