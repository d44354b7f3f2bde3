/* batch_api_job.c - job type batch-api: its table of states, and the state that loads the chunk. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "jobs/batch_api/batch_api_steps.h"
#include "jobs/engine/model_call.h"

/* How long to wait before the provider's list of batches is trusted, see is_list_complete. */
enum { LIST_DELAY_MAX_MS = 10 * 1000, LIST_DELAY_MIN_MS = 500 };

/* -- load -------------------------------------------------------------------------------------- */

static bool load(struct job *job, struct error *err)
{
    (void)err;
    queue_batch_api_load(&job->op, job->arena, &job->holder);
    return true;
}

static bool copy_remote_ids(struct batch_api *batch_api, struct error *err)
{
    const struct chunk *chunk = &batch_api->chunk;
    struct remote_batch *remote = &batch_api->remote;
    struct {
        const char *from;
        char *to;
        size_t size;
    } ids[] = { { chunk->remote, remote->id, sizeof remote->id },
                { chunk->input, remote->input, sizeof remote->input },
                { chunk->output, remote->output, sizeof remote->output },
                { chunk->errors, remote->errors, sizeof remote->errors },
                { chunk->status, remote->status, sizeof remote->status } };

    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        if ((size_t)snprintf(ids[i].to, ids[i].size, "%s", ids[i].from) >= ids[i].size) {
            return error_set(err, ERROR_INPUT, "an id of the provider's batch is too long");
        }
    }
    return true;
}

static bool check_batch_support(struct batch_api *batch_api, struct error *err)
{
    const struct model_endpoint *endpoint = &batch_api->model_endpoint;

    batch_api->batch = endpoint->provider->batch;
    if (!provider_check_batch(endpoint->provider, endpoint->model, err)) {
        err->kind = ERROR_INPUT; /* a retry cannot help: the batch was created for this model */
        return false;
    }
    return batch_api->chunk.state != CHUNK_OPEN ||
           catalog_is_available(endpoint->model, clock_wall_ms(), err);
}

/* Returns false, and sets wait_ms, while a request of a terminated worker may still be creating the
 * batch. The provider's list of batches is complete only after a delay of five retry pauses, at
 * least half a second and at most ten seconds. */
static bool is_list_complete(const struct job *job)
{
    struct batch_api *batch_api = job->state;
    int64_t delay = (int64_t)job->context->retry_base_ms * 5;

    delay = delay < LIST_DELAY_MIN_MS ? LIST_DELAY_MIN_MS : delay;
    delay = delay > LIST_DELAY_MAX_MS ? LIST_DELAY_MAX_MS : delay;
    if (batch_api->chunk.age_ms >= delay) {
        return true;
    }
    batch_api->wait_ms = (uint32_t)(delay - batch_api->chunk.age_ms);
    return false;
}

static enum transition load_end(struct job *job, struct error *err)
{
    struct batch_api *batch_api = job->state;
    struct chunk *chunk = &batch_api->chunk;

    if (!queue_batch_api_load_done(&job->op, job->arena, chunk, err) ||
        !copy_remote_ids(batch_api, err) ||
        !model_endpoint_for(job->context, chunk->model, &batch_api->model_endpoint, err) ||
        !check_batch_support(batch_api, err)) {
        return TRANSITION_FAIL;
    }
    batch_api->item_ended =
        arena_alloc(job->arena, (size_t)(chunk->item_count + 1) * sizeof *batch_api->item_ended);
    batch_api->moved_from = chunk->item_count;
    batch_api->call = (struct batch_call){ .at = &batch_api->model_endpoint.endpoint,
                                           .model = batch_api->model_endpoint.model,
                                           .name = chunk->name,
                                           .arena = job->arena };
    job->call = (struct call){ .provider = batch_api->model_endpoint.provider,
                               .model = batch_api->model_endpoint.model };
    switch (chunk->state) {
    case CHUNK_OPEN:
        return batch_api_go_to(job, chunk->cancelled ? STATE_COMPLETE_CHUNK : STATE_LOAD_ITEM);
    case CHUNK_SENDING:
        return is_list_complete(job) ? TRANSITION_NEXT : batch_api_go_to(job, STATE_RESCHEDULE);
    case CHUNK_SENT:
        return batch_api_go_to(job, STATE_CHECK_STATUS);
    case CHUNK_FINISHED:
        break;
    }
    batch_api->collecting = true;
    return batch_api_go_to(job, chunk->rechecks > 0 ? STATE_CHECK_STATUS : STATE_READ_RECORD);
}

