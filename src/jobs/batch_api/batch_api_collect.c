/* batch_api_collect.c - reads the results of a provider's batch, record by record, and stores each
 * with its item.
 */
#include <stdio.h>
#include <string.h>

#include "jobs/batch_api/batch_api_steps.h"
#include "jobs/engine/model_call.h"
#include "jobs/seller_message.h"
#include "jobs/types/image_rejection.h"

enum { RECORD_MAX_BYTES = 128 << 20 };

static const char *remote_file(const struct batch_api *batch_api)
{
    return batch_api->result_file == 0 ? batch_api->remote.output : batch_api->remote.errors;
}

static const char *local_path(const struct job *job)
{
    const struct batch_api *batch_api = job->state;

    return batch_api_path(job, batch_api->result_file == 0 ? "output" : "errors");
}

/* -- records ----------------------------------------------------------------------------------- */

bool batch_api_read_record(struct job *job, struct error *err)
{
    struct batch_api *batch_api = job->state;

    (void)err;
    while (batch_api->result_file < 2 && remote_file(batch_api)[0] == '\0') {
        batch_api->result_file++;
        batch_api->offset = 0;
    }
    if (batch_api->result_file == 2) {
        return batch_api_skip(job, NULL);
    }
    if (batch_api->offset == 0) {
        batch_api_begin_file(job, batch_api->result_file);
    }
    job->op.kind = OP_FILE;
    job->op.file.path = local_path(job);
    job->op.file.piece = true;
    job->op.file.offset = batch_api->offset;
    job->op.file.read_limit = RECORD_MAX_BYTES;
    return true;
}

static bool all_items_ended(const struct batch_api *batch_api)
{
    for (int i = 0; i < batch_api->chunk.item_count; i++) {
        if (!batch_api->item_ended[i]) {
            return false;
        }
    }
    return true;
}

/* Ends the reading of both files. If a result is missing, first downloads the files that an earlier
 * process downloaded, because a crash may have truncated them. Then compares what was read with
 * what the provider counted: until they agree, the files stay at the provider and are read again
 * later. */
static enum transition finish_reading(struct job *job)
{
    struct batch_api *batch_api = job->state;

    for (int i = 0; i < 2 && !all_items_ended(batch_api); i++) {
        batch_api->result_file = i;
        if (remote_file(batch_api)[0] && !batch_api->downloaded[i]) {
            batch_api->offset = 0;
            return batch_api_go_to(job, STATE_DOWNLOAD_RESULTS);
        }
    }
    batch_api->wait_reason = all_items_ended(batch_api) ? NULL : batch_api_missing_results(job);
    if (!batch_api->wait_reason) {
        batch_api->wait_reason = batch_api->rejection;
    }
    return batch_api_go_to(job, batch_api->wait_reason ? STATE_RESCHEDULE : STATE_DELETE_FILES);
}

static int find_item(const struct batch_api *batch_api, const char *id)
{
    for (int i = 0; i < batch_api->chunk.item_count; i++) {
        if (!batch_api->item_ended[i] && strcmp(batch_api->chunk.items[i], id) == 0) {
            return i;
        }
    }
    return -1;
}

/* Returns the outcome to store with the call. */
static struct attempt attempt_from_record(struct job *job, enum read_result reading, int status)
{
    const struct batch_api *batch_api = job->state;
    const struct model_result *got = &batch_api->result;
    struct attempt attempt = { .http_status = status,
                               .model = batch_api->model_endpoint.model->id,
                               .cost_microusd = -1 };

    attempt.request_id = arena_text(job->arena, got->request_id);
    if (reading == READ_DONE) {
        attempt.outcome = "ok";
        attempt.usage = model_call_usage(&got->usage, job->arena);
        attempt.cost_microusd =
            catalog_cost_in_batch(batch_api->model_endpoint.model, &got->usage, 1);
        attempt.tokens = got->usage;
        return attempt;
    }
    attempt.outcome = error_rule(batch_api->item_error.kind)->name;
    attempt.error = arena_text(job->arena, batch_api->item_error.text);
    if (status == 0) { /* the provider did not make the call, so it bills nothing */
        attempt.cost_microusd = 0;
    }
    return attempt;
}

/* Reads one record. Returns false if it belongs to no open item, or its result cannot be read.
 * `complete`: its line ends with a line feed. */
