/* store_client.h - the store of the settings, and the way to it: for commands that fetch or remove files
 * without being a worker. */
#ifndef APP_STORE_CLIENT_H
#define APP_STORE_CLIENT_H
#include "app/worker_setup.h"
#include "io/perform.h"

struct reach {
    struct equipped equipped; /* store, place and bucket of its equipment */
    struct loop *loop;
    struct http *http;
    struct performer *performer;
};

/* ERROR_CONFIG where the store lacks an address, a key or a folder. Freed with reach_close, after
 * failure too. */
bool reach_open(const struct settings *settings, struct reach *out, struct error *err) MUST_CHECK;
void reach_close(struct reach *reach);
#endif
