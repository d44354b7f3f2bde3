/* demo_progress.c - shows one row per job while it runs. Called from the loop thread only. */
#include "demo/demo_progress.h"

#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "demo/record.h"
#include "jobs/seller_message.h"

enum { SHOWN_US = 100 }; /* a step that had nothing to do takes less */

#define DONE "\xe2\x9c\x93 done"
#define FAILED "\xe2\x9c\x97 failed"

static const struct {
    const char *step, *text;
} step_texts[] = {
    { "load_project", "loading the project" },
    { "fetch_photo", "fetching the photo" },
    { "fetch_logo", "fetching the logo" },
    { "fetch_plate", "fetching the picture" },
    { "translate", "translating the texts" },
    { "check_texts", "checking the texts" },
    { "extract_features", "extracting product features" },
    { "save_features", "saving product features" },
    { "generate", "generating the image" },
    { "generate_text", "generating the modules" },
    { "validate", "validating the image" },
    { "upload", "uploading the image" },
    { "commit", "saving the result" },
};

void demo_progress_begin(struct demo_progress *progress, FILE *stream)
{
    progress->stream = stream;
    progress->term = term_is_live(stream) ? term_progress_begin(stream, stream) : NULL;
}

static int rows_of(const struct demo_progress *progress, struct term_progress_row *out)
{
    for (int i = 0; i < progress->count; i++) {
        const struct progress_row *row = &progress->rows[i];

        out[i] = (struct term_progress_row){ .name = row->name,
                                             .state = row->state,
                                             .style = row->style,
                                             .began_us = row->began_us,
                                             .ended_us = row->ended_us };
    }
    return progress->count;
}

void demo_progress_draw(struct demo_progress *progress)
{
    struct term_progress_row rows[PROGRESS_ROWS];
    int count = rows_of(progress, rows);

    if (progress->term) {
        term_progress_update(progress->term, rows, count);
    }
}

void demo_progress_end(struct demo_progress *progress)
{
    struct term_progress_row rows[PROGRESS_ROWS];
    int count = rows_of(progress, rows);

    if (progress->term) {
        term_progress_end(progress->term, rows, count);
    }
    progress->term = NULL;
}

/* Sets the row's end time. If rows are not drawn in place, prints its final state as a line. */
static void row_end(const struct demo_progress *progress, struct progress_row *row, int64_t at_us)
{
    row->ended_us = at_us;
    if (!progress->term && progress->stream) {
        fprintf(progress->stream, "%s: %s (%.1f s)\n", row->name, row->state,
                (double)(row->ended_us - row->began_us) / 1e6);
    }
}

static struct progress_row *row_new(struct demo_progress *progress, const char *name)
{
    struct progress_row *row;

    if (progress->count == PROGRESS_ROWS) {
        return NULL;
    }
    row = &progress->rows[progress->count++];
    *row = (struct progress_row){ .began_us = clock_mono_us(), .style = STYLE_DIM };
    snprintf(row->name, sizeof row->name, "%s", name);
    return row;
}

static void row_set(struct progress_row *row, enum term_style style, const char *state)
{
    row->style = style;
    snprintf(row->state, sizeof row->state, "%s", state);
}

void demo_progress_set_row(struct demo_progress *progress, const char *name, const char *state,
                           bool done)
{
    struct progress_row *row = NULL;

    for (int i = 0; i < progress->count && !row; i++) {
        row = strcmp(progress->rows[i].name, name) == 0 ? &progress->rows[i] : NULL;
    }
    row = row ? row : row_new(progress, name);
    if (row) {
        row_set(row, done ? STYLE_GOOD : STYLE_DIM, state);
        row->ended_us = 0;
        if (done) {
            row_end(progress, row, clock_mono_us());
        }
    }
    demo_progress_draw(progress);
    if (progress->term) {
        term_progress_draw(progress->term); /* the caller is about to block, so draw now */
    }
}

void demo_progress_job_name(const struct job *job, char *out, size_t size)
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

/* Returns the row of the job, added at its first call, or NULL if all rows are in use. */
static struct progress_row *row_of_job(struct demo_progress *progress, const struct job *job)
{
    char name[PROGRESS_NAME];
    struct progress_row *row;

    for (int i = 0; i < progress->count; i++) {
        if (strcmp(progress->rows[i].id, job->claimed.id) == 0) {
            return &progress->rows[i];
        }
    }
    demo_progress_job_name(job, name, sizeof name);
    row = row_new(progress, name);
    if (row) {
        snprintf(row->id, sizeof row->id, "%s", job->claimed.id);
        row->type = job->type;
    }
    return row;
}

