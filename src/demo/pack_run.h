/* pack_run.h - makes complete product packs on this machine: a private Postgres, the real worker,
 * and a folder with the results of each product. */
#ifndef DEMO_PACK_RUN_H
#define DEMO_PACK_RUN_H
#include <signal.h>

#include "demo/order.h"
#include "demo/results_folder.h"
#include "settings/settings.h"

#define PACK_RECORD_NAME "record.json" /* demo/record.h, and "complete", "inputs" */

struct pack_results {
    const struct settings *settings; /* with the store of the run, and the product's marketplace */
    struct sql_session *session;
    const char *project;
    const char *name; /* for files */
    struct results_folder *folder;
    cJSON *record;
    const volatile sig_atomic_t *stop;
};

struct pack_product {
    const char *folder;      /* of its results, within that of the run; NULL: that one itself */
    const char *sku, *name;  /* how progress and overview name it; NULL without a folder */
    const char *marketplace; /* NULL: that of the settings */
    const char *identity;    /* digest of the photos; NULL for the demo */
    const char *inputs;      /* digest of photos and texts, for the record */
    bool skip;               /* its pack is complete already */

    /* Set by pack_run: */
    bool complete;
    struct error fault; /* why its results could not be written; ERROR_NONE: they were */
};

struct pack_request {
    const struct settings *settings; /* as given to the command */
    const char *command;             /* its name */
    const char *out;                 /* folder for the results */
    struct pack_product *products;
    int count;
    bool
        with_credits; /* sellers pay with credits, as in an application; else nothing has a price */
    /* A run that is interrupted or fails leaves its work in the folder, and a later one with the
     * same identity continues it. NULL: nothing is left. */
    const char *identity;
    bool log_to_file;          /* log lines go to RUN_LOG_NAME in the run folder, not to stderr */
    int64_t max_cost_microusd; /* the worker stops once the calls of this run cost more; 0: never */
    void *context;
    /* Reads the order of a product, with its photos and without its project; pack_run calls unload
     * soon. */
    bool (*load)(void *context, int number, struct order *order, struct error *err);
    void (*unload)(void *context, int number);
    /* Called while the database and the store are there; may add files to the folder and facts to
     * the record. NULL: nothing is added. */
    bool (*finish)(const struct pack_results *results, struct error *err);
    /* Prints the result to standard output and returns the exit status. `record` is that of the
     * last product. */
    int (*print)(const struct pack_request *request, struct results_folder *folder,
                 const cJSON *record, struct error *err);
};

/* Returns the exit status; shows progress on standard error. */
int pack_run(const struct pack_request *request, struct error *err);
#endif
