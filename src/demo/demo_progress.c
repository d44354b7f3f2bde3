/* demo_progress.c - rows of jobs under way. Loop thread only. */
#include "demo/demo_progress.h"

#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "demo/record.h"

static const struct {
    const char *step, *says;
} words[] = {
    { "load_project", "loading the project" },
    { "fetch_photo", "fetching the photo" },
    { "extract_features", "extracting product features" },
    { "save_features", "saving product features" },
    { "generate", "generating the image" },
    { "generate_text", "generating the modules" },
    { "validate", "validating the image" },
    { "upload", "uploading the image" },
    { "commit", "committing job and credits" },
};

void demo_progress_begin(struct demo_progress *watch, FILE *stream)
{
    watch->stream = stream;
    watch->term = term_is_live(stream) ? term_progress_begin(stream) : NULL;
}

static int rows_of(const struct demo_progress *watch, struct term_progress_row *out)
{
    for (int i = 0; i < watch->count; i++) {
        const struct watched *row = &watch->rows[i];

        out[i] = (struct term_progress_row){ .name = row->name,
                                             .state = row->state,
                                             .style = row->style,
                                             .began_us = row->began_us,
                                             .ended_us = row->ended_us };
    }
    return watch->count;
}

void demo_progress_draw(struct demo_progress *watch)
{
    struct term_progress_row rows[PROGRESS_ROWS];
    int count = rows_of(watch, rows);

    if (watch->term) {
        term_progress_update(watch->term, rows, count);
    }
}

void demo_progress_end(struct demo_progress *watch)
{
    struct term_progress_row rows[PROGRESS_ROWS];
    int count = rows_of(watch, rows);

    if (watch->term) {
        term_progress_end(watch->term, rows, count);
    }
    watch->term = NULL;
}

/* A row has come to its end: where no rows are drawn, the one line that tells it. */
static void row_ended(const struct demo_progress *watch, struct watched *row)
{
    row->ended_us = clock_mono_us();
    if (!watch->term && watch->stream) {
        fprintf(watch->stream, "%s: %s (%.1f s)\n", row->name, row->state,
                (double)(row->ended_us - row->began_us) / 1e6);
    }
}

static struct watched *row_new(struct demo_progress *watch, const char *name)
{
    struct watched *row;

    if (watch->count == PROGRESS_ROWS) {
        return NULL;
    }
    row = &watch->rows[watch->count++];
    *row = (struct watched){ .began_us = clock_mono_us(), .style = STYLE_DIM };
    snprintf(row->name, sizeof row->name, "%s", name);
    return row;
}

static void row_say(struct watched *row, enum term_style style, const char *state)
{
    row->style = style;
    snprintf(row->state, sizeof row->state, "%s", state);
}

void demo_progress_set_row(struct demo_progress *watch, const char *name, const char *state,
                           bool done)
{
    struct watched *row = NULL;

    for (int i = 0; i < watch->count && !row; i++) {
        row = strcmp(watch->rows[i].name, name) == 0 ? &watch->rows[i] : NULL;
    }
    row = row ? row : row_new(watch, name);
    if (row) {
        row_say(row, done ? STYLE_GOOD : STYLE_DIM, state);
        row->ended_us = 0;
        if (done) {
            row_ended(watch, row);
        }
    }
    demo_progress_draw(watch);
    if (watch->term) {
        term_progress_draw(watch->term); /* what is said so is about to block */
    }
}

/* What the job is about, out of its payload. */
static void name_of(const struct job *job, char *out, size_t size)
{
    cJSON *payload = cJSON_Parse(job->claimed.payload), *row = cJSON_CreateObject();
    const char *image = json_peek_text(payload, "imageType");

    cJSON_AddStringToObject(row, "type", job->claimed.type);
    if (image) {
        cJSON_AddStringToObject(row, "image", image);
    }
    cJSON_AddNumberToObject(row, "module", (double)json_peek_int(payload, "module", 0));
    cJSON_AddNumberToObject(row, "slot", (double)json_peek_int(payload, "slot", 0));
    demo_record_title(row, out, size);
    cJSON_Delete(row);
    cJSON_Delete(payload);
}

static struct watched *row_of(struct demo_progress *watch, const struct job *job)
{
    char name[PROGRESS_NAME];
    struct watched *row;

    for (int i = 0; i < watch->count; i++) {
        if (strcmp(watch->rows[i].id, job->claimed.id) == 0) {
            return &watch->rows[i];
        }
    }
    name_of(job, name, sizeof name);
    row = row_new(watch, name);
    if (row) {
        snprintf(row->id, sizeof row->id, "%s", job->claimed.id);
        row->type = job->type;
    }
    return row;
}

static void on_step(const struct job *job, const char *step, void *context)
{
    struct demo_progress *watch = context;
    struct watched *row = row_of(watch, job);
    const char *says = step;

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        says = strcmp(words[i].step, step) == 0 ? words[i].says : says;
    }
    if (row) {
        row_say(row, STYLE_DIM, says);
        row->ended_us = 0;
    }
    demo_progress_draw(watch);
}

static void on_end(const struct job *job, enum job_end ending, const struct error *why,
                   int64_t refunded, int64_t took_us, void *context)
{
    struct demo_progress *watch = context;
    struct watched *row = row_of(watch, job);
    char state[WATCH_STATE];

    (void)refunded;
    (void)took_us;
    if (!row) {
        return;
    }
    for (int i = 0; job->type && i < job->type->step_count; i++) {
        row->step_us[i] += job->step_us[i];
    }
    if (ending == JOB_COMPLETED) {
        row_say(row, STYLE_GOOD, "\xe2\x9c\x93 done");
    } else if (ending == JOB_RETURNED) {
        row_say(row, STYLE_WARN, "stopped");
    } else {
        bool again = ending == JOB_RETRY_LATER;

        snprintf(state, sizeof state, "%s: %.140s", again ? "tries again" : "\xe2\x9c\x97 failed",
                 why->text);
        row_say(row, again ? STYLE_WARN : STYLE_BAD, state);
    }
    row_ended(watch, row);
    demo_progress_draw(watch);
}

struct engine_callbacks demo_progress_callbacks(struct demo_progress *watch)
{
    return (
        struct engine_callbacks){ .step_began = on_step, .job_ended = on_end, .context = watch };
}

static void note_job(const struct watched *row, cJSON *job)
{
    cJSON *steps = cJSON_AddObjectToObject(job, "steps");

    for (int i = 0; row->type && i < row->type->step_count; i++) {
        if (row->step_us[i] > 0) {
            cJSON_AddNumberToObject(steps, row->type->steps[i].name,
                                    (double)(row->step_us[i] / 10) / 100);
        }
    }
}

void demo_progress_add_steps(const struct demo_progress *watch, cJSON *record)
{
    cJSON *job;

    cJSON_ArrayForEach(job, cJSON_GetObjectItemCaseSensitive(record, "jobs"))
    {
        const char *id = json_peek_text(job, "id");

        for (int i = 0; id && i < watch->count; i++) {
            if (strcmp(watch->rows[i].id, id) == 0) {
                note_job(&watch->rows[i], job);
            }
        }
    }
}
