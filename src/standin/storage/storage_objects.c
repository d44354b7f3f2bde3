/* storage_objects.c - uploads, downloads and properties of objects. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/memory.h"
#include "standin/openai/multipart.h"
#include "standin/storage/storage_request.h"

/* -- uploads ----------------------------------------------------------------------------------- */

struct object_upload { /* what a client sends: as the body, or as a part of a form */
    const char *type;
    char cache_control[TYPE_MAX];
    char *metadata;      /* JSON, owned; NULL if there is none */
    struct blob content; /* owned, or borrowed from the request's body */
};

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

static void read_plain(struct standin_request *request, struct object_upload *out)
{
    const char *type = request_header(request, "Content-Type");
    const char *cache = request_header(request, "cache-control");
    const char *metadata = request_header(request, "x-metadata");

    *out = (struct object_upload){ .type = type ? type : "application/octet-stream",
                                   .metadata = metadata ? decode_metadata(metadata) : NULL,
                                   .content = blob_move(&request->body) };
    snprintf(out->cache_control, sizeof out->cache_control, "%s", cache ? cache : "no-cache");
}

/* storage-js sends a Blob as a form with the fields cacheControl (seconds) and metadata (JSON), and
 * a file without a name. */
static bool read_form(struct standin_request *request, const char *type, struct multipart **form,
                      struct object_upload *out)
{
    const struct multipart_part *file = NULL;
    struct error err;

    *out = (struct object_upload){ .cache_control = "no-cache" };
    if (!multipart_split(type, &request->body, form, &request->answer)) {
        return false;
    }
    for (int i = 0; i < (*form)->count; i++) {
        const struct multipart_part *part = &(*form)->parts[i];

        if (part->file || part->name[0] == '\0') {
            file = part;
        } else if (strcmp(part->name, "cacheControl") == 0) {
            snprintf(out->cache_control, sizeof out->cache_control, "max-age=%.*s",
                     (int)(part->size < 20 ? part->size : 20), (const char *)part->data);
        } else if (strcmp(part->name, "metadata") == 0) {
            free(out->metadata);
            out->metadata = xstrndup((const char *)part->data, part->size);
        }
    }
    if (!file) {
        return storage_refuse(request, "400", "Error", "InvalidRequest", "the form has no file");
    }
    out->type = file->type[0] ? file->type : "application/octet-stream";
    if (!blob_copy(&out->content, file->data, file->size, &err)) {
        answer_storage_error(&request->answer, 500, "500", "Internal", "InternalError", err.text);
        return false;
    }
    return true;
}

static bool check_upload(struct standin_request *request, const struct storage_path *path,
                         const struct object_upload *upload, bool replace)
{
    if (!type_allowed(path->bucket, upload->type)) {
        return storage_refuse(request, "415", "invalid_mime_type", "InvalidMimeType",
                              "mime type is not supported");
    }
    if ((int64_t)upload->content.size > path->bucket->size_limit) {
        return storage_refuse(request, "413", "Payload too large", "EntityTooLarge",
                              "The object exceeded the maximum allowed size");
    }
    return replace || !storage_find(request->standin->storage, path->bucket, path->key) ||
           storage_refuse(request, "409", "Duplicate", "KeyAlreadyExists",
                          "The resource already exists");
}

void storage_answer_key(struct standin_request *request, const struct storage_object *stored)
{
    char key[KEY_MAX + BUCKET_NAME + 2];
    cJSON *body = cJSON_CreateObject();

    snprintf(key, sizeof key, "%s/%s", stored->bucket->name, stored->key);
    cJSON_AddStringToObject(body, "Key", key);
    cJSON_AddStringToObject(body, "Id", stored->id);
    answer_json(&request->answer, 200, body);
}

static void store_upload(struct standin_request *request, const struct storage_path *path,
                         struct object_upload *upload)
{
    struct storage_object *stored;
    struct error err;

    if (!storage_put(request->standin->storage, path->bucket, path->key, &upload->content, &stored,
                     &err)) {
        answer_storage_error(&request->answer, 500, "500", "Internal", "InternalError", err.text);
        return;
    }
    snprintf(stored->type, sizeof stored->type, "%s", upload->type);
    snprintf(stored->cache_control, sizeof stored->cache_control, "%s", upload->cache_control);
    free(stored->metadata);
    stored->metadata = upload->metadata;
    upload->metadata = NULL;
    storage_answer_key(request, stored);
}

void storage_upload(struct standin_request *request, const char *rest)
{
    const char *upsert = request_header(request, "x-upsert");
    const char *type = request_header(request, "Content-Type");
    bool replace =
        strcmp(request->record.method, "PUT") == 0 || (upsert && strcmp(upsert, "true") == 0);
    struct multipart *form = NULL;
    struct object_upload upload = { .type = NULL };
    struct storage_path path;
    bool good = true;

    if (!storage_split(request, rest, true, &path)) {
        return;
    }
    if (type && strncasecmp(type, "multipart/form-data", 19) == 0) {
        good = read_form(request, type, &form, &upload);
    } else {
        read_plain(request, &upload);
    }
    if (good && check_upload(request, &path, &upload, replace)) {
        store_upload(request, &path, &upload);
    }
    blob_free(&upload.content);
    free(upload.metadata);
    free(form);
}

