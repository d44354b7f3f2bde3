/* queue.h - the job queue in PostgreSQL: claim, renew, return, and how a job ends.
 *
 * Each function fills one OP_SQL; its `_done` half reads the reply. Every statement is one SQL
 * function of schema darkroom (sql/install), so it is atomic and takes one round trip. It checks
 * job id, lease number and worker: a stale lease changes nothing and is reported as ERROR_LOST.
 * Every statement may be repeated after its reply was lost. */
#ifndef QUEUE_QUEUE_H
#define QUEUE_QUEUE_H
#include "base/arena.h"
#include "io/op.h"
#include "model/aplus.h"
#include "model/usage.h"

struct claimed_job { /* a claimed job; the texts live in the arena */
    char id[37];
    const char *type;         /* job_queue.job_type */
    const char *payload;      /* JSON text, hostile */
    const char *user_id;      /* "" if the job has no user */
    int64_t lease;            /* lease number; grows with every claim */
    int attempt, max_retries; /* attempt: retry_count + 1 */
    int64_t created_ms;
    char former_id[37]; /* the failed job that it repeats, if its answer is kept; else "" */
};

struct holder { /* the lease that a statement must hold */
    const char *job_id;
    const char *worker;
    int64_t lease;
};

struct attempt { /* one paid call; its outcome is recorded by the next statement of the job */
    int64_t id;  /* set by queue_begin_call; 0 if no call is open */
    const char *outcome; /* "ok", "rejected", or error_rule()->name */
    const char *request_id, *model;
    int http_status;
    int64_t ms, cost_microusd;         /* cost: -1 if unknown */
    const char *usage, *error;         /* JSON, and a text; or NULL */
    const struct rejection *rejection; /* rejection.h; NULL: the answer was not rejected */
    struct usage tokens;               /* the same as `usage`; zero if not known yet */
};

/* -- for the whole worker ------------------------------------------------------------------- */
struct registration {
    const char *worker, *version;
    int64_t lock_key; /* 0: only heartbeats show that the worker lives */
    uint32_t heartbeat_ms;
    /* Provider and model of its calls, for limits across workers; NULL: not known */
    const char *image_provider, *image_model, *text_provider, *text_model;
};
void queue_register(struct op *op, struct arena *arena, const struct registration *registration);

struct claim_request {
    const char *worker;
    int slots; /* how many jobs at most */
    const char *const *types;
    uint32_t lease_ms;
    const char *batch;             /* only jobs of this batch; NULL: any */
    const char *spool;             /* id of the worker's spool; NULL: none */
    const char *limits;            /* of jobs in flight across all workers, JSON; NULL: none */
    int64_t daily_budget_microusd; /* nothing starts once this is spent; 0: no budget */
    bool one_by_one; /* a job that cannot be claimed is left out: slower, after a failed claim */
};
void queue_claim(struct op *op, struct arena *arena, const struct claim_request *request);
struct claim_reply {
    int count;        /* jobs */
    bool over_budget; /* nothing was claimed, because the daily budget is spent */
    bool again;       /* jobs are left whose account was locked for a moment: claim again soon */
    int64_t next_ms;  /* until a job whose answer lies in the spool is due; -1: none */
    const char *refused_job, *refused_why; /* the first job that was left out; NULL: none */
};
bool queue_claim_done(const struct op *op, struct arena *arena, struct claimed_job *out,
                      int capacity, struct claim_reply *reply, struct error *err) MUST_CHECK;

/* Renews all leases, updates the heartbeat, and returns jobs of dead workers to the queue. */
void queue_renew(struct op *op, struct arena *arena, const char *worker,
                 const struct holder *holders, int count, uint32_t lease_ms);
/* Sets lost[i] if holders[i] no longer holds its job: claimed by another worker, cancelled,
 * deleted. *registered: false if the worker's row was removed, so nothing shows that it lives. */
bool queue_renew_done(const struct op *op, const struct holder *holders, int count, bool *lost,
                      bool *registered, struct error *err) MUST_CHECK;

/* Returns the jobs that are leased to the worker and not among `holders`: the reply to their claim
 * was lost. */
void queue_return_unknown_jobs(struct op *op, struct arena *arena, const char *worker,
                               const struct holder *holders, int count);
