/* api_batches.c - /api/batches: the batches; /api/batches/ID: its items, and below it
 *
 *   /items/ITEM    one image with its checks, prompts and rejected answers
 *   /changes       the candidates that have changed since a time
 *   /comparison    the result of blind comparisons
 */
#include <string.h>

#include "base/statistics/wilson.h"
#include "dashboard/dashboard_internal.h"
#include "image/checks/check_results.h"

enum { NUMBER_DIGITS = 15, BATCH_BYTES = 41 };

#define ITEMS_OF_PAGE "5000"

/* A parameter that is a number without sign; the fallback if it is missing. NULL if it is none. */
static const char *number_of(const struct dashboard_request *request, const char *name,
                             const char *fallback)
{
    const char *text = dashboard_parameter(request, name);

    text = text ? text : fallback;
    return text[0] && text[strspn(text, "0123456789")] == '\0' && strlen(text) <= NUMBER_DIGITS
               ? text
               : NULL;
}

/* -- a batch and its changes ------------------------------------------------------------------- */

static void serve_items(struct dashboard_request *request, const char *batch, struct reply *reply)
{
    const char *params[] = { batch, number_of(request, "after", "0"),
                             number_of(request, "most", ITEMS_OF_PAGE) };
    struct error err;
    cJSON *may;

    if (!params[1] || strlen(params[1]) > 9 || !params[2] || strlen(params[2]) > 9) {
        reply_error(reply, MHD_HTTP_BAD_REQUEST, "This is not the number of an item.");
        return;
    }
    reply_query(request, "dashboard_batch", 3, params, "There is no batch with this id.", reply);
    if (reply->status != MHD_HTTP_OK || reply->body.size < 2) {
        return;
    }
    /* Rows are not parsed, since they are many: the member is put in front of the others. */
    if (session_pool_query(request->dashboard->pool, SESSION_READ, "dashboard_may_review", 0, NULL,
                           &may, &err)) {
        struct text whole;

        text_begin(&whole, DASHBOARD_REPLY_BYTES);
        text_printf(&whole, "{\"mayDecide\":%s,", cJSON_IsTrue(may) ? "true" : "false");
        text_add_bytes(&whole, reply->body.data + 1, reply->body.size - 1);
        cJSON_Delete(may);
        text_end(&reply->body);
        reply->body = whole;
    } else {
        reply_failure(reply, &err);
    }
}

static void serve_changes(struct dashboard_request *request, const char *batch, struct reply *reply)
{
    const char *params[] = { batch, number_of(request, "since", "") };

    if (!params[1]) {
        reply_error(reply, MHD_HTTP_BAD_REQUEST, "The parameter 'since' must be a time.");
        return;
    }
    reply_query(request, "dashboard_batch_changes", 2, params, "There is no such batch.", reply);
}

/* -- one image --------------------------------------------------------------------------------- */

/* Replaces the checks of a candidate, as they are stored, with those for people. */
static void format_checks(cJSON *candidate)
{
    struct check_result results[CHECK_RESULTS_MAX];
    int count = check_results_read(candidate, results);
    cJSON *list = cJSON_AddArrayToObject(candidate, "checks");

    for (int i = 0; i < count; i++) {
        cJSON *row = cJSON_CreateObject();

        cJSON_AddStringToObject(row, "name", results[i].name);
        cJSON_AddStringToObject(row, "value", results[i].value);
        cJSON_AddStringToObject(row, "message", results[i].message);
        cJSON_AddBoolToObject(row, "passed", results[i].passed);
        cJSON_AddItemToArray(list, row);
    }
    cJSON_DeleteItemFromObjectCaseSensitive(candidate, "metadata");
}

static void serve_item(struct dashboard_request *request, const char *batch, const char *item,
                       struct reply *reply)
{
    const char *params[] = { batch, item };
    struct error err;
    cJSON *image, *candidate;

    if (item[0] == '\0' || item[strspn(item, "0123456789")] || strlen(item) > 9) {
        reply_error(reply, MHD_HTTP_BAD_REQUEST, "This is not the number of an item.");
        return;
    }
    if (!session_pool_query(request->dashboard->pool, SESSION_READ, "dashboard_batch_item", 2,
                            params, &image, &err)) {
        reply_failure(reply, &err);
        return;
    }
    if (cJSON_IsNull(image)) {
        reply_error(reply, MHD_HTTP_NOT_FOUND, "There is no such image in this batch.");
    } else {
        cJSON_ArrayForEach(candidate, cJSON_GetObjectItemCaseSensitive(image, "candidates"))
        {
            format_checks(candidate);
        }
        reply_json(reply, image);
    }
    cJSON_Delete(image);
}

/* -- comparisons ------------------------------------------------------------------------------- */

static void serve_comparison(struct dashboard_request *request, const char *batch,
                             struct reply *reply)
{
    const char *params[] = { batch, number_of(request, "first", ""),
                             number_of(request, "second", "") };
    struct share_interval interval;
    struct error err;
    int64_t first, decided;
    cJSON *result;

    if (!params[1] || !params[2] || strlen(params[1]) > 9 || strlen(params[2]) > 9) {
        reply_error(reply, MHD_HTTP_BAD_REQUEST, "Name two variants: first and second.");
        return;
    }
    if (!session_pool_query(request->dashboard->pool, SESSION_READ, "dashboard_comparison", 3,
                            params, &result, &err)) {
        reply_failure(reply, &err);
        return;
    }
    first = json_peek_int(result, "first", 0);
    decided = first + json_peek_int(result, "second", 0);
    if (decided > 0) {
        interval = wilson_interval(first, decided, WILSON_Z_95);
        cJSON_AddNumberToObject(result, "share", (double)first / (double)decided);
        cJSON_AddNumberToObject(result, "low", interval.low);
        cJSON_AddNumberToObject(result, "high", interval.high);
    }
    reply_json(reply, result);
    cJSON_Delete(result);
}

/* ---------------------------------------------------------------------------------------------- */

void serve_batches(struct dashboard_request *request, struct reply *reply)
{
    static const char items[] = "/items/";
    const char *path = request->path + strlen("/api/batches");
    char batch[BATCH_BYTES];
    const char *rest;
    size_t size;

    if (*path == '\0') {
        reply_query(request, "dashboard_batches", 0, NULL, "There are no batches.", reply);
        return;
    }
    size = strcspn(++path, "/");
    rest = path + size;
    if (size == 0 || size >= sizeof batch ||
        strspn(path, "abcdefghijklmnopqrstuvwxyz0123456789-") < size) {
        reply_error(reply, MHD_HTTP_BAD_REQUEST, "This is not the id of a batch.");
        return;
    }
    memcpy(batch, path, size);
    batch[size] = '\0';
    if (*rest == '\0') {
        serve_items(request, batch, reply);
    } else if (strcmp(rest, "/changes") == 0) {
        serve_changes(request, batch, reply);
    } else if (strcmp(rest, "/comparison") == 0) {
        serve_comparison(request, batch, reply);
    } else if (strncmp(rest, items, sizeof items - 1) == 0) {
        serve_item(request, batch, rest + sizeof items - 1, reply);
    } else {
        reply_error(reply, MHD_HTTP_NOT_FOUND, "There is nothing at this address.");
    }
}
