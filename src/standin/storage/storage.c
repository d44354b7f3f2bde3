/* storage.c - buckets and objects of the stand-in. */
#include "standin/storage/storage.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "standin/openai/product_image.h"
#include "standin/storage/storage_folder.h"

enum { SLOTS = 4096, SERVER_LIMIT = 50 << 20 };

struct storage {
    struct bucket buckets[BUCKETS];
    int bucket_count;
    struct storage_object *slots[SLOTS];
    char *folder;
    bool discards_contents;
    uint64_t serial;
};

static struct storage_object **slot_of(struct storage *storage, const struct bucket *bucket,
                                       const char *key)
{
    uint64_t hash = hash_bytes(key, strlen(key)) ^ hash_bytes(bucket->name, strlen(bucket->name));

    return &storage->slots[hash % SLOTS];
}

struct bucket *storage_bucket(struct storage *storage, const char *name)
{
    for (int i = 0; i < storage->bucket_count; i++) {
        if (strcmp(storage->buckets[i].name, name) == 0) {
            return &storage->buckets[i];
        }
    }
    return NULL;
}

struct bucket *storage_bucket_at(struct storage *storage, int index)
{
    return index < storage->bucket_count ? &storage->buckets[index] : NULL;
}

struct bucket *storage_bucket_add(struct storage *storage, const char *name)
{
    struct bucket *bucket;

    bucket = storage_bucket(storage, ""); /* one that was removed */
    if ((!bucket && storage->bucket_count == BUCKETS) || strlen(name) >= BUCKET_NAME) {
        return NULL;
    }
    bucket = bucket ? bucket : &storage->buckets[storage->bucket_count++];
    *bucket = (struct bucket){ .size_limit = SERVER_LIMIT };
    snprintf(bucket->name, sizeof bucket->name, "%s", name);
    return bucket;
}

void storage_bucket_remove(struct bucket *bucket)
{
    bucket->name[0] = '\0';
}

static struct storage_object *add(struct storage *storage, struct bucket *bucket, const char *key)
{
    struct storage_object *stored = xcalloc(1, sizeof *stored),
                          **slot = slot_of(storage, bucket, key);
    uint64_t hash = hash_bytes(key, strlen(key));

    stored->bucket = bucket;
    storage->serial++;
    snprintf(stored->key, sizeof stored->key, "%s", key);
    snprintf(stored->id, sizeof stored->id, "%08x-%04x-4%03x-8%03x-%012llx", (unsigned)hash,
             (unsigned)(hash >> 32) & 0xffff, (unsigned)(hash >> 48) & 0xfff,
             (unsigned)storage->serial & 0xfff, (unsigned long long)storage->serial);
    stored->created_ms = clock_wall_ms();
    stored->next = *slot;
    *slot = stored;
    return stored;
}

static void describe(struct storage_object *stored, const struct blob *content)
{
    stored->updated_ms = clock_wall_ms();
    stored->size = content->size;
    snprintf(stored->etag, sizeof stored->etag, "\"%016llx%08zx\"",
             (unsigned long long)hash_bytes(content->data, content->size), content->size);
}

static void load(void *context, struct bucket *bucket, const char *key, const char *type,
                 const struct blob *content)
{
    struct storage_object *stored = add(context, bucket, key);

    snprintf(stored->type, sizeof stored->type, "%s", type);
    snprintf(stored->cache_control, sizeof stored->cache_control, "no-cache");
    describe(stored, content);
}

static void free_object(struct storage_object *stored)
{
    blob_free(&stored->content);
    free(stored->metadata);
    free(stored);
}

void storage_reset(struct storage *storage)
{
    for (int i = 0; i < SLOTS; i++) {
        struct storage_object *next;

        for (struct storage_object *at = storage->slots[i]; at; at = next) {
            next = at->next;
            free_object(at);
        }
        storage->slots[i] = NULL;
    }
}

void storage_close(struct storage *storage)
{
    if (storage) {
        storage_reset(storage);
        free(storage->folder);
        free(storage);
    }
}

