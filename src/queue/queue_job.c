/* queue_job.c - statements of one job: brief, call, commit, fail. */
#include <string.h>

#include "base/json.h"
#include "queue/queue_answer.h"
#include "queue/queue_internal.h"
#include "queue/rejection.h"

void queue_start(struct op *op, const char *statement, bool urgent)
{
    op->kind = OP_SQL;
    op->sql.statement = statement;
    op->sql.urgent = urgent;
}

bool queue_read_reply(const struct op *op, cJSON **out, struct error *err)
{
    const struct blob *value = &op->sql_result.value;

    *out = NULL;
    if (op->error.kind != ERROR_NONE) {
        *err = op->error;
        return false;
    }
    if (value->size == 0) {
        return error_set(err, ERROR_REMOTE, "the database returned nothing for '%s'",
                         op->sql.statement);
    }
    if (!json_parse(value->data, value->size, "the reply of the database", out, err)) {
        return false;
    }
    if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(*out, "lost"))) {
        const char *why = json_peek_text(*out, "why");

        error_set(err, ERROR_LOST, "%.200s", why ? why : "the lease of the job was lost");
        if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(*out, "gone"))) {
            err->cause = QUEUE_JOB_DELETED;
        }
        cJSON_Delete(*out);
        *out = NULL;
        return false;
    }
    return true;
}

void queue_start_for_job(struct op *op, struct arena *arena, const char *statement,
                         const struct holder *holder)
{
    queue_start(op, statement, false);
    op_param(op, holder->job_id);
    op_param(op, arena_printf(arena, "%lld", (long long)holder->lease));
    op_param(op, holder->worker);
}

static void add_text(cJSON *object, const char *key, const char *text)
{
    if (text) {
        cJSON_AddStringToObject(object, key, text);
    }
}

static void add_rejection(cJSON *row, const struct rejection *rejection)
{
    cJSON *object = cJSON_AddObjectToObject(row, "rejection");

    add_text(object, "check", rejection->check);
    add_text(object, "message", rejection->message);
    cJSON_AddNumberToObject(object, "measured", rejection->measured);
    cJSON_AddNumberToObject(object, "limit", rejection->limit);
    add_text(object, "picture", rejection->picture);
}

const char *queue_call_json(const struct attempt *done, struct arena *arena)
{
    cJSON *row, *usage;
    const char *text;

    if (!done || done->id == 0) {
        return NULL;
    }
    row = cJSON_CreateObject();
    cJSON_AddNumberToObject(row, "id", (double)done->id);
    add_text(row, "outcome", done->outcome);
    add_text(row, "requestId", done->request_id);
    add_text(row, "error", done->error);
    if (done->http_status > 0) {
        cJSON_AddNumberToObject(row, "status", done->http_status);
    }
    cJSON_AddNumberToObject(row, "ms", (double)done->ms);
    if (done->cost_microusd >= 0) {
        cJSON_AddNumberToObject(row, "cost", (double)done->cost_microusd);
    }
    usage = done->usage ? cJSON_Parse(done->usage) : NULL;
    if (usage) {
        cJSON_AddItemToObject(row, "usage", usage);
    }
    if (done->rejection) {
        add_rejection(row, done->rejection);
    }
    text = json_print(row, arena);
    cJSON_Delete(row);
    return text;
}

void queue_brief(struct op *op, struct arena *arena, const struct holder *holder,
                 const char *unpaid)
{
    queue_start_for_job(op, arena, "brief", holder);
    op_param(op, unpaid);
}

bool queue_brief_done(const struct op *op, const char **json, bool *is_unpaid, struct arena *arena,
                      struct error *err)
{
    cJSON *top;

    *is_unpaid = false;
    if (!queue_read_reply(op, &top, err)) {
        return false;
    }
    *is_unpaid = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(top, "unpaid"));
    cJSON_Delete(top);
    if (*is_unpaid) {
        error_set(err, ERROR_INPUT, "the user's USAGE transactions do not cover the job");
        return error_hint(err, "The application charges before it inserts a job. `darkroom credits "
                               "USER` shows the transactions, --unpaid what happens to such jobs.");
    }
    *json = arena_bytes(arena, op->sql_result.value.data, op->sql_result.value.size);
    return true;
}

