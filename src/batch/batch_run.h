/* batch_run.h - runs a batch to its end: queues jobs for its items, displays progress, pauses on
 * Ctrl-C. Jobs run in this process (--here) or in workers elsewhere. */
#ifndef BATCH_BATCH_RUN_H
#define BATCH_BATCH_RUN_H
#include "app/database.h"
#include "app/worker_setup.h"

struct batch_run {
    const struct settings *settings;
    struct worker_setup *worker_setup; /* NULL: workers elsewhere run the jobs */
    const char *batch;
    double usd_estimated;       /* negative if unknown */
    double rate;                /* maximum jobs queued per second; 0: unlimited */
    int max_open_jobs;          /* maximum unfinished jobs of the batch; 0: unlimited. Ignored with
                                   worker_setup: the worker limits its own concurrency */
    const char *resume_command; /* the command line that resumes the batch */
};

/* Returns when the batch is done, paused or cancelled, by this process or another. Returns the exit
 * status, or 0 with *err set. */
int batch_run(const struct batch_run *run, struct error *err);

/* Queues jobs for all waiting items, for --detach. *unpaid counts the items whose users lack the
 * credits. */
bool batch_queue_all(struct sql_session *session, const char *batch, int64_t *queued,
                     int64_t *unpaid, struct error *err) MUST_CHECK;
#endif
