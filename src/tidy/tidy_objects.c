/* tidy_objects.c - removes objects that no row names: first from the store, then their records. */
#include <string.h>

#include "tidy/tidy_internal.h"

/* Calls `handle` with each page of objects that can be removed, until there are no more, `handle`
 * fails, or a signal arrives. */
static bool for_each_page(struct tidy *tidy,
                          bool (*handle)(struct tidy *tidy, const cJSON *objects, void *context,
                                         struct error *err),
                          void *context, struct error *err)
{
    cJSON *page = NULL;
    const char *after = "";
    bool good = true;

    while (good && after && !*tidy->stop) {
        const char *params[] = { after };
        cJSON *next = NULL;

        good = database_query(tidy->session, "tidy_objects", 1, params, &next, err);
        cJSON_Delete(page);
        page = next;
        good =
            good && handle(tidy, cJSON_GetObjectItemCaseSensitive(page, "objects"), context, err);
        after = json_peek_text(page, "next");
    }
    cJSON_Delete(page);
    return good;
}

struct counting {
    struct tidy_result *result;
    struct folder_sizes sizes;
};

static bool count_page(struct tidy *tidy, const cJSON *objects, void *context, struct error *err)
{
    struct counting *counting = context;
    const cJSON *row;

    cJSON_ArrayForEach(row, objects)
    {
        const char *path = json_peek_text(row, "path");
        int64_t bytes;

        if (*tidy->stop) {
            break;
        }
        if (!path || !folder_sizes_find(&counting->sizes, &tidy->store_client, path, &bytes, err)) {
            return false;
        }
        counting->result->count++;
        counting->result->bytes += bytes > 0 ? bytes : 0;
        counting->result->missing += bytes < 0;
        tidy->on_step(tidy->context);
    }
    return true;
}

bool tidy_count_objects(struct tidy *tidy, struct tidy_result *out, struct error *err)
{
    struct counting counting = { .result = out };
    bool good = for_each_page(tidy, count_page, &counting, err);

    folder_sizes_free(&counting.sizes);
    return good;
}

/* Deletes the records of objects that the store has removed. */
static bool forget(struct tidy *tidy, const cJSON *removed, struct tidy_result *out,
                   struct error *err)
{
    struct arena *arena = arena_new();
    const char *params[] = { json_print(removed, arena) };
    cJSON *answer = NULL;
    bool good = database_query(tidy->session, "tidy_forget_objects", 1, params, &answer, err);

    if (good && cJSON_IsNumber(answer)) {
        out->count += (int64_t)answer->valuedouble;
    }
    cJSON_Delete(answer);
    arena_free(arena);
    return good;
}

/* Removes objects from `first` on, at most STORE_REMOVES, and moves *first after them. */
static bool remove_some(struct tidy *tidy, const cJSON **first, struct counting *counting,
                        struct error *err)
{
    const char *bucket = tidy->store_client.worker_setup.job_context.bucket;
    struct object objects[STORE_REMOVES];
    cJSON *removed = cJSON_CreateArray();
    int64_t bytes = 0, size;
    int count = 0;
    bool good = true;

    for (; good && *first && count < STORE_REMOVES; *first = (*first)->next) {
        const char *path = json_peek_text(*first, "path");

        good = path && folder_sizes_find(&counting->sizes, &tidy->store_client, path, &size, err);
        if (good) {
            objects[count++] = (struct object){ .bucket = bucket, .path = path };
            cJSON_AddItemToArray(removed, cJSON_Duplicate(*first, true));
            bytes += size > 0 ? size : 0;
        }
    }
    good = good && store_client_remove(&tidy->store_client, objects, count, err) &&
           forget(tidy, removed, counting->result, err);
    counting->result->bytes += good ? bytes : 0;
    tidy->on_step(tidy->context);
    cJSON_Delete(removed);
    return good;
}

static bool remove_page(struct tidy *tidy, const cJSON *objects, void *context, struct error *err)
{
    const cJSON *at = objects ? objects->child : NULL;

    while (at && !*tidy->stop) {
        if (!remove_some(tidy, &at, context, err)) {
            return false;
        }
    }
    return true;
}

bool tidy_remove_objects(struct tidy *tidy, struct tidy_result *out, struct error *err)
{
    struct counting counting = { .result = out };
    bool good = for_each_page(tidy, remove_page, &counting, err);

    folder_sizes_free(&counting.sizes);
    return good;
}
