/* openai_batch.c - /v1/files and /v1/batches: images within a day, at half the price. */
#include <stdio.h>
#include <string.h>

#include "providers/openai.h"

enum {
    INPUT_MAX = 190 << 20, /* of the 200 MB that the API takes */
    RECORDS_MAX = 50000,
    ANSWER_MAX = 4 << 20,
    PAGE = 100,
    SKEW_MS = 60 * 60 * 1000, /* of their clock against ours */
    SHORT_MS = 60 * 1000
};

/* A page of a gateway has no business on a disk; a result of 50,000 images has. */
static const size_t result_max = (size_t)16 << 30;

static bool is_word(const char *text)
{
    for (; *text; text++) {
        if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.", *text)) {
            return false;
        }
    }
    return true;
}

/* Ids become parts of URLs: nothing but letters, digits, and a few signs. */
static bool take_id(const cJSON *top, const char *key, char out[REMOTE_ID], struct error *err)
{
    const char *text = json_peek_text(top, key);

    out[0] = '\0';
    if (!text || text[0] == '\0') {
        return true;
    }
    if (strlen(text) >= REMOTE_ID || !is_word(text)) {
        return error_set(err, ERROR_REMOTE, "OpenAI's '%s' is no id", key);
    }
    memcpy(out, text, strlen(text) + 1);
    return true;
}

static void begin(const struct batch_call *call, const char *method, const char *path,
                  struct op *op)
{
    openai_sign(call->at, op, path, call->arena);
    op->http.method = method;
    op->http.max_response_bytes = ANSWER_MAX;
    op->timeout_ms = SHORT_MS;
}

/* -- up --------------------------------------------------------------------------------------- */

static void upload(const struct batch_call *call, const char *input, struct op *op)
{
    struct http_part *parts = arena_alloc(call->arena, 2 * sizeof *parts);

    parts[0] = (struct http_part){ .name = "purpose", .content = blob_text("batch") };
    parts[1] = (struct http_part){ .name = "file",
                                   .filename = arena_printf(call->arena, "%s.jsonl", call->name),
                                   .content_type = "application/jsonl",
                                   .path = input };
    begin(call, "POST", "/files", op);
    op->http.parts = parts;
    op->http.part_count = 2;
    op->timeout_ms = 0; /* megabytes: as long as any call may take */
}

static bool parse(const struct batch_call *call, const struct op *op, cJSON **top,
                  struct error *err)
{
    const struct http_response *got = &op->http_response;

    if (got->status != 200) {
        openai_error(call->at, call->model, got, err);
        return false;
    }
    return json_parse(got->body.data, got->body.size, "OpenAI's answer", top, err);
}

static bool read_upload(const struct batch_call *call, const struct op *op,
                        struct remote_batch *out, struct error *err)
{
    cJSON *top;
    bool good;

    if (!parse(call, op, &top, err)) {
        return false;
    }
    good = take_id(top, "id", out->input, err) &&
           (out->input[0] || error_set(err, ERROR_REMOTE, "OpenAI's file has no id"));
    cJSON_Delete(top);
    return good;
}

static void create(const struct batch_call *call, const char *input, const char *path,
                   struct op *op)
{
    cJSON *body = cJSON_CreateObject();

    cJSON_AddStringToObject(body, "input_file_id", input);
    cJSON_AddStringToObject(body, "endpoint", path);
    cJSON_AddStringToObject(body, "completion_window", "24h");
    cJSON_AddStringToObject(cJSON_AddObjectToObject(body, "metadata"), "darkroom_chunk",
                            call->name);
    begin(call, "POST", "/batches", op);
    op_header(op, "content-type", "application/json");
    op->http.body = blob_text(json_print(body, call->arena));
    op->http.new_connection = true;
    cJSON_Delete(body);
}

/* -- how it stands ----------------------------------------------------------------------------- */

static void why_refused(const cJSON *top, const struct batch_call *call, struct error *err)
{
    const cJSON *errors = cJSON_GetObjectItemCaseSensitive(top, "errors");
    const cJSON *first = cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(errors, "data"), 0);
    const char *message = json_peek_text(first, "message");

    openai_error_object(call->at, call->model, first, 400, err);
    if (err->kind == ERROR_INPUT) {
        error_set(err, ERROR_INPUT, "OpenAI refused the batch: %.200s",
                  message ? message : "no reason given");
    }
}

static bool is_over(const char *word)
{
    static const char *const ends[] = { "completed", "expired", "cancelled", "failed" };

    for (int i = 0; i < 4; i++) {
        if (strcmp(word, ends[i]) == 0) {
            return true;
        }
    }
    return false;
}

