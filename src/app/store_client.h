/* store_client.h - access to the store for commands that fetch or delete files without a worker. */
#ifndef APP_STORE_CLIENT_H
#define APP_STORE_CLIENT_H
#include "app/worker_setup.h"
#include "io/perform.h"
#include "store/thumbnail.h"

struct store_client {
    struct worker_setup worker_setup; /* only its store, store_target and bucket are set */
    struct loop *loop;
    struct http *http;
    struct performer *performer;
};

/* ERROR_CONFIG if the URL, key or folder of the store is not set. Call store_client_close also
 * after a failure. */
bool store_client_open(const struct settings *settings, struct store_client *out,
                       struct error *err) MUST_CHECK;
/* Removes at most STORE_REMOVES objects of one bucket; tries again a few times while the store is
 * busy or does not answer. Blocks. Objects that do not exist count as removed. */
bool store_client_remove(struct store_client *client, const struct object *objects, int count,
                         struct error *err) MUST_CHECK;
/* Lists a folder of the bucket of generated images, as store.list does; tries again like
 * store_client_remove. `out` has room for STORE_LISTS entries. */
bool store_client_list(struct store_client *client, const char *folder, int offset,
                       struct arena *arena, struct object_entry *out, int *count,
                       struct error *err) MUST_CHECK;
/* Fetches a file as fetch_begin does; tries again like store_client_remove. Blocks. The caller
 * frees `out`. */
bool store_client_fetch(struct store_client *client, const char *url,
                        const struct fetch_scope *scope, struct blob *out,
                        struct error *err) MUST_CHECK;
/* Makes thumbnails with the loop of the client; borrows it. */
struct thumbnail_maker store_client_thumbnails(const struct store_client *client);
void store_client_close(struct store_client *client);
#endif
