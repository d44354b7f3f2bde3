/* batch_session.h - the post from which a batch is watched: what is asked of the database, one
 * statement at a time, and what the answers mean. */
#ifndef BATCH_BATCH_SESSION_H
#define BATCH_BATCH_SESSION_H
#include "batch/batch_progress.h"
#include "batch/batch_run.h"
#include "io/loop.h"
#include "io/perform.h"

enum asking { ASKING_NOTHING, ASKING_JOBS, ASKING_PROGRESS, ASKING_PAUSE };

struct batch_session { /* where the batch is watched from */
    const struct batch_run *run;
    struct batch_progress watch;
    struct loop *loop;
    struct sql *sql; /* of our own; NULL: the runtime's */
    struct performer *performer;
    struct worker *worker; /* NULL: elsewhere */
    bool stopping;         /* it is told to end */
    struct loop_timer *timer;

    struct op op;
    enum asking asking;
    char most[16];
    const char *pause_why; /* wanted: not told the database yet */
    bool pause_told, filling, over, ending;
    int interrupts, answers; /* answers: of batch_progress */
    int64_t asked_us, fed_us;
    double allowance;      /* images that may be begun now */
    int64_t open_jobs;     /* of the batch, as far as we know */
    cJSON *standing;       /* the last answer */
    struct error trouble;  /* of the last statement; ERROR_NONE: it went well */
    struct error hopeless; /* why the worker gave up */
};

/* Asks what is due: a pause, how it stands (once a second), jobs of items as far as rate and bound
 * allow. Harmless while an answer is awaited. */
void batch_session_query_next(struct batch_session *post);

/* The first time what runs may end; at_once: it is given back. */
void batch_session_stop_worker(struct batch_session *post, bool at_once);
#endif
