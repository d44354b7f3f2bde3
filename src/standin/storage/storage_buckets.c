/* storage_buckets.c - requests for buckets, and list and remove of objects. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "standin/standin_internal.h"
#include "standin/storage/storage_request.h"

struct listed { /* one row of a listing: an object, or a folder without a row of its own */
    const struct storage_object *object;
    const char *name; /* in the object's key */
    int length;
    bool folder;
};

static int by_name(const void *a, const void *b)
{
    const struct listed *one = a, *other = b;
    int length = one->length < other->length ? one->length : other->length;
    int order = strncmp(one->name, other->name, (size_t)length);

    return order ? order : one->length - other->length;
}

/* Returns the length of the prefix if the key lies below it, which is always a folder; else -1. */
static int folder_length(const char *key, const char *prefix)
{
    size_t size = strlen(prefix);

    if (size == 0) {
        return 0;
    }
    if (strncmp(key, prefix, size) != 0) {
        return -1;
    }
    return prefix[size - 1] == '/' ? (int)size : key[size] == '/' ? (int)size + 1 : -1;
}

/* Fills `rows` with the objects and folders directly below the prefix, sorted. */
static size_t list_folder(struct storage *storage, const struct bucket *bucket, const char *prefix,
                          struct listed *rows)
{
    size_t count = 0, kept = 0;

    for (struct storage_object *at = NULL; (at = storage_next(storage, bucket, at));) {
        int skip = folder_length(at->key, prefix);

        if (skip >= 0) {
            const char *name = at->key + skip;
            size_t length = strcspn(name, "/");

            rows[count++] = (struct listed){ at, name, (int)length, name[length] == '/' };
        }
    }
    qsort(rows, count, sizeof *rows, by_name);
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || !rows[i].folder || by_name(&rows[kept - 1], &rows[i]) != 0) {
            rows[kept++] = rows[i];
        }
    }
    return kept;
}

static cJSON *listed_json(const struct listed *row)
{
    cJSON *item = cJSON_CreateObject(), *metadata;
    char name[KEY_MAX];

    snprintf(name, sizeof name, "%.*s", row->length, row->name);
    cJSON_AddStringToObject(item, "name", name);
    if (row->folder) {
        cJSON_AddNullToObject(item, "id");
        cJSON_AddNullToObject(item, "metadata");
        return item;
    }
    cJSON_AddStringToObject(item, "id", row->object->id);
    metadata = cJSON_AddObjectToObject(item, "metadata");
    cJSON_AddNumberToObject(metadata, "size", (double)row->object->size);
    cJSON_AddStringToObject(metadata, "mimetype", row->object->type);
    cJSON_AddStringToObject(metadata, "eTag", row->object->etag);
    return item;
}

void storage_list(struct standin_request *request, const char *rest)
{
    struct storage *storage = request->standin->storage;
    struct storage_object *at = NULL;
    struct listed *rows;
    const char *prefix;
    struct storage_path path;
    size_t count = 0;
    int64_t limit, offset;
    cJSON *array;

    if (!storage_split(request, rest, false, &path) || !storage_body(request)) {
        return;
    }
    while ((at = storage_next(storage, path.bucket, at))) {
        count++;
    }
    rows = xcalloc(count + 1, sizeof *rows);
    prefix = json_peek_text(request->tree, "prefix");
    count = list_folder(storage, path.bucket, prefix ? prefix : "", rows);
    limit = json_peek_int(request->tree, "limit", 100);
    offset = json_peek_int(request->tree, "offset", 0);
    array = cJSON_CreateArray();
    for (size_t i = offset > 0 ? (size_t)offset : 0; i < count && limit-- > 0; i++) {
        cJSON_AddItemToArray(array, listed_json(&rows[i]));
    }
    free(rows);
    answer_json(&request->answer, 200, array);
}

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

/* Reads public, file_size_limit and allowed_mime_types from the request, where they are given. */
static void read_limits(struct standin_request *request, struct bucket *bucket)
{
    const cJSON *is_public = cJSON_GetObjectItem(request->tree, "public");
    const cJSON *types = cJSON_GetObjectItem(request->tree, "allowed_mime_types"), *type;
    int count = 0;

    bucket->is_public = is_public ? cJSON_IsTrue(is_public) : bucket->is_public;
    bucket->size_limit = json_peek_int(request->tree, "file_size_limit", bucket->size_limit);
    if (types) {
        memset(bucket->types, 0, sizeof bucket->types);
    }
    cJSON_ArrayForEach(type, types)
    {
        if (cJSON_IsString(type) && count < TYPES) {
            snprintf(bucket->types[count++], TYPE_MAX, "%s", type->valuestring);
        }
    }
}

static void update_bucket(struct standin_request *request, struct bucket *bucket)
{
    cJSON *body;

    if (!storage_body(request)) {
        return;
    }
    read_limits(request, bucket);
    body = cJSON_CreateObject();
    cJSON_AddStringToObject(body, "message", "Successfully updated");
    answer_json(&request->answer, 200, body);
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
    read_limits(request, bucket);
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

    if (strcmp(request->record.method, "POST") == 0) {
        make_bucket(request);
        return;
    }
    if (rest[0]) {
        if (storage_split(request, rest, false, &path)) {
            if (strcmp(request->record.method, "PUT") == 0) {
                update_bucket(request, path.bucket);
                return;
            }
            answer_json(&request->answer, 200, bucket_json(path.bucket));
        }
        return;
    }
    array = cJSON_CreateArray();
    for (int i = 0; (bucket = storage_bucket_at(storage, i)); i++) {
        cJSON_AddItemToArray(array, bucket_json(bucket));
    }
    answer_json(&request->answer, 200, array);
}
