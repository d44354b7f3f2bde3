/* pack_results.h - writes the results of one product into its folder. */
#ifndef DEMO_PACK_RESULTS_H
#define DEMO_PACK_RESULTS_H
#include "app/worker_setup.h"
#include "demo/demo_progress.h"
#include "demo/pack_run.h"

struct pack_writer {
    const struct pack_request *request;
    const struct settings *settings; /* of the worker */
    const struct worker_setup *worker_setup;
    struct sql_session *session;
    const struct demo_progress *progress; /* of a single product, with the durations of its steps;
                                             NULL for several */
    const cJSON *seconds;                 /* durations of the parts of the run */
    int64_t began_us;
    const volatile sig_atomic_t *stop;
};

/* Reads the record of a project and writes images, page, contact sheet, record and what
 * request->finish adds. *record is set even if it fails after it was read. */
bool pack_results_write(const struct pack_writer *writer, const struct pack_product *product,
                        const struct order *order, struct results_folder *folder, cJSON **record,
                        struct error *err) MUST_CHECK;
#endif