static bool take_batch(const cJSON *top, const struct batch_call *call, struct remote_batch *out,
                       struct error *err)
{
    const cJSON *counts = cJSON_GetObjectItemCaseSensitive(top, "request_counts");
    const char *word = json_peek_text(top, "status");

    if (!take_id(top, "id", out->id, err) || !take_id(top, "input_file_id", out->input, err) ||
        !take_id(top, "output_file_id", out->output, err) ||
        !take_id(top, "error_file_id", out->errors, err)) {
        return false;
    }
    if (out->id[0] == '\0' || !word) {
        return error_set(err, ERROR_REMOTE, "OpenAI's batch has no id or status");
    }
    snprintf(out->status, sizeof out->status, "%s", is_word(word) ? word : "?");
    out->total = json_peek_int(counts, "total", 0);
    out->completed = json_peek_int(counts, "completed", 0);
    out->failed = json_peek_int(counts, "failed", 0);
    out->finished = is_over(word);
    out->rejected = strcmp(word, "failed") == 0;
    if (out->rejected) {
        why_refused(top, call, err);
    }
    return true;
}

static bool read_batch(const struct batch_call *call, const struct op *op, struct remote_batch *out,
                       struct error *err)
{
    cJSON *top;
    bool good;

    if (!parse(call, op, &top, err)) {
        return false;
    }
    good = take_batch(top, call, out, err);
    cJSON_Delete(top);
    return good;
}

static void status(const struct batch_call *call, const char *id, struct op *op)
{
    begin(call, "GET", arena_printf(call->arena, "/batches/%s", id), op);
}

static void cancel(const struct batch_call *call, const char *id, struct op *op)
{
    begin(call, "POST", arena_printf(call->arena, "/batches/%s/cancel", id), op);
}

static void find(const struct batch_call *call, struct op *op)
{
    begin(call, "GET", arena_printf(call->arena, "/batches?limit=%d", PAGE), op);
}

/* False: it is not on this page, and *last is the page's last batch, if there may be more. */
static bool on_page(const cJSON *top, const struct batch_call *call, int64_t since_ms,
                    const cJSON **found, const cJSON **last)
{
    const cJSON *data = cJSON_GetObjectItemCaseSensitive(top, "data"), *item;

    *last = NULL;
    cJSON_ArrayForEach(item, data)
    {
        const cJSON *metadata = cJSON_GetObjectItemCaseSensitive(item, "metadata");
        const char *name = json_peek_text(metadata, "darkroom_chunk");

        if (name && strcmp(name, call->name) == 0) {
            *found = item;
            return true;
        }
        *last = item;
    }
    if (*last && json_peek_int(*last, "created_at", INT64_MAX / 1000) * 1000 < since_ms - SKEW_MS) {
        *last = NULL; /* the newest come first */
    }
    if (!cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(top, "has_more"))) {
        *last = NULL;
    }
    return false;
}

static enum read_result read_find(const struct batch_call *call, int64_t since_ms, struct op *op,
                                  struct remote_batch *out, struct error *err)
{
    const cJSON *item = NULL, *last = NULL;
    enum read_result reading = READ_DONE;
    char after[REMOTE_ID];
    cJSON *top;

    if (!parse(call, op, &top, err)) {
        return READ_FAILED;
    }
    out->id[0] = '\0';
    if (on_page(top, call, since_ms, &item, &last)) {
        reading = take_batch(item, call, out, err) ? READ_DONE : READ_FAILED;
    } else if (last && !take_id(last, "id", after, err)) {
        reading = READ_FAILED;
    } else if (last && after[0]) {
        op->http.url = arena_printf(call->arena, "%.*s?limit=%d&after=%s",
                                    (int)strcspn(op->http.url, "?"), op->http.url, PAGE, after);
        reading = READ_POLL_AGAIN;
    }
    cJSON_Delete(top);
    return reading;
}

/* -- down -------------------------------------------------------------------------------------- */

static void download(const struct batch_call *call, const char *file, const char *into,
                     struct op *op)
{
    begin(call, "GET", arena_printf(call->arena, "/files/%s/content", file), op);
    op->http.body_path = into;
    op->http.max_response_bytes = result_max;
    op->timeout_ms = 0;
}

static void delete_file(const struct batch_call *call, const char *file, struct op *op)
{
    begin(call, "DELETE", arena_printf(call->arena, "/files/%s", file), op);
}

const struct provider_batch openai_batch = {
    .input_max = INPUT_MAX,
    .records_max = RECORDS_MAX,
    .write_record = openai_batch_write_record,
    .upload = upload,
    .read_upload = read_upload,
    .create = create,
    .find = find,
    .read_find = read_find,
    .status = status,
    .cancel = cancel,
    .read_batch = read_batch,
    .download = download,
    .read_record = openai_batch_read_record,
    .delete_file = delete_file,
};
