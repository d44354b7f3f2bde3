/* batch_routes.c - /v1/batches: create, retrieve, list, cancel. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/memory.h"
#include "standin/standin_internal.h"

enum { LIST_MAX = 100, LIST_DEFAULT = 20, METADATA_MAX = 16, WINDOW_S = 86400 };

static const char *const states[BATCH_STATES] = { "validating", "failed",    "in_progress",
                                                  "finalizing", "completed", "expired",
                                                  "cancelling", "cancelled" };
static const char *const endpoints[] = { "/v1/images/generations", "/v1/images/edits", NULL };

static void add_time(cJSON *object, const char *name, int64_t ms)
{
    if (ms > 0) {
        cJSON_AddNumberToObject(object, name, (double)(ms / 1000));
    } else {
        cJSON_AddNullToObject(object, name);
    }
}

static void add_text(cJSON *object, const char *name, const char *text)
{
    if (text[0]) {
        cJSON_AddStringToObject(object, name, text);
    } else {
        cJSON_AddNullToObject(object, name);
    }
}

/* Returns the id of a result file, or "" until the file is complete. */
static const char *result_of(const struct batch *batch, int which)
{
    bool over = batch->state == BATCH_COMPLETED || batch->state == BATCH_EXPIRED ||
                batch->state == BATCH_CANCELLED;

    return over ? batch->result_id[which] : "";
}

static cJSON *batch_json(const struct batch *batch, bool late_output)
{
    cJSON *object = cJSON_CreateObject(), *counts;
    int64_t created = batch->entered_ms[BATCH_VALIDATING];
    char name[24];

    cJSON_AddStringToObject(object, "id", batch->id);
    cJSON_AddStringToObject(object, "object", "batch");
    cJSON_AddStringToObject(object, "endpoint", batch->endpoint);
    cJSON_AddItemToObject(object, "errors",
                          batch->state == BATCH_FAILED ? cJSON_Duplicate(batch->errors, true)
                                                       : cJSON_CreateNull());
    cJSON_AddStringToObject(object, "input_file_id", batch->input_id);
    cJSON_AddStringToObject(object, "completion_window", "24h");
    cJSON_AddStringToObject(object, "status", states[batch->state]);
    add_text(object, "output_file_id", late_output ? "" : result_of(batch, 0));
    add_text(object, "error_file_id", late_output ? "" : result_of(batch, 1));
    add_time(object, "created_at", created);
    add_time(object, "expires_at", created + (int64_t)WINDOW_S * 1000);
    for (int i = BATCH_FAILED; i < BATCH_STATES; i++) {
        snprintf(name, sizeof name, "%s_at", states[i]);
        add_time(object, name, batch->entered_ms[i]);
    }
    counts = cJSON_AddObjectToObject(object, "request_counts");
    cJSON_AddNumberToObject(counts, "total",
                            batch->state == BATCH_VALIDATING ? 0 : (double)batch->count);
    cJSON_AddNumberToObject(counts, "completed", batch->completed);
    cJSON_AddNumberToObject(counts, "failed", batch->failed);
    cJSON_AddItemToObject(object, "metadata",
                          batch->metadata ? cJSON_Duplicate(batch->metadata, true)
                                          : cJSON_CreateNull());
    return object;
}

/* -- create ----------------------------------------------------------------------------- */

static bool refuse(struct standin_request *request, const char *param, const char *code,
                   const char *why)
{
    return answer_refuse(&request->answer,
                         &(struct refusal){ .status = 400, .code = code, .param = param }, "%s",
                         why);
}

static bool check_names(struct standin_request *request)
{
    static const char *const names[] = {
        "input_file_id", "endpoint", "metadata", "completion_window", "output_expires_after", NULL
    };
    const cJSON *field;
    char why[160];

    cJSON_ArrayForEach(field, request->tree)
    {
        if (word_index(names, field->string) < 0) {
            snprintf(why, sizeof why, "Unknown parameter: '%.100s'.", field->string);
            return refuse(request, field->string, "unknown_parameter", why);
        }
    }
    return true;
}