const char *demo_progress_step_text(const char *step)
{
    for (size_t i = 0; i < sizeof step_texts / sizeof *step_texts; i++) {
        if (strcmp(step_texts[i].step, step) == 0) {
            return step_texts[i].text;
        }
    }
    return step;
}

static void on_step(const struct job *job, const char *step, void *context)
{
    struct demo_progress *progress = context;
    struct progress_row *row = row_of_job(progress, job);

    if (row) {
        row_set(row, STYLE_DIM, demo_progress_step_text(step));
        row->ended_us = 0;
    }
    demo_progress_draw(progress);
}

static bool is_pack(const struct progress_row *row)
{
    return row->type && strcmp(row->type->name, "generate-complete-pack") == 0;
}

/* What is about the product or its photo is said in the words for sellers; trouble of a service or
 * of this machine in those for the user, who can remove it. */
static const char *reason_of(const struct error *error)
{
    bool of_product =
        error->kind == ERROR_INPUT || error->kind == ERROR_REFUSED || error->kind == ERROR_OUTPUT;

    return of_product ? seller_message(error) : error->text;
}

static void on_end(const struct job *job, enum job_end ending, const struct error *error,
                   int64_t refunded, int64_t duration_us, void *context)
{
    struct demo_progress *progress = context;
    struct progress_row *row = row_of_job(progress, job);
    char state[PROGRESS_STATE];

    (void)refunded;
    (void)duration_us;
    if (!row) {
        return;
    }
    for (int i = 0; job->type && i < job->type->step_count; i++) {
        row->step_us[i] += job->step_us[i];
    }
    if (ending == JOB_COMPLETED && is_pack(row)) {
        row_set(row, STYLE_DIM, "waiting for its images");
        demo_progress_draw(progress);
        return;
    }
    if (ending == JOB_COMPLETED) {
        row_set(row, STYLE_GOOD, DONE);
    } else if (ending == JOB_RETURNED) {
        row_set(row, STYLE_WARN, "stopped");
    } else {
        bool retries = ending == JOB_RETRY_LATER || ending == JOB_WAITS;

        snprintf(state, sizeof state, "%s: %.320s", retries ? "will be retried" : FAILED,
                 reason_of(error));
        row_set(row, retries ? STYLE_WARN : STYLE_BAD, state);
    }
    row_end(progress, row, clock_mono_us());
    demo_progress_draw(progress);
}

void demo_progress_end_packs(struct demo_progress *progress, const cJSON *record)
{
    const cJSON *job;

    cJSON_ArrayForEach(job, cJSON_GetObjectItemCaseSensitive(record, "jobs"))
    {
        const char *id = json_peek_text(job, "id"), *status = json_peek_text(job, "status");
        double seconds = json_peek_number(job, "seconds", -1);

        for (int i = 0; id && status && i < progress->count; i++) {
            struct progress_row *row = &progress->rows[i];
            bool completed = strcmp(status, "completed") == 0;
            char state[PROGRESS_STATE];

            if (strcmp(row->id, id) != 0 || !is_pack(row) || row->ended_us != 0) {
                continue;
            }
            snprintf(state, sizeof state, "%s: %.320s", FAILED,
                     completed                        ? ""
                     : json_peek_text(job, "message") ? json_peek_text(job, "message")
                                                      : status);
            row_set(row, completed ? STYLE_GOOD : STYLE_BAD, completed ? DONE : state);
            row_end(progress, row,
                    seconds >= 0 ? row->began_us + (int64_t)(seconds * 1e6) : clock_mono_us());
        }
    }
    demo_progress_draw(progress);
}

struct engine_callbacks demo_progress_callbacks(struct demo_progress *progress)
{
    return (
        struct engine_callbacks){ .step_began = on_step, .job_ended = on_end, .context = progress };
}

static void add_steps(const struct progress_row *row, cJSON *job)
{
    cJSON *steps = cJSON_AddObjectToObject(job, "steps");

    for (int i = 0; row->type && i < row->type->step_count; i++) {
        if (row->step_us[i] >= SHOWN_US) {
            cJSON_AddNumberToObject(steps, row->type->steps[i].name,
                                    (double)(row->step_us[i] / 10) / 100);
        }
    }
}

void demo_progress_add_steps(const struct demo_progress *progress, cJSON *record)
{
    cJSON *job;

    cJSON_ArrayForEach(job, cJSON_GetObjectItemCaseSensitive(record, "jobs"))
    {
        const char *id = json_peek_text(job, "id");

        for (int i = 0; id && i < progress->count; i++) {
            if (strcmp(progress->rows[i].id, id) == 0) {
                add_steps(&progress->rows[i], job);
            }
        }
    }
}
