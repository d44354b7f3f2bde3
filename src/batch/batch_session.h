/* batch_session.h - the batch's conversation with the database: one statement in flight at a time
 * (pause, progress, enqueue), and the worker that runs the jobs if it is in this process. */
#ifndef BATCH_BATCH_SESSION_H
#define BATCH_BATCH_SESSION_H
#include "batch/batch_progress.h"
#include "batch/batch_run.h"
#include "io/loop.h"
#include "io/perform.h"

enum batch_query { QUERY_NONE, QUERY_ENQUEUE, QUERY_PROGRESS, QUERY_PAUSE };

struct batch_session {
    const struct batch_run *run;
    struct batch_progress display;
    int max_open_jobs; /* maximum unfinished jobs of the batch; 0: unlimited. A worker in this
                          process limits itself */
    struct loop *loop;
    struct sql *sql; /* own connection; NULL if the runtime's is used */
    struct performer *performer;
    struct worker *worker; /* NULL if workers elsewhere run the jobs */
    bool worker_stopping;  /* worker_stop was called */
    struct loop_timer *timer;

    struct op op;             /* the statement in flight */
    enum batch_query query;   /* which statement that is */
    char enqueue_limit[16];   /* a parameter of op */
    const char *pause_reason; /* NULL unless the batch must be paused */
    bool pause_saved;         /* the database has recorded the pause */
    bool items_left;          /* items still wait for a job */
    bool over;                /* done, paused, cancelled, or given up */
    bool finishing;           /* saves the pause and reads the final progress */
    int interrupts;           /* signals received */
    int progress_count;       /* answers of batch_progress received */
    int64_t progress_us, refilled_us;
    double rate_tokens;     /* jobs that --rate allows now (token bucket) */
    int64_t open_jobs;      /* estimated; exact after each answer of batch_progress */
    cJSON *progress;        /* the last answer of batch_progress; owned */
    struct error sql_error; /* of the last statement; ERROR_NONE if it succeeded */
    struct error fatal;     /* why the batch cannot continue */
};

/* Starts the next due statement: batch_pause, batch_progress (once a second), or batch_enqueue
 * within rate and max_open_jobs. Does nothing while a statement is in flight. */
void batch_session_query_next(struct batch_session *session);

/* Asks the worker to stop: the first call lets running jobs finish; `at_once` returns them to the
 * queue. */
void batch_session_stop_worker(struct batch_session *session, bool at_once);
#endif
