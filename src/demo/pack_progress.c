/* pack_progress.c - passes the progress of a run to the display for one product or for several. */
#include "demo/pack_progress.h"

void pack_progress_begin(struct pack_progress *progress, FILE *stream, bool several, int complete)
{
    progress->several = several;
    if (several) {
        products_progress_begin(&progress->products, stream, complete);
    } else {
        demo_progress_begin(&progress->jobs, stream);
    }
}

void pack_progress_phase(struct pack_progress *progress, const char *name, const char *state,
                         bool done)
{
    if (progress->several) {
        products_progress_set_phase(&progress->products, done ? "" : state);
    } else {
        demo_progress_set_row(&progress->jobs, name, state, done);
    }
}

void pack_progress_draw(struct pack_progress *progress)
{
    if (progress->several) {
        products_progress_draw(&progress->products);
    } else {
        demo_progress_draw(&progress->jobs);
    }
}

struct engine_callbacks pack_progress_callbacks(struct pack_progress *progress)
{
    return progress->several ? products_progress_callbacks(&progress->products)
                             : demo_progress_callbacks(&progress->jobs);
}

void pack_progress_end(struct pack_progress *progress)
{
    if (progress->several) {
        products_progress_end(&progress->products);
    } else {
        demo_progress_end(&progress->jobs);
    }
}
