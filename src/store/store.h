/* store.h - the interface to the store of generated images and product photos.
 *
 * A store, like a provider, only fills an op and reads its result. Three promises make a crash
 * harmless. tests/unit/store/test_store_contract.c checks them for every store, and
 * test_store_interrupted.c kills processes and cuts connections in the middle of a put:
 *   1. put is repeatable: a second put of the same path succeeds and replaces the object;
 *   2. put is whole or absent: a reader never sees a part of an object;
 *   3. the path is a function of the job (object_path), so that a retry overwrites the object of
 *      the first attempt and leaves no orphan. */
#ifndef STORE_STORE_H
#define STORE_STORE_H
#include "base/arena.h"
#include "io/op.h"

struct store_limits {   /* what a check has learned */
    int64_t file_bytes; /* the largest file that the bucket accepts; 0: unknown or any */
};

struct store_target {            /* where the store is; filled from the settings */
    const char *base_url;        /* supabase: SUPABASE_URL, no slash at its end */
    const char *public_url;      /* the same store in URLs that browsers open; NULL = base_url */
    const struct secret *key;    /* supabase: service role JWT or sb_secret_... */
    const char *folder;          /* folder: an absolute path */
    struct store_limits *limits; /* set by check_done; NULL: not needed */
};

struct object {
    const char *bucket; /* "generated-images" */
    const char *path;   /* "{userId}/{projectId}/{imageType}[-style]-{stamp}.png" */
    const char *content_type;
    struct blob content;  /* put: borrowed */
    const char *metadata; /* JSON object with job id and sha256, or NULL */
    int64_t file_limit;   /* put: store_limits.file_bytes */
};

enum {
    STORE_REMOVES = 100,
    STORE_LISTS = 100,
    STORE_NEEDS_BYTES = 10 << 20 /* a bucket must accept files of this size: Amazon's limit */
};

struct object_entry { /* one row of a listing */
    const char *name; /* without the folder */
    int64_t size;     /* bytes */
    bool folder;
};

struct store {
    const char *name; /* "supabase", "folder": the value of the setting STORE */
    bool has_key;     /* it is read with a key that opens the files of all users */
    /* put and get fill op; put_done and get_done read its result. The caller frees `out`. */
    bool (*put)(const struct store_target *at, const struct object *o, struct arena *arena,
                struct op *op, struct error *err) MUST_CHECK;
    bool (*put_done)(const struct object *o, struct op *op, struct error *err) MUST_CHECK;
    bool (*get)(const struct store_target *at, const struct object *o, struct arena *arena,
                struct op *op, struct error *err) MUST_CHECK;
    bool (*get_done)(const struct object *o, struct op *op, struct blob *out,
                     struct error *err) MUST_CHECK;
    /* Objects of one bucket, at most STORE_REMOVES; succeeds for objects that do not exist. */
    bool (*remove)(const struct store_target *at, const struct object *objects, int count,
                   struct arena *arena, struct op *op, struct error *err) MUST_CHECK;
    bool (*remove_done)(struct op *op, struct error *err) MUST_CHECK;
    /* Lists a folder of a bucket in the order of names, from `offset` on: at most STORE_LISTS
     * entries, fewer only at the end. A folder that does not exist is empty. The names are
     * allocated in the arena. */
    bool (*list)(const struct store_target *at, const char *bucket, const char *folder, int offset,
                 struct arena *arena, struct op *op, struct error *err) MUST_CHECK;
    bool (*list_done)(const struct op *op, struct arena *arena, struct object_entry *out,
                      int *count, struct error *err) MUST_CHECK;
    /* Fill an op that tells, at no cost, whether the bucket accepts images of all types and sizes
     * that are stored; read its result. Errors of kind ERROR_CONFIG have a hint. *note is what an
     * operator should know although the bucket works; NULL: nothing. */
    bool (*check)(const struct store_target *at, const char *bucket, struct arena *arena,
                  struct op *op, struct error *err) MUST_CHECK;
    bool (*check_done)(const struct store_target *at, const char *bucket, const struct op *op,
                       const char **note, struct error *err) MUST_CHECK;
    /* Returns the public URL; the application reads the path after "/public/{bucket}/". */
    bool (*url)(const struct store_target *at, const struct object *o, struct arena *arena,
                const char **out, struct error *err) MUST_CHECK;
};

extern const struct store *const stores[];        /* ended by NULL */
const struct store *store_find(const char *name); /* NULL if no store has that name */

/* "{user}/{project}/{kind}[-{style}]-{stamp}-{first 8 of job}.{extension}". Style becomes a slug
 * (a-z 0-9 -, at most 32). Fails with ERROR_INPUT if an id has characters that a storage key
 * must not have. */
bool object_path(const char *user_id, const char *project_id, const char *kind, const char *style,
                 int64_t created_ms, const char *job_id, const char *extension, struct arena *arena,
                 const char **out, struct error *err) MUST_CHECK;

/* The same for the plate of that image: "{kind}[-{style}]-{stamp}-plate-{first 8 of job}".
 * darkroom.used_objects finds the image of a plate by this form. */
bool plate_path(const char *user_id, const char *project_id, const char *kind, const char *style,
                int64_t created_ms, const char *job_id, const char *extension, struct arena *arena,
                const char **out, struct error *err) MUST_CHECK;

/* Reads bucket and path from a public URL of this store ("{base}/storage/v1/object/public/B/P"),
 * under its base_url or its public_url. Returns false for any other URL. */
bool object_of_url(const struct store_target *at, const char *url, struct arena *arena,
                   struct object *out);

/* True if no part of the path is empty, "." or "..", also percent-encoded, and no other character
 * changes its meaning in a URL. */
bool object_path_is_safe(const char *path);

enum fetch_kind {
    FETCH_PHOTO, /* from product-images and brand-kits */
    FETCH_RESULT /* from generated-images */
};

struct fetch_scope { /* which files of the store its key may read */
    enum fetch_kind kind;
    const char *user_id; /* only files in the folder of this user; NULL: of all users */
};

/* Returns the URL as a worker requests it: a URL under public_url moves under base_url, any other
 * is returned unchanged. */
const char *store_reachable_url(const struct store_target *at, const char *url,
                                struct arena *arena);

/* Fetch the file at a URL from the application's database, which a user may have chosen. A URL of a
 * file within the scope is read from the store, with its key. Other URLs are fetched as untrusted,
 * without the key; ERROR_INPUT if the URL leads to another part of the store's server than its
 * public and signed files. URLs under public_url are requested under base_url, because a worker may
 * not reach the public address. The caller frees `out`. */
bool fetch_begin(const struct store *store, const struct store_target *at, const char *url,
                 const struct fetch_scope *scope, struct arena *arena, struct op *op,
                 struct error *err) MUST_CHECK;
/* True if the URL is under the store's address, and not at a server whose name only begins like it.
 */
bool store_serves(const struct store_target *at, const char *url);
bool fetch_done(const struct store *store, const struct store_target *at, struct op *op,
                struct blob *out, struct error *err) MUST_CHECK;
#endif
