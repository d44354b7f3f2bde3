/* batch_api_collect.c - what a provider's batch has made comes in: line by line, each to its item.
 */
#include <stdio.h>
#include <string.h>

#include "jobs/batch_api/batch_api_steps.h"
#include "jobs/engine/model_call.h"
#include "jobs/seller_message.h"

enum { LINE_MAX_BYTES = 128 << 20 };

static const char *remote_file(const struct batch_api *batch_api)
{
    return batch_api->file == 0 ? batch_api->remote.output : batch_api->remote.errors;
}

static const char *local_path(const struct job *job)
{
    const struct batch_api *batch_api = job->state;

    return batch_api_path(job, batch_api->file == 0 ? "output" : "errors");
}

/* -- lines ------------------------------------------------------------------------------------- */

bool batch_api_read_record(struct job *job, struct error *err)
{
    struct batch_api *batch_api = job->state;

    (void)err;
    while (batch_api->file < 2 && remote_file(batch_api)[0] == '\0') {
        batch_api->file++;
        batch_api->offset = 0;
    }
    if (batch_api->file == 2) {
        return batch_api_skip(job, NULL);
    }
    job->op.kind = OP_FILE;
    job->op.file.path = local_path(job);
    job->op.file.piece = true;
    job->op.file.offset = batch_api->offset;
    job->op.file.read_limit = LINE_MAX_BYTES;
    return true;
}

static bool all_items_ended(const struct batch_api *batch_api)
{
    for (int i = 0; i < batch_api->chunk.item_count; i++) {
        if (!batch_api->ended[i]) {
            return false;
        }
    }
    return true;
}

/* A file of an earlier life may have lost its end with the power: it is fetched once more before
 * anybody says that a line is missing. And what came with status 200 may be a gateway's page: then
 * the provider keeps its files, and is asked again later. */
static enum transition finish_reading(struct job *job, struct error *err)
{
    struct batch_api *batch_api = job->state;

    for (int i = 0; i < 2 && !all_items_ended(batch_api); i++) {
        batch_api->file = i;
        if (remote_file(batch_api)[0] && !batch_api->downloaded[i]) {
            batch_api->offset = 0;
            batch_api->has_unreadable_records = false;
            return batch_api_go_to(job, STATE_DOWNLOAD_RESULTS);
        }
    }
    if (batch_api->has_unreadable_records && !all_items_ended(batch_api)) {
        error_set(err, ERROR_REMOTE, "the results hold lines that are none");
        return TRANSITION_FAIL;
    }
    return batch_api_go_to(job, STATE_DELETE_FILES);
}

static int find_item(const struct batch_api *batch_api, const char *id)
{
    for (int i = 0; i < batch_api->chunk.item_count; i++) {
        if (!batch_api->ended[i] && strcmp(batch_api->chunk.items[i], id) == 0) {
            return i;
        }
    }
    return -1;
}

/* The outcome to store with the call. */
static struct attempt attempt_from_record(struct job *job, enum read_result reading, int status)
{
    const struct batch_api *batch_api = job->state;
    const struct model_result *got = &batch_api->got;
    struct attempt attempt = { .http_status = status,
                               .model = batch_api->caller.model->id,
                               .cost_microusd = -1 };

    attempt.request_id = arena_text(job->arena, got->request_id);
    if (reading == READ_DONE) {
        attempt.outcome = "ok";
        attempt.usage = model_call_usage(&got->usage, job->arena);
        attempt.cost_microusd = catalog_cost_in_batch(batch_api->caller.model, &got->usage, 1);
        return attempt;
    }
    attempt.outcome = error_rule(batch_api->why.kind)->name;
    attempt.error = arena_text(job->arena, batch_api->why.text);
    if (status == 0) { /* it was not done */
        attempt.cost_microusd = 0;
    }
    return attempt;
}

