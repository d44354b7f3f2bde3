/* storage_sign.c - signed URLs, for downloads and for uploads. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "standin/storage/storage_request.h"

enum { UPLOAD_SECONDS = 2 * 60 * 60 };

/* The token of a path: when it ends, and a hash that binds it to the path. */
static void make_token(const char *use, const char *rest, int64_t seconds, char out[64])
{
    unsigned long long mark = hash_bytes(use, strlen(use)) ^ hash_bytes(rest, strlen(rest));

    snprintf(out, 64, "%lld.%016llx", (long long)(clock_wall_ms() / 1000 + seconds), mark);
}

static bool token_valid(struct standin_request *request, const char *use, const char *rest)
{
    const char *token = request_query(request, "token");
    unsigned long long mark = 0;
    long long until = 0;

    return (token && sscanf(token, "%lld.%llx", &until, &mark) == 2 &&
            until >= clock_wall_ms() / 1000 &&
            mark == (hash_bytes(use, strlen(use)) ^ hash_bytes(rest, strlen(rest)))) ||
           storage_refuse(request, "400", "InvalidJWT", "InvalidJWT",
                          "\"exp\" claim timestamp check failed");
}

static void signed_url(const struct storage_object *stored, int64_t seconds, char *out, size_t size)
{
    char rest[KEY_MAX + BUCKET_NAME + 2], token[64];

    snprintf(rest, sizeof rest, "%s/%s", stored->bucket->name, stored->key);
    make_token("download", rest, seconds, token);
    snprintf(out, size, "/object/sign/%s?token=%s", rest, token);
}

/* Signs the paths of the body; one that does not exist has an error instead of a URL. */
static void sign_several(struct standin_request *request, const struct storage_path *path,
                         int64_t seconds)
{
    const cJSON *paths = cJSON_GetObjectItemCaseSensitive(request->tree, "paths"), *item;
    cJSON *list = cJSON_CreateArray();

    cJSON_ArrayForEach(item, paths)
    {
        const char *key = cJSON_IsString(item) ? item->valuestring : "";
        const struct storage_object *stored =
            storage_find(request->standin->storage, path->bucket, key);
        char url[KEY_MAX + 300];
        cJSON *row = cJSON_CreateObject();

        json_add_text(row, "error",
                      stored ? NULL
                             : "Either the object does not exist or you do "
                               "not have access to it");
        cJSON_AddStringToObject(row, "path", key);
        if (stored) {
            signed_url(stored, seconds, url, sizeof url);
        }
        json_add_text(row, "signedURL", stored ? url : NULL);
        cJSON_AddItemToArray(list, row);
    }
    answer_json(&request->answer, 200, list);
}

void storage_sign(struct standin_request *request, const char *rest)
{
    struct storage_object *stored;
    struct storage_path path;
    char url[KEY_MAX + 300];
    int64_t seconds;
    cJSON *body;

    if (!storage_split(request, rest, false, &path) || !storage_body(request)) {
        return;
    }
    seconds = json_peek_int(request->tree, "expiresIn", 0);
    if (seconds < 1) {
        storage_refuse(request, "400", "Error", "InvalidRequest",
                       "body must have required property 'expiresIn'");
        return;
    }
    if (!path.key[0]) {
        sign_several(request, &path, seconds);
        return;
    }
    if (!storage_find_object(request, rest, &stored)) {
        return;
    }
    signed_url(stored, seconds, url, sizeof url);
    body = cJSON_CreateObject();
    cJSON_AddStringToObject(body, "signedURL", url);
    answer_json(&request->answer, 200, body);
}

void storage_download_signed(struct standin_request *request, const char *rest)
{
    struct storage_object *stored;

    if (storage_find_object(request, rest, &stored) && token_valid(request, "download", rest)) {
        storage_download(request, rest);
    }
}

void storage_sign_upload(struct standin_request *request, const char *rest)
{
    const char *upsert = request_header(request, "x-upsert");
    char url[KEY_MAX + 300], token[64];
    struct storage_path path;
    cJSON *body;

    if (!storage_split(request, rest, true, &path)) {
        return;
    }
    if (storage_find(request->standin->storage, path.bucket, path.key) &&
        !(upsert && strcmp(upsert, "true") == 0)) {
        storage_refuse(request, "409", "Duplicate", "KeyAlreadyExists",
                       "The resource already exists");
        return;
    }
    make_token("upload", rest, UPLOAD_SECONDS, token);
    snprintf(url, sizeof url, "/object/upload/sign/%s?token=%s", rest, token);
    body = cJSON_CreateObject();
    cJSON_AddStringToObject(body, "url", url);
    cJSON_AddStringToObject(body, "token", token);
    answer_json(&request->answer, 200, body);
}

void storage_upload_signed(struct standin_request *request, const char *rest)
{
    if (token_valid(request, "upload", rest)) {
        storage_upload(request, rest);
    }
}
