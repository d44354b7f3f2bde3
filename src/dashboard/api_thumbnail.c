/* api_thumbnail.c - /thumbnail/KIND/ID: small copies of images and photos, as JPEG that darkroom
 * made itself, so a browser needs no access to the store and loads no file of a stranger.
 *
 *   image/JOB, photo/JOB, before/BATCH/ITEM, photo/BATCH/ITEM, left/PAIR, right/PAIR, rejected/CALL
 */
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "dashboard/dashboard_internal.h"

enum { SMALL_EDGE = 320, LARGE_EDGE = 1280, KIND_BYTES = 12, NUMBER_DIGITS = 18 };

static const char *const kinds[] = { "image", "photo", "before", "left", "right", "rejected" };

/* Reads KIND/ID. Returns NULL if the kind is unknown. */
static const char *id_of_path(const char *path, char kind[KIND_BYTES])
{
    size_t size = strcspn(path, "/");

    for (size_t i = 0; path[size] == '/' && i < sizeof kinds / sizeof *kinds; i++) {
        if (strlen(kinds[i]) == size && strncmp(kinds[i], path, size) == 0) {
            memcpy(kind, path, size);
            kind[size] = '\0';
            return path + size + 1;
        }
    }
    return NULL;
}

static void reply_jpeg(struct reply *reply, const void *data, size_t size)
{
    reply->type = "image/jpeg";
    reply->stays_cached = true;
    text_clear(&reply->body);
    text_add_bytes(&reply->body, data, size);
}

/* The picture of a rejected answer, which a worker made and the database keeps. */
static void serve_rejected(struct dashboard_request *request, const char *id, struct reply *reply)
{
    const char *params[] = { id };
    const char *letters;
    struct error err;
    cJSON *picture;
    uint8_t *bytes;
    size_t size;

    if (id[0] == '\0' || id[strspn(id, "0123456789")] || strlen(id) > NUMBER_DIGITS) {
        reply_error(reply, MHD_HTTP_BAD_REQUEST, "This is not the number of a call.");
        return;
    }
    if (!session_pool_query(request->dashboard->pool, SESSION_READ, "dashboard_rejection", 1,
                            params, &picture, &err)) {
        reply_failure(reply, &err);
        return;
    }
    letters = cJSON_GetStringValue(picture);
    bytes = letters ? malloc(base64_decoded_max(strlen(letters)) + 1) : NULL;
    if (bytes && base64_decode(letters, strlen(letters), bytes, &size)) {
        reply_jpeg(reply, bytes, size);
    } else {
        reply_error(reply, MHD_HTTP_NOT_FOUND, "There is no picture of this answer.");
    }
    free(bytes);
    cJSON_Delete(picture);
}

/* Without access to the store the browser loads the image itself, if it may: from the store's
 * public address, or from its folder through /image. */
static void redirect(const struct dashboard *dashboard, const char *url, struct reply *reply)
{
    static const char bucket[] = "/generated-images/";
    const char *path = strstr(url, bucket);

    reply->status = MHD_HTTP_FOUND;
    text_clear(&reply->body);
    if (strncmp(url, "https://", 8) == 0 || strncmp(url, "http://", 7) == 0) {
        text_add(&reply->body, url);
    } else if (dashboard->config.folder && path) {
        text_printf(&reply->body, "/image/%s", path + strlen(bucket));
    } else {
        reply_error(reply, MHD_HTTP_NOT_FOUND,
                    "The dashboard has no access to the store: set the store's settings.");
        return;
    }
    reply->type = "text/plain; charset=utf-8";
    reply->location = reply->body.data;
}

static void serve_made(struct dashboard_request *request, const cJSON *picture, struct reply *reply)
{
    const char *url = json_peek_text(picture, "url"), *size = dashboard_parameter(request, "size");
    bool photo = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(picture, "photo"));
    struct fetch_scope scope = { photo ? FETCH_PHOTO : FETCH_RESULT,
                                 photo ? json_peek_text(picture, "user") : NULL };
    struct blob jpeg;
    struct error err;

    if (!url) {
        reply_error(reply, MHD_HTTP_NOT_FOUND, "There is no such picture.");
    } else if (!request->dashboard->thumbnails) {
        redirect(request->dashboard, url, reply);
    } else if (thumbnail_service_get(request->dashboard->thumbnails, url, &scope,
                                     size && strcmp(size, "large") == 0 ? LARGE_EDGE : SMALL_EDGE,
                                     &jpeg, &err)) {
        reply_jpeg(reply, jpeg.data, jpeg.size);
        blob_free(&jpeg);
    } else if (err.kind == ERROR_INPUT) {
        reply_error(reply, MHD_HTTP_NOT_FOUND, err.text);
    } else {
        reply_failure(reply, &err);
    }
}

void serve_thumbnail(struct dashboard_request *request, struct reply *reply)
{
    char kind[KIND_BYTES];
    const char *id = id_of_path(request->path + strlen("/thumbnail/"), kind);
    const char *params[] = { kind, id };
    struct error err;
    cJSON *picture;

    if (!id || utf8_length(id) == SIZE_MAX) {
        reply_error(reply, MHD_HTTP_NOT_FOUND, "There is no such picture.");
    } else if (strcmp(kind, "rejected") == 0) {
        serve_rejected(request, id, reply);
    } else if (session_pool_query(request->dashboard->pool, SESSION_READ, "dashboard_picture", 2,
                                  params, &picture, &err)) {
        serve_made(request, picture, reply);
        cJSON_Delete(picture);
    } else {
        reply_failure(reply, &err);
    }
}
