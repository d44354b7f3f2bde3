/* demo_progress.h - shows the demo's jobs while they run and records how long each step took. */
#ifndef DEMO_DEMO_PROGRESS_H
#define DEMO_DEMO_PROGRESS_H
#include <cjson/cJSON.h>

#include "jobs/engine/engine.h"
#include "term/term_progress.h"

enum { PROGRESS_ROWS = 64, PROGRESS_NAME = 48, PROGRESS_STATE = 360 };

/* One job; the durations are the sums over its attempts. */
struct progress_row {
    char id[37], name[PROGRESS_NAME], state[PROGRESS_STATE];
    enum term_style style;
    int64_t began_us, ended_us;
    const struct job_type *type;
    int64_t step_us[MAX_STEPS];
};

struct demo_progress {
    FILE *stream;
    struct term_progress *term; /* NULL if rows cannot be drawn in place: ended rows are printed */
    struct progress_row rows[PROGRESS_ROWS];
    int count;
};

void demo_progress_begin(struct demo_progress *progress, FILE *stream);
void demo_progress_end(struct demo_progress *progress); /* no effect without a begin */

/* Sets the state of a row that is not a job. The first call with this name adds the row; `done`
 * ends it. */
void demo_progress_set_row(struct demo_progress *progress, const char *name, const char *state,
                           bool done);
void demo_progress_draw(struct demo_progress *progress);
/* Returns callbacks for worker_config.engine.callbacks. */
struct engine_callbacks demo_progress_callbacks(struct demo_progress *progress);

/* Writes the title of a job, such as "main image". */
void demo_progress_job_name(const struct job *job, char *out, size_t size);
/* Returns what a step does, such as "generating the image". */
const char *demo_progress_step_text(const char *step);

/* Ends the rows of packs as the record of their jobs says: a pack ends with its last image, on no
 * worker. */
void demo_progress_end_packs(struct demo_progress *progress, const cJSON *record);

/* Adds "steps": {name: milliseconds} to each job of a demo's record. */
void demo_progress_add_steps(const struct demo_progress *progress, cJSON *record);
#endif
