/* openai_batch.c - the Batch API: /v1/files and /v1/batches. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "providers/openai.h"
#include "providers/response/response.h"

enum {
    INPUT_MAX = 190 << 20, /* bytes of an input file; the API accepts 200 MB */
    RECORDS_MAX = 50000,   /* limit of the API */
    RESPONSE_MAX = 4 << 20,
    PAGE_SIZE = 100,                /* batches per page of the list */
    CLOCK_SKEW_MS = 60 * 60 * 1000, /* how far the provider's clock may differ from ours */
    TIMEOUT_MS = 60 * 1000          /* of requests without a file */
};

/* Bytes of a result file; bounds what a faulty server can write to the disk. */
static const size_t result_max = (size_t)16 << 30;

/* True if the text has only characters that need no escape in a URL. */
static bool has_id_characters(const char *text)
{
    for (; *text; text++) {
        if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.", *text)) {
            return false;
        }
    }
    return true;
}

/* Copies an id, "" if it is missing or null. Fails if it could change the URLs that it becomes a
 * part of. */
static bool copy_id(const cJSON *top, const char *key, char out[REMOTE_ID], struct error *err)
{
    const char *text = json_peek_text(top, key);

    out[0] = '\0';
    if (!text || text[0] == '\0') {
        return true;
    }
    if (strlen(text) >= REMOTE_ID || !has_id_characters(text)) {
        return error_set(err, ERROR_REMOTE, "the response contains an invalid '%s'", key);
    }
    memcpy(out, text, strlen(text) + 1);
    return true;
}

static void begin(const struct batch_call *call, const char *method, const char *path,
                  struct op *op)
{
    openai_sign(call->at, op, path, call->arena);
    op->http.method = method;
    op->http.max_response_bytes = RESPONSE_MAX;
    op->timeout_ms = TIMEOUT_MS;
}

/* -- upload and create ------------------------------------------------------------------------- */

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
    op->timeout_ms = 0; /* large: the limit of the HTTP client applies */
}

static bool parse(const struct batch_call *call, const struct op *op, cJSON **top,
                  struct error *err)
{
    const struct http_response *response = &op->http_response;

    if (!response_succeeded(response->status)) {
        response_error(call->at, call->model, response, err);
        return false;
    }
    return response_parse(call->at, &response->body, NULL, top, err);
}

static bool read_upload(const struct batch_call *call, const struct op *op,
                        struct remote_batch *out, struct error *err)
{
    cJSON *top;
    bool good;

    if (!parse(call, op, &top, err)) {
        return false;
    }
    good = copy_id(top, "id", out->input, err) &&
           (out->input[0] || error_set(err, ERROR_REMOTE, "the response contains no file id"));
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

/* -- status ------------------------------------------------------------------------------------ */

/* Sets err to the reason why the whole batch was rejected. */
static void set_rejection(const cJSON *top, const struct batch_call *call, struct error *err)
{
    const cJSON *errors = cJSON_GetObjectItemCaseSensitive(top, "errors");
    const cJSON *first = cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(errors, "data"), 0);
    const char *message = json_peek_text(first, "message");

    response_error_object(call->at, call->model, first, 400, err);
    if (err->kind == ERROR_INPUT) {
        error_set(err, ERROR_INPUT, "%s rejected the batch: %.200s", call->at->provider->title,
                  message ? message : "no reason given");
    }
}

static bool is_one_of(const char *status, const char *const *names)
{
    while (*names && strcasecmp(status, *names) != 0) {
        names++;
    }
    return *names != NULL;
}

/* A status that is not known here is final if the batch has results. */
static bool is_final(const char *status, bool has_results)
{
    static const char *const final[] = { "completed", "expired", "cancelled",
                                         "canceled",  "failed",  NULL };
    static const char *const running[] = { "validating", "queued",     "pending",    "in_progress",
                                           "running",    "finalizing", "cancelling", NULL };

    return is_one_of(status, final) || (has_results && !is_one_of(status, running));
}

static bool read_batch_object(const cJSON *top, const struct batch_call *call,
                              struct remote_batch *out, struct error *err)
{
    const cJSON *counts = cJSON_GetObjectItemCaseSensitive(top, "request_counts");
    const char *status_text = json_peek_text(top, "status");

    if (!copy_id(top, "id", out->id, err) || !copy_id(top, "input_file_id", out->input, err) ||
        !copy_id(top, "output_file_id", out->output, err) ||
        !copy_id(top, "error_file_id", out->errors, err)) {
        return false;
    }
    if (out->id[0] == '\0' || !status_text) {
        return error_set(err, ERROR_REMOTE, "the response contains no id or status of the batch");
    }
    snprintf(out->status, sizeof out->status, "%s",
             has_id_characters(status_text) ? status_text : "?");
    out->total = json_peek_int(counts, "total", 0);
    out->completed = json_peek_int(counts, "completed", 0);
    out->failed = json_peek_int(counts, "failed", 0);
    out->expires_s = json_peek_int(top, "expires_at", 0);
    out->finished = is_final(status_text, out->output[0] || out->errors[0]);
    /* A batch that fails midway has results, which are paid for. */
    out->rejected = strcmp(status_text, "failed") == 0 && !out->output[0] && out->completed <= 0;
    if (out->rejected) {
        set_rejection(top, call, err);
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
    good = read_batch_object(top, call, out, err);
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
    begin(call, "GET", arena_printf(call->arena, "/batches?limit=%d", PAGE_SIZE), op);
}

/* Searches the page for the batch call->name and sets *found to it. Returns false if the page does
 * not contain it; then *last is the last batch of the page if an older page may contain it, else
 * NULL. */
static bool find_on_page(const cJSON *top, const struct batch_call *call, int64_t since_ms,
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
    if (*last &&
        json_peek_int(*last, "created_at", INT64_MAX / 1000) * 1000 < since_ms - CLOCK_SKEW_MS) {
        *last = NULL; /* newest first: older pages cannot contain it */
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
    if (find_on_page(top, call, since_ms, &item, &last)) {
        reading = read_batch_object(item, call, out, err) ? READ_DONE : READ_FAILED;
    } else if (last && !copy_id(last, "id", after, err)) {
        reading = READ_FAILED;
    } else if (last && after[0]) {
        op->http.url =
            arena_printf(call->arena, "%.*s?limit=%d&after=%s", (int)strcspn(op->http.url, "?"),
                         op->http.url, PAGE_SIZE, after);
        reading = READ_POLL_AGAIN;
    }
    cJSON_Delete(top);
    return reading;
}

/* -- results ----------------------------------------------------------------------------------- */

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
