/* products_progress.h - shows the packs of many products while they are made: the sum with the time
 * left, and one row per product that is being made. */
#ifndef DEMO_PRODUCTS_PRODUCTS_PROGRESS_H
#define DEMO_PRODUCTS_PRODUCTS_PROGRESS_H
#include "jobs/engine/engine.h"
#include "term/eta.h"
#include "term/term_progress.h"

enum { PRODUCT_STATE = 160 };

struct product_state {
    const char *sku;
    char project[120];
    int expected; /* jobs that have not ended when the run starts */
    int ended, failed, running;
    int64_t began_us, ended_us;
    char state[PRODUCT_STATE]; /* of the job that changed last, or the first fault */
};

struct products_progress { /* zero-initialized: shows nothing */
    FILE *stream;
    struct term_progress *term; /* NULL if rows cannot be drawn in place: ended rows are printed */
    struct product_state *products;
    int count;
    int complete; /* products with a complete pack before this run; they are not in `products` */
    char phase[PRODUCT_STATE];
    int64_t began_us;
    struct eta eta;
};

void products_progress_begin(struct products_progress *progress, FILE *stream, int complete);
void products_progress_end(struct products_progress *progress);

/* Adds a product. `sku` must outlive the progress. */
void products_progress_add(struct products_progress *progress, const char *sku, const char *project,
                           int expected);
/* Says what the run does while no jobs run, such as "starting a private Postgres". */
void products_progress_set_phase(struct products_progress *progress, const char *phase);
void products_progress_draw(struct products_progress *progress);
/* Returns callbacks for worker_config.engine.callbacks. */
struct engine_callbacks products_progress_callbacks(struct products_progress *progress);
#endif
