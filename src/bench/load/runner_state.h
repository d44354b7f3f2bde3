/* runner_state.h - the state of a run under way, shared by runner.c, which handles responses, and
 * runner_issue.c, which sends requests. */
#ifndef BENCH_LOAD_RUNNER_STATE_H
#define BENCH_LOAD_RUNNER_STATE_H
#include "base/list.h"
#include "bench/load/backlog.h"
#include "bench/load/bench_request.h"
#include "bench/load/budget.h"
#include "bench/load/run_progress.h"
#include "bench/stats/histogram.h"
#include "io/perform.h"

struct runner {
    struct run_clock run_clock;
    struct performer *performer;
    const struct load_plan *plan;
    runner_progress_fn on_progress;
    void *context;
    op_done_fn on_response; /* called with the bench_request when its op has ended */
    struct schedule schedule;
    struct samples samples;
    struct run_progress progress;
    struct list requests; /* of bench_request: in flight, waiting for evaluation, or being stored */
    struct backlog *backlog;
    struct histogram loop_lag; /* microseconds */
    int entries_taken;         /* from the schedule */
    int64_t began_us, thread_before_us;
    int64_t next_due_us;                   /* open loop */
    int64_t slot_free_us[CONCURRENCY_MAX]; /* closed loop: since when each free slot is free */
    int free_slots;
    int64_t paused_since_us; /* -1 unless sending is paused because the backlog is full */
    struct budget budget;
    int uploads; /* images that are being stored */
};

/* Returns microseconds since the start of the run. */
int64_t runner_now(const struct runner *runner);
/* Stops sending at this time; later calls change nothing. */
void runner_stop_issuing(struct runner *runner, int64_t at_us);
void runner_end_early(struct runner *runner, const char *why);
/* Copies the sample into the list, stops the run if the key or the quota was refused, and reports
 * the progress. */
void runner_add_sample(struct runner *runner, struct sample *sample);
#endif
