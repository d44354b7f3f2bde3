/* world_batch_api.c - simulates a chunk of three items and the provider's batch: the first item
 * succeeds, the second needs product features first, the third is rejected by the provider. */
#include "lib/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/file.h"

static const char *const kinds[] = { "LIFESTYLE", "INFOGRAPHIC", "LIFESTYLE" };

static const char *id_of(int item)
{
    static char ids[WORLD_ITEMS][37];

    snprintf(ids[item], sizeof ids[item], "22222222-2222-4222-8222-22222222222%d", item);
    return ids[item];
}

static int item_of(const struct op *op)
{
    for (int i = 0; i < WORLD_ITEMS; i++) {
        if (op->sql.params[3] && strcmp(op->sql.params[3], id_of(i)) == 0) {
            return i;
        }
    }
    abort();
}

/* -- the database ------------------------------------------------------------------------------ */

static void answer_load(struct op *op)
{
    static const char *const states[] = { "open", "sending", "sent", "finished" };
    struct world_chunk *chunk = &world->chunk;
    char text[1000];
    int at =
        snprintf(text, sizeof text,
                 "{\"state\":\"%s\",\"name\":\"chunk-name\",\"model\":\"gpt-image-2.5-flare\","
                 "\"remote\":\"%s\",\"input\":\"%s\",\"output\":\"%s\",\"errors\":\"%s\","
                 "\"sinceMs\":1790000000000,\"ageMs\":%d,\"counts\":%s,\"rechecks\":%d,"
                 "\"finishedAgeMs\":%d,\"expiresInMs\":%d,\"cancelled\":%s,\"items\":[",
                 states[chunk->state], chunk->state >= 2 ? "batch_1" : "",
                 chunk->state >= 2 ? "file-in" : "", chunk->state >= 3 ? "file-out" : "",
                 chunk->state >= 3 ? "file-err" : "", chunk->expired ? 100000000 : 100000,
                 chunk->counts[0] ? chunk->counts : "null", chunk->rechecks, chunk->settle_age_ms,
                 chunk->expired ? -1 : 86400000, chunk->cancelled ? "true" : "false");
    bool first = true;

    for (int i = 0; i < WORLD_ITEMS; i++) {
        if (!chunk->committed[i] && !chunk->failed[i]) {
            at += snprintf(text + at, sizeof text - (size_t)at, "%s\"%s\"", first ? "" : ",",
                           id_of(i));
            first = false;
        }
    }
    snprintf(text + at, sizeof text - (size_t)at, "]}");
    world_answer(op, text);
}

static void answer_item(struct op *op, int item)
{
    struct world_chunk *chunk = &world->chunk;
    char text[6000];

    snprintf(text, sizeof text,
             "{\"jobId\":\"%s\",\"userId\":\"u\",\"projectId\":\"p\",\"projectName\":\"n\","
             "\"productName\":\"Cup\",\"description\":\"A cup\",\"category\":\"Drinkware\","
             "\"photoUrl\":\"http://store/storage/v1/object/public/product-images/photo.jpg\","
             "\"photoCount\":1,\"brand\":null,\"features\":%s,\"createdMs\":1790000000000,"
             "\"payload\":\"{\\\"projectId\\\":\\\"p\\\",\\\"imageType\\\":\\\"%s\\\"}\","
             "\"attempt\":%d,\"request\":%s}",
             id_of(item),
             world->features_known
                 ? "[{\"title\":\"a\",\"description\":\"b\",\"priority\":9,\"icon\":\"c\"},"
                   "{\"title\":\"d\",\"description\":\"e\",\"priority\":8,\"icon\":\"f\"}]"
                 : "null",
             kinds[item], chunk->recorded[item] ? 100 + item : 0,
             chunk->recorded[item] ? chunk->request : "null");
    world_answer(op, chunk->committed[item] || chunk->failed[item] ? "{\"ended\":true}" : text);
}

static void answer_begin_call(struct op *op, int item)
{
    struct world_chunk *chunk = &world->chunk;

    chunk->recorded[item] = 1;
    if (strlen(op->sql.params[6]) >= sizeof chunk->request) {
        abort();
    }
    strcpy(chunk->request, op->sql.params[6]);
    world_answer(op, chunk->over_budget_item == item + 1 ? "{\"overBudget\":true}"
                                                         : "{\"attempt\":100}");
}

static void answer_complete_chunk(struct op *op)
{
    struct world_chunk *chunk = &world->chunk;

    for (int i = 0; i < WORLD_ITEMS; i++) {
        chunk->lost_items += !chunk->committed[i] && !chunk->failed[i] && !chunk->moved[i];
    }
    world->committed = 1;
    snprintf(world->message, sizeof world->message, "%s", op->sql.params[3]);
    world_answer(op, "{\"committed\":true}");
}

static void enter_state(struct op *op, int state, const char *answer)
{
    world->chunk.state = state;
    world_answer(op, answer);
}

