/* storage_routes.c - /storage/v1/...: answers like Supabase Storage, including its odd statuses. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "base/clock.h"
#include "base/json.h"
#include "standin/standin_internal.h"
#include "standin/storage/storage_request.h"

static bool has_method(const struct standin_request *request, const char *method)
{
    return strcmp(request->record.method, method) == 0;
}

/* Accepts what the gateway accepts: a JWT in Authorization, or a secret key in apikey only. */
static bool check_key(struct standin_request *request)
{
    const char *authorization = request_header(request, "Authorization");
    const char *key = request_header(request, "apikey");
    const char *agent = request_header(request, "User-Agent");
    const char *token = authorization ? authorization : "";
    int dots = 0;

    if (key && strncmp(key, "sb_secret_", 10) == 0 && !authorization) {
        if (agent && strstr(agent, "Mozilla/")) {
            return answer_storage_error(&request->answer, 401, "401", "Unauthorized",
                                        "AccessDenied",
                                        "Forbidden use of secret API key in "
                                        "browser");
        }
        return true;
    }
    if (!authorization) {
        return storage_refuse(request, "400", "Error", "InvalidRequest",
                              "headers must have required property 'authorization'");
    }
    token += strncasecmp(token, "Bearer ", 7) == 0 ? 7 : 0;
    for (const char *at = token; *at; at++) {
        dots += *at == '.';
    }
    if (dots != 2 || strncmp(token, "eyJ", 3) != 0) {
        return storage_refuse(request, "403", "Unauthorized", "AccessDenied",
                              "Invalid Compact JWS");
    }
    return true;
}

static bool type_allowed(const struct bucket *bucket, const char *type)
{
    size_t size = strcspn(type, ";");

    for (int i = 0; i < TYPES && bucket->types[i][0]; i++) {
        const char *allowed = bucket->types[i];
        size_t stem = strcspn(allowed, "*");

        if ((allowed[stem] == '*' && strncmp(allowed, type, stem) == 0) ||
            (strlen(allowed) == size && strncmp(allowed, type, size) == 0)) {
            return true;
        }
    }
    return bucket->types[0][0] == '\0';
}

static char *decode_metadata(const char *text)
{
    size_t size = strlen(text), got = 0;
    char *out = calloc(1, base64_decoded_max(size) + 1);

    if (out && !base64_decode(text, size, (uint8_t *)out, &got)) {
        free(out);
        return NULL;
    }
    return out;
}

static void set_object_headers(struct standin_request *request, struct storage_object *stored,
                               const char *type)
{
    const char *cache = request_header(request, "cache-control");
    const char *metadata = request_header(request, "x-metadata");

    snprintf(stored->type, sizeof stored->type, "%s", type);
    snprintf(stored->cache_control, sizeof stored->cache_control, "%s", cache ? cache : "no-cache");
    free(stored->metadata);
    stored->metadata = metadata ? decode_metadata(metadata) : NULL;
}

static void upload(struct standin_request *request, const char *rest)
{
    struct storage *storage = request->standin->storage;
    const char *upsert = request_header(request, "x-upsert");
    const char *type = request_header(request, "Content-Type");
    bool replace = has_method(request, "PUT") || (upsert && strcmp(upsert, "true") == 0);
    struct storage_object *stored;
    struct storage_path path;
    struct error err;
    cJSON *body;
    char key[KEY_MAX + BUCKET_NAME + 2];

    if (!storage_split(request, rest, true, &path)) {
        return;
    }
    type = type ? type : "application/octet-stream";
    if (!type_allowed(path.bucket, type)) {
        storage_refuse(request, "415", "invalid_mime_type", "InvalidMimeType",
                       "mime type is not supported");
        return;
    }
    if ((int64_t)request->body.size > path.bucket->size_limit) {
        storage_refuse(request, "413", "Payload too large", "EntityTooLarge",
                       "The object exceeded the maximum allowed size");
        return;
    }
    if (!replace && storage_find(storage, path.bucket, path.key)) {
        storage_refuse(request, "409", "Duplicate", "KeyAlreadyExists",
                       "The resource already exists");
        return;
    }
    if (!storage_put(storage, path.bucket, path.key, &request->body, &stored, &err)) {
        answer_storage_error(&request->answer, 500, "500", "Internal", "InternalError", err.text);
        return;
    }
    set_object_headers(request, stored, type);
    snprintf(key, sizeof key, "%s/%s", path.bucket->name, path.key);
    body = cJSON_CreateObject();
    cJSON_AddStringToObject(body, "Key", key);
    cJSON_AddStringToObject(body, "Id", stored->id);
    answer_json(&request->answer, 200, body);
}

static bool find(struct standin_request *request, const char *rest, struct storage_object **out)
{
    struct storage_path path;

    if (!storage_split(request, rest, true, &path)) {
        return false;
    }
    *out = storage_find(request->standin->storage, path.bucket, path.key);
    return *out || storage_refuse(request, "404", "not_found", "NoSuchKey", "Object not found");
}

