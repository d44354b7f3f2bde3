/* runtime.h - the running components of a worker: loop, HTTP, Postgres, performer, worker. */
#ifndef APP_RUNTIME_H
#define APP_RUNTIME_H
#include <signal.h>

#include "app/worker_setup.h"
#include "io/postgres/database_url.h"

struct runtime {
    struct loop *loop;
    struct http *http;
    struct sql *sql;
    struct performer *performer;
    struct worker *worker;
    struct loop_timer *metrics_timer;
    bool processes_images; /* image_processing_start was called */
};

/* Prepares a start: verifies that the database is migrated, takes over the answers in the spool and
 * deletes those of jobs that have ended, and loads the latency profile. ERROR_CONFIG if the
 * database needs `darkroom migrate`. Each statement ends within a minute. A value of *stop that is
 * not 0, set by a signal handler, ends it with ERROR_STOPPED; `stop` may be NULL. */
bool runtime_prepare(const struct settings *settings, struct worker_setup *worker_setup,
                     const struct database_url *url, const volatile sig_atomic_t *stop,
                     struct error *err) MUST_CHECK;

/* Creates the components from settings. `config` supplies what settings do not: drain, grace,
 * engine.callbacks. `worker_setup` and `url` must outlive the runtime. */
bool runtime_open(const struct settings *settings, const struct worker_setup *worker_setup,
                  const struct database_url *url, struct worker_config config, struct runtime *out,
                  struct error *err) MUST_CHECK;
void runtime_close(struct runtime *runtime);
#endif
