/* queue_batch_api.c - statements of a chunk. */
#include "queue/queue_batch_api.h"

#include <string.h>

#include "base/json.h"
#include "queue/queue_internal.h"

enum { ITEMS_MAX = 1000 };

static const char *text_in(const cJSON *top, const char *key, struct arena *arena)
{
    const char *text = json_peek_text(top, key);

    return arena_text(arena, text ? text : "");
}

/* Reads a reply; its "error" becomes ERROR_INPUT. */
static bool answered(const struct op *op, cJSON **top, struct error *err)
{
    const char *wrong;

    if (!queue_read_reply(op, top, err)) {
        return false;
    }
    wrong = json_peek_text(*top, "error");
    if (wrong) {
        error_set(err, ERROR_INPUT, "%.230s", wrong);
        cJSON_Delete(*top);
        return false;
    }
    return true;
}

void queue_batch_api_load(struct op *op, struct arena *arena, const struct holder *holder)
{
    queue_start_for_job(op, arena, "batch_api_load", holder);
}

static bool read_items(const cJSON *top, struct arena *arena, struct chunk *out, struct error *err)
{
    const cJSON *list, *item;

    if (!json_array(top, "items", &list, err)) {
        return false;
    }
    if (cJSON_GetArraySize(list) > ITEMS_MAX) {
        return error_set(err, ERROR_REMOTE, "the database returned a chunk with too many items");
    }
    out->items = arena_alloc(arena, (size_t)(cJSON_GetArraySize(list) + 1) * sizeof *out->items);
    cJSON_ArrayForEach(item, list)
    {
        if (!cJSON_IsString(item) || strlen(item->valuestring) != 36) {
            return error_set(err, ERROR_REMOTE, "the database returned an invalid item id");
        }
        out->items[out->item_count++] = arena_text(arena, item->valuestring);
    }
    return true;
}

static bool read_chunk(const cJSON *top, struct arena *arena, struct chunk *out, struct error *err)
{
    static const char *const states[] = { "open", "sending", "sent", "finished" };
    const cJSON *counts = cJSON_GetObjectItemCaseSensitive(top, "counts");
    const char *state = json_peek_text(top, "state");
    int row = 0;

    while (row < 4 && (!state || strcmp(states[row], state) != 0)) {
        row++;
    }
    if (row == 4) {
        return error_set(err, ERROR_REMOTE, "the database returned a chunk in an unknown state");
    }
    *out = (struct chunk){ .state = (enum chunk_state)row,
                           .name = text_in(top, "name", arena),
                           .model = text_in(top, "model", arena),
                           .input = text_in(top, "input", arena),
                           .remote = text_in(top, "remote", arena),
                           .output = text_in(top, "output", arena),
                           .errors = text_in(top, "errors", arena),
                           .status = text_in(top, "status", arena),
                           .since_ms = json_peek_int(top, "sinceMs", 0),
                           .age_ms = json_peek_int(top, "ageMs", 0),
                           .completed = json_peek_int(counts, "completed", 0),
                           .failed = json_peek_int(counts, "failed", 0),
                           .finished_age_ms = json_peek_int(top, "finishedAgeMs", 0),
                           .expires_in_ms = json_peek_int(top, "expiresInMs", 0),
                           .rechecks = (int)json_peek_int(top, "rechecks", 0) };
    out->cancelled = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(top, "cancelled"));
    return read_items(top, arena, out, err);
}

bool queue_batch_api_load_done(const struct op *op, struct arena *arena, struct chunk *out,
                               struct error *err)
{
    cJSON *top;
    bool good;

    if (!answered(op, &top, err)) {
        return false;
    }
    good = read_chunk(top, arena, out, err);
    cJSON_Delete(top);
    return good;
}

void queue_batch_api_item(struct op *op, struct arena *arena, const struct holder *holder,
                          const char *item)
{
    queue_start_for_job(op, arena, "batch_api_brief", holder);
    op_param(op, item);
}

bool queue_batch_api_item_done(const struct op *op, struct arena *arena, struct chunk_item *out,
                               struct error *err)
{
    const cJSON *request;
    cJSON *top;

    if (!answered(op, &top, err)) {
        return false;
    }
    request = cJSON_GetObjectItemCaseSensitive(top, "request");
    *out = (struct chunk_item){
        .finished = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(top, "ended")),
        .brief = arena_bytes(arena, op->sql_result.value.data, op->sql_result.value.size),
        .payload = text_in(top, "payload", arena),
        .request = cJSON_IsObject(request) ? json_print(request, arena) : NULL,
        .attempt = json_peek_int(top, "attempt", 0),
    };
    cJSON_Delete(top);
    return true;
}

void queue_batch_api_begin_call(struct op *op, struct arena *arena, const struct holder *holder,
                                const char *item, const char *provider, const char *model,
                                const char *request)
{
    queue_start_for_job(op, arena, "batch_api_begin_call", holder);
    op_param(op, item);
    op_param(op, provider);
    op_param(op, model);
    op_param(op, request);
}

/* Reads one flag of the reply. */
static bool flag_done(const struct op *op, const char *name, bool *flag, struct error *err)
{
    cJSON *top;

    if (!answered(op, &top, err)) {
        return false;
    }
    *flag = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(top, name));
    cJSON_Delete(top);
    return true;
}

