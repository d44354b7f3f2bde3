/* runner_internal.h - a run under way; shared by runner.c, where requests end, and runner_issue.c,
 * where they begin. */
#ifndef BENCH_LOAD_RUNNER_INTERNAL_H
#define BENCH_LOAD_RUNNER_INTERNAL_H
#include "bench/load/backlog.h"
#include "bench/load/bench_request.h"
#include "bench/load/budget.h"
#include "bench/stats/histogram.h"

struct runner {
    struct run_clock run_clock;
    struct performer *performer;
    const struct load_plan *plan;
    runner_progress_fn on_progress;
    void *context;
    struct schedule schedule;
    struct samples samples;
    struct run_progress progress;
    struct bench_request *requests; /* in flight or to be judged */
    struct backlog *backlog;
    struct histogram loop_lag;
    int entries_taken; /* taken from the schedule */
    int64_t began_us, thread_before_us;
    int64_t next_due_us;                   /* open loop */
    int64_t slot_free_us[CONCURRENCY_MAX]; /* closed loop: when each idle place fell free */
    int free_slots;
    int64_t paused_since_us; /* nothing is issued: the backlog is full; -1: it is not */
    struct budget budget;
    int uploads; /* images on their way into the store */
};

int64_t runner_now(const struct runner *runner); /* microseconds since the beginning */

/* Is there another request to issue? In an open loop the clock does not decide that, but when the
 * next one is due: what was due before the end is issued, however late. */
bool runner_has_more(struct runner *runner);
/* Issues what is due. When there will be something to do, if no answer comes before. */
int64_t runner_issue(struct runner *runner);

void runner_stop_issuing(struct runner *runner, int64_t at_us); /* the first word holds */

/* Its op has ended, one way or another; context: the request. */
void runner_answered(struct op *op, void *context);
/* The list's copy of a sample, and what the watcher is told. */
void runner_add_sample(struct runner *runner, struct sample *sample);
#endif
