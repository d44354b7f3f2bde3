/* runner.h - sends the requests of a run, closed loop or open, and keeps every sample.
 *
 * Closed loop: so many in flight, from one shared line, so that no place stands empty while work
 * is left. Open loop: requests are due at a rate, whatever the answers do; a latency counts from
 * when its request was due, and what could not be sent is shed, never folded in. At the end it
 * stops issuing, then waits for what is in flight and keeps all of it. Answers are judged beside
 * the load, and after it what is left: a slow judge makes a run longer, and no latency. */
#ifndef BENCH_LOAD_RUNNER_H
#define BENCH_LOAD_RUNNER_H
#include "bench/load/run_clock.h"
#include "bench/load/sample.h"
#include "bench/load/workload.h"
#include "io/perform.h"

struct prompts;

enum {
    CONCURRENCY_MAX = 4096,
    BENCH_SMALL_CONCURRENCY = 96 /* in flight at once: up to here memory is spent to be out of the
                      load's way, beyond it is spared, since each one takes its part */
};

struct upload_target; /* bench/storing.h */

struct load_plan { /* borrowed while the run lasts */
    const struct target *targets;
    int target_count;
    const struct workload *workload;
    const struct prompts *prompts; /* the worker's templates, for text */
    int concurrency;               /* closed loop; 0: open loop */
    double rate;                   /* open loop: requests a second over all targets */
    enum arrivals arrivals;
    int in_flight_max;   /* open loop: what is due beyond it is shed */
    int requests;        /* for each target; 0: no bound */
    int warm_up;         /* for each target, before those that count */
    int64_t duration_us; /* of issuing, after the warm-up; 0: no bound */
    int64_t cost_limit;  /* microdollars over the whole run, with what is in flight; -1: any */
    uint32_t timeout_ms; /* of a request */
    uint64_t seed;
    int thumbnails;            /* of each target's first so many blocks */
    const char *images_folder; /* where usable images are kept; NULL: nowhere */
    const struct upload_target
        *upload_target; /* where they are put, and taken out again; NULL: nowhere */
};

/* Every kind of bad plan is said before anything is sent. */
bool load_plan_check(const struct load_plan *plan, struct error *err) MUST_CHECK;
struct model_rate_limit {      /* of a target's model */
    int64_t requests_a_minute; /* -1: not known */
    const char *by;            /* whose word that is: "the provider", "the profile" */
};
/* One row a target. ERROR_INPUT with the numbers where an open loop would ask more than that. */
bool load_plan_rate_fits(const struct load_plan *plan, double rate,
                         const struct model_rate_limit *limits, struct error *err) MUST_CHECK;
/* The most that the plan can cost, in microdollars; -1 where it has no bound, or a price is not
 * known. */
int64_t load_plan_worst_cost(const struct load_plan *plan);

struct run_progress {   /* of a run under way, and in the end */
    int64_t now_us;     /* since the beginning */
    int64_t first_us;   /* the first request that counts was due; -1: not yet */
    int64_t stopped_us; /* nothing more was issued from here on; -1: not yet */
    int64_t ended_us;   /* the last answer was in */
    int in_flight, in_flight_peak;
    int issued, done, usable; /* without the warm-up */
    int64_t spent;            /* microdollars */
    bool spent_unknown;       /* some answer's cost is not known */
    const char *stopped_why;  /* NULL: the plan was carried out */
    int64_t cpu_us;           /* that this process took, all threads */
    int64_t loop_cpu_us;      /* that the loop's thread took, until the last answer was in */
    int waiting;              /* answers that came and are not judged yet */
    size_t spilled;           /* answers that waited on disk to be judged */
    int64_t paused_us;        /* closed loop: nothing was issued, since answers filled the memory */
    int64_t loop_lag[3]; /* how late the loop heard its heartbeat: p50, p99, most; -1: unknown */
    int64_t run_queue_wait_us; /* its thread waited for a processor; -1: not known */
};

typedef void (*runner_progress_fn)(const struct run_progress *progress, void *context);

struct runner;
struct runner *runner_new(const struct run_clock *run_clock, struct performer *performer,
                          const struct load_plan *plan, runner_progress_fn on_progress,
                          void *context);
void runner_free(struct runner *runner);

/* To the end of the plan, or until it is stopped. */
void runner_run(struct runner *runner);
void runner_stop(struct runner *runner, const char *why); /* issues no more; what flies may land */
/* Ends what is in flight, and drops what is not judged yet: aborted. */
void runner_cancel(struct runner *runner);
void runner_record_lag(struct runner *runner,
                       int64_t late_us); /* for loop_lag_new: a heartbeat was heard */

const struct run_progress *runner_progress(const struct runner *runner);
struct samples *runner_samples(struct runner *runner); /* in the order in which they were judged */
#endif
