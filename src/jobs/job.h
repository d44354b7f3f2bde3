/* job.h - a job, and the steps that it goes through.
 *
 * A job type is a table of steps. `begin` fills job->op and returns; the engine performs the op;
 * `end` reads the answer and says how to go on. Neither touches a socket, a file, a clock or a
 * lock. So a job that was cut off anywhere - also by kill -9 - is simply run again from its first
 * step: paid answers come back from the spool, all else is cheap to repeat.
 *
 * `end` of a STEP_ON_POOL runs on a pool thread, never two of one job at once, and never while the
 * loop touches the job: it may use the job's arena, but not the log. */
#ifndef JOBS_JOB_H
#define JOBS_JOB_H
#include "jobs/job_context.h"
#include "queue/queue.h"

struct job;

enum { JOB_STEPS = 32 };

enum transition {
    TRANSITION_NEXT,     /* go on with the following row of the table */
    TRANSITION_REPEAT,   /* perform job->op once more, after job->op.sleep_ms */
    TRANSITION_NEW_CALL, /* what came is not good enough: back to the last paid step, as a new round
                          */
    TRANSITION_JUMP,     /* go on with the row that job->jump_row names: jobs of many parts go in
                            circles */
    TRANSITION_RESCHEDULE, /* the database has the job back, for later: it ends here for now */
    TRANSITION_FAIL        /* *err is set; error_rule() decides: again later, or for good */
};

enum step_flag {
    STEP_PAID = 1, /* costs money: admitted by the provider's limit, recorded before it is sent, and
                      each good answer is spooled before `end` sees it; after a crash `end` is given
                      that answer, not a new one */
    STEP_ON_POOL = 2, /* `end` takes milliseconds: run it on the pool, not on the loop */
    STEP_RETRY_IN_PLACE =
        4,                 /* what it keeps is paid for: network faults are tried again in place */
    STEP_RATE_LIMITED = 8, /* asks a provider (job->call) for what costs nothing by itself: stands
                       in its line as paid calls do, with no record and no spool */
    STEP_OPTIONAL = 16     /* goes on where it failed: `end` looks at job->op.error */
};

struct step {
    const char *name; /* in logs, metrics and progress */
    /* Fills job->op (a paid step: job->call too); leaves it OP_NONE to be passed over. */
    bool (*begin)(struct job *job, struct error *err) MUST_CHECK;
    enum transition (*end)(struct job *job, struct error *err) MUST_CHECK;
    unsigned flags;
};

struct job_type {
    const char *name; /* job_queue.job_type */
    const struct step *steps;
    int step_count;
    size_t state_size;          /* bytes of what the steps hand each other: job->state, zeroed */
    void (*clear)(void *state); /* frees the blobs in it; may be NULL */
};

struct call { /* the paid call that a step is about to make */
    const struct provider *provider;
    const struct model *model;
    const char *request; /* JSON for the record: prompt, size, quality; no pixels, no secrets */
};

struct job {
    struct claimed_job claimed;
    struct holder holder; /* guards each write */
    const struct job_type *type;
    const struct job_context *context;
    int step;            /* row of type->steps */
    int jump_row;        /* for TRANSITION_JUMP */
    int call_index;      /* of paid steps: 0 for the first asking */
    const char *item_id; /* which of a job's parts a paid step is for: names its spooled answers;
                         NULL: it has no parts */
    int64_t step_us[JOB_STEPS]; /* how long each row took, all rounds together */
    struct op op;               /* the one thing in flight; a job has never two */
    struct call call;
    struct attempt attempt; /* the last paid call that the database was not told the end of */
    int64_t cost_microusd;  /* of all calls so far; -1: not known */
    const char *project_id; /* for the log; NULL until the payload was read */
    void *state;            /* the type's own struct */
    struct arena *arena;    /* all that the job allocates: gone at once when it ends */
};

extern const struct job_type *const job_types[];        /* NULL-ended */
const struct job_type *job_type_find(const char *name); /* NULL: not one of ours */
const char *const *job_type_names(void);                /* NULL-ended, for claims */
#endif
