/* pack_run.h - makes a complete product pack on this machine: a private Postgres, the real worker,
 * and a folder with the results. */
#ifndef DEMO_PACK_RUN_H
#define DEMO_PACK_RUN_H
#include <signal.h>

#include "demo/order.h"
#include "demo/results_folder.h"
#include "settings/settings.h"

#define PACK_RECORD_NAME "record.json" /* demo/record.h, and "complete", "inputs" */

struct pack_results {
    const struct settings *settings; /* with the store of the run */
    struct sql_session *session;
    const char *project;
    struct results_folder *folder;
    cJSON *record;
    const volatile sig_atomic_t *stop;
};

struct pack_request {
    const struct settings *settings; /* as given to the command */
    const char *command;             /* its name */
    const struct order *order;
    const char *out; /* folder for the results */
    /* Digest of the photos. A run that is interrupted or fails leaves its work in the folder, and a
     * later one with the same photos continues it. NULL: nothing is left. */
    const char *identity;
    const char *inputs; /* digest of photos and texts, for the record */
    /* Called while the database and the store are there; may add files to the folder and facts to
     * the record. NULL: nothing is added. */
    bool (*finish)(const struct pack_results *results, struct error *err);
};

/* Returns the exit status; prints progress, and the result to standard output. */
int pack_run(const struct pack_request *request, struct error *err);
#endif