static void clear(void *state)
{
    struct batch_api *batch_api = state;

    image_job_clear(&batch_api->image_job);
    blob_free(&batch_api->record);
    blob_free(&batch_api->result.content);
}

#define STATE(name) (UINT32_C(1) << STATE_##name)

static const struct step states[BATCH_API_STATES] = {
    [STATE_LOAD_CHUNK] = { .name = "load_chunk",
                           .purpose = "Loads the chunk and its open items, and continues where the "
                                      "last worker stopped.",
                           .begin = load,
                           .end = load_end,
                           .successors = STATE(FIND_BATCH) | STATE(LOAD_ITEM) | STATE(RESCHEDULE) |
                                         STATE(CHECK_STATUS) | STATE(READ_RECORD) |
                                         STATE(COMPLETE_CHUNK) },
    [STATE_FIND_BATCH] = { .name = "find_batch",
                           .purpose = "Looks up the batch by name, because an earlier request may "
                                      "have created it.",
                           .begin = batch_api_find_batch,
                           .end = batch_api_find_batch_end,
                           .flags = STEP_RATE_LIMITED,
                           .successors = STATE(LOAD_ITEM) | STATE(MARK_SENT) | STATE(RESET_CHUNK) },
    [STATE_LOAD_ITEM] = { .name = "load_item",
                          .purpose = "Loads the next item with its project, or the item of the "
                                     "record just read.",
                          .begin = batch_api_load_item,
                          .end = batch_api_load_item_end,
                          .successors = STATE(LOAD_ITEM) | STATE(FETCH_PHOTO) | STATE(MOVE_ITEMS) |
                                        STATE(RESCHEDULE) | STATE(READ_RECORD) |
                                        STATE(FETCH_SIMILARITY_PHOTO) | STATE(FAIL_ITEM) },
    [STATE_FETCH_PHOTO] = { .name = "fetch_photo",
                            .purpose = "Downloads the product photo and prepares it for the model.",
                            .begin = image_job_fetch_photo,
                            .end = batch_api_fetch_photo_end,
                            .flags = STEP_ON_POOL | STEP_USES_STORE | STEP_OPTIONAL,
                            .successors =
                                STATE(FETCH_PHOTO) | STATE(EXTRACT_FEATURES) | STATE(FAIL_ITEM) },
    [STATE_EXTRACT_FEATURES] = { .name = "extract_features",
                                 .purpose = "Extracts the product features if the prompt needs "
                                            "them and none are stored.",
                                 .begin = batch_api_extract_features,
                                 .end = batch_api_extract_features_end,
                                 .flags = STEP_PAID,
                                 .former_name = "learn",
                                 .successors = STATE(EXTRACT_FEATURES) | STATE(SAVE_FEATURES) |
                                               STATE(FAIL_ITEM) },
    [STATE_SAVE_FEATURES] = { .name = "save_features",
                              .purpose = "Stores the features for all jobs of the project.",
                              .begin = batch_api_save_features,
                              .end = project_save_features_end,
                              .successors = STATE(BUILD_RECORD) },
    [STATE_BUILD_RECORD] = { .name = "build_record",
                             .purpose = "Writes the request as a JSONL record, or cuts a main "
                                        "image out locally.",
                             .begin = batch_api_build_record,
                             .end = batch_api_build_record_end,
                             .successors = STATE(RECORD_CALL) | STATE(MOVE_ITEMS) | STATE(UPLOAD) |
                                           STATE(FAIL_ITEM) },
    [STATE_RECORD_CALL] = { .name = "record_call",
                            .purpose =
                                "Records the call and reserves its maximum cost in the budget.",
                            .begin = batch_api_record_call,
                            .end = batch_api_record_call_end,
                            .successors = STATE(APPEND_RECORD) | STATE(MOVE_ITEMS) },
    [STATE_APPEND_RECORD] = { .name = "append_record",
                              .purpose = "Appends the record to the input file in the spool.",
                              .begin = batch_api_append_record,
                              .end = batch_api_append_record_end,
                              .successors = STATE(LOAD_ITEM) },
    [STATE_MOVE_ITEMS] = { .name = "move_items",
                           .purpose = "Moves the items that do not fit into another chunk.",
                           .begin = batch_api_move_items,
                           .end = batch_api_move_items_end,
                           .successors = STATE(MARK_SENDING) },
    [STATE_MARK_SENDING] = { .name = "mark_sending",
                             .purpose = "Records that a batch may exist from now on. Ends an empty "
                                        "or cancelled chunk.",
                             .begin = batch_api_mark_sending,
                             .end = batch_api_mark_sending_end,
                             .successors = STATE(UPLOAD_INPUT) | STATE(COMPLETE_CHUNK) },
    [STATE_UPLOAD_INPUT] = { .name = "upload_input",
                             .purpose = "Uploads the input file to the provider.",
                             .begin = batch_api_upload_input,
                             .end = batch_api_upload_input_end,
                             .flags = STEP_RATE_LIMITED,
                             .successors = STATE(CREATE_BATCH) },
    [STATE_CREATE_BATCH] = { .name = "create_batch",
                             .purpose = "Creates the batch from the uploaded file.",
                             .begin = batch_api_create_batch,
                             .end = batch_api_create_batch_end,
                             .flags = STEP_RATE_LIMITED,
                             .successors = STATE(MARK_SENT) },
    [STATE_MARK_SENT] = { .name = "mark_sent",
                          .purpose =
                              "Records the ids that the provider gave to the batch and its input.",
                          .begin = batch_api_mark_sent,
                          .end = batch_api_mark_sent_end,
                          .flags = STEP_RETRY_IN_PLACE,
                          .successors = STATE(REMOVE_INPUT) },
    [STATE_REMOVE_INPUT] = { .name = "remove_input",
                             .purpose = "Removes the input file from the spool.",
                             .begin = batch_api_remove_input,
                             .end = batch_api_remove_input_end,
                             .flags = STEP_OPTIONAL,
                             .successors = STATE(CHECK_STATUS) },
    [STATE_CHECK_STATUS] = { .name = "check_status",
                             .purpose = "Reads the status of the batch from the provider.",
                             .begin = batch_api_check_status,
                             .end = batch_api_check_status_end,
                             .flags = STEP_RATE_LIMITED,
                             .successors = STATE(CANCEL_BATCH) | STATE(RESCHEDULE) |
                                           STATE(RESET_CHUNK) | STATE(MARK_FINISHED) |
                                           STATE(READ_RECORD) },
    [STATE_CANCEL_BATCH] = { .name = "cancel_batch",
                             .purpose = "Cancels the batch at the provider. The next status check "
                                        "shows the effect.",
                             .begin = batch_api_cancel_batch,
                             .end = batch_api_cancel_batch_end,
                             .flags = STEP_RATE_LIMITED | STEP_OPTIONAL,
                             .successors = STATE(RESCHEDULE) },
    [STATE_RESCHEDULE] = { .name = "reschedule",
                           .purpose = "Returns the job to the queue until the next status check. "
                                      "Holds no slot meanwhile.",
                           .begin = batch_api_reschedule,
                           .end = batch_api_reschedule_end,
                           .successors = STEP_ENDS_ATTEMPT },
    [STATE_RESET_CHUNK] = { .name = "reset_chunk",
                            .purpose = "Opens the chunk again: the provider rejected the batch and "
                                       "bills nothing.",
                            .begin = batch_api_reset_chunk,
                            .end = batch_api_reset_chunk_end,
                            .successors = STATE(RESCHEDULE) | STATE(COMPLETE_CHUNK) },
    [STATE_MARK_FINISHED] = { .name = "mark_finished",
                              .purpose = "Records the ids of the result files.",
                              .begin = batch_api_mark_finished,
                              .end = batch_api_mark_finished_end,
                              .successors = STATE(READ_RECORD) },
    [STATE_READ_RECORD] = { .name = "read_record",
                            .purpose = "Reads the next record of the result files.",
                            .begin = batch_api_read_record,
                            .end = batch_api_read_record_end,
                            .flags = STEP_ON_POOL,
                            .successors = STATE(READ_RECORD) | STATE(DOWNLOAD_RESULTS) |
                                          STATE(LOAD_ITEM) | STATE(RESCHEDULE) |
                                          STATE(DELETE_FILES) },
    [STATE_DOWNLOAD_RESULTS] = { .name = "download_results",
                                 .purpose = "Downloads a result file into the spool.",
                                 .begin = batch_api_download_results,
                                 .end = batch_api_download_results_end,
                                 .flags = STEP_RATE_LIMITED | STEP_RETRY_IN_PLACE,
                                 .successors = STATE(READ_RECORD) },
    [STATE_FETCH_SIMILARITY_PHOTO] = { .name = "fetch_similarity_photo",
                                       .purpose = "Downloads the product photo again, to measure "
                                                  "how similar the image is.",
                                       .begin = batch_api_fetch_similarity_photo,
                                       .end = batch_api_fetch_similarity_photo_end,
                                       .flags = STEP_ON_POOL | STEP_OPTIONAL,
                                       .successors = STATE(FETCH_LOGO) },
    [STATE_FETCH_LOGO] = { .name = "fetch_logo",
                           .purpose = "Downloads the logo of the brand kit for a composed image.",
                           .begin = image_job_fetch_logo,
                           .end = image_job_fetch_logo_end,
                           .flags = STEP_ON_POOL | STEP_OPTIONAL,
                           .successors = STATE(VALIDATE) },
    [STATE_VALIDATE] = { .name = "validate",
                         .purpose = "Checks the image and encodes the final file.",
                         .begin = image_job_validate,
                         .end = batch_api_validate_end,
                         .successors = STATE(UPLOAD) | STATE(FAIL_ITEM) },
    [STATE_UPLOAD] = { .name = "upload",
                       .purpose = "Uploads the plate of a composed image, then the image.",
                       .begin = batch_api_upload,
                       .end = batch_api_upload_end,
                       .flags = STEP_RETRY_IN_PLACE | STEP_USES_STORE,
                       .successors = STATE(UPLOAD) | STATE(COMMIT_ITEM) | STATE(FAIL_ITEM) },
    [STATE_COMMIT_ITEM] = { .name = "commit_item",
                            .purpose =
                                "Stores the candidate and completes the item in one transaction.",
                            .begin = batch_api_commit_item,
                            .end = batch_api_commit_item_end,
                            .flags = STEP_RETRY_IN_PLACE,
                            .successors =
                                STATE(LOAD_ITEM) | STATE(READ_RECORD) | STATE(FAIL_ITEM) },
    [STATE_FAIL_ITEM] = { .name = "fail_item",
                          .purpose =
                              "Fails the item finally, with its refund. The chunk continues.",
                          .begin = batch_api_fail_item,
                          .end = batch_api_fail_item_end,
                          .flags = STEP_RETRY_IN_PLACE,
                          .successors = STATE(LOAD_ITEM) | STATE(READ_RECORD) },
    [STATE_DELETE_FILES] = { .name = "delete_files",
                             .purpose = "Deletes the input and result files at the provider, one "
                                        "per pass.",
                             .begin = batch_api_delete_files,
                             .end = batch_api_delete_files_end,
                             .flags = STEP_OPTIONAL,
                             .successors = STATE(DELETE_FILES) | STATE(COMPLETE_CHUNK) },
    [STATE_COMPLETE_CHUNK] = { .name = "complete_chunk",
                               .purpose = "Completes the chunk. Items without a result fail.",
                               .begin = batch_api_complete_chunk,
                               .end = batch_api_complete_chunk_end,
                               .flags = STEP_RETRY_IN_PLACE,
                               .successors = STATE(RESCHEDULE) | STEP_ENDS_ATTEMPT },
};
static_assert(BATCH_API_STATES < 32,
              "successors holds a bit for each state, and STEP_ENDS_ATTEMPT");

const struct job_type job_type_make_batch_api = {
    .name = "batch-api",
    .needs = NEEDS_OWN_MODEL | NEEDS_STORE,
    .steps = states,
    .step_count = BATCH_API_STATES,
    .state_size = sizeof(struct batch_api),
    .clear = clear,
};