/* Reads one record. Returns false if no open item waits for it. */
static bool read_result_record(struct job *job)
{
    struct batch_api *batch_api = job->state;
    struct model_request order = { .task = TASK_EDIT,
                                   .model = batch_api->caller.model,
                                   .at = &batch_api->caller.at,
                                   .arena = job->arena };
    enum read_result reading;
    char id[40];
    int status, at;

    blob_free(&batch_api->got.content);
    batch_api->got = (struct model_result){ .usage = { -1, -1, -1, -1, -1, -1 } };
    reading = batch_api->batch->read_record(&order, &job->op.file_result.content, id, &status,
                                            &batch_api->got, &batch_api->why);
    blob_free(&job->op.file_result.content); /* the line is read: hold no second copy of it */
    at = find_item(batch_api, id);
    if (at < 0) {
        batch_api->has_unreadable_records = batch_api->has_unreadable_records || id[0] == '\0';
        blob_free(&batch_api->got.content);
        batch_api->why.kind = ERROR_NONE;
        return false;
    }
    batch_api->at = at;
    if (reading == READ_DONE) {
        batch_api->why.kind = ERROR_NONE;
    }
    batch_api->attempt = attempt_from_record(job, reading, status);
    return true;
}

enum transition batch_api_read_record_end(struct job *job, struct error *err)
{
    struct batch_api *batch_api = job->state;
    const struct file_result *got = &job->op.file_result;

    if (batch_api->file == 2) {
        return finish_reading(job, err);
    }
    if (got->missing && !batch_api->downloaded[batch_api->file]) {
        return batch_api_go_to(job, STATE_DOWNLOAD_RESULTS);
    }
    if (got->missing) {
        error_set(err, ERROR_INTERNAL, "the spool has lost a file of results");
        return TRANSITION_FAIL;
    }
    if (got->next == batch_api->offset) { /* the end of it */
        batch_api->file++;
        batch_api->offset = 0;
        return batch_api_go_to(job, STATE_READ_RECORD);
    }
    batch_api->next = got->next;
    batch_api->has_unreadable_records = batch_api->has_unreadable_records || got->too_long;
    if (!got->too_long && read_result_record(job)) {
        return batch_api_go_to(job, STATE_LOAD_ITEM);
    }
    batch_api->offset = job->op.file.offset = batch_api->next;
    return TRANSITION_REPEAT;
}

/* -- the files themselves ---------------------------------------------------------------------- */

bool batch_api_download_results(struct job *job, struct error *err)
{
    struct batch_api *batch_api = job->state;

    (void)err;
    batch_api->batch->download(&batch_api->call, remote_file(batch_api), local_path(job), &job->op);
    return true;
}

enum transition batch_api_download_results_end(struct job *job, struct error *err)
{
    struct batch_api *batch_api = job->state;
    struct remote_batch ignored;
    int status = job->op.http_response.status;

    batch_api->downloaded[batch_api->file] = true;
    if (status == 404) { /* it is gone there: what it held is lost */
        char *name = batch_api->file == 0 ? batch_api->remote.output : batch_api->remote.errors;

        name[0] = '\0';
        return batch_api_go_to(job, STATE_READ_RECORD);
    }
    if (status != 200) {
        batch_api->downloaded[batch_api->file] = false;
        if (batch_api->batch->read_batch(&batch_api->call, &job->op, &ignored, err)) {
            error_set(err, ERROR_REMOTE, "the results came with HTTP %d", status);
        }
        return TRANSITION_FAIL;
    }
    return batch_api_go_to(job, STATE_READ_RECORD);
}

/* -- one item ---------------------------------------------------------------------------------- */

/* The photo is looked at once more, for the likeness; an image is worth no less without. */
bool batch_api_fetch_similarity_photo(struct job *job, struct error *err)
{
    return image_job_fetch_photo(job, err) || batch_api_skip(job, NULL);
}

enum transition batch_api_fetch_similarity_photo_end(struct job *job, struct error *err)
{
    struct batch_api *batch_api = job->state;
    struct image_job *image_job = &batch_api->image_job;
    struct image_job before = *image_job; /* the record's word on the photo */
    bool came = job->op.kind == OP_HTTP || job->op.kind == OP_FILE;

    came = came && job->op.error.kind == ERROR_NONE && image_job_fetch_photo_end(job, err);
    image_job->has_photo_print = came && strcmp(image_job->photo_sha256, before.photo_sha256) == 0;
    memcpy(image_job->photo_sha256, before.photo_sha256, sizeof before.photo_sha256);
    image_job->photo_facts = before.photo_facts;
    image_job->photo_bytes = before.photo_bytes;
    image_job->photo_downscaled = before.photo_downscaled;
    image_job->local = false; /* it was paid for */
    blob_free(&image_job->photo);
    blob_free(&image_job->model_photo);
    return TRANSITION_NEXT;
}