static void note_counts(const char *remote)
{
    const char *counts = strstr(remote, "{\"total\"");

    if (counts) {
        snprintf(world->chunk.counts, sizeof world->chunk.counts, "%.*s",
                 (int)(strcspn(counts, "}") + 1), counts);
    }
}

static void answer_move_items(struct op *op)
{
    for (int i = 0; i < WORLD_ITEMS; i++) {
        world->chunk.moved[i] = strstr(op->sql.params[3], id_of(i)) != NULL;
    }
    world_answer(op, "{\"moved\":true}");
}

/* Ends an item, unless the application's tables reject its row. */
static void answer_end_of_item(struct op *op, int ended[])
{
    struct world_chunk *chunk = &world->chunk;
    int item = item_of(op);

    if (chunk->rejected_item == item + 1 && chunk->rejections > 0) {
        chunk->rejections--;
        world_answer(op, "{\"rejected\":\"the application says no\"}");
        return;
    }
    ended[item]++;
    world_answer(op, "{\"committed\":true}");
}

bool world_batch_api_sql(struct op *op)
{
    struct world_chunk *chunk = &world->chunk;
    const char *name = op->sql.statement;

    if (strncmp(name, "batch_api_", 10) != 0) {
        return false;
    }
    name += 10;
    if (strcmp(name, "load") == 0) {
        answer_load(op);
    } else if (strcmp(name, "brief") == 0) {
        answer_item(op, item_of(op));
    } else if (strcmp(name, "begin_call") == 0) {
        answer_begin_call(op, item_of(op));
    } else if (strcmp(name, "save_features") == 0) {
        world->features_saved++;
        world->features_known = 1;
        world_answer(op, "{\"saved\":true}");
    } else if (strcmp(name, "move_items") == 0) {
        answer_move_items(op);
    } else if (strcmp(name, "mark_sending") == 0) {
        enter_state(op, 1, "{\"sending\":true}");
    } else if (strcmp(name, "mark_sent") == 0) {
        enter_state(op, 2, "{\"sent\":true}");
    } else if (strcmp(name, "mark_finished") == 0) {
        note_counts(op->sql.params[3]);
        enter_state(op, 3, "{\"finished\":true}");
    } else if (strcmp(name, "reset_chunk") == 0) {
        chunk->rejected_batches++;
        chunk->created = 0;
        enter_state(op, 0, "{\"reset\":true}");
    } else if (strcmp(name, "reschedule") == 0) {
        chunk->rechecks += chunk->state == 3;
        snprintf(chunk->why, sizeof chunk->why, "%s", op->sql.params[5] ? op->sql.params[5] : "");
        world_answer(op, "{\"rescheduled\":true}");
    } else if (strcmp(name, "commit_item") == 0) {
        answer_end_of_item(op, chunk->committed);
    } else if (strcmp(name, "fail_item") == 0) {
        answer_end_of_item(op, chunk->failed);
        snprintf(world->message, sizeof world->message, "%s", op->sql.params[4]);
        snprintf(world->detail, sizeof world->detail, "%s", op->sql.params[6]);
    } else {
        answer_complete_chunk(op);
    }
    return true;
}

/* -- the provider ------------------------------------------------------------------------------ */

static void answer(struct op *op, int status, const char *body)
{
    struct error err;

    op->http_response.status = status;
    op->http_response.processing_ms = -1;
    if (!blob_copy(&op->http_response.body, body, strlen(body), &err)) {
        abort();
    }
}

/* Counts the records of the uploaded input. */
static void receive_input(struct op *op)
{
    struct blob input;
    struct error err;

    if (!file_read(op->http.parts[1].path, 0, &input, NULL, &err)) {
        abort();
    }
    world->chunk.record_count = 0;
    for (size_t i = 0; i < input.size; i++) {
        world->chunk.record_count += input.data[i] == '\n';
    }
    blob_free(&input);
    answer(op, 200, "{\"id\":\"file-in\"}");
}

static void answer_status(struct op *op)
{
    struct world_chunk *chunk = &world->chunk;

    if (chunk->deleted) {
        answer(op, 404, "{\"error\":{\"message\":\"No batch found\"}}");
    } else if (chunk->reject_count > chunk->rejected_batches) {
        char text[200];

        snprintf(text, sizeof text,
                 "{\"id\":\"batch_1\",\"status\":\"failed\",\"errors\":{\"data\":[{\"code\":\"%s\","
                 "\"message\":\"the reason\"}]}}",
                 chunk->reject_code ? chunk->reject_code : "token_limit_exceeded");
        answer(op, 200, text);
    } else if (chunk->status_requests++ == 0 || (chunk->cancelled && !chunk->cancel_requested)) {
        answer(op, 200, "{\"id\":\"batch_1\",\"status\":\"in_progress\"}");
    } else {
        char text[400];
        bool late = chunk->late_output > 0;

        chunk->late_output -= late;
        snprintf(text, sizeof text,
                 "{\"id\":\"batch_1\",\"status\":\"%s\",\"input_file_id\":\"file-in\",%s"
                 "\"request_counts\":{\"total\":3,\"completed\":%d,\"failed\":1}}",
                 chunk->failed_midway ? "failed" : "completed",
                 late ? "\"output_file_id\":null,"
                      : "\"output_file_id\":\"file-out\",\"error_file_id\":\"file-err\",",
                 chunk->missing_item ? 1 : 2);
        answer(op, 200,
               chunk->cancelled
                   ? "{\"id\":\"batch_1\",\"status\":\"cancelled\",\"input_file_id\":\"file-in\","
                     "\"output_file_id\":\"file-out\"}"
                   : text);
    }
}

