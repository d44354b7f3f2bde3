/* private_postgres.h - a private Postgres in a folder of its own: a Unix socket and no port.
 *
 * As root the server runs as the user `postgres` (it refuses root). It ends with
 * private_postgres_stop, and with this process, however that ends. */
#ifndef DEMO_PRIVATE_POSTGRES_H
#define DEMO_PRIVATE_POSTGRES_H
#include <signal.h>
#include <sys/types.h>

#include "base/error.h"

struct private_postgres {
    char folder[80]; /* holds socket, data, log; removed by private_postgres_stop */
    char url[200];   /* "postgresql:///postgres?host=...&user=postgres" */
    pid_t server;
};

/* Makes a folder under /tmp (a socket's path has at most 107 bytes), a cluster in it, and starts
 * it. ERROR_CONFIG where Postgres is not installed; ERROR_STOPPED soon after *stop (which a signal
 * handler may set; NULL: never) is no longer zero. To be stopped also where it failed.
 */
bool private_postgres_start(struct private_postgres *out, const volatile sig_atomic_t *stop,
                            struct error *err) MUST_CHECK;
void private_postgres_stop(
    struct private_postgres *cluster); /* harmless on one that never started */
#endif
