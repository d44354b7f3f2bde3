/* batch_api_collect.c - what a provider's batch has made comes in: line by line, each to its item. */
#include <stdio.h>
#include <string.h>

#include "jobs/engine/model_call.h"
#include "jobs/batch_api/batch_api_steps.h"

enum { LINE_MAX_BYTES = 128 << 20 };

static const char *file_of(const struct economy *economy)
{
    return economy->file == 0 ? economy->remote.output : economy->remote.errors;
}

static const char *path_of(const struct job *job)
{
    const struct economy *economy = job->state;

    return economy_path(job, economy->file == 0 ? "output" : "errors");
}

/* -- lines ------------------------------------------------------------------------------------- */

bool economy_pick(struct job *job, struct error *err)
{
    struct economy *economy = job->state;

    (void)err;
    while (economy->file < 2 && file_of(economy)[0] == '\0') {
        economy->file++;
        economy->offset = 0;
    }
    if (economy->file == 2) {
        return economy_skip(job, NULL);
    }
    job->op.kind = OP_FILE;
    job->op.file.path = path_of(job);
    job->op.file.piece = true;
    job->op.file.offset = economy->offset;
    job->op.file.read_limit = LINE_MAX_BYTES;
    return true;
}

static bool is_all_there(const struct economy *economy)
{
    for (int i = 0; i < economy->chunk.item_count; i++) {
        if (!economy->ended[i]) {
            return false;
        }
    }
    return true;
}

/* A file of an earlier life may have lost its end with the power: it is fetched once more before
 * anybody says that a line is missing. And what came with status 200 may be a gateway's page: then
 * the provider keeps its files, and is asked again later. */
static enum next both_read(struct job *job, struct error *err)
{
    struct economy *economy = job->state;

    for (int i = 0; i < 2 && !is_all_there(economy); i++) {
        economy->file = i;
        if (file_of(economy)[0] && !economy->fresh[i]) {
            economy->offset = 0;
            economy->junk = false;
            return economy_jump(job, ROW_FETCH);
        }
    }
    if (economy->junk && !is_all_there(economy)) {
        error_set(err, ERROR_REMOTE, "the results hold lines that are none");
        return NEXT_FAIL;
    }
    return economy_jump(job, ROW_FORGET);
}

static int item_named(const struct economy *economy, const char *id)
{
    for (int i = 0; i < economy->chunk.item_count; i++) {
        if (!economy->ended[i] && strcmp(economy->chunk.items[i], id) == 0) {
            return i;
        }
    }
    return -1;
}

/* What the record of the call is to say of it. */
static struct attempt attempt_of(struct job *job, enum reading reading, int status)
{
    const struct economy *economy = job->state;
    const struct result *got = &economy->got;
    struct attempt attempt = { .http_status = status,
                               .model = economy->caller.model->id,
                               .cost_microusd = -1 };

    attempt.request_id = arena_text(job->arena, got->request_id);
    if (reading == READING_DONE) {
        attempt.outcome = "ok";
        attempt.usage = call_usage(&got->usage, job->arena);
        attempt.cost_microusd = catalog_cost_in_batch(economy->caller.model, &got->usage, 1);
        return attempt;
    }
    attempt.outcome = error_rule(economy->why.kind)->name;
    attempt.error = arena_text(job->arena, economy->why.text);
    if (status == 0) { /* it was not done */
        attempt.cost_microusd = 0;
    }
    return attempt;
}

/* Reads one line; false: it is nobody's that waits for one. */
static bool read_line(struct job *job)
{
    struct economy *economy = job->state;
    struct order order = { .task = TASK_EDIT,
                           .model = economy->caller.model,
                           .at = &economy->caller.at,
                           .arena = job->arena };
    enum reading reading;
    char id[40];
    int status, at;

    blob_free(&economy->got.content);
    economy->got = (struct result){ .usage = { -1, -1, -1, -1, -1, -1 } };
    reading = economy->batch->read_line(&order, &job->op.file_got.content, id, &status,
                                        &economy->got, &economy->why);
    blob_free(&job->op.file_got.content); /* the line is read: hold no second copy of it */
    at = item_named(economy, id);
    if (at < 0) {
        economy->junk = economy->junk || id[0] == '\0';
        blob_free(&economy->got.content);
        economy->why.kind = ERROR_NONE;
        return false;
    }
    economy->at = at;
    if (reading == READING_DONE) {
        economy->why.kind = ERROR_NONE;
    }
    economy->attempt = attempt_of(job, reading, status);
    return true;
}

enum next economy_pick_end(struct job *job, struct error *err)
{
    struct economy *economy = job->state;
    const struct file_got *got = &job->op.file_got;

    if (economy->file == 2) {
        return both_read(job, err);
    }
    if (got->missing && !economy->fresh[economy->file]) {
        return economy_jump(job, ROW_FETCH);
    }
    if (got->missing) {
        error_set(err, ERROR_INTERNAL, "the spool has lost a file of results");
        return NEXT_FAIL;
    }
    if (got->next == economy->offset) { /* the end of it */
        economy->file++;
        economy->offset = 0;
        return economy_jump(job, ROW_PICK);
    }
    economy->next = got->next;
    economy->junk = economy->junk || got->too_long;
    if (!got->too_long && read_line(job)) {
        return economy_jump(job, ROW_ITEM);
    }
    economy->offset = job->op.file.offset = economy->next;
    return NEXT_AGAIN;
}

/* -- the files themselves ---------------------------------------------------------------------- */