bool storage_open(const char *folder, struct storage **out, struct error *err)
{
    static const char *const names[] = { "product-images", "generated-images", "brand-kits",
                                         "exports" };
    struct storage *storage = xcalloc(1, sizeof *storage);

    storage->discards_contents = folder && strcmp(folder, "none") == 0;
    if (folder && folder[0] && !storage->discards_contents) {
        if (mkdir(folder, 0700) != 0 && errno != EEXIST) {
            free(storage);
            return error_set(err, ERROR_CONFIG, "cannot make folder '%s': %s", folder,
                             strerror(errno));
        }
        storage->folder = xstrdup(folder);
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct bucket *bucket = storage_bucket_add(storage, names[i]);

        bucket->is_public = i < 2;
        if (i == 1) { /* limits of the application's bucket */
            bucket->size_limit = 20 << 20;
            snprintf(bucket->types[0], TYPE_MAX, "image/png");
            snprintf(bucket->types[1], TYPE_MAX, "image/jpeg");
        }
        if (storage->folder && !storage_folder_load(storage->folder, bucket, load, storage, err)) {
            storage_close(storage);
            return false;
        }
    }
    *out = storage;
    return true;
}

struct storage_object *storage_find(struct storage *storage, const struct bucket *bucket,
                                    const char *key)
{
    struct storage_object *at = *slot_of(storage, bucket, key);

    while (at && (at->bucket != bucket || strcmp(at->key, key) != 0)) {
        at = at->next;
    }
    return at;
}

struct storage_object *storage_next(struct storage *storage, const struct bucket *bucket,
                                    const struct storage_object *after)
{
    struct storage_object **slot = after ? slot_of(storage, bucket, after->key) : storage->slots;
    struct storage_object *at = after ? after->next : *slot;

    for (;;) {
        for (; at; at = at->next) {
            if (at->bucket == bucket) {
                return at;
            }
        }
        if (++slot == storage->slots + SLOTS) {
            return NULL;
        }
        at = *slot;
    }
}

static bool file_path(const struct storage *storage, const struct storage_object *stored, char *out,
                      size_t out_size)
{
    return (size_t)snprintf(out, out_size, "%s/%s/%s", storage->folder, stored->bucket->name,
                            stored->key) < out_size;
}

static bool write_file(const struct storage *storage, const struct storage_object *stored,
                       const struct blob *content, struct error *err)
{
    char path[4096];
    FILE *file;
    bool good;

    if (!file_path(storage, stored, path, sizeof path)) {
        return error_set(err, ERROR_INTERNAL, "path of an object is too long");
    }
    for (char *at = strchr(path + strlen(storage->folder) + 1, '/'); at; at = strchr(at + 1, '/')) {
        *at = '\0';
        mkdir(path, 0700); /* may exist already */
        *at = '/';
    }
    file = fopen(path, "we");
    good = file &&
           (content->size == 0 || fwrite(content->data, 1, content->size, file) == content->size);
    good = file && fclose(file) == 0 && good;
    return good || error_set(err, ERROR_INTERNAL, "cannot write '%s': %s", path, strerror(errno));
}

bool storage_put(struct storage *storage, struct bucket *bucket, const char *key,
                 struct blob *content, struct storage_object **out, struct error *err)
{
    struct storage_object *stored = storage_find(storage, bucket, key);

    stored = stored ? stored : add(storage, bucket, key);
    if (!stored) {
        return error_set(err, ERROR_INTERNAL, "out of memory");
    }
    describe(stored, content);
    blob_free(&stored->content);
    *out = stored;
    if (storage->folder) {
        return write_file(storage, stored, content, err);
    }
    if (!storage->discards_contents) {
        stored->content = blob_move(content);
    }
    return true;
}

bool storage_read(struct storage *storage, const struct storage_object *stored, struct blob *out,
                  struct error *err)
{
    char path[4096];
    FILE *file;
    bool good;

    if (storage->discards_contents) {
        return error_set(err, ERROR_INPUT, "the stand-in discards the contents of objects");
    }
    if (!storage->folder) {
        return blob_copy(out, stored->content.data, stored->content.size, err);
    }
    if (!file_path(storage, stored, path, sizeof path) || !blob_new(out, stored->size, err)) {
        return error_set(err, ERROR_INTERNAL, "cannot read the object");
    }
    file = fopen(path, "re");
    good = file && fread(out->data, 1, out->size, file) == out->size;
    if (file) {
        fclose(file);
    }
    if (!good) {
        blob_free(out);
    }
    return good || error_set(err, ERROR_INTERNAL, "cannot read '%s'", path);
}

void storage_remove(struct storage *storage, struct storage_object *stored)
{
    struct storage_object **at = slot_of(storage, stored->bucket, stored->key);
    char path[4096];

    while (*at != stored) {
        at = &(*at)->next;
    }
    *at = stored->next;
    if (storage->folder && file_path(storage, stored, path, sizeof path)) {
        unlink(path);
    }
    free_object(stored);
}
