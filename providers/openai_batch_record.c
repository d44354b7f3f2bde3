/* openai_batch_record.c - records of the Batch API's files: writes requests, reads results. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "base/unicode/character.h"
#include "providers/openai.h"
#include "providers/response/response.h"

enum { PHOTO_SYNTAX_BYTES = 80, RECORD_SYNTAX_BYTES = 40 };

static const char generations[] = "/v1/images/generations", edits[] = "/v1/images/edits";

struct record_writer {
    struct blob *out; /* has room for the whole record */
    size_t size;
};

static void put(struct record_writer *writer, const char *text, size_t size)
{
    memcpy(writer->out->data + writer->size, text, size);
    writer->size += size;
}

static void put_text(struct record_writer *writer, const char *text)
{
    put(writer, text, strlen(text));
}

static bool put_photo(struct record_writer *writer, const struct request_photo *photo,
                      struct error *err)
{
    struct blob base64;

    if (!base64_encode(photo->bytes.data, photo->bytes.size, &base64, err)) {
        return false;
    }
    put_text(writer, "{\"image_url\":\"data:");
    put_text(writer, photo->content_type);
    put_text(writer, ";base64,");
    put(writer, (const char *)base64.data, base64.size);
    put_text(writer, "\"}");
    blob_free(&base64);
    return true;
}

static size_t photo_bytes_max(const struct request_photo *photo)
{
    return photo->bytes.size / 3 * 4 + 8 + strlen(photo->content_type) + PHOTO_SYNTAX_BYTES;
}

static bool put_photos(struct record_writer *writer, const struct model_request *request,
                       struct error *err)
{
    put_text(writer, ",\"images\":[");
    for (int i = 0; i < request->photo_count; i++) {
        put_text(writer, i ? "," : "");
        if (!put_photo(writer, &request->photos[i], err)) {
            return false;
        }
    }
    put_text(writer, "]");
    if (request->mask) {
        put_text(writer, ",\"mask\":");
        return put_photo(writer, request->mask, err);
    }
    return true;
}

static size_t record_bytes_max(const struct model_request *request, const char *head)
{
    size_t size = strlen(head) + RECORD_SYNTAX_BYTES;

    for (int i = 0; i < request->photo_count; i++) {
        size += photo_bytes_max(&request->photos[i]);
    }
    return size + (request->mask ? photo_bytes_max(request->mask) : 0);
}

/* A record is JSON, so photos are sent as data URLs. They are appended as text, because a cJSON
 * tree would copy the megabytes twice. */
bool openai_batch_write_record(const struct model_request *request, const char *id,
                               struct blob *out, const char **path, struct error *err)
{
    struct record_writer writer = { .out = out };
    char *body, *head;
    bool edit, good;
    cJSON *tree;

    if (!openai_image_is_edit(request, &edit, err)) {
        return false;
    }
    tree = openai_image_body(request);
    body = json_print(tree, request->arena);
    cJSON_Delete(tree);
    *path = edit ? edits : generations;
    body[strlen(body) - 1] = '\0'; /* removes the closing brace: photos follow */
    head = arena_printf(request->arena,
                        "{\"custom_id\":\"%s\",\"method\":\"POST\",\"url\":\"%s\",\"body\":%s", id,
                        *path, body);
    if (!blob_new(out, record_bytes_max(request, head), err)) {
        return false;
    }
    put_text(&writer, head);
    good = !edit || put_photos(&writer, request, err);
    put_text(&writer, "}}\n");
    out->size = writer.size;
    if (!good) {
        blob_free(out);
    }
    return good;
}

/* -- results --------------------------------------------------------------------------------- */

static void copy_id(const cJSON *top, char id[40])
{
    const char *text = json_peek_text(top, "custom_id");

    id[0] = '\0';
    if (text && strlen(text) < 40) {
        memcpy(id, text, strlen(text) + 1);
    }
}

/* Reads a record without a response: the request was not executed. */
static enum read_result read_unexecuted(const cJSON *top, const struct model_request *request,
                                        struct error *err)
{
    const cJSON *error = cJSON_GetObjectItemCaseSensitive(top, "error");

    if (cJSON_IsObject(error)) {
        response_error_object(request->at, request->model, error, 500, err);
    } else {
        error_set(err, ERROR_REMOTE,
                  "the batch contains neither an image nor an error for this request");
    }
    return READ_FAILED;
}

/* The status of a response, a number or its text; 0 if it has none. */
static int status_of(const cJSON *response)
{
    const char *text = json_peek_text(response, "status_code");

    return text ? (int)strtol(text, NULL, 10) : (int)json_peek_int(response, "status_code", 0);
}

static enum read_result read_body(const cJSON *body, const struct model_request *request,
                                  const struct json_long_strings *longs, int status,
                                  struct model_result *out, struct error *err)
{
    if (!response_succeeded(status)) {
        response_error_body(request->at, request->model, body, status, err);
        return READ_FAILED;
    }
    return response_image_tree(request, body, longs, NULL, out, err);
}

enum read_result openai_batch_read_record(const struct model_request *request,
                                          const struct blob *record, char id[40], int *status,
                                          struct model_result *out, struct error *err)
{
    enum read_result reading = READ_FAILED;
    const cJSON *response;
    struct json_long_strings longs;
    const char *request_id;
    cJSON *top;

    id[0] = '\0';
    *status = 0;
    if (!json_parse_long(record->data, record->size, "a record of the batch", &longs, &top, err)) {
        return READ_FAILED;
    }
    copy_id(top, id);
    response = cJSON_GetObjectItemCaseSensitive(top, "response");
    if (!cJSON_IsObject(response)) {
        reading = read_unexecuted(top, request, err);
        cJSON_Delete(top);
        return reading;
    }
    *status = status_of(response);
    request_id = json_peek_text(response, "request_id");
    snprintf(out->request_id, sizeof out->request_id, "%s", request_id ? request_id : "");
    character_make_one_line(out->request_id); /* it may have been cut within a character */
    if (*status < 100 || *status > 599) {
        *status = 0;
        error_set(err, ERROR_FORMAT, "the batch contains a response without a status");
    } else {
        reading = read_body(cJSON_GetObjectItemCaseSensitive(response, "body"), request, &longs,
                            *status, out, err);
    }
    cJSON_Delete(top);
    return reading;
}
