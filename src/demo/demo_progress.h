/* demo_progress.h - the demo's jobs as they go: a row each, and how long each step took. */
#ifndef DEMO_DEMO_PROGRESS_H
#define DEMO_DEMO_PROGRESS_H
#include <cjson/cJSON.h>

#include "jobs/engine/engine.h"
#include "term/term_progress.h"

enum { WATCH_ROWS = 64, WATCH_NAME = 48, WATCH_STATE = 160 };

struct watched { /* one job, all its attempts together */
    char id[37], name[WATCH_NAME], state[WATCH_STATE];
    enum term_style style;
    int64_t began_us, ended_us;
    const struct job_type *type;
    int64_t step_us[JOB_STEPS];
};

struct demo_watch {
    FILE *stream;
    struct term_progress
        *term; /* NULL where rows cannot be drawn in place: one line at each end then */
    struct watched rows[WATCH_ROWS];
    int count;
};

void watch_begin(struct demo_watch *watch, FILE *stream);
void watch_end(struct demo_watch *watch); /* harmless where it never began */

/* The row of something that is no job: made at its first call; `done` ends it. */
void watch_say(struct demo_watch *watch, const char *name, const char *state, bool done);
void watch_draw(struct demo_watch *watch);
struct engine_callbacks
watch_hooks(struct demo_watch *watch); /* for worker_config.engine.callbacks */

/* Adds "steps" {name: milliseconds} to each job of a demo's record. */
void watch_note(const struct demo_watch *watch, cJSON *record);
#endif