void queue_begin_call(struct op *op, struct arena *arena, const struct holder *holder,
                      const char *step, int round, const char *provider, const char *model,
                      const char *request, const struct attempt *done)
{
    queue_start_for_job(op, arena, "begin_call", holder);
    op_param(op, step);
    op_param(op, arena_printf(arena, "%d", round));
    op_param(op, provider);
    op_param(op, model);
    op_param(op, request);
    op_param(op, queue_call_json(done, arena));
}

bool queue_begin_call_done(const struct op *op, int64_t *attempt_id, struct error *err)
{
    cJSON *top;
    bool good;

    if (!queue_read_reply(op, &top, err)) {
        return false;
    }
    good = json_int(top, "attempt", 1, INT64_MAX, attempt_id, err);
    cJSON_Delete(top);
    return good;
}

void queue_save_features(struct op *op, struct arena *arena, const struct holder *holder,
                         const char *features, const struct attempt *done)
{
    queue_start_for_job(op, arena, "save_features", holder);
    op_param(op, features);
    op_param(op, queue_call_json(done, arena));
}

const char *queue_image_json(const struct image_row *row, struct arena *arena)
{
    cJSON *image = cJSON_CreateObject();
    cJSON *metadata = cJSON_Parse(row->metadata ? row->metadata : "{}");
    const char *text;

    cJSON_AddStringToObject(image, "type", row->kind);
    add_text(image, "style", row->style);
    cJSON_AddStringToObject(image, "url", row->url);
    add_text(image, "bucket", row->bucket);
    add_text(image, "path", row->path);
    add_text(image, "platePath", row->plate_path);
    cJSON_AddNumberToObject(image, "width", row->width);
    cJSON_AddNumberToObject(image, "height", row->height);
    cJSON_AddNumberToObject(image, "size", (double)row->bytes);
    cJSON_AddItemToObject(image, "metadata", metadata ? metadata : cJSON_CreateObject());
    text = json_print(image, arena);
    cJSON_Delete(image);
    return text;
}

void queue_commit_image(struct op *op, struct arena *arena, const struct holder *holder,
                        const struct image_row *row, const struct attempt *done)
{
    queue_start_for_job(op, arena, "commit_image", holder);
    op_param(op, queue_image_json(row, arena));
    op_param(op, queue_call_json(done, arena));
}

static const char *requests_json(const struct module_request *requests, int count,
                                 struct arena *arena)
{
    cJSON *list = cJSON_CreateArray();
    const char *text;

    for (int i = 0; i < count; i++) {
        cJSON *row = cJSON_CreateObject();

        cJSON_AddNumberToObject(row, "module", requests[i].module);
        cJSON_AddNumberToObject(row, "slot", requests[i].slot);
        add_text(row, "moduleType", requests[i].module_type);
        add_text(row, "description", requests[i].description);
        add_text(row, "headline", requests[i].headline);
        cJSON_AddItemToArray(list, row);
    }
    text = json_print(list, arena);
    cJSON_Delete(list);
    return text;
}

void queue_commit_aplus(struct op *op, struct arena *arena, const struct holder *holder,
                        const char *modules, bool premium, const struct module_request *requests,
                        int request_count, const struct attempt *done)
{
    queue_start_for_job(op, arena, "commit_aplus", holder);
    op_param(op, modules);
    op_param(op, premium ? "true" : "false");
    op_param(op, requests_json(requests, request_count, arena));
    op_param(op, queue_call_json(done, arena));
}

void queue_commit_pack(struct op *op, struct arena *arena, const struct holder *holder,
                       bool include_aplus, const struct attempt *done)
{
    queue_start_for_job(op, arena, "commit_pack", holder);
    op_param(op, include_aplus ? "true" : "false");
    op_param(op, queue_call_json(done, arena));
}