static bool check_metadata(struct standin_request *request)
{
    const cJSON *metadata = cJSON_GetObjectItemCaseSensitive(request->tree, "metadata"), *item;

    if (!metadata || cJSON_IsNull(metadata)) {
        return true;
    }
    if (!cJSON_IsObject(metadata) || cJSON_GetArraySize(metadata) > METADATA_MAX) {
        return refuse(request, "metadata", "invalid_type",
                      "Invalid 'metadata': expected an object with at most 16 properties.");
    }
    cJSON_ArrayForEach(item, metadata)
    {
        if (!cJSON_IsString(item) || strlen(item->valuestring) > 512 || strlen(item->string) > 64) {
            return refuse(request, "metadata", "invalid_type",
                          "Invalid 'metadata': keys have at most 64 characters, values are strings "
                          "of at most 512.");
        }
    }
    return true;
}

static bool check_create(struct standin_request *request, struct upload **input)
{
    const char *window = json_peek_text(request->tree, "completion_window");
    const char *endpoint = json_peek_text(request->tree, "endpoint");
    const char *file = json_peek_text(request->tree, "input_file_id");
    char why[200];

    if (!check_names(request) || !check_metadata(request)) {
        return false;
    }
    if (!file || !endpoint || !window) {
        const char *name = !file ? "input_file_id" : !endpoint ? "endpoint" : "completion_window";

        snprintf(why, sizeof why, "Missing required parameter: '%s'.", name);
        return refuse(request, name, "missing_required_parameter", why);
    }
    if (word_index(endpoints, endpoint) < 0) {
        snprintf(why, sizeof why,
                 "Invalid value: '%.60s'. Supported values are: '%s', and '%s' (of those that make "
                 "images).",
                 endpoint, endpoints[0], endpoints[1]);
        return refuse(request, "endpoint", "invalid_value", why);
    }
    if (strcmp(window, "24h") != 0) {
        snprintf(why, sizeof why, "Invalid value: '%.40s'. Supported values are: '24h'.", window);
        return refuse(request, "completion_window", "invalid_value", why);
    }
    *input = uploads_find(request->standin->uploads, file);
    if (!*input) {
        snprintf(why, sizeof why, "No such File object: %.60s", file);
        return refuse(request, "input_file_id", NULL, why);
    }
    return strcmp((*input)->purpose, "batch") == 0 ||
           refuse(request, "input_file_id", "invalid_value",
                  "Invalid 'input_file_id': its purpose must be 'batch'.");
}

static void create(struct standin_request *request)
{
    struct batches *batches = &request->standin->batches;
    struct upload *input = NULL;
    struct batch *batch;
    struct error ignored;

    if (!json_parse(request->body.data, request->body.size, "body", &request->tree, &ignored) ||
        !cJSON_IsObject(request->tree)) {
        refuse(request, NULL, NULL, "We could not parse the JSON body of your request.");
        return;
    }
    if (!check_create(request, &input)) {
        return;
    }
    batch = xcalloc(1, sizeof *batch);
    snprintf(batch->id, sizeof batch->id, "batch_%032llx",
             (unsigned long long)++batches->serial * 0x9e3779b97f4a7c15u);
    snprintf(batch->input_id, sizeof batch->input_id, "%s", input->id);
    snprintf(batch->endpoint, sizeof batch->endpoint, "%s",
             json_peek_text(request->tree, "endpoint"));
    batch->metadata = cJSON_DetachItemFromObjectCaseSensitive(request->tree, "metadata");
    batch->input = fopen(input->path, "re"); /* it may be removed while the batch runs */
    batch->entered_ms[BATCH_VALIDATING] = clock_wall_ms();
    batch->next = batches->first;
    batches->first = batch;
    answer_json(&request->answer, 200, batch_json(batch, false));
    scheduler_wake(request->standin->scheduler);
}

