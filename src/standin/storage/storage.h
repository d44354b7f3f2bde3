/* storage.h - buckets and objects of the stand-in: in memory, in a folder, or without contents. */
#ifndef STANDIN_STORAGE_STORAGE_H
#define STANDIN_STORAGE_STORAGE_H
#include <cjson/cJSON.h>
#include <stdint.h>

#include "base/blob.h"

enum { BUCKETS = 32, BUCKET_NAME = 64, KEY_MAX = 512, TYPE_MAX = 80, TYPES = 8 };

struct bucket {
    char name[BUCKET_NAME];
    bool is_public;
    int64_t size_limit;          /* bytes; 50 MB if the bucket sets none */
    char types[TYPES][TYPE_MAX]; /* allowed types, ends with ""; empty: all */
};

struct storage_object {
    struct storage_object *next;
    struct bucket *bucket;
    char key[KEY_MAX], type[TYPE_MAX], cache_control[TYPE_MAX], etag[40], id[37];
    char *metadata; /* JSON, or NULL */
    int64_t created_ms, updated_ms;
    struct blob content; /* empty if stored in the folder or discarded */
    size_t size;
};

struct storage;
/* Creates the buckets of the application. folder: NULL keeps objects in memory, "none" keeps their
 * metadata only. Objects that an earlier stand-in left in the folder are there again, without the
 * metadata of their uploads. */
bool storage_open(const char *folder, struct storage **out, struct error *err) MUST_CHECK;
void storage_close(struct storage *storage);
void storage_reset(struct storage *storage); /* removes the objects, keeps the buckets */

struct bucket *storage_bucket(struct storage *storage, const char *name); /* NULL if unknown */
struct bucket *
storage_bucket_at(struct storage *storage,
                  int index); /* NULL past the end; the name is "" if it was removed */
struct bucket *storage_bucket_add(struct storage *storage, const char *name); /* NULL if full */

/* Removes an empty bucket: its name becomes "". */
void storage_bucket_remove(struct bucket *bucket);

struct storage_object *storage_find(struct storage *storage, const struct bucket *bucket,
                                    const char *key);
/* Iterates over the objects of a bucket: `after` NULL returns the first; returns NULL at the end.
 */
struct storage_object *storage_next(struct storage *storage, const struct bucket *bucket,
                                    const struct storage_object *after);
/* Creates or replaces an object; takes the content. */
bool storage_put(struct storage *storage, struct bucket *bucket, const char *key,
                 struct blob *content, struct storage_object **out, struct error *err) MUST_CHECK;
/* Copies the content. Fails if contents are discarded. */
bool storage_read(struct storage *storage, const struct storage_object *stored, struct blob *out,
                  struct error *err) MUST_CHECK;
void storage_remove(struct storage *storage, struct storage_object *stored);
#endif
