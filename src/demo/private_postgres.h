/* private_postgres.h - runs a private Postgres server in a temporary folder. It listens on a Unix
 * socket only.
 *
 * If this process runs as root, the server runs as the user `postgres`, because Postgres refuses to
 * run as root. private_postgres_stop stops it; the kernel also stops it when this process ends,
 * even by SIGKILL. */
#ifndef DEMO_PRIVATE_POSTGRES_H
#define DEMO_PRIVATE_POSTGRES_H
#include <signal.h>
#include <sys/types.h>

#include "base/error.h"

struct private_postgres {
    char folder[80]; /* socket, log and temporary data; removed by private_postgres_stop */
    char data[4096]; /* the cluster */
    bool kept;       /* the cluster stays when the server stops */
    char url[200];   /* "postgresql:///postgres?host=...&user=postgres" */
    pid_t server;    /* 0 if it is not running */
};

/* Creates a folder under /tmp, because the path of a socket is limited to 107 bytes, creates a
 * cluster in it and starts the server. Fails with ERROR_CONFIG if Postgres is not installed, and
 * with ERROR_STOPPED soon after *stop becomes nonzero, which a signal handler may do; `stop` may be
 * NULL. The caller calls private_postgres_stop, also after a failure. */
bool private_postgres_start(struct private_postgres *out, const volatile sig_atomic_t *stop,
                            struct error *err) MUST_CHECK;
/* The same, with a cluster that is created in `data` if there is none, and stays there. It survives
 * a crash of this process and of the machine. `data` may be relative to the current folder. As
 * root, `data` belongs to the user postgres, who must be able to reach it. Only one process may use
 * `data` at a time. */
bool private_postgres_open(struct private_postgres *out, const char *data,
                           const volatile sig_atomic_t *stop, struct error *err) MUST_CHECK;
/* Stops the server and removes its folder. Has no effect on a cluster that never started. */
void private_postgres_stop(struct private_postgres *cluster);
#endif