/* The record of an item whose image no reader finds. */
#define UNREADABLE(item)                                                                           \
    "{\"custom_id\":\"22222222-2222-4222-8222-22222222222" #item "\",\"response\":{"               \
    "\"status_code\":200,\"request_id\":\"r\",\"body\":{\"pixels\":\"...\"}},\"error\":null}\n"

static void answer_broken_content(struct op *op)
{
    static const char *const texts[] = {
        [OUTPUT_SHORT] = "{\"custom_id\":\"22222222-2222-4222-8222-222222222220\",\"resp",
        [OUTPUT_EMPTY] = "",
        [OUTPUT_GARBAGE] = "<html>Bad gateway</html>\n",
        [OUTPUT_UNKNOWN_FORM] = UNREADABLE(0) UNREADABLE(1),
    };
    const char *text = texts[world->chunk.broken];
    struct error err;

    if (!text) {
        answer(op, 404, "{\"error\":{\"message\":\"No such File object\"}}");
        return;
    }
    if (!file_write(op->http.body_path, text, strlen(text), &err)) {
        abort();
    }
    op->http_response.status = 200;
}

static void answer_content(struct op *op, bool errors)
{
    static const char rejected[] =
        "{\"custom_id\":\"%s\",\"response\":{\"status_code\":400,\"request_id\":\"r\",\"body\":{"
        "\"error\":{\"code\":\"moderation_blocked\",\"message\":\"no\"}}},\"error\":null}\n";
    char *text = malloc(2 * strlen(world_image) + 1000);
    struct error err;
    int at = 0;

    if (!errors && world->chunk.broken_outputs != 0) {
        world->chunk.broken_outputs -= world->chunk.broken_outputs > 0;
        free(text);
        answer_broken_content(op);
        return;
    }
    for (int i = 0; i < 2 && !errors; i++) {
        if (world->chunk.missing_item != i + 1) {
            at += sprintf(text + at,
                          "{\"custom_id\":\"%s\",\"response\":{\"status_code\":200,\"request_id\":"
                          "\"req_%d\",\"body\":%s},\"error\":null}\n",
                          id_of(i), i, world_image);
        }
    }
    if (errors) {
        at = sprintf(text, rejected, id_of(2));
    }
    if (!file_write(op->http.body_path, text, (size_t)at, &err)) {
        abort();
    }
    free(text);
    op->http_response.status = 200;
}

bool world_batch_api_http(struct op *op)
{
    struct world_chunk *chunk = &world->chunk;
    const char *url = op->http.url, *path = strstr(url, "/v1/");
    bool post = strcmp(op->http.method, "POST") == 0;

    if (!path || (!strstr(path, "/batches") && !strstr(path, "/files"))) {
        return false;
    }
    if (strstr(path, "/files") && post) {
        receive_input(op);
    } else if (strcmp(op->http.method, "DELETE") == 0) {
        chunk->deleted_files++;
        answer(op, 200, "{\"deleted\":true}");
    } else if (strstr(path, "/content")) {
        answer_content(op, strstr(path, "file-err") != NULL);
    } else if (strstr(path, "/cancel")) {
        chunk->cancel_requested = 1;
        answer(op, 200, "{\"id\":\"batch_1\",\"status\":\"cancelling\"}");
    } else if (strstr(path, "?limit")) {
        answer(op, 200,
               chunk->created ? "{\"data\":[{\"id\":\"batch_1\",\"status\":\"validating\","
                                "\"input_file_id\":\"file-in\",\"metadata\":{\"darkroom_chunk\":"
                                "\"chunk-name\"}}]}"
                              : "{\"data\":[],\"has_more\":false}");
    } else if (post) {
        chunk->created++;
        chunk->max_created =
            chunk->created > chunk->max_created ? chunk->created : chunk->max_created;
        chunk->sent_unrecorded += chunk->state != 1;
        answer(op, 200,
               "{\"id\":\"batch_1\",\"status\":\"validating\",\"input_file_id\":\"file-in\"}");
    } else {
        answer_status(op);
    }
    return true;
}