/* -- retrieve, list, cancel ----------------------------------------------------------------------
 */

static struct batch *find(struct standin_request *request, const char *id, size_t size)
{
    struct batch *at = request->standin->batches.first;

    while (at && (strlen(at->id) != size || strncmp(at->id, id, size) != 0)) {
        at = at->next;
    }
    return at;
}

static void list(struct standin_request *request)
{
    const char *after = request_query(request, "after"), *limit = request_query(request, "limit");
    long remaining = limit ? strtol(limit, NULL, 10) : LIST_DEFAULT;
    struct batch *at = request->standin->batches.first;
    cJSON *body, *data;

    if (remaining < 1 || remaining > LIST_MAX) {
        refuse(request, "limit", "invalid_value", "Invalid 'limit': expected 1 to 100.");
        return;
    }
    if (after) {
        at = find(request, after, strlen(after));
        if (!at) {
            refuse(request, "after", NULL, "Invalid 'after': no such batch.");
            return;
        }
        at = at->next;
    }
    body = cJSON_CreateObject();
    cJSON_AddStringToObject(body, "object", "list");
    data = cJSON_AddArrayToObject(body, "data");
    for (; at && remaining > 0; at = at->next, remaining--) {
        cJSON_AddItemToArray(data, batch_json(at, false));
    }
    cJSON_AddBoolToObject(body, "has_more", at != NULL);
    answer_json(&request->answer, 200, body);
}

static void cancel(struct standin_request *request, struct batch *batch)
{
    if (batch->state != BATCH_VALIDATING && batch->state != BATCH_IN_PROGRESS &&
        batch->state != BATCH_CANCELLING) {
        answer_refuse(&request->answer, &(struct refusal){ .status = 409 },
                      "Cannot cancel a batch with status '%s'.", states[batch->state]);
        return;
    }
    batch->state = BATCH_CANCELLING;
    batch->entered_ms[BATCH_CANCELLING] = clock_wall_ms();
    answer_json(&request->answer, 200, batch_json(batch, false));
    scheduler_wake(request->standin->scheduler);
}

static void retrieve(struct standin_request *request, struct batch *batch)
{
    struct standin *standin = request->standin;
    struct fault fault = { 0 };

    if (batch->state == BATCH_COMPLETED) {
        fault = faults_strike(&standin->faults, SCOPE_BATCH_STATUS, request->path, NULL, 0,
                              &standin->random);
    }
    if (fault.kind != FAULT_NONE) {
        snprintf(request->record.fault, sizeof request->record.fault, "%s", fault_name(fault.kind));
    }
    answer_json(&request->answer, 200, batch_json(batch, fault.kind == FAULT_LATE_OUTPUT));
}

static void handle_batch(struct standin_request *request, const char *rest)
{
    const char *method = request->record.method;
    size_t size = strcspn(rest, "/");
    struct batch *batch = find(request, rest, size);

    if (!batch) {
        answer_refuse(&request->answer, &(struct refusal){ .status = 404 },
                      "No batch found with id '%.60s'.", rest);
    } else if (rest[size] == '\0' && strcmp(method, "GET") == 0) {
        retrieve(request, batch);
    } else if (strcmp(rest + size, "/cancel") == 0 && strcmp(method, "POST") == 0) {
        cancel(request, batch);
    }
}

void batches_handle(struct standin_request *request)
{
    const char *rest = request->path + strlen("/v1/batches");

    pthread_mutex_lock(&request->standin->lock);
    if (*rest == '/') {
        handle_batch(request, rest + 1);
    } else if (strcmp(request->record.method, "POST") == 0) {
        create(request);
    } else if (strcmp(request->record.method, "GET") == 0) {
        list(request);
    }
    pthread_mutex_unlock(&request->standin->lock);
    if (!request->answer.status) {
        answer_refuse(&request->answer, &(struct refusal){ .status = 404 },
                      "Invalid URL (%s %.200s)", request->record.method, request->path);
    }
}
