/* openai_batch_record.c - lines of batches: an request as one line of JSON, and one line of what
 * came.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "providers/openai.h"

enum { PHOTO_AROUND = 80 };

static const char generations[] = "/v1/images/generations", edits[] = "/v1/images/edits";

struct writing {
    struct blob *out;
    size_t at;
};

static void put(struct writing *to, const char *text, size_t size)
{
    memcpy(to->out->data + to->at, text, size);
    to->at += size;
}

static void put_text(struct writing *to, const char *text)
{
    put(to, text, strlen(text));
}

static bool put_photo(struct writing *to, const struct request_photo *photo, struct error *err)
{
    struct blob letters;

    if (!base64_encode(photo->bytes.data, photo->bytes.size, &letters, err)) {
        return false;
    }
    put_text(to, "{\"image_url\":\"data:");
    put_text(to, photo->content_type);
    put_text(to, ";base64,");
    put(to, (const char *)letters.data, letters.size);
    put_text(to, "\"}");
    blob_free(&letters);
    return true;
}

static size_t photo_room(const struct request_photo *photo)
{
    return photo->bytes.size / 3 * 4 + 8 + strlen(photo->content_type) + PHOTO_AROUND;
}

static bool put_photos(struct writing *to, const struct model_request *request, struct error *err)
{
    put_text(to, ",\"images\":[");
    for (int i = 0; i < request->photo_count; i++) {
        put_text(to, i ? "," : "");
        if (!put_photo(to, &request->photos[i], err)) {
            return false;
        }
    }
    put_text(to, "]");
    if (request->mask) {
        put_text(to, ",\"mask\":");
        return put_photo(to, request->mask, err);
    }
    return true;
}

static size_t room_for(const struct model_request *request, const char *head)
{
    size_t room = strlen(head) + 40;

    for (int i = 0; i < request->photo_count; i++) {
        room += photo_room(&request->photos[i]);
    }
    return room + (request->mask ? photo_room(request->mask) : 0);
}

/* A line cannot be a form, so photos go as data URLs. They are put in by hand: a tree would hold
 * megabytes thrice. */
bool openai_batch_write_record(const struct model_request *request, const char *id,
                               struct blob *out, const char **path, struct error *err)
{
    struct writing to = { .out = out };
    char *body, *head;
    bool edit, good;
    cJSON *fields;

    if (!openai_image_from_photos(request, &edit, err)) {
        return false;
    }
    fields = openai_image_fields(request);
    body = json_print(fields, request->arena);
    cJSON_Delete(fields);
    *path = edit ? edits : generations;
    body[strlen(body) - 1] = '\0'; /* the object goes on */
    head = arena_printf(request->arena,
                        "{\"custom_id\":\"%s\",\"method\":\"POST\",\"url\":\"%s\",\"body\":%s", id,
                        *path, body);
    if (!blob_new(out, room_for(request, head), err)) {
        return false;
    }
    put_text(&to, head);
    good = !edit || put_photos(&to, request, err);
    put_text(&to, "}}\n");
    out->size = to.at;
    if (!good) {
        blob_free(out);
    }
    return good;
}

/* -- what came ------------------------------------------------------------------------------ */

static void copy_id(const cJSON *top, char id[40])
{
    const char *text = json_peek_text(top, "custom_id");

    id[0] = '\0';
    if (text && strlen(text) < 40) {
        memcpy(id, text, strlen(text) + 1);
    }
}

/* Nothing was done: the line says why. */
static enum read_result without_response(const cJSON *top, const struct model_request *request,
                                         struct error *err)
{
    const cJSON *error = cJSON_GetObjectItemCaseSensitive(top, "error");

    if (cJSON_IsObject(error)) {
        openai_error_object(request->at, request->model, error, 500, err);
    } else {
        error_set(err, ERROR_REMOTE, "OpenAI's batch gave neither an image nor a reason");
    }
    return READ_FAILED;
}

enum read_result openai_batch_read_record(const struct model_request *request,
                                          const struct blob *line, char id[40], int *status,
                                          struct model_result *out, struct error *err)
{
    enum read_result reading = READ_FAILED;
    const cJSON *response;
    struct json_long_strings longs;
    const char *request_id;
    cJSON *top;

    id[0] = '\0';
    *status = 0;
    if (!json_parse_long(line->data, line->size, "a line of OpenAI's batch", &longs, &top, err)) {
        return READ_FAILED;
    }
    copy_id(top, id);
    response = cJSON_GetObjectItemCaseSensitive(top, "response");
    if (!cJSON_IsObject(response)) {
        reading = without_response(top, request, err);
        cJSON_Delete(top);
        return reading;
    }
    *status = (int)json_peek_int(response, "status_code", 0);
    request_id = json_peek_text(response, "request_id");
    snprintf(out->request_id, sizeof out->request_id, "%s", request_id ? request_id : "");
    if (*status < 100 || *status > 599) {
        *status = 0;
        error_set(err, ERROR_REMOTE, "OpenAI's batch gave an answer without a status");
    } else {
        reading =
            openai_image_take_tree(request, cJSON_GetObjectItemCaseSensitive(response, "body"),
                                   &longs, *status, out, err);
    }
    cJSON_Delete(top);
    return reading;
}
