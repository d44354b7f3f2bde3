/* supabase.c - Supabase Storage over its HTTP interface.
 *
 * Errors are classified in supabase_error.c. A put is an upsert, so that
 * a repeat overwrites; it sends cache-control, because an upsert without it stores no-cache. */
#include <string.h>
#include <strings.h>

#include "base/base64.h"
#include "base/json.h"
#include "store/store.h"
#include "store/supabase_error.h"

enum {
    RESPONSE_MAX = 64 * 1024,
    REMOVED_MAX = 1 << 20,
    LISTED_MAX = 1 << 20,
    PHOTO_MAX = 50 << 20,
    CHECK_TIMEOUT_MS = 15 * 1000
};

/* A legacy key is a JWT and is sent in both headers. A secret key (sb_secret_...) is not a JWT, and
 * is sent in apikey only. */
static void add_key(const struct store_target *at, struct op *op)
{
    op_secret_header(op, "apikey", "", at->key);
    if (!secret_starts_with(at->key, "sb_")) {
        op_secret_header(op, "authorization", "Bearer ", at->key);
    }
}

/* Without a path the request is for the bucket, and its body names the objects. */
static bool begin(const struct store_target *at, const struct object *o, const char *method,
                  struct arena *arena, struct op *op, struct error *err)
{
    if (!at->base_url || at->base_url[0] == '\0' || !secret_is_set(at->key)) {
        error_set(err, ERROR_CONFIG, "the Supabase store has no address or no key");
        return error_hint(err, "Set SUPABASE_URL and SUPABASE_SERVICE_ROLE_KEY.");
    }
    op->kind = OP_HTTP;
    op->timeout_ms = 120 * 1000;
    op->http.method = method;
    op->http.url = arena_printf(arena, "%s/storage/v1/object/%s%s%s", at->base_url, o->bucket,
                                o->path ? "/" : "", o->path ? o->path : "");
    add_key(at, op);
    return true;
}

static bool supabase_put(const struct store_target *at, const struct object *o, struct arena *arena,
                         struct op *op, struct error *err)
{
    struct blob encoded;

    if (!begin(at, o, "POST", arena, op, err)) {
        return false;
    }
    op->http.body = blob_view(o->content.data, o->content.size);
    op->http.max_response_bytes = RESPONSE_MAX;
    op_header(op, "content-type", o->content_type);
    op_header(op, "cache-control", "max-age=3600");
    op_header(op, "x-upsert", "true");
    if (o->metadata) {
        if (!base64_encode(o->metadata, strlen(o->metadata), &encoded, err)) {
            return false;
        }
        op_header(op, "x-metadata", arena_bytes(arena, encoded.data, encoded.size));
        blob_free(&encoded);
    }
    return true;
}

/* A proxy or portal may answer any request with a page and status 200, or with the answer to
 * another request. */
static bool names_stored_file(const struct http_response *got, const struct object *o)
{
    cJSON *body = NULL;
    struct error ignored;
    bool is_json = json_parse(got->body.data, got->body.size, "response", &body, &ignored);
    const char *key = is_json ? json_peek_text(body, "Key") : NULL;
    size_t size = key ? strlen(key) : 0, path_size = strlen(o->path);
    bool names = key ? size >= path_size && strcmp(key + size - path_size, o->path) == 0
                     : is_json && json_peek_text(body, "Id");

    cJSON_Delete(body);
    return names;
}

static bool supabase_put_done(const struct object *o, struct op *op, struct error *err)
{
    const struct http_response *got = &op->http_response;

    if (got->status != 200) {
        return supabase_error(got, SUPABASE_PUT, o, err);
    }
    return names_stored_file(got, o) ||
           error_set(err, ERROR_REMOTE, "the answer to an upload (HTTP 200) names no stored file");
}

/* Gateways in front of the storage may turn its errors into HTTP 200. */
static bool is_error_body(const struct http_response *got)
{
    cJSON *body = NULL;
    struct error ignored;
    bool is = strcasestr(got->content_type, "json") && got->body.size < RESPONSE_MAX &&
              json_parse(got->body.data, got->body.size, "response", &body, &ignored) &&
              cJSON_GetObjectItemCaseSensitive(body, "statusCode") &&
              (json_peek_text(body, "error") || json_peek_text(body, "message"));

    cJSON_Delete(body);
    return is;
}

