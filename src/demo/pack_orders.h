/* pack_orders.h - queues the orders of a run in its private database, or continues those of an
 * earlier run. */
#ifndef DEMO_PACK_ORDERS_H
#define DEMO_PACK_ORDERS_H
#include "app/worker_setup.h"
#include "demo/pack_progress.h"
#include "demo/pack_run.h"
#include "demo/run_folder.h"

enum { PROJECT_ID = 120 };

struct pack_orders {
    const struct pack_request *request;
    const struct settings *settings; /* of the worker */
    const struct worker_setup *worker_setup;
    const struct run_folder *run_folder;
    struct pack_progress *progress;
    const volatile sig_atomic_t *stop;
    char (*projects)[PROJECT_ID]; /* result: the id of each product's project; "": not queued */
};

/* Creates the tables in an empty database, migrates it, and queues what each product lacks.
 * Products to skip are left out. */
bool pack_orders_queue(struct pack_orders *orders, struct sql_session *session,
                       struct error *err) MUST_CHECK;
#endif
