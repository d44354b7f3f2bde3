/* model_call.c - prepares a paid call, reads its answer, and notes outcome, usage and cost. */
#include "jobs/engine/model_call.h"

#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "jobs/engine/call_metrics.h"

const struct model *model_in_use(const struct job_context *job_context, const struct model *model)
{
    const struct model *successor;
    struct error ignored;

    if (!job_context->replace_retired || !model || !model->replacement ||
        catalog_is_available(model, clock_wall_ms(), &ignored)) {
        return model;
    }
    successor = catalog_find(job_context->catalog, model->replacement);
    return successor && strcmp(successor->provider, model->provider) == 0 &&
                   catalog_is_available(successor, clock_wall_ms(), &ignored)
               ? successor
               : model;
}

bool model_endpoint_for(const struct job_context *job_context, const char *model,
                        struct model_endpoint *out, struct error *err)
{
    struct error missing;
    int i = 0;

    *out = job_context->image;
    if (model[0] == '\0' || strcmp(model, out->model->id) == 0) {
        out->model = model_in_use(job_context, out->model);
        return true;
    }
    *out = (struct model_endpoint){ .model = catalog_add_dated(job_context->catalog, model) };
    if (!out->model) {
        return error_set(err, ERROR_CONFIG, "model '%.60s' is not in this worker's catalog", model);
    }
    out->model = model_in_use(job_context, out->model);
    while (providers[i] && strcmp(providers[i]->name, out->model->provider) != 0) {
        i++;
    }
    if (!providers[i]) {
        return error_set(err, ERROR_CONFIG, "model '%s' belongs to '%s', which is not a provider",
                         out->model->id, out->model->provider);
    }
    out->provider = providers[i];
    out->endpoint = job_context->endpoints[i];
    if (provider_check(out->provider, &out->endpoint, &missing)) {
        return true;
    }
    error_set(err, ERROR_CONFIG, "model '%s' cannot be called: %.200s", out->model->id,
              missing.text);
    return error_hint(err, "%s", missing.hint);
}

/* Returns the highest possible cost of the call in microdollars, -1 if unknown. A text has no more
 * tokens than bytes. */
static int64_t worst_cost(const struct model_request *request)
{
    int64_t bytes = (int64_t)strlen(request->prompt) +
                    (request->schema ? (int64_t)strlen(request->schema) : 0) +
                    (request->instructions ? (int64_t)strlen(request->instructions) : 0);

    return catalog_max_cost(request->model, request->task == TASK_TEXT ? NULL : &request->size,
                            request->quality, bytes, request->photo_count, request->partial_images,
                            request->max_output_tokens);
}

cJSON *model_call_record(const struct model_request *request)
{
    cJSON *record = cJSON_CreateObject();
    int64_t worst = worst_cost(request);

    cJSON_AddStringToObject(record, "prompt", request->prompt);
    if (request->task == TASK_TEXT) {
        cJSON_AddStringToObject(record, "schema", request->schema_name);
    } else {
        cJSON_AddNumberToObject(record, "width", request->size.width);
        cJSON_AddNumberToObject(record, "height", request->size.height);
        cJSON_AddNumberToObject(record, "photos", request->photo_count);
        cJSON_AddBoolToObject(record, "transparent", request->transparent);
    }
    if (request->quality) {
        cJSON_AddStringToObject(record, "quality", request->quality);
    }
    if (worst >= 0) {
        cJSON_AddNumberToObject(record, "worstMicrousd", (double)worst);
    }
    return record;
}

static const char *request_record(const struct model_request *request, struct arena *arena)
{
    cJSON *record = model_call_record(request);
    const char *text = json_print(record, arena);

    cJSON_Delete(record);
    return text;
}

/* Digest of digests: of model and record, and of each photo. */
static void digest_request(const struct model_endpoint *endpoint,
                           const struct model_request *request, const char *record,
                           struct arena *arena, char out[DIGEST_TEXT])
{
    const char *text =
        arena_printf(arena, "%s\n%s\n%s", endpoint->provider->name, endpoint->model->id, record);

    for (int i = 0; i < request->photo_count; i++) {
        digest_hex(request->photos[i].bytes.data, request->photos[i].bytes.size, out);
        text = arena_printf(arena, "%s\n%s", text, out);
    }
    digest_hex(text, strlen(text), out);
}

/* Derived from the recorded latencies of similar calls; at most the setting request-timeout. */
static uint32_t timeout_ms_for(const struct job_context *job_context,
                               const struct model_request *request)
{
    bool text = request->task == TASK_TEXT;
    struct size size = text ? (struct size){ 0, 0 } : request->size;

    return profile_timeout_ms(profile_find(job_context->profile, request->model->id, request->task,
                                           size, request->quality),
                              job_context->request_timeout_ms);
}