static bool supabase_get(const struct store_target *at, const struct object *o, struct arena *arena,
                         struct op *op, struct error *err)
{
    op->http.max_response_bytes = PHOTO_MAX;
    return begin(at, o, "GET", arena, op, err);
}

static bool supabase_get_done(const struct object *o, struct op *op, struct blob *out,
                              struct error *err)
{
    const struct http_response *got = &op->http_response;

    (void)o;
    if (got->status != 200) {
        return supabase_error(got, op->http.untrusted_url ? SUPABASE_GET_PUBLIC : SUPABASE_GET,
                              NULL, err);
    }
    if (strncasecmp(got->content_type, "text/html", 9) == 0) {
        return error_set(err, ERROR_REMOTE, "the storage returned a web page instead of a file");
    }
    if (is_error_body(got)) {
        return error_set(err, ERROR_REMOTE, "the storage returned an error instead of a file");
    }
    *out = blob_move(&op->http_response.body);
    return true;
}

static bool supabase_remove(const struct store_target *at, const struct object *objects, int count,
                            struct arena *arena, struct op *op, struct error *err)
{
    struct object bucket = { .bucket = objects->bucket };
    cJSON *body = cJSON_CreateObject(), *paths = cJSON_AddArrayToObject(body, "prefixes");

    for (int i = 0; i < count; i++) { /* "prefixes" are whole paths */
        cJSON_AddItemToArray(paths, cJSON_CreateString(objects[i].path));
    }
    op->http.body = blob_text(json_print(body, arena));
    cJSON_Delete(body);
    op->http.max_response_bytes = REMOVED_MAX;
    op_header(op, "content-type", "application/json");
    return begin(at, &bucket, "DELETE", arena, op, err);
}

/* A missing bucket, or a 404 of another server, is a failure: nothing was removed. */
static bool says_no_such_object(const struct http_response *got)
{
    cJSON *body = NULL;
    struct error ignored;
    const char *code;
    bool is = false;

    if (got->status != 200 &&
        json_parse(got->body.data, got->body.size, "response", &body, &ignored)) {
        code = json_peek_text(body, "code");
        is = code && strcmp(code, "NoSuchKey") == 0;
    }
    cJSON_Delete(body);
    return is;
}

static bool supabase_remove_done(struct op *op, struct error *err)
{
    return op->http_response.status == 200 || says_no_such_object(&op->http_response) ||
           supabase_error(&op->http_response, SUPABASE_BUCKET, NULL, err);
}

static bool supabase_list(const struct store_target *at, const char *bucket, const char *folder,
                          int offset, struct arena *arena, struct op *op, struct error *err)
{
    struct object list = { .bucket = arena_printf(arena, "list/%s", bucket) };
    cJSON *body = cJSON_CreateObject(), *order;

    cJSON_AddStringToObject(body, "prefix", arena_printf(arena, "%s/", folder));
    cJSON_AddNumberToObject(body, "limit", STORE_LISTS);
    cJSON_AddNumberToObject(body, "offset", offset);
    order = cJSON_AddObjectToObject(body, "sortBy");
    cJSON_AddStringToObject(order, "column", "name");
    cJSON_AddStringToObject(order, "order", "asc");
    op->http.body = blob_text(json_print(body, arena));
    cJSON_Delete(body);
    op->http.max_response_bytes = LISTED_MAX;
    op_header(op, "content-type", "application/json");
    return begin(at, &list, "POST", arena, op, err);
}

/* A folder has no id. */
static bool supabase_list_done(const struct op *op, struct arena *arena, struct object_entry *out,
                               int *count, struct error *err)
{
    const struct http_response *got = &op->http_response;
    cJSON *list = NULL;
    const cJSON *row;

    *count = 0;
    if (got->status != 200) {
        return supabase_error(got, SUPABASE_BUCKET, NULL, err);
    }
    if (!json_parse(got->body.data, got->body.size, "the listing of the storage", &list, err)) {
        return false;
    }
    if (!cJSON_IsArray(list) || cJSON_GetArraySize(list) > STORE_LISTS) {
        cJSON_Delete(list);
        return error_set(err, ERROR_REMOTE, "the listing of the storage is not a list of %d rows",
                         STORE_LISTS);
    }
    cJSON_ArrayForEach(row, list)
    {
        const char *name = json_peek_text(row, "name");
        const cJSON *metadata = cJSON_GetObjectItemCaseSensitive(row, "metadata");

        if (name) {
            out[(*count)++] = (struct object_entry){ .name = arena_text(arena, name),
                                                     .size = json_peek_int(metadata, "size", 0),
                                                     .folder = !json_peek_text(row, "id") };
        }
    }
    cJSON_Delete(list);
    return true;
}