void queue_deregister(struct op *op, const char *worker); /* removes the worker, returns its jobs */
void queue_remaining(struct op *op, struct arena *arena, const char *const *types);
/* Counts for --drain. *ready: claimable now; *waiting: pending until later; *running: processing,
 * by any worker; *next_ms: until the earliest waiting job is due, -1 if none waits. */
bool queue_remaining_done(const struct op *op, int64_t *ready, int64_t *waiting, int64_t *running,
                          int64_t *next_ms, struct error *err) MUST_CHECK;

/* -- for one job ---------------------------------------------------------------------------- */
/* Loads the row for brief_read(). `unpaid` says what happens to a job that no payment covers:
 * "fail", "wait" or "run" (the setting of that name). */
void queue_brief(struct op *op, struct arena *arena, const struct holder *holder,
                 const char *unpaid);
/* Fails with ERROR_INPUT and *is_unpaid if the job is not paid and may not run. */
bool queue_brief_done(const struct op *op, const char **json, bool *is_unpaid, struct arena *arena,
                      struct error *err) MUST_CHECK;

/* Records a paid call before it is sent; fails with ERROR_LOST if the lease is stale. `done` is the
 * call before it, or NULL. request: JSON with prompt, size and quality, without secrets and images.
 */
void queue_begin_call(struct op *op, struct arena *arena, const struct holder *holder,
                      const char *step, int round, const char *provider, const char *model,
                      const char *request, const struct attempt *done);
bool queue_begin_call_done(const struct op *op, int64_t *attempt_id, struct error *err) MUST_CHECK;

/* Stores extracted features; all jobs of the project with the same text use them. */
void queue_save_features(struct op *op, struct arena *arena, const struct holder *holder,
                         const char *features, const struct attempt *done);

struct image_row { /* of "GeneratedImage"; id is the job's */
    const char *kind, *style, *url;
    int width, height;
    int64_t bytes;
    const char *bucket, *path, *plate_path; /* of the stored objects; plate_path may be NULL */
    const char *metadata;                   /* JSON: how it was made; sellers get a part of it */
};
void queue_commit_image(struct op *op, struct arena *arena, const struct holder *holder,
                        const struct image_row *row, const struct attempt *done);
void queue_commit_aplus(struct op *op, struct arena *arena, const struct holder *holder,
                        const char *modules, bool premium, const struct module_request *requests,
                        int request_count, const struct attempt *done);
/* Queues the six images, and A+ where asked, and completes the pack. */
void queue_commit_pack(struct op *op, struct arena *arena, const struct holder *holder,
                       bool include_aplus, const struct attempt *done);
/* error.cause of ERROR_LOST: the job, its project or its user was deleted, so no worker will have
 * it, and what was stored for it is to be removed. */
enum { QUEUE_JOB_DELETED = -1 };

/* Reads the reply of the statements above. Fails with ERROR_LOST if the lease was stale; succeeds
 * if the statement was executed before. */
bool queue_commit_done(const struct op *op, struct error *err) MUST_CHECK;

struct kept_answer; /* queue_answer.h */

/* What a seller is told about a failed attempt. */
struct seller_text {
    const char *message; /* job_queue.error_message; NULL: the technical text */
    const char *advice;  /* with {what}, for the message of a pack; NULL: none */
};

/* Ends a failed attempt of a job. The job is pending again after delay_ms if error_rule() allows a
 * retry and attempts are left; otherwise it fails finally, with the refund. The text of
 * `why` goes to darkroom.job_failure. */
void queue_fail(struct op *op, struct arena *arena, const struct holder *holder,
                const struct error *why, const struct seller_text *text, uint32_t delay_ms,
                const struct kept_answer *kept, const struct attempt *done);
/* Ends an attempt that failed because of a service. The job is pending again and spends no attempt,
 * unless other jobs show that the service works (see wait_for_service in sql/install). */
void queue_wait_for_service(struct op *op, struct arena *arena, const struct holder *holder,
                            const char *service, bool nothing_sent, const struct error *why,
                            const struct seller_text *text, uint32_t delay_ms,
                            const struct kept_answer *kept, const struct attempt *done);
enum fail_state { FAIL_PENDING, FAIL_FINAL, FAIL_WAITS /* for a service: no attempt spent */ };
bool queue_fail_done(const struct op *op, enum fail_state *state, int64_t *refunded,
                     struct error *err) MUST_CHECK;
#endif
