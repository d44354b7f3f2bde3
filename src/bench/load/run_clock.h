/* run_clock.h - what a run needs from its surroundings: a clock, a way to wait, and threads for
 * work beside the loop. Tests replace all three with a simulated world. */
#ifndef BENCH_LOAD_RUN_CLOCK_H
#define BENCH_LOAD_RUN_CLOCK_H
#include "io/idle_pool.h"
#include "io/loop_lag.h"
#include "io/op.h"

struct run_clock {
    int64_t (*now_us)(void *context);
    /* Returns at at_us, or earlier when an event has been handled. */
    void (*wait_until)(void *context, int64_t at_us);
    /* Runs work on another thread, then calls done on the loop's thread. The caller submits no more
     * than max_parallel pieces at once. */
    void (*work)(void *context, const struct work_request *task,
                 void (*done)(void *context, const struct error *err), void *done_context);
    int max_parallel;
    void *context;
    struct loop_lag *lag; /* NULL if the loop's lag is not measured */
};

struct run_context { /* of a real run; owned by the caller */
    struct loop *loop;
    struct idle_pool *background;
    struct loop_lag *lag;
};
/* The clock borrows `context`, which must outlive it. */
struct run_clock run_clock_of(struct run_context *context);
#endif
