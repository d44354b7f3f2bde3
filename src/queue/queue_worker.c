/* queue_worker.c - statements of a worker: register, claim, renew, return. */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "queue/queue_answer.h"
#include "queue/queue_internal.h"

enum { UUID_LENGTH = 36 };

static char *leases_json(const struct holder *holders, int count, struct arena *arena)
{
    cJSON *list = cJSON_CreateArray();
    char *text;

    for (int i = 0; i < count; i++) {
        cJSON *row = cJSON_CreateObject();

        cJSON_AddStringToObject(row, "id", holders[i].job_id);
        cJSON_AddNumberToObject(row, "lease", (double)holders[i].lease);
        cJSON_AddItemToArray(list, row);
    }
    text = json_print(list, arena);
    cJSON_Delete(list);
    return text;
}

/* A PostgreSQL array literal. Job types contain no quote or comma. */
static char *types_array(const char *const *types, struct arena *arena)
{
    char *text = arena_text(arena, "{");

    for (int i = 0; types[i]; i++) {
        text = arena_printf(arena, "%s%s%s", text, i ? "," : "", types[i]);
    }
    return arena_printf(arena, "%s}", text);
}

static void add_assignment(cJSON *assignments, const char *calls, const char *provider,
                           const char *model)
{
    if (provider && model) {
        cJSON *row = cJSON_AddObjectToObject(assignments, calls);

        cJSON_AddStringToObject(row, "provider", provider);
        cJSON_AddStringToObject(row, "model", model);
    }
}

void queue_register(struct op *op, struct arena *arena, const struct registration *registration)
{
    cJSON *options = cJSON_CreateObject();
    cJSON *assignments = cJSON_AddObjectToObject(options, "assignments");

    cJSON_AddNumberToObject(options, "beatMs", registration->heartbeat_ms);
    add_assignment(assignments, "image", registration->image_provider, registration->image_model);
    add_assignment(assignments, "text", registration->text_provider, registration->text_model);
    queue_start(op, "register", true);
    op_param(op, registration->worker);
    op_param(op, arena_printf(arena, "%lld", (long long)registration->lock_key));
    op_param(op, registration->version);
    op_param(op, json_print(options, arena));
    cJSON_Delete(options);
}

void queue_claim(struct op *op, struct arena *arena, const struct claim_request *request)
{
    cJSON *json = cJSON_CreateObject();
    cJSON *types = cJSON_AddArrayToObject(json, "types");

    for (int i = 0; request->types[i]; i++) {
        cJSON_AddItemToArray(types, cJSON_CreateString(request->types[i]));
    }
    cJSON_AddNumberToObject(json, "slots", request->slots);
    cJSON_AddNumberToObject(json, "leaseMs", request->lease_ms);
    if (request->batch) {
        cJSON_AddStringToObject(json, "batch", request->batch);
    }
    if (request->spool) {
        cJSON_AddStringToObject(json, "spool", request->spool);
    }
    if (request->limits) {
        cJSON_AddRawToObject(json, "limits", request->limits);
    }
    if (request->daily_budget_microusd > 0) {
        cJSON_AddNumberToObject(json, "dailyBudget", (double)request->daily_budget_microusd);
    }
    if (request->one_by_one) {
        cJSON_AddTrueToObject(json, "oneByOne");
    }
    queue_start(op, "claim", true);
    op_param(op, request->worker);
    op_param(op, json_print(json, arena));
    cJSON_Delete(json);
}

static bool read_claimed(const cJSON *row, struct arena *arena, struct claimed_job *out,
                         struct error *err)
{
    const char *id, *type, *payload, *user, *former;
    int64_t attempt, max_retries;

    if (!json_text(row, "id", &id, err) || !json_text(row, "type", &type, err) ||
        !json_text(row, "payload", &payload, err) || !json_text(row, "user", &user, err) ||
        !json_int(row, "lease", 1, INT64_MAX, &out->lease, err) ||
        !json_int(row, "attempt", INT32_MIN, INT32_MAX, &attempt, err) ||
        !json_int(row, "maxRetries", INT32_MIN, INT32_MAX, &max_retries, err) ||
        !json_int(row, "createdMs", INT64_MIN, INT64_MAX, &out->created_ms, err)) {
        return false;
    }
    if (strlen(id) != sizeof out->id - 1) {
        return error_set(err, ERROR_REMOTE, "the database returned an invalid job id");
    }
    memcpy(out->id, id, sizeof out->id);
    former = json_peek_text(row, "former");
    snprintf(out->former_id, sizeof out->former_id, "%s", former ? former : "");
    out->type = arena_text(arena, type);
    out->payload = arena_text(arena, payload);
    out->user_id = arena_text(arena, user);
    out->attempt = attempt > 0 ? (int)attempt : 1;
    out->max_retries = (int)max_retries;
    return true;
}