bool queue_batch_api_begin_call_done(const struct op *op, bool *closed, struct error *err)
{
    return flag_done(op, "overBudget", closed, err);
}

void queue_batch_api_save_features(struct op *op, struct arena *arena, const struct holder *holder,
                                   const char *item, const char *features,
                                   const struct attempt *done)
{
    queue_start_for_job(op, arena, "batch_api_save_features", holder);
    op_param(op, item);
    op_param(op, features);
    op_param(op, queue_call_json(done, arena));
}

/* A PostgreSQL array literal; ids contain no quote or comma. */
static const char *ids_array(const char *const *ids, int count, struct arena *arena)
{
    char *text = arena_alloc(arena, (size_t)count * 37 + 3), *at = text;

    *at++ = '{';
    for (int i = 0; i < count; i++) {
        if (i > 0) {
            *at++ = ',';
        }
        memcpy(at, ids[i], 36);
        at += 36;
    }
    memcpy(at, "}", 2);
    return text;
}

void queue_batch_api_move_items(struct op *op, struct arena *arena, const struct holder *holder,
                                const char *const *items, int count)
{
    queue_start_for_job(op, arena, "batch_api_move_items", holder);
    op_param(op, ids_array(items, count, arena));
}

void queue_batch_api_mark_sending(struct op *op, struct arena *arena, const struct holder *holder,
                                  const char *model)
{
    queue_start_for_job(op, arena, "batch_api_mark_sending", holder);
    op_param(op, model);
}

bool queue_batch_api_mark_sending_done(const struct op *op, bool *cancelled, struct error *err)
{
    return flag_done(op, "cancelled", cancelled, err);
}

static void start_with_remote(struct op *op, struct arena *arena, const char *statement,
                              const struct holder *holder, const struct chunk_remote *remote)
{
    cJSON *object = cJSON_CreateObject();

    cJSON_AddStringToObject(object, "id", remote->id);
    cJSON_AddStringToObject(object, "input", remote->input);
    cJSON_AddStringToObject(object, "output", remote->output);
    cJSON_AddStringToObject(object, "errors", remote->errors);
    cJSON_AddStringToObject(object, "status", remote->status);
    if (remote->total > 0) {
        cJSON *counts = cJSON_AddObjectToObject(object, "counts");

        cJSON_AddNumberToObject(counts, "total", (double)remote->total);
        cJSON_AddNumberToObject(counts, "completed", (double)remote->completed);
        cJSON_AddNumberToObject(counts, "failed", (double)remote->failed);
    }
    if (remote->expires_s > 0) {
        cJSON_AddNumberToObject(object, "expiresAt", (double)remote->expires_s);
    }
    queue_start_for_job(op, arena, statement, holder);
    op_param(op, json_print(object, arena));
    cJSON_Delete(object);
}

void queue_batch_api_mark_sent(struct op *op, struct arena *arena, const struct holder *holder,
                               const struct chunk_remote *remote)
{
    start_with_remote(op, arena, "batch_api_mark_sent", holder, remote);
}

void queue_batch_api_mark_finished(struct op *op, struct arena *arena, const struct holder *holder,
                                   const struct chunk_remote *remote)
{
    start_with_remote(op, arena, "batch_api_mark_finished", holder, remote);
}

void queue_batch_api_reset_chunk(struct op *op, struct arena *arena, const struct holder *holder)
{
    queue_start_for_job(op, arena, "batch_api_reset_chunk", holder);
}

void queue_batch_api_reschedule(struct op *op, struct arena *arena, const struct holder *holder,
                                const char *remote_status, uint32_t delay_ms, const char *why)
{
    queue_start_for_job(op, arena, "batch_api_reschedule", holder);
    op_param(op, remote_status);
    op_param(op, arena_printf(arena, "%u", delay_ms));
    op_param(op, why);
}

void queue_batch_api_commit_item(struct op *op, struct arena *arena, const struct holder *holder,
                                 const char *item, const struct image_row *row,
                                 const struct attempt *done)
{
    queue_start_for_job(op, arena, "batch_api_commit_item", holder);
    op_param(op, item);
    op_param(op, queue_image_json(row, arena));
    op_param(op, queue_call_json(done, arena));
}

void queue_batch_api_fail_item(struct op *op, struct arena *arena, const struct holder *holder,
                               const char *item, const struct error *why,
                               const char *seller_message, const struct attempt *done)
{
    queue_start_for_job(op, arena, "batch_api_fail_item", holder);
    op_param(op, item);
    op_param(op, seller_message ? seller_message : queue_reason(why, arena));
    op_param(op, queue_call_json(done, arena));
    op_param(op, queue_error_detail(why, done, arena));
}

bool queue_batch_api_end_done(const struct op *op, struct arena *arena, const char **rejected,
                              struct error *err)
{
    const char *why;
    cJSON *top;

    *rejected = NULL;
    if (!queue_read_reply(op, &top, err)) {
        return false;
    }
    why = json_peek_text(top, "rejected");
    *rejected = why ? arena_text(arena, why) : NULL;
    cJSON_Delete(top);
    return true;
}

void queue_batch_api_complete_chunk(struct op *op, struct arena *arena, const struct holder *holder,
                                    const char *reason)
{
    queue_start_for_job(op, arena, "batch_api_complete_chunk", holder);
    op_param(op, reason);
}
