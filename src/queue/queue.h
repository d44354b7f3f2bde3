/* queue.h - the job queue in Postgres: claim, renew, give back, and how a job ends.
 *
 * Each function fills one OP_SQL; its `_done` half reads the answer. Every statement is one SQL
 * function of schema darkroom (sql/install), atomic, one round trip, guarded by job id, lease
 * number and worker: a stale lease changes nothing and comes back as ERROR_LOST. Every statement
 * may be repeated after an answer was lost. */
#ifndef QUEUE_QUEUE_H
#define QUEUE_QUEUE_H
#include "base/arena.h"
#include "io/op.h"
#include "model/aplus.h"

struct claimed_job { /* one job, as it was claimed; texts live in the arena */
    char id[37];
    const char *type;    /* job_queue.job_type */
    const char *payload; /* JSON text, hostile */
    const char *user_id; /* may be "" */
    int64_t lease;       /* fencing number: only ever grows */
    int attempt;         /* 1.. : retry_count + 1 */
    int max_retries;
    int64_t created_ms;
};

struct holder { /* who says so: guards each write */
    const char *job_id;
    const char *worker;
    int64_t lease;
};

struct attempt { /* one paid call; what became of it is told with the next statement of the job */
    int64_t id;  /* given by queue_attempt; 0: none open */
    const char *outcome; /* "ok", "turned down", or error_rule()->name */
    const char *request_id;
    const char *model;
    int http_status;
    int64_t ms;
    int64_t cost_microusd; /* -1: not known */
    const char *usage;     /* JSON or NULL */
    const char *error;     /* text or NULL */
};

/* -- for the whole worker ------------------------------------------------------------------- */
void queue_register(struct op *op, struct arena *arena, const char *worker, int64_t lock_key,
                    const char *version);
/* batch: only jobs of this one; NULL: any. */
void queue_claim(struct op *op, struct arena *arena, const char *worker, int slots,
                 const char *const *types, uint32_t lease_ms, const char *batch);
bool queue_claim_done(const struct op *op, struct arena *arena, struct claimed_job *out, int room,
                      int *count, struct error *err) MUST_CHECK;

/* Renews all leases, marks the worker alive, and rescues jobs of dead workers (any worker does). */
void queue_renew(struct op *op, struct arena *arena, const char *worker,
                 const struct holder *holders, int count, uint32_t lease_ms);
/* lost[i] is set where holders[i] no longer holds its job (taken over, cancelled, deleted). */
bool queue_renew_done(const struct op *op, const struct holder *holders, int count, bool *lost,
                      struct error *err) MUST_CHECK;

/* Jobs go back as pending at once, with no attempt spent. */
void queue_return_jobs(struct op *op, struct arena *arena, const char *worker,
                       const struct holder *holders, int count);
void queue_deregister(struct op *op,
                      const char *worker); /* the worker's row and its jobs are freed */
void queue_remaining(struct op *op, struct arena *arena, const char *const *types);
/* *ready: jobs that could be claimed now; *waiting: pending, later; *running: processing by
 * anybody; *next_ms: until the earliest waiting one is due (-1: none). For --drain. */
bool queue_remaining_done(const struct op *op, int64_t *ready, int64_t *waiting, int64_t *running,
                          int64_t *next_ms, struct error *err) MUST_CHECK;

/* -- for one job ---------------------------------------------------------------------------- */
/* Row for brief_read(); ERROR_INPUT in a seller's words where project, user or type is wrong. */
void queue_brief(struct op *op, struct arena *arena, const struct holder *by);
bool queue_brief_done(const struct op *op, const char **json, struct arena *arena,
                      struct error *err) MUST_CHECK;

/* Records that a paid call is about to be sent; refused when the lease is stale. `done` is the
 * attempt before it, or NULL. request: JSON (prompt, size, quality; no secrets, no pixels). */
void queue_attempt(struct op *op, struct arena *arena, const struct holder *by, const char *step,
                   int round, const char *provider, const char *model, const char *request,
                   const struct attempt *done);
bool queue_attempt_done(const struct op *op, int64_t *attempt_id, struct error *err) MUST_CHECK;

/* Stores what was learnt; every job of the project with the same text shares it. */
void queue_features(struct op *op, struct arena *arena, const struct holder *by,
                    const char *features, const struct attempt *done);

struct image_row { /* of "GeneratedImage"; id is the job's */
    const char *kind, *style, *url;
    int width, height;
    int64_t bytes;
    const char *metadata; /* JSON */
};
void queue_settle_image(struct op *op, struct arena *arena, const struct holder *by,
                        const struct image_row *row, const struct attempt *done);
void queue_settle_aplus(struct op *op, struct arena *arena, const struct holder *by,
                        const char *modules, bool premium, const struct module_request *requests,
                        int request_count, const struct attempt *done);
/* Queues the six images, and A+ where asked, and completes the pack. */
void queue_settle_pack(struct op *op, struct arena *arena, const struct holder *by,
                       bool include_aplus, const struct attempt *done);
/* Reads the answer of any of the four statements above: ERROR_LOST where the lease was stale;
 * success also where it had been done before. */
bool queue_settle_done(const struct op *op, struct error *err) MUST_CHECK;

/* Ends an attempt that failed: pending again after delay_ms where it may be retried (and attempts
 * are left, where it spends one), else failed for good, with the refund. */
void queue_fail(struct op *op, struct arena *arena, const struct holder *by,
                const struct error *why, const char *seller_message, uint32_t delay_ms,
                const struct attempt *done);
enum fail_state { FAIL_PENDING, FAIL_FINAL };
bool queue_fail_done(const struct op *op, enum fail_state *state, int64_t *refunded,
                     struct error *err) MUST_CHECK;
#endif
