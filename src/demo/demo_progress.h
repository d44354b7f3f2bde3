/* demo_progress.h - the demo's jobs as they go: a row each, and how long each step took. */
#ifndef DEMO_DEMO_PROGRESS_H
#define DEMO_DEMO_PROGRESS_H
#include <cjson/cJSON.h>

#include "jobs/engine/engine.h"
#include "term/term_progress.h"

enum { PROGRESS_ROWS = 64, PROGRESS_NAME = 48, WATCH_STATE = 160 };

struct watched { /* one job, all its attempts together */
    char id[37], name[PROGRESS_NAME], state[WATCH_STATE];
    enum term_style style;
    int64_t began_us, ended_us;
    const struct job_type *type;
    int64_t step_us[MAX_STEPS];
};

struct demo_progress {
    FILE *stream;
    struct term_progress
        *term; /* NULL where rows cannot be drawn in place: one line at each end then */
    struct watched rows[PROGRESS_ROWS];
    int count;
};

void demo_progress_begin(struct demo_progress *watch, FILE *stream);
void demo_progress_end(struct demo_progress *watch); /* harmless where it never began */

/* The row of something that is no job: made at its first call; `done` ends it. */
void demo_progress_set_row(struct demo_progress *watch, const char *name, const char *state,
                           bool done);
void demo_progress_draw(struct demo_progress *watch);
struct engine_callbacks
demo_progress_callbacks(struct demo_progress *watch); /* for worker_config.engine.callbacks */

/* Adds "steps" {name: milliseconds} to each job of a demo's record. */
void demo_progress_add_steps(const struct demo_progress *watch, cJSON *record);
#endif