static bool read_result_record(struct job *job, bool complete)
{
    struct batch_api *batch_api = job->state;
    struct model_request request = { .task = TASK_EDIT,
                                     .model = batch_api->model_endpoint.model,
                                     .at = &batch_api->model_endpoint.endpoint,
                                     .arena = job->arena };
    enum read_result reading;
    char id[40];
    int status, index;
    bool is_unreadable;

    blob_free(&batch_api->result.content);
    batch_api->result = (struct model_result){ .usage = USAGE_UNKNOWN };
    reading = batch_api->batch->read_record(&request, &job->op.file_result.content, id, &status,
                                            &batch_api->result, &batch_api->item_error);
    blob_free(
        &job->op.file_result.content); /* releases the text early: it is as large as the image */
    index = find_item(batch_api, id);
    /* A paid result in a form that this program cannot read is not
     * final, and the provider's file is the only copy of it. */
    is_unreadable =
        index >= 0 && reading == READ_FAILED && batch_api->item_error.kind == ERROR_FORMAT;
    if (is_unreadable) {
        batch_api->ledger.unknown_form[batch_api->result_file]++;
    } else {
        batch_api_note_record(job, id, complete);
    }
    if (index < 0 || is_unreadable) {
        blob_free(&batch_api->result.content);
        batch_api->item_error.kind = ERROR_NONE;
        return false;
    }
    batch_api->item_index = index;
    if (reading == READ_DONE) {
        batch_api->item_error.kind = ERROR_NONE;
    }
    batch_api->attempt = attempt_from_record(job, reading, status);
    return true;
}

enum transition batch_api_read_record_end(struct job *job, struct error *err)
{
    struct batch_api *batch_api = job->state;
    const struct file_result *got = &job->op.file_result;
    bool complete = got->next > batch_api->offset + (int64_t)got->content.size;

    if (batch_api->result_file == 2) {
        return finish_reading(job);
    }
    if (got->missing && !batch_api->downloaded[batch_api->result_file]) {
        return batch_api_go_to(job, STATE_DOWNLOAD_RESULTS);
    }
    if (got->missing) {
        error_set(err, ERROR_INTERNAL, "a downloaded result file is missing in the spool");
        return TRANSITION_FAIL;
    }
    if (got->next == batch_api->offset) { /* end of the file */
        batch_api->result_file++;
        batch_api->offset = 0;
        return batch_api_go_to(job, STATE_READ_RECORD);
    }
    batch_api->next_offset = got->next;
    if (got->too_long) {
        batch_api_note_record(job, "", true);
    } else if (read_result_record(job, complete)) {
        return batch_api_go_to(job, STATE_LOAD_ITEM);
    }
    batch_api->offset = job->op.file.offset = batch_api->next_offset;
    return TRANSITION_REPEAT;
}

/* -- result files ------------------------------------------------------------------------------ */

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

    batch_api->downloaded[batch_api->result_file] = true;
    if (status == 404) { /* the file does not exist yet, or not any more: the ledger decides */
        batch_api->ledger.missing[batch_api->result_file] = true;
        batch_api->result_file++;
        batch_api->offset = 0;
        return batch_api_go_to(job, STATE_READ_RECORD);
    }
    if (status != 200) {
        batch_api->downloaded[batch_api->result_file] = false;
        if (batch_api->batch->read_batch(&batch_api->call, &job->op, &ignored, err)) {
            error_set(err, ERROR_REMOTE, "download of the results failed with HTTP status %d",
                      status);
        }
        return TRANSITION_FAIL;
    }
    return batch_api_go_to(job, STATE_READ_RECORD);
}

/* -- one item ---------------------------------------------------------------------------------- */

/* Downloads the photo again, to compare the image with it. The item does not fail if the download
 * does; the image is then not compared. */
bool batch_api_fetch_similarity_photo(struct job *job, struct error *err)
{
    struct batch_api *batch_api = job->state;

    return image_job_fetch_photo_at(job, batch_api->image_job.photos.url, err) ||
           batch_api_skip(job, NULL);
}

enum transition batch_api_fetch_similarity_photo_end(struct job *job, struct error *err)
{
    struct batch_api *batch_api = job->state;
    struct image_job *image_job = &batch_api->image_job;
    struct image_job before = *image_job; /* facts about the photo, as recorded with the request */
    bool fetched = job->op.kind == OP_HTTP || job->op.kind == OP_FILE;