bool queue_commit_done(const struct op *op, struct error *err)
{
    cJSON *top;

    if (!queue_read_reply(op, &top, err)) {
        return false;
    }
    cJSON_Delete(top);
    return true;
}

const char *queue_reason(const struct error *why, struct arena *arena)
{
    char *reason = arena_printf(arena, "%s%s%s", why->text, why->hint[0] ? ". " : "", why->hint);

    if (reason[0] >= 'a' && reason[0] <= 'z') { /* a sentence starts with a capital */
        reason[0] = (char)(reason[0] - 'a' + 'A');
    }
    return reason;
}

const char *queue_error_detail(const struct error *why, const struct attempt *done,
                               struct arena *arena)
{
    const char *text = arena_printf(arena, "%s: %s%s%s", error_rule(why->kind)->name, why->text,
                                    why->hint[0] ? ". " : "", why->hint);

    if (done && done->http_status > 0) {
        text = arena_printf(arena, "%s (HTTP %d)", text, done->http_status);
    }
    if (done && done->request_id && done->request_id[0]) {
        text = arena_printf(arena, "%s (request %s)", text, done->request_id);
    }
    return text;
}

static cJSON *failure_options(const struct kept_answer *kept, const struct seller_text *text)
{
    cJSON *options = cJSON_CreateObject();

    add_text(options, "advice", text->advice);
    add_text(options, "spool", kept->spool);
    cJSON_AddNumberToObject(options, "takeoverMs", kept->takeover_ms);
    cJSON_AddBoolToObject(options, "rejected", kept->rejected_by_store);
    return options;
}

void queue_fail(struct op *op, struct arena *arena, const struct holder *holder,
                const struct error *why, const struct seller_text *text, uint32_t delay_ms,
                const struct kept_answer *kept, const struct attempt *done)
{
    const struct error_rule *rule = error_rule(why->kind);
    cJSON *options = failure_options(kept, text);

    queue_start_for_job(op, arena, "fail", holder);
    op_param(op, text->message ? text->message : queue_reason(why, arena));
    op_param(op, rule->retry ? "true" : "false");
    op_param(op, rule->spends_attempt || !rule->retry ? "true" : "false");
    op_param(op, arena_printf(arena, "%u", delay_ms));
    op_param(op, queue_call_json(done, arena));
    op_param(op, queue_error_detail(why, done, arena));
    op_param(op, json_print(options, arena));
    cJSON_Delete(options);
}

void queue_wait_for_service(struct op *op, struct arena *arena, const struct holder *holder,
                            const char *service, bool nothing_sent, const struct error *why,
                            const struct seller_text *text, uint32_t delay_ms,
                            const struct kept_answer *kept, const struct attempt *done)
{
    cJSON *options = failure_options(kept, text);

    queue_start_for_job(op, arena, "wait_for_service", holder);
    op_param(op, service);
    op_param(op, nothing_sent ? "stopped" : error_rule(why->kind)->name);
    op_param(op, text->message);
    op_param(op, queue_error_detail(why, done, arena));
    op_param(op, arena_printf(arena, "%u", delay_ms));
    op_param(op, queue_call_json(done, arena));
    op_param(op, json_print(options, arena));
    cJSON_Delete(options);
}

bool queue_fail_done(const struct op *op, enum fail_state *state, int64_t *refunded,
                     struct error *err)
{
    const char *word;
    cJSON *top;
    bool good;

    if (!queue_read_reply(op, &top, err)) {
        return false;
    }
    good = json_text(top, "state", &word, err) &&
           json_int_or(top, "refunded", 0, INT32_MAX, 0, refunded, err);
    if (good) {
        *state = strcmp(word, "failed") == 0    ? FAIL_FINAL
                 : strcmp(word, "waiting") == 0 ? FAIL_WAITS
                                                : FAIL_PENDING;
    }
    cJSON_Delete(top);
    return good;
}
