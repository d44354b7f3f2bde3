/* runner.h - sends the requests of a run in a closed or an open loop, and keeps every sample.
 *
 * Closed loop: a fixed number of requests is in flight. All slots take from one shared schedule, so
 * no slot is idle while requests are left. Open loop: requests are due at a rate that does not
 * depend on responses. Latency counts from when a request was due; a request that cannot be sent is
 * shed and counted apart. At the end the runner stops sending, waits for the requests in flight and
 * keeps all of them. Responses are evaluated on other threads and, after the load, also on the
 * loop's: slow evaluation makes a run longer but changes no latency. */
#ifndef BENCH_LOAD_RUNNER_H
#define BENCH_LOAD_RUNNER_H
#include "bench/load/load_plan.h"
#include "bench/load/run_clock.h"
#include "bench/load/run_progress.h"
#include "bench/load/sample.h"
#include "io/perform.h"

enum {
    /* Up to this many requests in flight, memory is reserved in advance so that the measurement is
     * not disturbed. Beyond it memory is saved, since every request in flight takes its share. */
    BENCH_SMALL_CONCURRENCY = 96
};

struct runner;
/* on_progress may be NULL; it is called after each sample. */
struct runner *runner_new(const struct run_clock *run_clock, struct performer *performer,
                          const struct load_plan *plan, runner_progress_fn on_progress,
                          void *context);
void runner_free(struct runner *runner);

/* Runs until the plan is carried out or the runner is stopped, and every response is evaluated. */
void runner_run(struct runner *runner);
/* Stops sending; requests in flight finish. The first reason is kept. */
void runner_stop(struct runner *runner, const char *why);
/* Cancels the requests in flight and drops responses that are not evaluated yet, as aborted. Call
 * after runner_stop. */
void runner_cancel(struct runner *runner);
/* Records one measurement of the loop's lag (the callback of loop_lag_new). */
void runner_record_lag(struct runner *runner, int64_t late_us);

const struct run_progress *runner_progress(const struct runner *runner);
/* In the order in which they were completed. */
struct samples *runner_samples(struct runner *runner);
#endif
