/* storage_list.c - lists the objects and folders below a prefix: sorted, searched, by pages. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/memory.h"
#include "standin/storage/storage_request.h"

enum { ID_SERIAL = 24 /* where the serial number begins in an object's id */ };

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

static int by_name_descending(const void *a, const void *b)
{
    return by_name(b, a);
}

/* Folders come first, as in Supabase; then by time, and by name if the times are equal. */
static int by_time(const struct listed *one, const struct listed *other, bool created)
{
    const struct storage_object *a = one->object, *b = other->object;
    int64_t first = created ? a->created_ms : a->updated_ms;
    int64_t second = created ? b->created_ms : b->updated_ms;

    if (one->folder || other->folder) {
        return one->folder == other->folder ? by_name(one, other) : other->folder - one->folder;
    }
    if (first == second) { /* within a millisecond, ids tell the order of creation */
        return strcmp(a->id + ID_SERIAL, b->id + ID_SERIAL);
    }
    return first < second ? -1 : 1;
}

static int by_created(const void *a, const void *b)
{
    return by_time(a, b, true);
}
static int by_created_descending(const void *a, const void *b)
{
    return by_time(b, a, true);
}
static int by_updated(const void *a, const void *b)
{
    return by_time(a, b, false);
}
static int by_updated_descending(const void *a, const void *b)
{
    return by_time(b, a, false);
}

static void sort(const cJSON *body, struct listed *rows, size_t count)
{
    const cJSON *sort_by = cJSON_GetObjectItemCaseSensitive(body, "sortBy");
    const char *column = json_peek_text(sort_by, "column");
    const char *order = json_peek_text(sort_by, "order");
    bool descending = order && strcmp(order, "desc") == 0;

    column = column ? column : "name";
    qsort(rows, count, sizeof *rows,
          strcmp(column, "created_at") == 0 ? descending ? by_created_descending : by_created
          : strcmp(column, "updated_at") == 0 || strcmp(column, "last_accessed_at") == 0
              ? descending ? by_updated_descending : by_updated
          : descending ? by_name_descending
                       : by_name);
}

/* Keeps the rows whose name begins with the text, in any case of letters. */
static size_t keep_found(const char *search, struct listed *rows, size_t count)
{
    size_t kept = 0, size = strlen(search);

    for (size_t i = 0; i < count; i++) {
        if ((size_t)rows[i].length >= size && strncasecmp(rows[i].name, search, size) == 0) {
            rows[kept++] = rows[i];
        }
    }
    return kept;
}

static void add_time(cJSON *item, const char *name, int64_t ms)
{
    char time[25];

    clock_format(ms, time);
    cJSON_AddStringToObject(item, name, time);
}

static cJSON *listed_json(const struct listed *row)
{
    cJSON *item = cJSON_CreateObject(), *metadata;
    char name[KEY_MAX];

    snprintf(name, sizeof name, "%.*s", row->length, row->name);
    cJSON_AddStringToObject(item, "name", name);
    if (row->folder) {
        static const char *const absent[] = { "id", "updated_at", "created_at", "last_accessed_at",
                                              "metadata" };

        for (size_t i = 0; i < sizeof absent / sizeof *absent; i++) {
            cJSON_AddNullToObject(item, absent[i]);
        }
        return item;
    }
    cJSON_AddStringToObject(item, "id", row->object->id);
    add_time(item, "updated_at", row->object->updated_ms);
    add_time(item, "created_at", row->object->created_ms);
    add_time(item, "last_accessed_at", row->object->updated_ms);
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
    const char *prefix, *search;
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
    search = json_peek_text(request->tree, "search");
    count = keep_found(search ? search : "", rows, count);
    sort(request->tree, rows, count);
    limit = json_peek_int(request->tree, "limit", 100);
    offset = json_peek_int(request->tree, "offset", 0);
    array = cJSON_CreateArray();
    for (size_t i = offset > 0 ? (size_t)offset : 0; i < count && limit-- > 0; i++) {
        cJSON_AddItemToArray(array, listed_json(&rows[i]));
    }
    free(rows);
    answer_json(&request->answer, 200, array);
}