    blob_free(&image_job->photo);
    blob_free(&image_job->model_photo);
    fetched = fetched && image_job_take_photo(job, &image_job->photo, err) &&
              photo_prepare(image_job, MAIN_MODEL, err);
    image_job->has_photo_print =
        fetched && strcmp(image_job->photo_sha256, before.photo_sha256) == 0;
    memcpy(image_job->photo_sha256, before.photo_sha256, sizeof before.photo_sha256);
    image_job->photo_facts = before.photo_facts;
    image_job->photo_bytes = before.photo_bytes;
    image_job->photo_downscaled = before.photo_downscaled;
    image_job->local = false; /* the model made this image */
    if (!image_job->has_photo_print) {
        blob_free(&image_job->model_photo); /* the photo has changed since the request */
        blob_free(&image_job->photo);
    }
    return TRANSITION_NEXT;
}

enum transition batch_api_validate_end(struct job *job, struct error *err)
{
    struct batch_api *batch_api = job->state;
    const struct error *verdict = &batch_api->image_job.verdict;

    if (verdict->kind == ERROR_NONE) {
        return TRANSITION_NEXT;
    }
    if (!error_rule(verdict->kind)->retry) {
        job->attempt.outcome = "rejected";
        job->attempt.error = arena_text(job->arena, verdict->text);
        job->attempt.rejection = image_job_rejection(job, &batch_api->image_job);
    }
    return batch_api_handle_item_error(job, verdict, err);
}

bool batch_api_upload(struct job *job, struct error *err)
{
    return image_job_upload(job, err) || batch_api_skip(job, err);
}

enum transition batch_api_upload_end(struct job *job, struct error *err)
{
    struct batch_api *batch_api = job->state;
    enum transition next;

    if (batch_api->item_error.kind != ERROR_NONE) {
        return batch_api_handle_item_error(job, &batch_api->item_error, err);
    }
    next = image_job_upload_end(job, err);
    return next == TRANSITION_FAIL && err->kind == ERROR_INPUT /* the store rejects this file */
               ? batch_api_go_to_fail_item(job, err)
               : next;
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

    if (batch_api->item_error.kind != ERROR_NONE) {
        return batch_api_handle_item_error(job, &batch_api->item_error, err);
    }
    return batch_api_item_end(job, err);
}

bool batch_api_fail_item(struct job *job, struct error *err)
{
    struct batch_api *batch_api = job->state;

    (void)err;
    queue_batch_api_fail_item(&job->op, job->arena, &job->holder, job->item_id,
                              &batch_api->item_error, seller_message(&batch_api->item_error),
                              job->attempt.id ? &job->attempt : NULL);
    return true;
}

enum transition batch_api_fail_item_end(struct job *job, struct error *err)
{
    return batch_api_item_end(job, err);
}

/* -- the end ----------------------------------------------------------------------------------- */

/* Deletes the files, because they contain the sellers' photos. If results that the provider counted
 * are missing, its result files stay: they are the only proof. */
bool batch_api_delete_files(struct job *job, struct error *err)
{
    struct batch_api *batch_api = job->state;
    const struct remote_batch *remote = &batch_api->remote;
    const char *files[] = { remote->input, batch_api->gave_up ? "" : remote->output,
                            batch_api->gave_up ? "" : remote->errors };

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
    const char *status = batch_api->remote.status;

    (void)err;
    job->cost_microusd = batch_api->total_microusd;
    queue_batch_api_complete_chunk(
        &job->op, job->arena, &job->holder,
        strcmp(status, "expired") == 0
            ? "The provider ran out of time for this image."
            : arena_printf(job->arena, "The provider's batch (%s) gave no result for this image.",
                           status[0] ? status : "not sent"));
    return true;
}

enum transition batch_api_complete_chunk_end(struct job *job, struct error *err)
{
    struct batch_api *batch_api = job->state;

    if (!queue_batch_api_end_done(&job->op, job->arena, &batch_api->wait_reason, err)) {
        return TRANSITION_FAIL;
    }
    if (batch_api->wait_reason) {
        return batch_api_wait_for_rule(job, batch_api->wait_reason);
    }
    return TRANSITION_NEXT;
}
