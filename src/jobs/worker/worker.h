/* worker.h - claims jobs while there are free slots, renews their leases, and shuts down in order.
 *
 *   wake-up (NOTIFY, poll timer, a free slot) -> claim -> engine
 *
 * A worker claims no more jobs than it has free slots, so that other workers can take the rest. */
#ifndef JOBS_WORKER_WORKER_H
#define JOBS_WORKER_WORKER_H
#include "io/loop.h"
#include "jobs/engine/engine.h"

struct sql;

struct worker_config {
    struct loop *loop;
    struct performer *performer;
    struct sql *sql;
    struct engine_config engine; /* performer and job_context set as well */
    int64_t lock_key; /* of the advisory lock that proves this worker alive; 0: none. With `sql` it
                         is registered only while sql_lock_held. */
    bool expects_polling; /* it is known, and logged, that notifications do not arrive */
    uint32_t lease_ms;
    uint32_t poll_ms;
    uint32_t grace_ms;
    bool drain;                    /* stop when no jobs are left */
    const char *batch;             /* claim only jobs of this batch; NULL: any */
    const char *limits;            /* see claim_request; NULL: none */
    int64_t daily_budget_microusd; /* 0: none */
};

struct worker_counts {                                         /* since the worker started */
    int64_t completed, failed, retried, leases_lost, returned; /* jobs */
    int64_t waited; /* jobs that came back because a service has trouble */
    int64_t cost_microusd;
    int64_t refunded_credits;
};

struct worker;
struct worker *worker_new(const struct worker_config *config);
void worker_free(struct worker *worker);

/* Runs until no jobs are left (drain) or worker_stop is called. Trouble of the database or of a
 * service does not end it. A drain with jobs left fails with the reason if a service stays in a
 * state that an operator must correct, such as a rejected key or a missing bucket. */
bool worker_run(struct worker *worker, struct error *err) MUST_CHECK;

/* The first call lets running jobs finish within the grace period; the second returns them to the
 * queue at once. */
void worker_stop(struct worker *worker);
bool worker_is_stopping(const struct worker *worker);
/* Returns why the worker is unlikely to complete more jobs (a rejected key, an account that stays
 * empty), else NULL. */
const struct error *worker_unrecoverable(const struct worker *worker);

void worker_log_status(const struct worker *worker); /* one line, and one per service in trouble */

const struct worker_counts *worker_counts(const struct worker *worker);

/* Writes "host:pid:random", which identifies this process in every write. */
void worker_name(char *out, size_t size);
#endif
