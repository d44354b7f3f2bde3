/* storage_buckets.c - requests for buckets, and removal of objects. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "standin/standin_internal.h"
#include "standin/storage/storage_folder.h"
#include "standin/storage/storage_request.h"

void storage_remove_objects(struct standin_request *request, const char *rest)
{
    struct storage *storage = request->standin->storage;
    struct storage_object *stored;
    const cJSON *item;
    struct storage_path path;
    cJSON *removed, *row;

    if (!storage_split(request, rest, false, &path)) {
        return;
    }
    removed = cJSON_CreateArray();
    if (path.key[0]) { /* DELETE /object/{bucket}/{path} */
        stored = storage_find(storage, path.bucket, path.key);
        if (stored) {
            storage_remove(storage, stored);
        }
        answer_json(&request->answer, 200, removed);
        return;
    }
    if (!storage_body(request)) {
        cJSON_Delete(removed);
        return;
    }
    cJSON_ArrayForEach(item, cJSON_GetObjectItem(request->tree, "prefixes"))
    {
        const char *key = cJSON_IsString(item) ? item->valuestring : "";

        stored = storage_find(storage, path.bucket, key);
        if (stored) {
            row = cJSON_CreateObject();
            cJSON_AddStringToObject(row, "name", key);
            cJSON_AddStringToObject(row, "id", stored->id);
            cJSON_AddItemToArray(removed, row);
            storage_remove(storage, stored);
        }
    }
    answer_json(&request->answer, 200, removed);
}

static cJSON *bucket_json(const struct bucket *bucket)
{
    cJSON *item = cJSON_CreateObject(), *types;

    cJSON_AddStringToObject(item, "id", bucket->name);
    cJSON_AddStringToObject(item, "name", bucket->name);
    cJSON_AddBoolToObject(item, "public", bucket->is_public);
    cJSON_AddNumberToObject(item, "file_size_limit", (double)bucket->size_limit);
    types = bucket->types[0][0] ? cJSON_AddArrayToObject(item, "allowed_mime_types")
                                : cJSON_AddNullToObject(item, "allowed_mime_types");
    for (int i = 0; i < TYPES && bucket->types[i][0]; i++) {
        cJSON_AddItemToArray(types, cJSON_CreateString(bucket->types[i]));
    }
    return item;
}

/* Reads a number of bytes, or a text like "2MB". Returns `fallback` for anything else. */
static int64_t size_limit(const cJSON *value, int64_t fallback)
{
    static const struct {
        const char *name;
        double bytes;
    } units[] = { { "", 1 }, { "B", 1 }, { "KB", 1e3 }, { "MB", 1e6 }, { "GB", 1e9 } };
    char *unit;
    double number;

    if (cJSON_IsNumber(value) && value->valuedouble > 0 && value->valuedouble < 1e15) {
        return (int64_t)value->valuedouble;
    }
    if (!cJSON_IsString(value)) {
        return fallback;
    }
    number = strtod(value->valuestring, &unit);
    unit += strspn(unit, " ");
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (strcasecmp(unit, units[i].name) == 0 && number > 0 && number * units[i].bytes < 1e15) {
            return (int64_t)(number * units[i].bytes);
        }
    }
    return fallback;
}

/* Sets the properties that the body contains. */
static void set_properties(struct bucket *bucket, const cJSON *body)
{
    const cJSON *is_public = cJSON_GetObjectItemCaseSensitive(body, "public"), *type;
    const cJSON *types = cJSON_GetObjectItemCaseSensitive(body, "allowed_mime_types");
    int count = 0;

    bucket->is_public = is_public ? cJSON_IsTrue(is_public) : bucket->is_public;
    bucket->size_limit =
        size_limit(cJSON_GetObjectItemCaseSensitive(body, "file_size_limit"), bucket->size_limit);
    if (cJSON_IsArray(types)) {
        memset(bucket->types, 0, sizeof bucket->types);
    }
    cJSON_ArrayForEach(type, types)
    {
        if (cJSON_IsString(type) && count < TYPES) {
            snprintf(bucket->types[count++], TYPE_MAX, "%s", type->valuestring);
        }
    }
}

static void answer_message(struct standin_request *request, const char *message)
{
    cJSON *body = cJSON_CreateObject();

    cJSON_AddStringToObject(body, "message", message);
    answer_json(&request->answer, 200, body);
}

static void empty_bucket(struct standin_request *request, const struct bucket *bucket)
{
    struct storage *storage = request->standin->storage;
    struct storage_object *stored;

    while ((stored = storage_next(storage, bucket, NULL))) {
        storage_remove(storage, stored);
    }
    answer_message(request, "Empty bucket has been queued. Completion may take up to an hour.");
}

/* PUT, DELETE, GET bucket/ID, and POST bucket/ID/empty. */
static void one_bucket(struct standin_request *request, const struct storage_path *path)
{
    struct storage *storage = request->standin->storage;
    const char *method = request->record.method;

    if (strcmp(method, "GET") == 0) {
        answer_json(&request->answer, 200, bucket_json(path->bucket));
    } else if (strcmp(method, "POST") == 0 && strcmp(path->key, "empty") == 0) {
        empty_bucket(request, path->bucket);
    } else if (strcmp(method, "PUT") == 0 && storage_body(request)) {
        set_properties(path->bucket, request->tree);
        answer_message(request, "Successfully updated");
    } else if (strcmp(method, "DELETE") == 0) {
        if (storage_next(storage, path->bucket, NULL)) {
            storage_refuse(request, "409", "InvalidRequest", "BucketNotEmpty",
                           "The bucket you tried to delete is not empty");
        } else {
            storage_bucket_remove(path->bucket);
            answer_message(request, "Successfully deleted");
        }
    }
}

static void make_bucket(struct standin_request *request)
{
    const char *name;
    struct bucket *bucket;
    cJSON *body;

    if (!storage_body(request)) {
        return;
    }
    name = json_peek_text(request->tree, "name");
    name = name ? name : json_peek_text(request->tree, "id");
    if (!name || !storage_key_valid(name) || strchr(name, '/')) {
        storage_refuse(request, "400", "Error", "InvalidRequest", "Bucket name invalid");
        return;
    }
    if (storage_bucket(request->standin->storage, name)) {
        storage_refuse(request, "409", "Duplicate", "BucketAlreadyExists",
                       "The resource already exists");
        return;
    }
    bucket = storage_bucket_add(request->standin->storage, name);
    if (!bucket) {
        storage_refuse(request, "400", "Error", "InvalidRequest", "Bucket name invalid");
        return;
    }
    set_properties(bucket, request->tree);
    body = cJSON_CreateObject();
    cJSON_AddStringToObject(body, "name", bucket->name);
    answer_json(&request->answer, 200, body);
}

void storage_buckets(struct standin_request *request, const char *rest)
{
    struct storage *storage = request->standin->storage;
    struct bucket *bucket;
    struct storage_path path;
    cJSON *array;

    if (rest[0]) {
        if (storage_split(request, rest, false, &path)) {
            one_bucket(request, &path);
        }
        return;
    }
    if (strcmp(request->record.method, "POST") == 0) {
        make_bucket(request);
        return;
    }
    array = cJSON_CreateArray();
    for (int i = 0; (bucket = storage_bucket_at(storage, i)); i++) {
        if (bucket->name[0]) {
            cJSON_AddItemToArray(array, bucket_json(bucket));
        }
    }
    answer_json(&request->answer, 200, array);
}
