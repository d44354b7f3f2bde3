/* batch_run.h - a batch under way: its items become jobs, it is watched, paused by Ctrl-C; made in
 * this process, or by workers elsewhere. */
#ifndef BATCH_BATCH_RUN_H
#define BATCH_BATCH_RUN_H
#include "app/database.h"
#include "app/worker_setup.h"

struct batch_run {
    const struct settings *settings;
    struct worker_setup *worker_setup; /* NULL: workers elsewhere make them */
    const char *batch;
    double usd_estimated; /* negative: not known */
    double rate;          /* images begun a second at most; 0: any */
    int most;             /* elsewhere: jobs of the batch at once; 0: any */
    const char *again;    /* the command that goes on with it */
};

/* Until it is over, paused or cancelled, by whomever. The exit status; *err where it is not told by
 * that alone. */
int batch_run(const struct batch_run *run, struct error *err);

/* Makes jobs of all items that wait, and says how many: for --detach. */
bool batch_queue_all(struct sql_session *session, const char *batch, int64_t *queued,
                     int64_t *unpaid, struct error *err) MUST_CHECK;
#endif
