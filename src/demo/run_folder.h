/* run_folder.h - where a pack run keeps its database, store and spool: in a temporary folder, or
 * in a folder of the user that outlives an interruption, so that a later run continues and nothing
 * is paid for twice. */
#ifndef DEMO_RUN_FOLDER_H
#define DEMO_RUN_FOLDER_H
#include <stddef.h>
#include <stdio.h>

#include "base/error.h"
#include "providers/provider.h"

#define RUN_FOLDER_NAME ".darkroom" /* in the folder of the results */
#define RUN_LOG_NAME "worker.log"   /* in the run folder */

struct run_folder {
    char folder[4096];   /* "" if there is none */
    char database[4096]; /* "": a temporary database */
    int lock;            /* descriptor; -1: temporary */
    FILE *log;           /* NULL: log lines go to stderr */
};

bool run_folder_temporary(struct run_folder *run, struct error *err) MUST_CHECK;

/* Opens OUT/.darkroom, created if it is missing. ERROR_INPUT if another process works there, if it
 * holds the pack of other photos than those of `identity` (a digest), or if it holds paid images
 * and `provider`, of the images, is a local one: its images are placeholders. Placeholders that it
 * holds are discarded for any other provider. Call run_folder_close also after a failure. */
bool run_folder_open(struct run_folder *run, const char *out, const char *identity,
                     const struct provider *provider, struct error *err) MUST_CHECK;

/* Returns the project id of the open order of a product, or a new one if there is none, or if it is
 * that of other photos than those of `identity`. `key` is a file name and begins the id. */
bool run_folder_project(const struct run_folder *run, const char *key, const char *identity,
                        char *out, size_t size, struct error *err) MUST_CHECK;
/* The order of the product is no longer open: its results are complete. */
bool run_folder_end_project(const struct run_folder *run, const char *key,
                            struct error *err) MUST_CHECK;

/* Log lines go to RUN_LOG_NAME in the folder until it is closed. */
bool run_folder_open_log(struct run_folder *run, struct error *err) MUST_CHECK;
/* Prints where the log of an unfinished run in the folder OUT is, if it has one. */
void run_folder_print_log(const char *out);

/* Removes the folder if it is temporary, or if nothing in it is needed any more. */
void run_folder_close(struct run_folder *run, bool finished);
#endif
