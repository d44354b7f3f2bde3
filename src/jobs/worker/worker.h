/* worker.h - takes jobs as there is room for them, keeps their leases, and stops in order.
 *
 *   wake (NOTIFY, poll, a free place) -> claim -> engine
 *
 * Claiming more than there are free places would lock jobs up in one process: it never does. */
#ifndef JOBS_WORKER_WORKER_H
#define JOBS_WORKER_WORKER_H
#include "io/loop.h"
#include "jobs/engine/engine.h"

struct sql;

struct worker_config {
    struct loop *loop;
    struct performer *performer;
    struct sql *sql;
    struct engine_config engine; /* performer and job_context filled too */
    int64_t lock_key;            /* of the advisory lock that shows us alive; 0: none */
    uint32_t lease_ms;
    uint32_t poll_ms;
    uint32_t grace_ms;
    bool drain;        /* end when nothing is left */
    const char *batch; /* take only jobs of this one; NULL: any */
};

struct worker_counts { /* what it did */
    int64_t settled, failed, retried, lost, given_back;
    int64_t cost_microusd;
    int64_t refunded;
};

struct worker;
struct worker *worker_new(const struct worker_config *config);
void worker_free(struct worker *worker);

/* Runs until it is drained or told to stop. Fails with the reason when draining cannot go on: the
 * provider refuses the key, the database is not set up. */
bool worker_run(struct worker *worker, struct error *err) MUST_CHECK;

/* The first call lets running jobs end within the grace; the second gives all back at once. */
void worker_stop(struct worker *worker);
void worker_wake(struct worker *worker);
int worker_running(const struct worker *worker); /* jobs */
/* Why going on is of no use: a key that is refused, an account that stays empty, a database that is
 * not set up. NULL: it is of use. */
const struct error *worker_unrecoverable(const struct worker *worker);

const struct worker_counts *worker_counts(const struct worker *worker);

/* "host:pid:random": this process, in every write. */
void worker_name(char *out, size_t size);
#endif
