/* job.h - a job, and the steps of a job type.
 *
 * A job type is a table of steps. `begin` prepares one op in job->op and returns; the engine
 * performs it; `end` reads the result and returns what follows. Neither accesses a socket, file,
 * clock or lock. A job that was interrupted anywhere, even by kill -9, is processed again from its
 * first step: paid answers come back from the spool, and everything else is cheap to repeat.
 *
 * Three things are counted; each has one word:
 *   attempt  of a job: from its claim until it ends (claimed.attempt). job_queue.max_retries bounds
 *            the attempts; the database counts them.
 *   call     to a model, in one paid step: the first, and a new one each time a check rejects the
 *            answer (call_index). rules.json bounds the calls of an image.
 *   retry    of a step, in place: the same request again after a passing fault.
 *
 * `end` of a STEP_ON_POOL step runs on a pool thread. It never runs twice at once for one job, nor
 * while the loop uses the job: it may allocate from the job's arena, but must not log. */
#ifndef JOBS_JOB_H
#define JOBS_JOB_H
#include "base/digest.h"
#include "jobs/job_context.h"
#include "queue/queue.h"

struct job;

enum { MAX_STEPS = 32 };

enum transition {                      /* what follows a step */
                  TRANSITION_NEXT,     /* the following row of the table */
                  TRANSITION_REPEAT,   /* job->op is performed again, after job->op.sleep_ms */
                  TRANSITION_NEW_CALL, /* the answer was rejected: back to the last paid step, for a
                                          new call */
                  TRANSITION_JUMP,     /* the row job->jump_row: a job with several items loops over
                                          them */
                  TRANSITION_RESCHEDULE, /* the database has made the job pending again: this
                                            attempt ends */
                  TRANSITION_FAIL /* *err is set; error_rule() decides whether the job is retried */
};

enum step_flag {
    /* Costs money: it waits for a slot of its provider, is recorded before it is sent, and a good
     * answer is spooled before `end` reads it. If a spooled answer exists, `end` gets that one and
     * no call is made. */
    STEP_PAID = 1,
    /* `end` takes milliseconds, so it runs on the thread pool instead of the loop. */
    STEP_ON_POOL = 2,
    /* Stores what was paid for, so a passing fault is retried in place and a stop waits for it. */
    STEP_RETRY_IN_PLACE = 4,
    /* Calls a provider (job->call) at no cost: waits for a slot like a paid step, but is neither
     * recorded nor spooled. */
    STEP_RATE_LIMITED = 8,
    /* A failed op does not fail the job: `end` reads job->op.error. */
    STEP_OPTIONAL = 16,
    /* Its op goes to the store, so that a failure may be the store's. */
    STEP_USES_STORE = 32
};

enum job_needs { /* services without which the jobs of a type cannot be completed */
                 NEEDS_IMAGE_MODEL = 1,
                 NEEDS_FEATURES_MODEL = 2,
                 NEEDS_APLUS_MODEL = 4,
                 NEEDS_STORE = 8,
                 /* The model of its batch: the database sets such jobs aside, see report_service */
                 NEEDS_OWN_MODEL = 16
};

struct step {
    const char *name; /* in logs, the call records, the demo's times, and the spool's file names */
    /* Prepares job->op (a paid step: job->call too). Leaves op.kind OP_NONE to skip the step. */
    bool (*begin)(struct job *job, struct error *err) MUST_CHECK;
    enum transition (*end)(struct job *job, struct error *err) MUST_CHECK;
    unsigned flags; /* of enum step_flag */
    /* A bit for each row that may follow, or STEP_ENDS_ATTEMPT. The engine fails the job with
     * ERROR_INTERNAL if another row follows. 0: not declared, and any row may follow. */
    uint32_t successors;
    /* The step's name in releases before this one, whose workers may have left an answer in the
     * spool; NULL: the same. */
    const char *former_name;
    const char *purpose; /* one sentence for developers; NULL: the name says it */
};

/* For step.successors: the attempt ends with this step. */
#define STEP_ENDS_ATTEMPT (UINT32_C(1) << 31)

struct job_type {
    const char *name; /* job_queue.job_type */
    const struct step *steps;
    int step_count;
    unsigned needs;    /* of enum job_needs: with one of them stopped, no jobs are claimed */
    size_t state_size; /* bytes of job->state, zeroed at the start */
    void (*clear)(void *state); /* frees the blobs in it; NULL: it has none */
    /* Prepares the op in job->op that removes what the job has stored, because the job was deleted.
     * Leaves op.kind OP_NONE if it has stored nothing. NULL if the type stores no objects. */
    bool (*discard)(struct job *job, struct error *err) MUST_CHECK;
};

const struct job_type *job_type_find(const char *name); /* NULL if unknown */
const char *const *job_type_names(void);                /* NULL-terminated; static */

struct call { /* the call to a provider that a step prepares */
    const struct provider *provider;
    const struct model *model;
    const char *request; /* JSON for the record: prompt, size, quality; no pixels, no secrets */
    char digest[DIGEST_TEXT]; /* of the request with its photos: equal for identical requests */
};

struct job {
    struct claimed_job claimed;
    struct holder holder; /* the lease: guards each write */
    const struct job_type *type;
    const struct job_context *context;
    int step;            /* the current row of type->steps */
    int jump_row;        /* for TRANSITION_JUMP */
    int call_index;      /* of the current paid step's call; 0: the first */
    const char *item_id; /* the item that a paid step works on, in a job with several items: part
                            of the spool's file names; NULL: the job is one item */
    int64_t step_us[MAX_STEPS]; /* duration of each row, all calls together */
    struct op op;               /* of the current step; at most one is in flight */
    struct call call;
    struct attempt attempt; /* the last paid call whose outcome is not in the database yet; id 0:
                               no such call */
    int64_t cost_microusd;  /* of all calls so far; -1: unknown */
    bool error_of_model; /* the error of this step is that of job->call, which an earlier step made
                          */
    bool answer_kept;    /* the answer of `attempt` lies in the spool */
    const char *project_id; /* for the log; NULL until the payload is read */
    const char *image;      /* image type, for the log; NULL if unknown, or if it makes no image */
    const char *product;    /* name of the product, for the log; NULL until the brief is read */
    void *state;            /* the type's own struct, of type->state_size bytes */
    struct arena *arena;    /* freed when the job ends */
};

/* Returns true if the spool holds a paid answer whose outcome is not in the database yet. The
 * results of a batch stay at the provider instead. */
static inline bool job_has_kept_answer(const struct job *job)
{
    return job->answer_kept && job->attempt.id != 0 && !job->item_id;
}
#endif
