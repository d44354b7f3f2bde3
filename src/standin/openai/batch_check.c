/* batch_check.c - checks the input file of a new batch. */
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "base/json.h"
#include "base/memory.h"
#include "standin/openai/batches.h"

enum { ERRORS_MAX = 50 };

struct input_check {
    struct batch *batch;
    const struct model_list *models;
    char model[100]; /* of the first line; all lines must use it */
    int line;        /* number of the current line, from 1; 0: the whole file */
    size_t capacity; /* capacity of batch->lines */
};

static void add_error(struct input_check *check, const char *code, const char *param,
                      const char *message)
{
    cJSON *data = cJSON_GetObjectItem(check->batch->errors, "data"), *error;

    if (cJSON_GetArraySize(data) == ERRORS_MAX) {
        return;
    }
    error = cJSON_CreateObject();
    cJSON_AddStringToObject(error, "code", code);
    cJSON_AddStringToObject(error, "message", message);
    if (param) {
        cJSON_AddStringToObject(error, "param", param);
    } else {
        cJSON_AddNullToObject(error, "param");
    }
    if (check->line > 0) {
        cJSON_AddNumberToObject(error, "line", check->line);
    } else {
        cJSON_AddNullToObject(error, "line");
    }
    cJSON_AddItemToArray(data, error);
}

static void check_model(struct input_check *check, const cJSON *body)
{
    const char *id = json_peek_text(body, "model");
    const struct offered_model *offer = id ? model_list_find(check->models, id) : NULL;

    if (!id) {
        add_error(check, "missing_required_parameter", "body.model",
                  "Missing required parameter: 'body.model'.");
    } else if (!offer || offered_model_retired(offer)) {
        add_error(check, "model_not_found", "body.model",
                  "The provided model does not exist or you do not have access to it.");
    } else if (offer->batch_share <= 0) {
        add_error(check, "model_not_found", "body.model",
                  "The provided model is not supported by the Batch API.");
    } else if (check->model[0] == '\0') {
        snprintf(check->model, sizeof check->model, "%s", id);
    } else if (strcmp(check->model, id) != 0) {
        add_error(check, "model_mismatch", "body.model",
                  "All requests of a batch must be for the same model.");
    }
}

static void check_line(struct input_check *check, const cJSON *line)
{
    const char *method = json_peek_text(line, "method"), *url = json_peek_text(line, "url");
    const cJSON *body = cJSON_GetObjectItemCaseSensitive(line, "body");

    if (!method || strcmp(method, "POST") != 0) {
        add_error(check, "invalid_method", "method", "The method of every request must be POST.");
    }
    if (!url || strcmp(url, check->batch->endpoint) != 0) {
        add_error(check, "url_mismatch", "url",
                  "The URL does not match the endpoint of the batch.");
    }
    if (!cJSON_IsObject(body)) {
        add_error(check, "missing_required_parameter", "body",
                  "Missing required parameter: 'body'.");
        return;
    }
    check_model(check, body);
}

static void keep_line(struct input_check *check, int64_t at, size_t size, const char *custom_id)
{
    struct batch *batch = check->batch;
    struct batch_line *lines = batch->lines;

    if ((size_t)batch->count == check->capacity) {
        check->capacity = check->capacity ? check->capacity * 2 : 64;
        lines = xrealloc(lines, check->capacity * sizeof *lines);
        batch->lines = lines;
    }
    lines[batch->count++] = (struct batch_line){
        .at = at, .size = size, .number = check->line, .custom_id = xstrdup(custom_id)
    };
}

static bool check_input_line(struct input_check *check, const char *text, size_t size, int64_t at)
{
    struct error ignored;
    const char *custom_id;
    bool good = true;
    cJSON *line;

    if (!json_parse(text, size, "line", &line, &ignored) || !cJSON_IsObject(line)) {
        add_error(check, "invalid_json_line", NULL, "This line is not parseable as valid JSON.");
        return true;
    }
    custom_id = json_peek_text(line, "custom_id");
    if (!custom_id || custom_id[0] == '\0' || strlen(custom_id) > 512) {
        add_error(check, "missing_required_parameter", "custom_id",
                  "Missing required parameter: 'custom_id'.");
    } else if (check->batch->count < BATCH_LINES_MAX) {
        check_line(check, line);
        keep_line(check, at, size, custom_id);
    } else {
        add_error(check, "too_many_tasks", NULL, "A batch holds at most 50,000 requests.");
        good = false;
    }
    cJSON_Delete(line);
    return good;
}

static int by_custom_id(const void *a, const void *b)
{
    const struct batch_line *const *one = a, *const *two = b;

    return strcmp((*one)->custom_id, (*two)->custom_id);
}

static void find_duplicate_ids(struct input_check *check)
{
    struct batch *batch = check->batch;
    const struct batch_line **sorted = xcalloc((size_t)batch->count + 1, sizeof *sorted);

    for (int i = 0; i < batch->count; i++) {
        sorted[i] = &batch->lines[i];
    }
    qsort(sorted, (size_t)batch->count, sizeof *sorted, by_custom_id);
    for (int i = 1; i < batch->count; i++) {
        if (strcmp(sorted[i - 1]->custom_id, sorted[i]->custom_id) == 0) {
            check->line = sorted[i]->number;
            add_error(check, "duplicate_custom_id", "custom_id",
                      "The custom_id was used by another request of this batch.");
        }
    }
    free(sorted);
}

bool batch_check(struct batch *batch, const struct model_list *models)
{
    struct input_check check = { .batch = batch, .models = models };
    char *text = NULL;
    size_t capacity = 0;
    int64_t at = 0;
    bool good = true;
    ssize_t got;

    batch->errors = cJSON_CreateObject();
    cJSON_AddStringToObject(batch->errors, "object", "list");
    cJSON_AddArrayToObject(batch->errors, "data");
    while (good && (got = getline(&text, &capacity, batch->input)) > 0) {
        check.line++;
        good = got == 1 || check_input_line(&check, text, (size_t)got, at);
        at += got;
    }
    free(text);
    find_duplicate_ids(&check);
    check.line = 0;
    if (batch->count == 0 && cJSON_GetArraySize(cJSON_GetObjectItem(batch->errors, "data")) == 0) {
        add_error(&check, "empty_file", NULL, "The input file is empty.");
    }
    if (cJSON_GetArraySize(cJSON_GetObjectItem(batch->errors, "data")) > 0) {
        return false;
    }
    cJSON_Delete(batch->errors);
    batch->errors = NULL;
    return true;
}