/* -- downloads --------------------------------------------------------------------------------- */

bool storage_find_object(struct standin_request *request, const char *rest,
                         struct storage_object **out)
{
    struct storage_path path;

    if (!storage_split(request, rest, true, &path)) {
        return false;
    }
    *out = storage_find(request->standin->storage, path.bucket, path.key);
    return *out || storage_refuse(request, "404", "not_found", "NoSuchKey", "Object not found");
}

/* ?download= or ?download=NAME asks the browser to save the object. */
static void set_disposition(struct standin_request *request)
{
    const char *name = request_query(request, "download");
    char text[200];

    if (name) {
        snprintf(text, sizeof text, "attachment%s%.100s", name[0] ? "; filename=" : "", name);
        answer_header(&request->answer, "content-disposition", text);
    }
}

/* Reads "bytes=FROM-", "bytes=FROM-TO" or "bytes=-COUNT". Returns 200 for the whole object, 206, or
 * 416 if the range begins behind the end. */
static int read_range(const char *text, size_t size, size_t *from, size_t *length)
{
    uint64_t first = 0, last = 0;

    *from = 0;
    *length = size;
    if (!text || strncmp(text, "bytes=", 6) != 0 || strchr(text, ',')) {
        return 200;
    }
    text += 6;
    if (sscanf(text, "-%" SCNu64, &last) == 1) {
        *from = last < size ? size - (size_t)last : 0;
        *length = size - *from;
        return last > 0 ? 206 : 416;
    }
    if (sscanf(text, "%" SCNu64, &first) != 1) {
        return 200;
    }
    if (first >= size) {
        return 416;
    }
    *from = (size_t)first;
    *length = size - *from;
    text = strchr(text, '-');
    if (text && sscanf(text + 1, "%" SCNu64, &last) == 1 && last >= first && last < size) {
        *length = (size_t)(last - first + 1);
    }
    return 206;
}

static void answer_content(struct standin_request *request, const struct storage_object *stored,
                           const struct blob *content)
{
    size_t from, length;
    int status = read_range(request_header(request, "Range"), content->size, &from, &length);
    char range[80];

    if (status == 416) {
        snprintf(range, sizeof range, "bytes */%zu", content->size);
        answer_storage_error(&request->answer, 416, "416", "InvalidRange", "InvalidRange",
                             "The requested range is not satisfiable");
        answer_header(&request->answer, "content-range", range);
        return;
    }
    answer_bytes(&request->answer, status, stored->type,
                 content->size ? (const char *)content->data + from : "", length);
    if (status == 206) {
        snprintf(range, sizeof range, "bytes %zu-%zu/%zu", from, from + length - 1, content->size);
        answer_header(&request->answer, "content-range", range);
    }
}

void storage_download(struct standin_request *request, const char *rest)
{
    const char *known = request_header(request, "If-None-Match");
    struct storage_object *stored;
    struct blob content;
    struct error err;

    if (!storage_find_object(request, rest, &stored)) {
        return;
    }
    if (known && strcmp(known, stored->etag) == 0) {
        answer_bytes(&request->answer, 304, stored->type, "", 0);
    } else if (storage_read(request->standin->storage, stored, &content, &err)) {
        answer_content(request, stored, &content);
        blob_free(&content);
    } else {
        storage_refuse(request, "404", "not_found", "NoSuchKey", err.text);
        return;
    }
    answer_header(&request->answer, "accept-ranges", "bytes");
    answer_header(&request->answer, "etag", stored->etag);
    answer_header(&request->answer, "cache-control", stored->cache_control);
    set_disposition(request);
}

void storage_download_public(struct standin_request *request, const char *rest)
{
    struct storage_path path;

    if (!storage_split(request, rest, true, &path)) {
        return;
    }
    if (!path.bucket->is_public) { /* Supabase answers as if a private bucket did not exist */
        storage_refuse(request, "404", "Bucket not found", "NoSuchBucket", "Bucket not found");
        return;
    }
    storage_download(request, rest);
}

void storage_info(struct standin_request *request, const char *rest)
{
    struct storage_object *stored;
    cJSON *body, *metadata;
    char time[25];

    if (!storage_find_object(request, rest, &stored)) {
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
    metadata = stored->metadata ? cJSON_Parse(stored->metadata) : NULL;
    cJSON_AddItemToObject(body, "metadata", metadata ? metadata : cJSON_CreateObject());
    clock_format(stored->created_ms, time);
    cJSON_AddStringToObject(body, "created_at", time);
    answer_json(&request->answer, 200, body);
}
