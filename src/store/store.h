/* store.h - where finished files are kept, and where the seller's photos come from.
 *
 * A store, like a provider, only fills an op and reads its answer. Three promises make a crash
 * harmless, and tests/unit/store/test_store.c checks them:
 *   1. put is repeatable: the same path and bytes again is success, not "already exists";
 *   2. put is whole or absent: no reader ever sees half an object;
 *   3. the path is a function of the job (object_path), so a second try overwrites the first
 *      and leaves no orphan. */
#ifndef STORE_STORE_H
#define STORE_STORE_H
#include "base/arena.h"
#include "io/op.h"

struct store_target {         /* where the store is; filled from the settings */
    const char *base_url;     /* supabase: SUPABASE_URL, no slash at its end */
    const struct secret *key; /* supabase: service role JWT or sb_secret_... */
    const char *folder;       /* folder: an absolute path */
};

struct object {
    const char *bucket; /* "generated-images" */
    const char *path;   /* "{userId}/{projectId}/{imageType}[-style]-{stamp}.png" */
    const char *content_type;
    struct blob content;  /* put: borrowed */
    const char *metadata; /* JSON object with job id and sha256, or NULL */
};

enum { STORE_REMOVES = 100 };

struct store {
    const char *name; /* "supabase", "folder": the value of the setting STORE */
    /* put and get fill op; the _done half reads its answer. get_done: the caller takes `out`. */
    bool (*put)(const struct store_target *at, const struct object *o, struct arena *arena,
                struct op *op, struct error *err) MUST_CHECK;
    bool (*put_done)(const struct object *o, struct op *op, struct error *err) MUST_CHECK;
    bool (*get)(const struct store_target *at, const struct object *o, struct arena *arena,
                struct op *op, struct error *err) MUST_CHECK;
    bool (*get_done)(const struct object *o, struct op *op, struct blob *out,
                     struct error *err) MUST_CHECK;
    /* Objects of one bucket, at most STORE_REMOVES; what is not there is removed already. */
    bool (*remove)(const struct store_target *at, const struct object *objects, int count,
                   struct arena *arena, struct op *op, struct error *err) MUST_CHECK;
    bool (*remove_done)(struct op *op, struct error *err) MUST_CHECK;
    /* The public URL, in the form that the application cuts at "/public/{bucket}/". */
    bool (*url)(const struct store_target *at, const struct object *o, struct arena *arena,
                const char **out, struct error *err) MUST_CHECK;
};

extern const struct store *const stores[];        /* NULL-ended */
const struct store *store_find(const char *name); /* NULL: there is none */

/* "{user}/{project}/{kind}[-{style}]-{stamp}-{first 8 of job}.{extension}". Style becomes a slug
 * (a-z 0-9 -, at most 32). Fails with ERROR_INPUT where an id has characters that a storage key
 * must not have. */
bool object_path(const char *user_id, const char *project_id, const char *kind, const char *style,
                 int64_t created_ms, const char *job_id, const char *extension, struct arena *arena,
                 const char **out, struct error *err) MUST_CHECK;

/* Cuts bucket and path out of one of our own public URLs ("{base}/storage/v1/object/public/B/P");
 * false where it is none. */
bool object_of_url(const struct store_target *at, const char *url, struct arena *arena,
                   struct object *out);

/* The file at an address that stands in the application's database: one of our own comes out of the
 * store, with its key; every other is a URL from a user, guarded as such. The caller takes `out`.
 */
bool fetch_begin(const struct store *store, const struct store_target *at, const char *url,
                 struct arena *arena, struct op *op, struct error *err) MUST_CHECK;
bool fetch_done(const struct store *store, struct op *op, struct blob *out,
                struct error *err) MUST_CHECK;
#endif
