/* queue_batch_api.h - statements of a chunk: items of a batch that go through one batch of the
 * provider's.
 *
 * As in queue.h: each fills one OP_SQL, guarded by the chunk's job, lease and worker; its `_done`
 * half reads the answer, ERROR_LOST where the lease was stale. `item` is the id of an item's job.
 */
#ifndef QUEUE_QUEUE_BATCH_API_H
#define QUEUE_QUEUE_BATCH_API_H
#include "queue/queue.h"

enum chunk_state {
    CHUNK_OPEN,    /* not sent */
    CHUNK_SENDING, /* the provider may have it */
    CHUNK_SENT,    /* it has */
    CHUNK_OVER     /* it is done with it */
};

struct chunk { /* texts live in the arena; "" where nothing is known */
    enum chunk_state state;
    const char *name; /* told to the provider */
    const char *model;
    const char *input, *remote, *output, *errors; /* what the provider calls them */
    const char *word;                             /* how it stood when it was last looked at */
    int64_t since_ms, age_ms;                     /* of its sending; 0: it was not sent */
    bool cancelled;                               /* its batch is */
    const char **items;                           /* those that are not over */
    int item_count;
};

void queue_batch_api_load(struct op *op, struct arena *arena, const struct holder *by);
bool queue_batch_api_load_done(const struct op *op, struct arena *arena, struct chunk *out,
                               struct error *err) MUST_CHECK;

struct chunk_item {
    bool over;           /* it needs nothing any more: all else is not filled */
    const char *brief;   /* for brief_read(), and for payload_read_image() */
    const char *payload; /* hostile */
    const char *request; /* its order was recorded so; NULL: it was not yet */
    int64_t attempt;     /* the record's number */
};
void queue_batch_api_item(struct op *op, struct arena *arena, const struct holder *by,
                          const char *item);
/* ERROR_INPUT in a seller's words, where the item cannot be made. */
bool queue_batch_api_item_done(const struct op *op, struct arena *arena, struct chunk_item *out,
                               struct error *err) MUST_CHECK;

/* Records that the item goes into the batch. *closed: the budget does not hold so much more. */
void queue_batch_api_attempt(struct op *op, struct arena *arena, const struct holder *by,
                             const char *item, const char *provider, const char *model,
                             const char *request);
bool queue_batch_api_attempt_done(const struct op *op, bool *closed, struct error *err) MUST_CHECK;

/* What was learnt for an item, for every job of its project. */
void queue_batch_api_features(struct op *op, struct arena *arena, const struct holder *by,
                              const char *item, const char *features, const struct attempt *done);
void queue_batch_api_leave(struct op *op, struct arena *arena, const struct holder *by,
                           const char *const *items, int count); /* they go with another chunk */
void queue_batch_api_sending(struct op *op, struct arena *arena, const struct holder *by,
                             const char *model);
bool queue_batch_api_sending_done(const struct op *op, bool *cancelled,
                                  struct error *err) MUST_CHECK;

struct chunk_remote { /* as the provider says; "" where it says nothing */
    const char *id, *input, *output, *errors, *word;
};
void queue_batch_api_sent(struct op *op, struct arena *arena, const struct holder *by,
                          const struct chunk_remote *remote);
void queue_batch_api_over(struct op *op, struct arena *arena, const struct holder *by,
                          const struct chunk_remote *remote);
void queue_batch_api_refused(struct op *op, struct arena *arena, const struct holder *by);
/* The job goes back into the queue, and is not ours any more. why: NULL, or what it waits for. */
void queue_batch_api_wait(struct op *op, struct arena *arena, const struct holder *by,
                          const char *word, uint32_t delay_ms, const char *why);

void queue_batch_api_settle(struct op *op, struct arena *arena, const struct holder *by,
                            const char *item, const struct image_row *row,
                            const struct attempt *done);
void queue_batch_api_fail(struct op *op, struct arena *arena, const struct holder *by,
                          const char *item, const struct error *why, const char *seller_message,
                          const struct attempt *done);
/* The chunk is done; items that are left over have failed for this reason. */
void queue_batch_api_end(struct op *op, struct arena *arena, const struct holder *by,
                         const char *reason);
/* queue_settle_done reads the answers of all that have no half of their own. */
#endif
