/* worker_internal.h - shared by the files of the worker. */
#ifndef JOBS_WORKER_WORKER_INTERNAL_H
#define JOBS_WORKER_WORKER_INTERNAL_H
#include "jobs/worker/worker.h"

/* An op of the worker's own, with the arena that its parameters live in. */
struct pending_query {
    struct op op;
    struct arena *arena; /* NULL: not under way */
};

struct worker {
    struct worker_config config;
    struct engine *engine;
    struct pending_query claim, renew, left, hello;
    struct loop_timer *poll_timer, *renew_timer, *tick_timer, *due_timer;
    struct holder *holders; /* as the renewal under way names them */
    int holder_count;
    int asked;       /* places that the claim under way asks to fill */
    bool wanted;     /* something may be there to be claimed */
    bool registered; /* the database knows of this worker */
    bool drained;
    int64_t away_ms; /* since when the database is away; 0: it is there */
    int stops;
    int64_t stop_at_ms;
    struct worker_counts tally;
    struct error trouble;                       /* why draining cannot go on */
    char said[sizeof((struct error *)0)->text]; /* the last trouble that was logged */
};

const char *worker_own_name(const struct worker *worker);
void pending_query_open(struct pending_query *pending_query);
void pending_query_begin(struct worker *worker, struct pending_query *pending_query,
                         op_done_fn done);
void pending_query_close(struct pending_query *pending_query);

/* Says a trouble once, not at every turn. */
void worker_complain(struct worker *worker, const struct error *trouble);
/* A trouble with our own statements: passing ones are tried again, others end a drain. */
void worker_database_trouble(struct worker *worker, const struct error *trouble);

void worker_register(struct worker *worker); /* tells the database that we are here, once */
void worker_register_done(struct op *op, void *worker);
void worker_renew(void *worker); /* one statement renews all leases */
#endif
