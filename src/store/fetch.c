/* fetch.c - fetches files whose URLs the application's database contains.
 *
 * Users choose these URLs, and the store's key reads every file of every user. So the key is only
 * used for the buckets and the folder that the scope names. Other files of the store are requested
 * like a browser does, without the key: then the store decides whether they are public. */
#include <string.h>
#include <strings.h>

#include "store/store.h"

enum { FILE_MAX = 50 << 20, TIMEOUT_MS = 60 * 1000 };

static const char *const buckets_of_photos[] = { "product-images", "brand-kits", NULL };
static const char *const buckets_of_results[] = { "generated-images", NULL };

/* Routes of Supabase that return a file without a key. */
static const char *const keyless_routes[] = {
    "/storage/v1/object/public/",
    "/storage/v1/object/sign/",
    "/storage/v1/render/image/public/",
    "/storage/v1/render/image/sign/",
};

/* The part of the URL after the store's address, or NULL if it leads elsewhere. */
static const char *after_address(const struct store_target *at, const char *url)
{
    size_t size = at->base_url ? strlen(at->base_url) : 0;

    return size > 0 && strncasecmp(url, at->base_url, size) == 0 &&
                   (url[size] == '\0' || strchr("/?#", url[size]))
               ? url + size
               : NULL;
}

bool store_serves(const struct store_target *at, const char *url)
{
    return after_address(at, url) != NULL;
}

static bool is_keyless_file(const char *path, struct arena *arena)
{
    for (size_t i = 0; i < sizeof keyless_routes / sizeof *keyless_routes; i++) {
        size_t size = strlen(keyless_routes[i]);

        if (strncmp(path, keyless_routes[i], size) == 0) {
            return object_path_is_safe(arena_bytes(arena, path + size, strcspn(path + size, "?#")));
        }
    }
    return false;
}

static bool has_folder(const char *path, const char *user_id)
{
    size_t size = strlen(user_id);

    return size > 0 && strncmp(path, user_id, size) == 0 && path[size] == '/';
}

/* True if the scope allows the object to be read with the store's key. A store without a key has
 * no folders that only some may read. */
static bool is_in_scope(const struct store *store, const struct fetch_scope *scope,
                        const struct object *object)
{
    const char *const *bucket = scope->kind == FETCH_PHOTO ? buckets_of_photos : buckets_of_results;

    while (*bucket && strcmp(*bucket, object->bucket) != 0) {
        bucket++;
    }
    return *bucket &&
           (!store->has_key || !scope->user_id || has_folder(object->path, scope->user_id));
}

bool fetch_begin(const struct store *store, const struct store_target *at, const char *url,
                 const struct fetch_scope *scope, struct arena *arena, struct op *op,
                 struct error *err)
{
    struct object object = { 0 };
    const char *rest;

    url = store_reachable_url(at, url, arena);
    rest = after_address(at, url);
    if (object_of_url(at, url, arena, &object) && is_in_scope(store, scope, &object)) {
        return store->get(at, &object, arena, op, err);
    }
    if (rest && (!store->has_key || !is_keyless_file(rest, arena))) {
        return error_set(err, ERROR_INPUT, "its address is not that of a file of this user");
    }
    op->kind = OP_HTTP;
    op->timeout_ms = TIMEOUT_MS;
    op->http.method = "GET";
    op->http.url = url;
    op->http.untrusted_url = true;
    op->http.max_response_bytes = FILE_MAX;
    return true;
}

/* A client error that a repeated request does not change. */
static bool is_final(int status)
{
    return status >= 400 && status < 500 && status != 408 && status != 425 && status != 429;
}

bool fetch_done(const struct store *store, const struct store_target *at, struct op *op,
                struct blob *out, struct error *err)
{
    int status = op->http_response.status;

    /* The store's own server, with or without the key: what it answers may be its own trouble. */
    if (!op->http.untrusted_url || (store->has_key && store_serves(at, op->http.url))) {
        return store->get_done(&(struct object){ 0 }, op, out, err);
    }
    if (is_final(status)) {
        return error_set(err, ERROR_INPUT, "it is not at its address (HTTP %d)", status);
    }
    if (status != 200) {
        return error_set(err, ERROR_REMOTE, "its server answered HTTP %d", status);
    }
    *out = blob_move(&op->http_response.body);
    return true;
}
