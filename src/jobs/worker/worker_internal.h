/* worker_internal.h - shared by the files of the worker. */
#ifndef JOBS_WORKER_WORKER_INTERNAL_H
#define JOBS_WORKER_WORKER_INTERNAL_H
#include "jobs/worker/worker.h"

/* A statement of the worker's own, and the arena that holds its parameters. */
struct pending_query {
    struct op op;
    struct arena *arena; /* NULL: not in flight */
};

struct worker {
    struct worker_config config;
    struct engine *engine;
    struct pending_query claim, renewal, remaining, registration;
    struct loop_timer *poll_timer, *renewal_timer, *tick_timer, *admission_timer;
    struct holder *renewed; /* the leases that the renewal in flight names */
    int renewed_count;
    int claim_slots;   /* slots that the claim in flight asks to fill */
    bool claim_wanted; /* there may be jobs to claim */
    bool registered;   /* the database has this worker's row */
    bool drained;
    int64_t disconnected_ms; /* when the database connection was lost; 0: it is up */
    int stops;               /* calls of worker_stop */
    int64_t stop_deadline_ms;
    struct worker_counts counts;
    struct error fatal_error; /* why the worker cannot go on; ERROR_NONE: it can */
    char last_warning[sizeof((struct error *)0)->text]; /* so that it is logged once */
};

/* worker_query.c */
const char *worker_own_name(const struct worker *worker);
void pending_query_open(struct pending_query *query);
void pending_query_begin(struct worker *worker, struct pending_query *query, op_done_fn done);
void pending_query_close(struct pending_query *query);
/* Logs an error unless it is the same as the last one. */
void worker_warn(struct worker *worker, const struct error *error);
/* One of the worker's own statements failed. A passing failure is only logged, because the
 * statement is repeated; any other one stops the worker. */
void worker_query_failed(struct worker *worker, const struct error *error);

/* worker_lease.c */
void worker_register(struct worker *worker);   /* unless done or in flight */
void worker_deregister(struct worker *worker); /* returns when it is done or has timed out */
void worker_renew(void *worker);               /* renews all leases in one statement */
#endif
