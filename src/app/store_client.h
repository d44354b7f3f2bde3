/* store_client.h - the store of the settings, and the way to it: for commands that fetch or remove
 * files without being a worker. */
#ifndef APP_STORE_CLIENT_H
#define APP_STORE_CLIENT_H
#include "app/worker_setup.h"
#include "io/perform.h"

struct store_client {
    struct worker_setup worker_setup; /* store, place and bucket of its job_context */
    struct loop *loop;
    struct http *http;
    struct performer *performer;
};

/* ERROR_CONFIG where the store lacks an address, a key or a folder. Freed with store_client_close,
 * after failure too. */
bool store_client_open(const struct settings *settings, struct store_client *out,
                       struct error *err) MUST_CHECK;
void store_client_close(struct store_client *reach);
#endif