bool economy_fetch(struct job *job, struct error *err)
{
    struct economy *economy = job->state;

    (void)err;
    economy->batch->result(&economy->call, file_of(economy), path_of(job), &job->op);
    return true;
}

enum next economy_fetch_end(struct job *job, struct error *err)
{
    struct economy *economy = job->state;
    struct remote_batch ignored;
    int status = job->op.http_got.status;

    economy->fresh[economy->file] = true;
    if (status == 404) { /* it is gone there: what it held is lost */
        char *name = economy->file == 0 ? economy->remote.output : economy->remote.errors;

        name[0] = '\0';
        return economy_jump(job, ROW_PICK);
    }
    if (status != 200) {
        economy->fresh[economy->file] = false;
        if (economy->batch->read(&economy->call, &job->op, &ignored, err)) {
            error_set(err, ERROR_REMOTE, "the results came with HTTP %d", status);
        }
        return NEXT_FAIL;
    }
    return economy_jump(job, ROW_PICK);
}

/* -- one item ---------------------------------------------------------------------------------- */

/* The photo is looked at once more, for the likeness; an image is worth no less without. */
bool economy_liken(struct job *job, struct error *err)
{
    return picture_photo(job, err) || economy_skip(job, NULL);
}

enum next economy_liken_end(struct job *job, struct error *err)
{
    struct economy *economy = job->state;
    struct picture *picture = &economy->picture;
    struct picture before = *picture; /* the record's word on the photo */
    bool came = job->op.kind == OP_HTTP || job->op.kind == OP_FILE;

    came = came && job->op.error.kind == ERROR_NONE && picture_photo_end(job, err);
    picture->photo_seen = came && strcmp(picture->photo_sha256, before.photo_sha256) == 0;
    memcpy(picture->photo_sha256, before.photo_sha256, sizeof before.photo_sha256);
    picture->photo_facts = before.photo_facts;
    picture->photo_bytes = before.photo_bytes;
    picture->photo_smaller = before.photo_smaller;
    picture->by_us = false; /* it was paid for */
    blob_free(&picture->photo);
    blob_free(&picture->sent);
    return NEXT_STEP;
}

enum next economy_inspect_end(struct job *job, struct error *err)
{
    struct economy *economy = job->state;
    const struct error *verdict = &economy->picture.verdict;

    if (verdict->kind == ERROR_NONE) {
        return NEXT_STEP;
    }
    if (error_rule(verdict->kind)->retry) {
        *err = *verdict;
        return NEXT_FAIL;
    }
    job->attempt.outcome = "turned down";
    job->attempt.error = arena_text(job->arena, verdict->text);
    return economy_item_failed(job, verdict, err);
}

bool economy_put(struct job *job, struct error *err)
{
    return picture_put(job, err) || economy_skip(job, err);
}

enum next economy_put_end(struct job *job, struct error *err)
{
    struct economy *economy = job->state;

    return economy->why.kind == ERROR_NONE ? picture_put_end(job, err)
                                           : economy_item_failed(job, &economy->why, err);
}

bool economy_settle(struct job *job, struct error *err)
{
    struct image_row row;

    if (!picture_row(job, &row, err)) {
        return economy_skip(job, err);
    }
    queue_economy_settle(&job->op, job->arena, &job->by, job->part, &row,
                         job->attempt.id ? &job->attempt : NULL);
    return true;
}

enum next economy_settle_end(struct job *job, struct error *err)
{
    struct economy *economy = job->state;

    if (economy->why.kind != ERROR_NONE) {
        return economy_item_failed(job, &economy->why, err);
    }
    return queue_settle_done(&job->op, err) ? economy_next_item(job) : NEXT_FAIL;
}

bool economy_fail(struct job *job, struct error *err)
{
    struct economy *economy = job->state;

    (void)err;
    queue_economy_fail(&job->op, job->arena, &job->by, job->part, &economy->why,
                       job->attempt.id ? &job->attempt : NULL);
    return true;
}

enum next economy_fail_end(struct job *job, struct error *err)
{
    return queue_settle_done(&job->op, err) ? economy_next_item(job) : NEXT_FAIL;
}

/* -- the end ----------------------------------------------------------------------------------- */

/* The sellers' photos need not lie there for a month. */
bool economy_forget(struct job *job, struct error *err)
{
    struct economy *economy = job->state;
    const struct remote_batch *remote = &economy->remote;
    const char *files[] = { remote->input, remote->output, remote->errors };

    (void)err;
    while (economy->forgotten < 3 && files[economy->forgotten][0] == '\0') {
        economy->forgotten++;
    }
    if (economy->forgotten < 3) {
        economy->batch->forget(&economy->call, files[economy->forgotten], &job->op);
    }
    return true;
}

enum next economy_forget_end(struct job *job, struct error *err)
{
    struct economy *economy = job->state;

    (void)err;
    economy->forgotten++;
    return economy_jump(job, ROW_FORGET);
}

bool economy_end(struct job *job, struct error *err)
{
    const struct economy *economy = job->state;
    const char *word = economy->remote.word;

    (void)err;
    job->cost_microusd = economy->total_microusd;
    queue_economy_end(&job->op, job->arena, &job->by,
                      strcmp(word, "expired") == 0
                          ? "The provider ran out of time for this image."
                          : arena_printf(job->arena,
                                         "The provider's batch (%s) gave no result for this image.",
                                         word[0] ? word : "not sent"));
    return true;
}

enum next economy_end_end(struct job *job, struct error *err)
{
    return queue_settle_done(&job->op, err) ? NEXT_STEP : NEXT_FAIL;
}