bool model_call_begin(struct job *job, const struct model_endpoint *endpoint,
                      struct model_request *request, struct error *err)
{
    struct endpoint *at = arena_alloc(job->arena, sizeof *at);

    *at = endpoint->endpoint; /* the answer is read when the caller's copy is gone */
    request->model = endpoint->model;
    request->at = at;
    request->arena = job->arena;
    request->key = arena_printf(job->arena, "%s-%d", job->claimed.id, job->call_index);
    if (!catalog_is_available(endpoint->model, clock_wall_ms(), err)) {
        job->call = (struct call){ .provider = endpoint->provider, .model = endpoint->model };
        err->cause = ERROR_CAUSE_MODEL_GONE;
        return false;
    }
    if (!provider_request(endpoint->provider, request, &job->op, err)) {
        return false;
    }
    job->op.http.new_connection = true;
    if (job->op.timeout_ms == 0) {
        job->op.timeout_ms = timeout_ms_for(job->context, request);
    }
    job->call = (struct call){ .provider = endpoint->provider,
                               .model = endpoint->model,
                               .request = request_record(request, job->arena) };
    digest_request(endpoint, request, job->call.request, job->arena, job->call.digest);
    return true;
}

static void add_count(cJSON *object, const char *name, int64_t count)
{
    if (count >= 0) {
        cJSON_AddNumberToObject(object, name, (double)count);
    }
}

const char *model_call_usage(const struct usage *usage, struct arena *arena)
{
    cJSON *record = cJSON_CreateObject();
    const char *text;

    add_count(record, "text_in", usage->text_in);
    add_count(record, "text_cached", usage->text_cached);
    add_count(record, "image_in", usage->image_in);
    add_count(record, "image_cached", usage->image_cached);
    add_count(record, "text_out", usage->text_out);
    add_count(record, "image_out", usage->image_out);
    if (usage->cost_microusd > 0) {
        add_count(record, "reported_microusd", usage->cost_microusd);
    }
    text = json_print(record, arena);
    cJSON_Delete(record);
    return text;
}

static void note_cost(struct job *job, const struct model_request *request,
                      const struct model_result *result)
{
    struct attempt *attempt = &job->attempt;
    int images = request->task == TASK_TEXT ? 0 : 1;

    attempt->usage = model_call_usage(&result->usage, job->arena);
    attempt->tokens = result->usage;
    attempt->cost_microusd = catalog_cost(request->model, &result->usage, images);
    call_metrics_usage(request->model, &result->usage, attempt->cost_microusd);
    if (attempt->cost_microusd < 0) {
        job->cost_microusd = -1;
    } else if (job->cost_microusd >= 0) {
        job->cost_microusd += attempt->cost_microusd;
    }
}

static enum transition new_call_or_fail(const struct job *job, int max_calls,
                                        const struct error *why)
{
    return why->kind == ERROR_OUTPUT && job->call_index + 1 < max_calls ? TRANSITION_NEW_CALL
                                                                        : TRANSITION_FAIL;
}

enum transition model_call_read(struct job *job, const struct model_request *request, int max_calls,
                                struct model_result *out, struct error *err)
{
    struct attempt *attempt = &job->attempt;
    const struct http_response *response = &job->op.http_response;
    enum read_result reading;

    *out = (struct model_result){ .usage = USAGE_UNKNOWN };
    reading = job->call.provider->read_response(request, &job->op, out, err);
    attempt->http_status = response->status;
    attempt->request_id =
        arena_text(job->arena, out->request_id[0] ? out->request_id : response->request_id);
    if (reading == READ_POLL_AGAIN) {
        return TRANSITION_REPEAT;
    }
    blob_free(&job->op.http_response.body); /* read: free the memory before the image is decoded */
    if (reading == READ_FAILED) {
        attempt->outcome = error_rule(err->kind)->name;
        attempt->error = arena_text(job->arena, err->text);
        return new_call_or_fail(job, max_calls, err);
    }
    attempt->outcome = "ok";
    note_cost(job, request, out);
    return TRANSITION_NEXT;
}

enum transition model_call_read_text(struct job *job, const struct model_request *request,
                                     int max_calls, const char **out, struct error *err)
{
    struct model_result result;
    enum transition next = model_call_read(job, request, max_calls, &result, err);

    if (next == TRANSITION_NEXT) {
        *out = arena_bytes(job->arena, result.content.data, result.content.size);
        blob_free(&result.content);
    }
    return next;
}

enum transition model_call_rejected(struct job *job, int max_calls, const struct error *why)
{
    job->attempt.outcome = "rejected";
    call_metrics_rejected(job->claimed.type);
    job->attempt.error = arena_text(job->arena, why->text);
    return new_call_or_fail(job, max_calls, why);
}