static void download(struct standin_request *request, const char *rest)
{
    struct storage_object *stored;
    struct blob content;
    struct error err;

    if (!find(request, rest, &stored)) {
        return;
    }
    if (!storage_read(request->standin->storage, stored, &content, &err)) {
        storage_refuse(request, "404", "not_found", "NoSuchKey", err.text);
        return;
    }
    answer_bytes(&request->answer, 200, stored->type, content.data, content.size);
    answer_header(&request->answer, "etag", stored->etag);
    answer_header(&request->answer, "cache-control", stored->cache_control);
    blob_free(&content);
}

static void download_public(struct standin_request *request, const char *rest)
{
    struct storage_path path;

    if (!storage_split(request, rest, true, &path)) {
        return;
    }
    if (!path.bucket->is_public) { /* Supabase answers as if a private bucket did not exist */
        storage_refuse(request, "404", "Bucket not found", "NoSuchBucket", "Bucket not found");
        return;
    }
    download(request, rest);
}

static void info(struct standin_request *request, const char *rest)
{
    struct storage_object *stored;
    cJSON *body;
    char time[25];

    if (!find(request, rest, &stored)) {
        return;
    }
    body = cJSON_CreateObject();
    cJSON_AddStringToObject(body, "id", stored->id);
    cJSON_AddStringToObject(body, "name", stored->key);
    cJSON_AddStringToObject(body, "bucket_id", stored->bucket->name);
    cJSON_AddNumberToObject(body, "size", (double)stored->size);
    cJSON_AddStringToObject(body, "content_type", stored->type);
    cJSON_AddStringToObject(body, "cache_control", stored->cache_control);
    cJSON_AddStringToObject(body, "etag", stored->etag);
    cJSON_AddItemToObject(body, "metadata",
                          stored->metadata ? cJSON_Parse(stored->metadata) : cJSON_CreateObject());
    clock_format(stored->created_ms, time);
    cJSON_AddStringToObject(body, "created_at", time);
    answer_json(&request->answer, 200, body);
}

static void sign(struct standin_request *request, const char *rest)
{
    struct storage_object *stored;
    int64_t seconds;
    char url[KEY_MAX + 300];
    cJSON *body;

    if (!find(request, rest, &stored) || !storage_body(request)) {
        return;
    }
    seconds = json_peek_int(request->tree, "expiresIn", 0);
    if (seconds < 1) {
        storage_refuse(request, "400", "Error", "InvalidRequest",
                       "body must have required property 'expiresIn'");
        return;
    }
    snprintf(url, sizeof url, "/object/sign/%s/%s?token=%lld.%016llx", stored->bucket->name,
             stored->key, (long long)(clock_wall_ms() / 1000 + seconds),
             (unsigned long long)hash_bytes(stored->id, sizeof stored->id));
    body = cJSON_CreateObject();
    cJSON_AddStringToObject(body, "signedURL", url);
    answer_json(&request->answer, 200, body);
}

static void download_signed(struct standin_request *request, const char *rest)
{
    const char *token = request_query(request, "token");
    unsigned long long mark = 0;
    long long until = 0;
    struct storage_object *stored;

    if (!find(request, rest, &stored)) {
        return;
    }
    if (!token || sscanf(token, "%lld.%llx", &until, &mark) != 2 ||
        until < clock_wall_ms() / 1000 ||
        mark != (unsigned long long)hash_bytes(stored->id, sizeof stored->id)) {
        storage_refuse(request, "400", "InvalidJWT", "InvalidJWT",
                       "\"exp\" claim timestamp check failed");
        return;
    }
    download(request, rest);
}

struct storage_route {
    const char *methods, *path;
    bool open; /* no key needed */
    void (*run)(struct standin_request *request, const char *rest);
};

static const struct storage_route storage_routes[] = {
    /* a longer path before its prefix */
    { "GET HEAD", "object/public/", true, download_public },
    { "GET HEAD", "object/sign/", true, download_signed },
    { "POST", "object/sign/", false, sign },
    { "POST", "object/list/", false, storage_list },
    { "GET HEAD", "object/info/public/", true, info },
    { "GET HEAD", "object/info/authenticated/", false, info },
    { "GET HEAD", "object/info/", false, info },
    { "GET HEAD", "object/authenticated/", false, download },
    { "GET HEAD", "object/", false, download },
    { "POST PUT", "object/", false, upload },
    { "DELETE", "object/", false, storage_remove_objects },
    { "GET PUT", "bucket/", false, storage_buckets },
    { "GET POST", "bucket", false, storage_buckets },
};

void storage_handle(struct standin_request *request)
{
    const char *path = request->path + strlen("/storage/v1/");

    pthread_mutex_lock(&request->standin->lock);
    for (size_t i = 0;
         i < sizeof storage_routes / sizeof *storage_routes && !request->answer.status; i++) {
        const struct storage_route *route = &storage_routes[i];
        size_t size = strlen(route->path);

        if (strncmp(path, route->path, size) != 0 ||
            !strstr(route->methods, request->record.method)) {
            continue;
        }
        if (route->open || check_key(request)) {
            route->run(request, path + size);
        }
    }
    pthread_mutex_unlock(&request->standin->lock);
    if (!request->answer.status) {
        answer_storage_error(&request->answer, 404, "404", "Not Found", "NotFound",
                             "Route not found");
    }
    if (has_method(request, "HEAD") && request->answer.status != 200) { /* HEAD has no body */
        answer_bytes(&request->answer, request->answer.status, "text/plain", "", 0);
    }
}
