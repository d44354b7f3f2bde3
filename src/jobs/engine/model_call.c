/* model_call.c - paid calls and their record. */
#include "jobs/engine/model_call.h"

#include <string.h>

#include "base/clock.h"
#include "base/json.h"

bool model_endpoint_for(const struct job_context *job_context, const char *model,
                        struct model_endpoint *out, struct error *err)
{
    const struct model_endpoint *known[] = { &job_context->image, &job_context->features,
                                             &job_context->aplus };

    *out = job_context->image;
    if (model[0] == '\0' || strcmp(model, out->model->id) == 0) {
        return true;
    }
    *out = (struct model_endpoint){ .model = catalog_find(job_context->catalog, model) };
    if (!out->model) {
        return error_set(err, ERROR_CONFIG, "model '%.60s' is not in this worker's catalog", model);
    }
    out->provider = provider_find(out->model->provider);
    for (int i = 0; i < 3; i++) {
        if (known[i]->provider == out->provider) {
            out->at = known[i]->at;
            return true;
        }
    }
    if (out->provider && !out->provider->key_setting) {
        return true;
    }
    error_set(err, ERROR_CONFIG, "this worker has no key for provider '%s', whose model '%s' is",
              out->model->provider, out->model->id);
    return error_hint(err, "Start one with that provider.");
}

/* The most that the call may cost, in microdollars; -1: not known. A token is at least a byte. */
static int64_t worst_cost(const struct model_request *order)
{
    int64_t bytes = (int64_t)strlen(order->prompt) +
                    (order->schema ? (int64_t)strlen(order->schema) : 0) +
                    (order->instructions ? (int64_t)strlen(order->instructions) : 0);

    return catalog_worst(order->model, order->task == TASK_TEXT ? NULL : &order->size,
                         order->quality, bytes, order->photo_count, order->partial_images,
                         order->max_output_tokens);
}

cJSON *model_call_record(const struct model_request *order)
{
    cJSON *record = cJSON_CreateObject();
    int64_t worst = worst_cost(order);

    cJSON_AddStringToObject(record, "prompt", order->prompt);
    if (order->task == TASK_TEXT) {
        cJSON_AddStringToObject(record, "schema", order->schema_name);
    } else {
        cJSON_AddNumberToObject(record, "width", order->size.width);
        cJSON_AddNumberToObject(record, "height", order->size.height);
        cJSON_AddNumberToObject(record, "photos", order->photo_count);
        cJSON_AddBoolToObject(record, "transparent", order->transparent);
    }
    if (order->quality) {
        cJSON_AddStringToObject(record, "quality", order->quality);
    }
    if (worst >= 0) {
        cJSON_AddNumberToObject(record, "worstMicrousd", (double)worst);
    }
    return record;
}

static const char *request_record(const struct model_request *order, struct arena *arena)
{
    cJSON *record = model_call_record(order);
    const char *text = json_print(record, arena);

    cJSON_Delete(record);
    return text;
}

/* As long as such calls took before, and well beyond; never longer than the settings say. */
static uint32_t patience(const struct job_context *job_context, const struct model_request *order)
{
    bool text = order->task == TASK_TEXT;
    struct size size = text ? (struct size){ 0, 0 } : order->size;

    return profile_timeout_ms(profile_find(job_context->profile, order->model->id, order->task,
                                           size, order->quality),
                              job_context->request_timeout_ms);
}

bool model_call_begin(struct job *job, const struct model_endpoint *caller,
                      struct model_request *order, struct error *err)
{
    order->model = caller->model;
    order->at = &caller->at;
    order->arena = job->arena;
    order->key = arena_printf(job->arena, "%s-%d", job->claimed.id, job->call_index);
    if (!catalog_alive(caller->model, clock_wall_ms(), err)) {
        return false;
    }
    if (!caller->provider->request(order, &job->op, err)) {
        return false;
    }
    job->op.http.once = true;
    if (job->op.timeout_ms == 0) {
        job->op.timeout_ms = patience(job->context, order);
    }
    job->call = (struct call){ .provider = caller->provider,
                               .model = caller->model,
                               .request = request_record(order, job->arena) };
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
    text = json_print(record, arena);
    cJSON_Delete(record);
    return text;
}

static void note_cost(struct job *job, const struct model_request *order,
                      const struct model_result *result)
{
    struct attempt *attempt = &job->attempt;
    int images = order->task == TASK_TEXT ? 0 : 1;

    attempt->usage = model_call_usage(&result->usage, job->arena);
    attempt->cost_microusd = catalog_cost(order->model, &result->usage, images);
    if (attempt->cost_microusd < 0) {
        job->cost_microusd = -1;
    } else if (job->cost_microusd >= 0) {
        job->cost_microusd += attempt->cost_microusd;
    }
}

static enum transition again_or_fail(const struct job *job, int rounds, const struct error *why)
{
    return why->kind == ERROR_OUTPUT && job->call_index + 1 < rounds ? TRANSITION_NEW_CALL
                                                                     : TRANSITION_FAIL;
}

enum transition model_call_read(struct job *job, const struct model_request *order, int rounds,
                                struct model_result *out, struct error *err)
{
    struct attempt *attempt = &job->attempt;
    const struct http_response *got = &job->op.http_response;
    enum read_result reading;

    *out = (struct model_result){ .usage = { -1, -1, -1, -1, -1, -1 } };
    reading = job->call.provider->read_response(order, &job->op, out, err);
    attempt->http_status = got->status;
    attempt->request_id =
        arena_text(job->arena, out->request_id[0] ? out->request_id : got->request_id);
    if (reading == READ_POLL_AGAIN) {
        return TRANSITION_REPEAT;
    }
    blob_free(&job->op.http_response.body); /* the answer is read: hold no second copy of it */
    if (reading == READ_FAILED) {
        attempt->outcome = error_rule(err->kind)->name;
        attempt->error = arena_text(job->arena, err->text);
        return again_or_fail(job, rounds, err);
    }
    attempt->outcome = "ok";
    note_cost(job, order, out);
    return TRANSITION_NEXT;
}

enum transition model_call_rejected(struct job *job, int rounds, const struct error *why)
{
    job->attempt.outcome = "turned down";
    job->attempt.error = arena_text(job->arena, why->text);
    return again_or_fail(job, rounds, why);
}
