/* provider_queue.h - the calls that wait for a slot of one provider, first come, first served.
 *
 * A call waits while the provider's concurrency limit is reached or its model's rate limit is. A
 * call of another model may overtake one that only its model's rate limit delays. Entries are part
 * of their owner's struct; the queue tells the owner through a callback. */
#ifndef JOBS_ENGINE_PROVIDER_QUEUE_H
#define JOBS_ENGINE_PROVIDER_QUEUE_H
#include "base/list.h"
#include "io/op.h"
#include "jobs/engine/concurrency_limit.h"
#include "jobs/engine/rate_limit.h"
#include "providers/provider.h"

enum {
    MAX_PROVIDERS = 4,      /* at once: for images, features, A+ text, and a batch's own model */
    MAX_MODELS_LIMITED = 16 /* per provider; calls of further models are not rate limited */
};

struct provider_queue;

struct queue_entry {
    struct list_node node;        /* linked while it waits */
    struct provider_queue *queue; /* the last one it was added to; NULL: none yet */
    const struct model *model;    /* whose rate limit applies; NULL: none */
    bool admitted;                /* holds a slot: counted as in flight until it is released */
    int64_t call_began_ms;        /* when it was admitted */
    int64_t model_sent;           /* calls of its model by then, this one included */

    /* Called once for each provider_queue_add, when the entry has a slot. May free the entry. */
    void (*on_turn)(struct queue_entry *entry);
    void *context; /* for on_turn */
};

struct model_rate_limiter {
    const struct model *model; /* NULL: unused */
    struct rate_limiter limiter;
};

struct provider_queue {
    const struct provider *provider; /* NULL: this queue is unused */
    struct concurrency_limit concurrency;
    struct model_rate_limiter models[MAX_MODELS_LIMITED];
    struct list waiting; /* queue_entry.node */
};

struct provider_queues {
    struct provider_queue queues[MAX_PROVIDERS];
    int max_calls_per_provider;
};

void provider_queues_init(struct provider_queues *queues, int max_calls_per_provider);

/* Returns the provider's queue and sets it up at its first use. If all queues are in use, further
 * providers share the last one. */
struct provider_queue *provider_queues_find(struct provider_queues *queues,
                                            const struct provider *provider);

/* Appends the entry and serves the queue, so on_turn may be called before this returns. */
void provider_queue_add(struct provider_queue *queue, struct queue_entry *entry, int64_t now_ms);
/* Takes the entry out of its queue if it waits there; on_turn is not called. */
void provider_queue_remove(struct queue_entry *entry);
/* Admits the entries whose turn it is. */
void provider_queue_serve(struct provider_queue *queue, int64_t now_ms);

/* Gives the entry's slot back, if it holds one, and serves the queue. `result` is how the call
 * ended (ERROR_STOPPED: nothing is known about the provider); `response` carries the rate limit
 * headers, NULL if there was no HTTP response. */
void provider_queue_release(struct queue_entry *entry, const struct error *result,
                            const struct http_response *response, int64_t now_ms);

/* Returns the milliseconds until an entry that waits only for its model's rate limit may be
 * admitted; -1 if no entry does. */
int64_t provider_queue_wait_ms(struct provider_queue *queue, int64_t now_ms);
#endif
