/* provider_queue.c - admits the waiting calls as the provider's limits allow. */
#include "jobs/engine/provider_queue.h"

/* Retry-After counts in whole seconds, so a shorter wait is rounded up to this. */
enum { RETRY_AFTER_MIN_MS = 1000 };

void provider_queues_init(struct provider_queues *queues, int max_calls_per_provider)
{
    *queues = (struct provider_queues){ .max_calls_per_provider = max_calls_per_provider };
    for (int i = 0; i < MAX_PROVIDERS; i++) {
        list_init(&queues->queues[i].waiting);
    }
}

struct provider_queue *provider_queues_find(struct provider_queues *queues,
                                            const struct provider *provider)
{
    for (int i = 0; i < MAX_PROVIDERS; i++) {
        struct provider_queue *queue = &queues->queues[i];

        if (!queue->provider) {
            queue->provider = provider;
            concurrency_limit_init(&queue->concurrency, queues->max_calls_per_provider);
        }
        if (queue->provider == provider) {
            return queue;
        }
    }
    return &queues->queues[MAX_PROVIDERS - 1];
}

void provider_queue_remove(struct queue_entry *entry)
{
    list_remove(&entry->node);
}

static struct queue_entry *entry_of(struct list_node *node)
{
    return LIST_ENTRY(node, struct queue_entry, node);
}

/* Returns NULL if the entry is not rate limited. */
static struct rate_limiter *limiter_of(struct provider_queue *queue,
                                       const struct queue_entry *entry)
{
    for (int i = 0; i < MAX_MODELS_LIMITED && entry->model; i++) {
        struct model_rate_limiter *row = &queue->models[i];

        if (!row->model) {
            row->model = entry->model;
        }
        if (row->model == entry->model) {
            return &row->limiter;
        }
    }
    return NULL;
}

/* Returns the first entry that its model's rate limit admits now, or NULL. */
static struct queue_entry *next_entry(struct provider_queue *queue, int64_t now_ms)
{
    struct list *waiting = &queue->waiting;

    for (struct list_node *at = list_first(waiting); at; at = list_next(waiting, at)) {
        const struct rate_limiter *limiter = limiter_of(queue, entry_of(at));

        if (!limiter || rate_limit_admits(limiter, now_ms)) {
            return entry_of(at);
        }
    }
    return NULL;
}

static void admit(struct provider_queue *queue, struct queue_entry *entry, int64_t now_ms)
{
    struct rate_limiter *limiter = limiter_of(queue, entry);

    provider_queue_remove(entry);
    entry->admitted = true;
    entry->call_began_ms = now_ms;
    if (limiter) {
        rate_limit_take(limiter, now_ms);
        entry->model_sent = limiter->total_sent;
    }
    entry->on_turn(entry);
}

void provider_queue_serve(struct provider_queue *queue, int64_t now_ms)
{
    struct queue_entry *entry;

    while ((entry = next_entry(queue, now_ms)) &&
           concurrency_limit_admit(&queue->concurrency, now_ms)) {
        admit(queue, entry, now_ms);
    }
}

void provider_queue_add(struct provider_queue *queue, struct queue_entry *entry, int64_t now_ms)
{
    entry->queue = queue;
    list_append(&queue->waiting, &entry->node);
    provider_queue_serve(queue, now_ms);
}

/* Updates the model's rate limit from the response. Returns true if the call was rejected only for
 * the number of requests per minute: then the rate has to fall, not the number of calls at once. */
static bool update_rate_limit(const struct queue_entry *entry, const struct error *result,
                              const struct http_response *response, int64_t now_ms)
{
    struct rate_limiter *limiter = limiter_of(entry->queue, entry);

    if (!limiter || !response || response->limit_requests <= 0) {
        return false;
    }
    rate_limit_update(limiter, response->limit_requests, response->remaining_requests,
                      entry->model_sent);
    if (result->kind != ERROR_BUSY || response->remaining_requests != 0 ||
        result->retry_ms > RETRY_AFTER_MIN_MS) {
        return false;
    }
    rate_limit_rejected(limiter, now_ms);
    return true;
}

void provider_queue_release(struct queue_entry *entry, const struct error *result,
                            const struct http_response *response, int64_t now_ms)
{
    static const struct error nothing_known = { .kind = ERROR_STOPPED };
    struct provider_queue *queue = entry->queue;

    if (!entry->admitted) {
        return;
    }
    entry->admitted = false;
    if (update_rate_limit(entry, result, response, now_ms)) {
        result = &nothing_known;
    }
    concurrency_limit_call_ended(&queue->concurrency, result, entry->call_began_ms, now_ms);
    provider_queue_serve(queue, now_ms);
}

int64_t provider_queue_wait_ms(struct provider_queue *queue, int64_t now_ms)
{
    struct list *waiting = &queue->waiting;
    int64_t shortest = -1;

    for (struct list_node *at = list_first(waiting); at; at = list_next(waiting, at)) {
        const struct rate_limiter *limiter = limiter_of(queue, entry_of(at));
        int64_t wait = limiter ? rate_limit_wait_ms(limiter, now_ms) : 0;

        if (wait > 0 && (shortest < 0 || wait < shortest)) {
            shortest = wait;
        }
    }
    return shortest;
}