static bool supabase_url(const struct store_target *at, const struct object *o, struct arena *arena,
                         const char **out, struct error *err)
{
    (void)err;
    *out = arena_printf(arena, "%s/storage/v1/object/public/%s/%s",
                        at->public_url ? at->public_url : at->base_url, o->bucket, o->path);
    return true;
}

static bool supabase_check(const struct store_target *at, const char *bucket, struct arena *arena,
                           struct op *op, struct error *err)
{
    struct object o = { .bucket = bucket };

    op->http.max_response_bytes = RESPONSE_MAX;
    if (!begin(at, &o, "GET", arena, op, err)) {
        return false;
    }
    op->timeout_ms = CHECK_TIMEOUT_MS;
    op->http.url = arena_printf(arena, "%s/storage/v1/bucket/%s", at->base_url, bucket);
    return true;
}

static bool allows(const cJSON *types, const char *wanted)
{
    const cJSON *type;

    cJSON_ArrayForEach(type, types)
    {
        const char *name = cJSON_IsString(type) ? type->valuestring : "";

        if (strcmp(name, wanted) == 0 || strcmp(name, "image/*") == 0 || strcmp(name, "*/*") == 0) {
            return true;
        }
    }
    return cJSON_GetArraySize(types) == 0; /* null or empty: all types */
}

static bool check_bucket(const char *name, const cJSON *bucket, const char **note,
                         struct error *err)
{
    const cJSON *types = cJSON_GetObjectItemCaseSensitive(bucket, "allowed_mime_types");
    int64_t limit = json_peek_int(bucket, "file_size_limit", 0);

    if (!allows(types, "image/png") || !allows(types, "image/jpeg")) {
        error_set(err, ERROR_CONFIG, "bucket '%.60s' does not allow %s", name,
                  allows(types, "image/png") ? "JPEG files" : "PNG files");
        return error_hint(err, "Allow image/png and image/jpeg in the bucket's settings.");
    }
    if (limit > 0 && limit < STORE_NEEDS_BYTES) {
        error_set(err, ERROR_CONFIG, "bucket '%.60s' accepts files of at most %lld bytes", name,
                  (long long)limit);
        return error_hint(err, "Set the bucket's file size limit to %d bytes or more.",
                          STORE_NEEDS_BYTES);
    }
    if (!cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(bucket, "public"))) {
        *note = "the bucket is not public: the application cannot show the images by their URLs";
    }
    return true;
}

static bool supabase_check_done(const struct store_target *at, const char *bucket,
                                const struct op *op, const char **note, struct error *err)
{
    const struct http_response *got = &op->http_response;
    cJSON *body = NULL;
    bool good;

    *note = NULL;
    if (got->status != 200) {
        supabase_error(got, SUPABASE_BUCKET, NULL, err);
        if (err->kind == ERROR_CONFIG && !err->hint[0]) {
            error_hint(err, "Create the public bucket '%.60s' for image/png and image/jpeg.",
                       bucket);
        } else if (err->kind == ERROR_KEY) {
            error_hint(err, "Check SUPABASE_SERVICE_ROLE_KEY: it must be a service role or secret "
                            "key of this project.");
        }
        return false;
    }
    if (!json_parse(got->body.data, got->body.size, "the answer about the bucket", &body, err)) {
        return error_hint(err,
                          "Check SUPABASE_URL: another server, or a login page of the network, "
                          "answers there.");
    }
    good = check_bucket(bucket, body, note, err);
    if (at->limits) {
        at->limits->file_bytes = json_peek_int(body, "file_size_limit", 0);
    }
    cJSON_Delete(body);
    return good;
}

const struct store store_supabase = {
    .name = "supabase",
    .has_key = true,
    .put = supabase_put,
    .put_done = supabase_put_done,
    .get = supabase_get,
    .get_done = supabase_get_done,
    .remove = supabase_remove,
    .remove_done = supabase_remove_done,
    .list = supabase_list,
    .list_done = supabase_list_done,
    .check = supabase_check,
    .check_done = supabase_check_done,
    .url = supabase_url,
};
