/* batch_run.h - runs a batch to its end: queues jobs for its items, displays progress, pauses on
 * Ctrl-C. Jobs run in this process (--here) or in workers elsewhere; then the flag --jobs limits
 * the unfinished jobs of the batch. */
#ifndef BATCH_BATCH_RUN_H
#define BATCH_BATCH_RUN_H
#include "app/database.h"
#include "app/worker_setup.h"

struct batch_run {
    const struct settings *settings;
    struct worker_setup *worker_setup; /* NULL: workers elsewhere run the jobs */
    const char *batch;
    double usd_estimated; /* negative if unknown */
    double rate;          /* maximum jobs queued per second; 0: unlimited */
};

/* Returns when the batch is done, paused or cancelled, by this process or another. Returns the exit
 * status, or 0 with *err set. */
int batch_run(const struct batch_run *run, struct error *err);

/* Queues jobs for all waiting items, for --detach, and prints how many: workers run them. */
bool batch_queue_and_detach(struct sql_session *session, const struct settings *settings,
                            const char *batch, struct error *err) MUST_CHECK;
#endif