enum transition batch_api_validate_end(struct job *job, struct error *err)
{
    struct batch_api *batch_api = job->state;
    const struct error *verdict = &batch_api->image_job.verdict;

    if (verdict->kind == ERROR_NONE) {
        return TRANSITION_NEXT;
    }
    if (error_rule(verdict->kind)->retry) {
        *err = *verdict;
        return TRANSITION_FAIL;
    }
    job->attempt.outcome = "rejected";
    job->attempt.error = arena_text(job->arena, verdict->text);
    return batch_api_handle_item_error(job, verdict, err);
}

bool batch_api_upload(struct job *job, struct error *err)
{
    return image_job_upload(job, err) || batch_api_skip(job, err);
}

enum transition batch_api_upload_end(struct job *job, struct error *err)
{
    struct batch_api *batch_api = job->state;

    return batch_api->why.kind == ERROR_NONE
               ? image_job_upload_end(job, err)
               : batch_api_handle_item_error(job, &batch_api->why, err);
}

bool batch_api_commit_item(struct job *job, struct error *err)
{
    struct image_row row;

    if (!image_job_row(job, &row, err)) {
        return batch_api_skip(job, err);
    }
    queue_batch_api_commit_item(&job->op, job->arena, &job->holder, job->item_id, &row,
                                job->attempt.id ? &job->attempt : NULL);
    return true;
}

enum transition batch_api_commit_item_end(struct job *job, struct error *err)
{
    struct batch_api *batch_api = job->state;

    if (batch_api->why.kind != ERROR_NONE) {
        return batch_api_handle_item_error(job, &batch_api->why, err);
    }
    return queue_commit_done(&job->op, err) ? batch_api_finish_item(job) : TRANSITION_FAIL;
}

bool batch_api_fail_item(struct job *job, struct error *err)
{
    struct batch_api *batch_api = job->state;

    (void)err;
    queue_batch_api_fail_item(&job->op, job->arena, &job->holder, job->item_id, &batch_api->why,
                              seller_message(&batch_api->why),
                              job->attempt.id ? &job->attempt : NULL);
    return true;
}

enum transition batch_api_fail_item_end(struct job *job, struct error *err)
{
    return queue_commit_done(&job->op, err) ? batch_api_finish_item(job) : TRANSITION_FAIL;
}

/* -- the end ----------------------------------------------------------------------------------- */

/* Deletes the files, because they contain the sellers' photos. */
bool batch_api_delete_files(struct job *job, struct error *err)
{
    struct batch_api *batch_api = job->state;
    const struct remote_batch *remote = &batch_api->remote;
    const char *files[] = { remote->input, remote->output, remote->errors };

    (void)err;
    while (batch_api->deleted_files < 3 && files[batch_api->deleted_files][0] == '\0') {
        batch_api->deleted_files++;
    }
    if (batch_api->deleted_files < 3) {
        batch_api->batch->delete_file(&batch_api->call, files[batch_api->deleted_files], &job->op);
    }
    return true;
}

enum transition batch_api_delete_files_end(struct job *job, struct error *err)
{
    struct batch_api *batch_api = job->state;

    (void)err;
    batch_api->deleted_files++;
    return batch_api_go_to(job, STATE_DELETE_FILES);
}

bool batch_api_complete_chunk(struct job *job, struct error *err)
{
    const struct batch_api *batch_api = job->state;
    const char *word = batch_api->remote.status;

    (void)err;
    job->cost_microusd = batch_api->total_microusd;
    queue_batch_api_complete_chunk(
        &job->op, job->arena, &job->holder,
        strcmp(word, "expired") == 0
            ? "The provider ran out of time for this image."
            : arena_printf(job->arena, "The provider's batch (%s) gave no result for this image.",
                           word[0] ? word : "not sent"));
    return true;
}

enum transition batch_api_complete_chunk_end(struct job *job, struct error *err)
{
    return queue_commit_done(&job->op, err) ? TRANSITION_NEXT : TRANSITION_FAIL;
}
