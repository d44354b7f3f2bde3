/* call_metrics.c - counts calls to models, waits, cost and bytes. */
#include "jobs/engine/call_metrics.h"

#include <string.h>

#include "jobs/engine/engine_internal.h"
#include "telemetry/metrics.h"

/* How a call may end, besides a worker that stops or loses its lease. */
static const enum error_kind call_errors[] = { ERROR_BUSY,   ERROR_REMOTE,  ERROR_NETWORK,
                                               ERROR_FORMAT, ERROR_REFUSED, ERROR_KEY,
                                               ERROR_QUOTA,  ERROR_CONFIG,  ERROR_INPUT };

static const char *model_id(const struct model *model)
{
    return model ? model->id : "";
}

void call_metrics_declare(const char *provider, const struct model *model)
{
    const char *id = model_id(model);

    metric_declare(METRIC_PROVIDER_REQUESTS, METRIC_VALUES(provider, id, "ok"));
    for (size_t i = 0; i < sizeof call_errors / sizeof *call_errors; i++) {
        metric_declare(METRIC_PROVIDER_REQUESTS,
                       METRIC_VALUES(provider, id, error_rule(call_errors[i])->name));
    }
    metric_declare(METRIC_PROVIDER_REQUEST_DURATION, METRIC_VALUES(provider, id));
    metric_declare(METRIC_PROVIDER_COST, METRIC_VALUES(provider, id));
    metric_declare(METRIC_PROVIDER_SLOT_WAIT, METRIC_VALUES(provider));
}

/* Returns how the call ended. An answer that a check rejects is an answer. */
static const char *outcome_of(const struct run *run, bool failed)
{
    const char *outcome = run->job.attempt.outcome;

    if (failed) {
        return error_rule(run->error.kind)->name;
    }
    return (run_step(run)->flags & STEP_PAID) && outcome && strcmp(outcome, "rejected") != 0
               ? outcome
               : "ok";
}

void call_metrics_ended(const struct run *run, bool failed)
{
    const struct call *call = &run->job.call;
    const struct op *op = &run->job.op;
    const char *provider, *model = model_id(call->model);

    if (!run_needs_slot(run) || !call->provider || run->answer_from_spool) {
        return;
    }
    provider = call->provider->name;
    metric_add(METRIC_PROVIDER_REQUESTS, METRIC_VALUES(provider, model, outcome_of(run, failed)),
               1);
    metric_observe(METRIC_PROVIDER_REQUEST_DURATION, METRIC_VALUES(provider, model),
                   op->ended_us - run->call_began_us);
    if (op->kind == OP_HTTP && op->http_response.remaining_requests >= 0 &&
        op->http_response.status > 0) {
        metric_set(METRIC_RATE_LIMIT_REMAINING, METRIC_VALUES(provider, model),
                   op->http_response.remaining_requests);
    }
}

void call_metrics_admitted(const struct run *run)
{
    metric_observe(METRIC_PROVIDER_SLOT_WAIT, METRIC_VALUES(run->job.call.provider->name),
                   (run->entry.call_began_ms - run->queued_ms) * 1000);
}

void engine_sample_metrics(const struct engine *engine)
{
    for (int i = 0; i < MAX_PROVIDERS; i++) {
        const struct provider_queue *queue = &engine->queues.queues[i];
        const struct list *waiting = &queue->waiting;
        int count = 0;

        if (!queue->provider) {
            continue;
        }
        for (struct list_node *at = list_first(waiting); at; at = list_next(waiting, at)) {
            count++;
        }
        metric_set(METRIC_PROVIDER_REQUESTS_IN_FLIGHT, METRIC_VALUES(queue->provider->name),
                   queue->concurrency.in_flight);
        metric_set(METRIC_PROVIDER_REQUESTS_WAITING, METRIC_VALUES(queue->provider->name), count);
        metric_set(METRIC_PROVIDER_CONCURRENCY_LIMIT, METRIC_VALUES(queue->provider->name),
                   (int64_t)queue->concurrency.level);
    }
}

static size_t bytes_sent(const struct http_request *request)
{
    size_t bytes = request->body.size;

    for (int i = 0; i < request->part_count; i++) {
        bytes += request->parts[i].content.size;
    }
    return bytes;
}

void call_metrics_bytes(const struct run *run)
{
    const struct op *op = &run->job.op;
    const char *peer;

    if (op->kind != OP_HTTP) {
        return;
    }
    peer = run_needs_slot(run) ? "provider" : op->http.untrusted_url ? "photo" : "store";
    metric_add(METRIC_HTTP_SENT_BYTES, METRIC_VALUES(peer), (int64_t)bytes_sent(&op->http));
    metric_add(METRIC_HTTP_RECEIVED_BYTES, METRIC_VALUES(peer),
               (int64_t)op->http_response.body_bytes);
}

void call_metrics_usage(const struct model *model, const struct usage *usage, int64_t cost_microusd)
{
    const struct {
        const char *kind;
        int64_t tokens;
    } counts[] = { { "text_in", usage->text_in },   { "text_cached", usage->text_cached },
                   { "image_in", usage->image_in }, { "image_cached", usage->image_cached },
                   { "text_out", usage->text_out }, { "image_out", usage->image_out } };

    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        if (counts[i].tokens > 0) {
            metric_add(METRIC_PROVIDER_TOKENS,
                       METRIC_VALUES(model->provider, model->id, counts[i].kind), counts[i].tokens);
        }
    }
    if (cost_microusd > 0) {
        metric_add(METRIC_PROVIDER_COST, METRIC_VALUES(model->provider, model->id), cost_microusd);
    }
}

void call_metrics_rejected(const char *job_type)
{
    metric_add(METRIC_ANSWERS_REJECTED, METRIC_VALUES(job_type), 1);
}
