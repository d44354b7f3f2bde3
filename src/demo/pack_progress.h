/* pack_progress.h - the progress of a run: one row for each job of a single product, or one for
 * each of several products. */
#ifndef DEMO_PACK_PROGRESS_H
#define DEMO_PACK_PROGRESS_H
#include "demo/demo_progress.h"
#include "demo/products/products_progress.h"

struct pack_progress { /* zero-initialized: shows nothing */
    bool several;
    struct demo_progress jobs;
    struct products_progress products;
};

/* complete: products whose pack is complete before the run. */
void pack_progress_begin(struct pack_progress *progress, FILE *stream, bool several, int complete);
/* Says what the run does while no jobs run. `name` is that of the row of a single product; `done`
 * ends it. */
void pack_progress_phase(struct pack_progress *progress, const char *name, const char *state,
                         bool done);
void pack_progress_draw(struct pack_progress *progress);
struct engine_callbacks pack_progress_callbacks(struct pack_progress *progress);
void pack_progress_end(struct pack_progress *progress); /* no effect without a begin */
#endif