static void read_refused(const cJSON *refused, struct arena *arena, struct claim_reply *reply)
{
    const cJSON *first = cJSON_IsObject(refused) ? refused->child : NULL;

    if (first && cJSON_IsString(first)) {
        reply->refused_job = arena_text(arena, first->string);
        reply->refused_why = arena_text(arena, first->valuestring);
    }
}

bool queue_claim_done(const struct op *op, struct arena *arena, struct claimed_job *out,
                      int capacity, struct claim_reply *reply, struct error *err)
{
    cJSON *top;
    const cJSON *list, *row;
    bool good = true;

    *reply = (struct claim_reply){ .next_ms = -1 };
    if (!queue_read_reply(op, &top, err)) {
        return false;
    }
    if (!json_array(top, "jobs", &list, err)) {
        cJSON_Delete(top);
        return false;
    }
    reply->over_budget = cJSON_HasObjectItem(top, "held");
    reply->again = cJSON_HasObjectItem(top, "again");
    reply->next_ms = json_peek_int(top, "nextMs", -1);
    read_refused(cJSON_GetObjectItemCaseSensitive(top, "refused"), arena, reply);
    cJSON_ArrayForEach(row, list)
    {
        if (reply->count == capacity || !read_claimed(row, arena, &out[reply->count], err)) {
            good = reply->count == capacity &&
                   error_set(err, ERROR_REMOTE, "the database returned more jobs than requested");
            break;
        }
        reply->count++;
    }
    cJSON_Delete(top);
    return good;
}

void queue_renew(struct op *op, struct arena *arena, const char *worker,
                 const struct holder *holders, int count, uint32_t lease_ms)
{
    queue_start(op, "renew", true);
    op_param(op, worker);
    op_param(op, leases_json(holders, count, arena));
    op_param(op, arena_printf(arena, "%u", lease_ms));
}

static bool is_kept(const cJSON *kept, const char *id)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, kept)
    {
        if (cJSON_IsString(item) && strcmp(item->valuestring, id) == 0) {
            return true;
        }
    }
    return false;
}

bool queue_renew_done(const struct op *op, const struct holder *holders, int count, bool *lost,
                      bool *registered, struct error *err)
{
    const cJSON *kept;
    cJSON *top;

    if (!queue_read_reply(op, &top, err)) {
        return false;
    }
    if (!json_array(top, "kept", &kept, err)) {
        cJSON_Delete(top);
        return false;
    }
    for (int i = 0; i < count; i++) {
        lost[i] = !is_kept(kept, holders[i].job_id);
    }
    *registered = !cJSON_IsFalse(cJSON_GetObjectItemCaseSensitive(top, "registered"));
    cJSON_Delete(top);
    return true;
}

void queue_keep_answers(struct op *op, struct arena *arena, const char *worker, const char *spool,
                        const char *jobs, uint32_t takeover_ms)
{
    queue_start(op, "keep_answers", true);
    op_param(op, worker);
    op_param(op, spool);
    op_param(op, jobs);
    op_param(op, arena_printf(arena, "%u", takeover_ms));
}

void queue_return_unknown_jobs(struct op *op, struct arena *arena, const char *worker,
                               const struct holder *holders, int count)
{
    char *ids = arena_alloc(arena, (size_t)count * UUID_LENGTH + (size_t)count + 3), *at = ids;

    *at++ = '{';
    for (int i = 0; i < count; i++) {
        at += snprintf(at, UUID_LENGTH + 2, "%s%.36s", i ? "," : "", holders[i].job_id);
    }
    memcpy(at, "}", 2);
    queue_start(op, "return_unknown_jobs", true);
    op_param(op, worker);
    op_param(op, ids);
}

void queue_deregister(struct op *op, const char *worker)
{
    queue_start(op, "deregister", true);
    op_param(op, worker);
}

void queue_remaining(struct op *op, struct arena *arena, const char *const *types)
{
    queue_start(op, "remaining_jobs", true);
    op_param(op, types_array(types, arena));
}

bool queue_remaining_done(const struct op *op, int64_t *ready, int64_t *waiting, int64_t *running,
                          int64_t *next_ms, struct error *err)
{
    cJSON *top;
    bool good;

    if (!queue_read_reply(op, &top, err)) {
        return false;
    }
    good = json_int(top, "ready", 0, INT64_MAX, ready, err) &&
           json_int(top, "waiting", 0, INT64_MAX, waiting, err) &&
           json_int(top, "running", 0, INT64_MAX, running, err) &&
           json_int(top, "nextMs", -1, INT64_MAX, next_ms, err);
    cJSON_Delete(top);
    return good;
}
