/* queue_batch_api.h - statements of a chunk: items of a batch that go through one batch of the
 * provider's Batch API.
 *
 * As in queue.h: each fills one OP_SQL, guarded by the chunk's job, lease and worker; its `_done`
 * half reads the reply and fails with ERROR_LOST if the lease was stale. `item` is the id of an
 * item's job.
 */
#ifndef QUEUE_QUEUE_BATCH_API_H
#define QUEUE_QUEUE_BATCH_API_H
#include "queue/queue.h"

enum chunk_state {
    CHUNK_OPEN,    /* not sent */
    CHUNK_SENDING, /* the batch may exist at the provider */
    CHUNK_SENT,    /* the batch exists */
    CHUNK_FINISHED /* the provider is done with it */
};

struct chunk { /* the texts live in the arena; "" if unknown */
    enum chunk_state state;
    const char *name; /* name of the batch at the provider */
    const char *model;
    const char *input, *remote, *output, *errors; /* the provider's ids */
    const char *status;                           /* last reported status */
    int64_t since_ms, age_ms;                     /* of sending; 0 if not sent */
    int64_t completed, failed; /* requests of the finished batch; both 0: unknown */
    int64_t finished_age_ms;   /* since the batch finished; 0 if it has not */
    int64_t expires_in_ms;     /* until the batch expires; 0 or less: it has, or unknown */
    int rechecks;              /* how often its result files were incomplete */
    bool cancelled;            /* its batch is cancelled */
    const char **items;        /* jobs of the items that have not ended */
    int item_count;
};

void queue_batch_api_load(struct op *op, struct arena *arena, const struct holder *holder);
bool queue_batch_api_load_done(const struct op *op, struct arena *arena, struct chunk *out,
                               struct error *err) MUST_CHECK;

struct chunk_item {
    bool finished;       /* the item has ended; the other fields are not set */
    const char *brief;   /* for brief_read(), and for payload_read_image() */
    const char *payload; /* hostile */
    const char *request; /* recorded request; NULL if none */
    int64_t attempt;     /* id of the recorded call */
};
void queue_batch_api_item(struct op *op, struct arena *arena, const struct holder *holder,
                          const char *item);
/* Fails with ERROR_INPUT if the item cannot be made. */
bool queue_batch_api_item_done(const struct op *op, struct arena *arena, struct chunk_item *out,
                               struct error *err) MUST_CHECK;

/* Records that the item goes into the batch. Sets *closed if the budget is exhausted. */
void queue_batch_api_begin_call(struct op *op, struct arena *arena, const struct holder *holder,
                                const char *item, const char *provider, const char *model,
                                const char *request);
bool queue_batch_api_begin_call_done(const struct op *op, bool *closed,
                                     struct error *err) MUST_CHECK;

/* Stores the features extracted for an item, for all jobs of its project. */
void queue_batch_api_save_features(struct op *op, struct arena *arena, const struct holder *holder,
                                   const char *item, const char *features,
                                   const struct attempt *done);
void queue_batch_api_move_items(struct op *op, struct arena *arena, const struct holder *holder,
                                const char *const *items, int count); /* into another chunk */
void queue_batch_api_mark_sending(struct op *op, struct arena *arena, const struct holder *holder,
                                  const char *model);
bool queue_batch_api_mark_sending_done(const struct op *op, bool *cancelled,
                                       struct error *err) MUST_CHECK;

struct chunk_remote { /* as the provider reports it; "" if absent */
    const char *id, *input, *output, *errors, *status;
    int64_t total, completed, failed; /* requests; total 0: unknown */
    int64_t expires_s;                /* Unix time; 0: unknown */
};
void queue_batch_api_mark_sent(struct op *op, struct arena *arena, const struct holder *holder,
                               const struct chunk_remote *remote);
void queue_batch_api_mark_finished(struct op *op, struct arena *arena, const struct holder *holder,
                                   const struct chunk_remote *remote);
void queue_batch_api_reset_chunk(struct op *op, struct arena *arena, const struct holder *holder);
/* Returns the job to the queue until the next status check. why: what it waits for, or NULL. */
void queue_batch_api_reschedule(struct op *op, struct arena *arena, const struct holder *holder,
                                const char *remote_status, uint32_t delay_ms, const char *why);

void queue_batch_api_commit_item(struct op *op, struct arena *arena, const struct holder *holder,
                                 const char *item, const struct image_row *row,
                                 const struct attempt *done);
void queue_batch_api_fail_item(struct op *op, struct arena *arena, const struct holder *holder,
                               const char *item, const struct error *why,
                               const char *seller_message, const struct attempt *done);
/* Completes the chunk; items without a result fail for this reason. */
void queue_batch_api_complete_chunk(struct op *op, struct arena *arena, const struct holder *holder,
                                    const char *reason);
/* Reads the replies of commit_item, fail_item and complete_chunk. *rejected: why the application's
 * tables reject the row of an item, which then stays open; NULL if they do not. */
bool queue_batch_api_end_done(const struct op *op, struct arena *arena, const char **rejected,
                              struct error *err) MUST_CHECK;
/* queue_commit_done reads the replies of the statements that have no half of their own. */
#endif
