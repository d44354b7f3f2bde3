/* pack_run.h - makes a complete product pack on this machine: a private Postgres, the real worker,
 * and a folder with the results. */
#ifndef DEMO_PACK_RUN_H
#define DEMO_PACK_RUN_H
#include "demo/order.h"
#include "settings/settings.h"

#define PACK_RECORD_NAME "record.json" /* demo/record.h, and "complete", "inputs" */

struct pack_request {
    const struct settings *settings; /* as given to the command */
    const char *command;             /* its name */
    const struct order *order;
    const char *out; /* folder for the results */
    /* Digest of the photos. A run that is interrupted or fails leaves its work in the folder, and a
     * later one with the same photos continues it. NULL: nothing is left. */
    const char *identity;
    const char *inputs; /* digest of photos and texts, for the record */
};

/* Returns the exit status; prints progress, and the result to standard output. */
int pack_run(const struct pack_request *request, struct error *err);
#endif
