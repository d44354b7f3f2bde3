/* store_client.h - access to the store for commands that fetch or delete files without a worker. */
#ifndef APP_STORE_CLIENT_H
#define APP_STORE_CLIENT_H
#include "app/worker_setup.h"
#include "io/perform.h"

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
void store_client_close(struct store_client *client);
#endif
