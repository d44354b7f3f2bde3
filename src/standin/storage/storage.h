/* storage.h - buckets and objects of the stand-in: in memory, in a folder, or facts alone. */
#ifndef STANDIN_STORAGE_STORAGE_H
#define STANDIN_STORAGE_STORAGE_H
#include <cjson/cJSON.h>
#include <stdint.h>

#include "base/blob.h"

enum { BUCKETS = 32, BUCKET_NAME = 64, KEY_MAX = 512, TYPE_MAX = 80, TYPES = 8 };

struct bucket {
    char name[BUCKET_NAME];
    bool is_public;
    int64_t size_limit;          /* 0: the server's own, 50 MB */
    char types[TYPES][TYPE_MAX]; /* "" ends; none: all */
};

struct storage_object {
    struct storage_object *next;
    struct bucket *bucket;
    char key[KEY_MAX], type[TYPE_MAX], cache_control[TYPE_MAX], etag[40], id[37];
    char *metadata; /* JSON, or NULL */
    int64_t created_ms, updated_ms;
    struct blob content; /* empty where it lies in the folder, or is not kept */
    size_t size;
};

struct storage;
/* folder: NULL for memory, "none" to keep facts alone. Makes the buckets of the application. */
bool storage_open(const char *folder, struct storage **out, struct error *err) MUST_CHECK;
void storage_close(struct storage *storage);
void storage_reset(struct storage *storage); /* objects go, buckets stay */

struct bucket *storage_bucket(struct storage *storage, const char *name); /* NULL: none */
struct bucket *storage_bucket_at(struct storage *storage, int index);     /* NULL: past the end */
struct bucket *storage_bucket_add(struct storage *storage, const char *name); /* NULL: full */

struct storage_object *storage_find(struct storage *storage, const struct bucket *bucket,
                                    const char *key);
/* Objects of a bucket one after the other: NULL begins, NULL ends. */
struct storage_object *storage_next(struct storage *storage, const struct bucket *bucket,
                                    const struct storage_object *after);
/* Makes or replaces; takes the content. */
bool storage_put(struct storage *storage, struct bucket *bucket, const char *key,
                 struct blob *content, struct storage_object **out, struct error *err) MUST_CHECK;
/* A copy of the bytes; fails where they are not kept. */
bool storage_read(struct storage *storage, const struct storage_object *stored, struct blob *out,
                  struct error *err) MUST_CHECK;
void storage_remove(struct storage *storage, struct storage_object *stored);
bool storage_key_fits(const char *key); /* no odd characters, no empty or dotted folders */
#endif
