/* storage_copy.c - copies and moves objects within and between buckets. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "standin/storage/storage_folder.h"
#include "standin/storage/storage_request.h"

struct copy_paths {
    struct storage_object *from;
    struct bucket *bucket; /* of the copy */
    const char *key;
};

/* Reads {"bucketId", "sourceKey", "destinationBucket", "destinationKey"}. */
static bool read_paths(struct standin_request *request, bool replace, struct copy_paths *out)
{
    struct storage *storage = request->standin->storage;
    const char *name, *other, *key;
    struct bucket *bucket;

    if (!storage_body(request)) {
        return false;
    }
    name = json_peek_text(request->tree, "bucketId");
    other = json_peek_text(request->tree, "destinationBucket");
    key = json_peek_text(request->tree, "sourceKey");
    out->key = json_peek_text(request->tree, "destinationKey");
    if (!name || !key || !out->key || !storage_key_valid(out->key)) {
        return storage_refuse(request, "400", "InvalidKey", "InvalidKey", "Invalid key");
    }
    bucket = storage_bucket(storage, name);
    out->bucket = other ? storage_bucket(storage, other) : bucket;
    if (!bucket || !out->bucket) {
        return storage_refuse(request, "404", "Bucket not found", "NoSuchBucket",
                              "Bucket not found");
    }
    out->from = storage_find(storage, bucket, key);
    if (!out->from) {
        return storage_refuse(request, "404", "not_found", "NoSuchKey", "Object not found");
    }
    return replace || !storage_find(storage, out->bucket, out->key) ||
           storage_refuse(request, "409", "Duplicate", "KeyAlreadyExists",
                          "The resource already exists");
}

static bool copy_object(struct standin_request *request, const struct copy_paths *paths,
                        struct storage_object **out)
{
    struct storage *storage = request->standin->storage;
    const struct storage_object *from = paths->from;
    struct blob content = { 0 };
    struct error err;

    if (!storage_read(storage, from, &content, &err) ||
        !storage_put(storage, paths->bucket, paths->key, &content, out, &err)) {
        blob_free(&content);
        answer_storage_error(&request->answer, 500, "500", "Internal", "InternalError", err.text);
        return false;
    }
    blob_free(&content);
    memcpy((*out)->type, from->type, sizeof from->type);
    memcpy((*out)->cache_control, from->cache_control, sizeof from->cache_control);
    free((*out)->metadata);
    (*out)->metadata = from->metadata ? xstrdup(from->metadata) : NULL;
    return true;
}

void storage_copy(struct standin_request *request, const char *rest)
{
    const char *upsert = request_header(request, "x-upsert");
    struct storage_object *made;
    struct copy_paths paths;

    (void)rest;
    if (read_paths(request, upsert && strcmp(upsert, "true") == 0, &paths) &&
        copy_object(request, &paths, &made)) {
        storage_answer_key(request, made);
    }
}

void storage_move(struct standin_request *request, const char *rest)
{
    struct storage_object *made;
    struct copy_paths paths;
    cJSON *body;

    (void)rest;
    if (read_paths(request, false, &paths) && copy_object(request, &paths, &made)) {
        storage_remove(request->standin->storage, paths.from);
        body = cJSON_CreateObject();
        cJSON_AddStringToObject(body, "message", "Successfully moved");
        answer_json(&request->answer, 200, body);
    }
}
