/* batch_api_prepare.c - writes the input file of a chunk: loads each item, its photo and features,
 * builds the request, and records the call before anything is sent. */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "jobs/batch_api/batch_api_steps.h"
#include "jobs/engine/model_call.h"
#include "jobs/seller_message.h"
#include "jobs/types/image_texts.h"

/* As large as the results of fifty items: one upload request, and little space on a small disk. */
enum { INPUT_MAX_BYTES = 64 << 20 };

bool batch_api_load_item(struct job *job, struct error *err)
{
    struct batch_api *batch_api = job->state;

    (void)err;
    while (!batch_api->collecting && batch_api->item_index < batch_api->chunk.item_count &&
           batch_api->item_ended[batch_api->item_index]) {
        batch_api->item_index++;
    }
    if (batch_api->item_index >= batch_api->chunk.item_count) {
        return batch_api_skip(job, NULL);
    }
    job->item_id = batch_api->chunk.items[batch_api->item_index];
    image_job_clear(&batch_api->image_job);
    batch_api->image_job = (struct image_job){ .endpoint = batch_api->model_endpoint };
    job->attempt = (struct attempt){ 0 };
    job->call_index = 0;
    job->cost_microusd = 0;
    queue_batch_api_item(&job->op, job->arena, &job->holder, job->item_id);
    return true;
}

/* Restores the request of the current item from the JSON that batch_api_record_call stored. */
static bool restore_request(struct job *job, struct error *err)
{
    struct batch_api *batch_api = job->state;
    struct image_job *image_job = &batch_api->image_job;
    const char *request = batch_api->item.request, *text;
    const cJSON *photo;
    cJSON *top;

    if (!request || !json_parse(request, strlen(request), "the recorded request", &top, err)) {
        return error_set(err, ERROR_INPUT,
                         "the recorded request of this item is missing or unreadable");
    }
    text = json_peek_text(top, "prompt");
    image_job->request =
        (struct model_request){ .task = TASK_EDIT,
                                .model = batch_api->model_endpoint.model,
                                .at = &batch_api->model_endpoint.endpoint,
                                .arena = job->arena,
                                .brief = &image_job->project.brief,
                                .prompt = arena_text(job->arena, text ? text : ""),
                                .photo_count = (int)json_peek_int(top, "photos", 1) };
    image_job->request.quality = arena_text(job->arena, json_peek_text(top, "quality"));
    image_job->request.size =
        (struct size){ (int)json_peek_int(top, "width", 0), (int)json_peek_int(top, "height", 0) };
    image_job->request.transparent = cJSON_IsTrue(cJSON_GetObjectItem(top, "transparent"));
    text = json_peek_text(top, "promptVersion");
    image_job->prompt_version = arena_text(job->arena, text ? text : "");
    photo = cJSON_GetObjectItem(top, "photo");
    text = json_peek_text(photo, "url");
    image_job->photos.url =
        text ? arena_text(job->arena, text) : image_job->project.brief.photo_url;
    text = json_peek_text(photo, "sha256");
    snprintf(image_job->photo_sha256, sizeof image_job->photo_sha256, "%s", text ? text : "");
    image_job->photo_bytes = (size_t)json_peek_int(photo, "bytes", 0);
    image_job->photo_facts.width = (int)json_peek_int(photo, "width", 0);
    image_job->photo_facts.height = (int)json_peek_int(photo, "height", 0);
    image_job->photo_downscaled = cJSON_IsTrue(cJSON_GetObjectItem(photo, "smaller"));
    cJSON_Delete(top);
    return true;
}

/* Continues with the item of the result record that was just read. */
static enum transition begin_collecting(struct job *job, struct error *err)
{
    struct batch_api *batch_api = job->state;
    struct image_job *image_job = &batch_api->image_job;

    job->attempt = batch_api->attempt;
    job->attempt.id = batch_api->item.attempt;
    if (job->attempt.cost_microusd > 0) {
        job->cost_microusd = job->attempt.cost_microusd;
    }
    if (batch_api->item_error.kind != ERROR_NONE) { /* not retried: a second call costs again */
        return batch_api_go_to_fail_item(job, &batch_api->item_error);
    }
    image_job->result = batch_api->result;
    image_job->result.content = blob_move(&batch_api->result.content);
    return restore_request(job, err) ? batch_api_go_to(job, STATE_FETCH_SIMILARITY_PHOTO)
                                     : batch_api_handle_item_error(job, err, err);
}

enum transition batch_api_load_item_end(struct job *job, struct error *err)
{
    struct batch_api *batch_api = job->state;

    if (batch_api->item_index >= batch_api->chunk.item_count) {
        return batch_api->rejection && batch_api->record_count == 0
                   ? batch_api_wait_for_rule(job, batch_api->rejection)
                   : batch_api_go_to(job, STATE_MOVE_ITEMS);
    }
    if (!queue_batch_api_item_done(&job->op, job->arena, &batch_api->item, err)) {
        return err->kind == ERROR_INPUT ? batch_api_handle_item_error(job, err, err)
                                        : TRANSITION_FAIL;
    }
    if (batch_api->item.finished) {
        return batch_api_finish_item(job);
    }
    if (!image_job_read_payload(job, batch_api->item.payload, err) ||
        !project_read_brief(job, batch_api->item.brief, err)) {
        return batch_api_handle_item_error(job, err, err);
    }
    if (batch_api->collecting) {
        return begin_collecting(job, err);
    }
    return image_job_check_project(&batch_api->image_job, job->arena, err)
               ? TRANSITION_NEXT
               : batch_api_handle_item_error(job, err, err);
}

enum transition batch_api_fetch_photo_end(struct job *job, struct error *err)
{
    enum transition next = image_job_fetch_photo_end(job, err);

    return next == TRANSITION_FAIL ? batch_api_handle_item_error(job, err, err) : next;
}

/* -- features, where the prompt needs them ----------------------------------------------------- */

bool batch_api_extract_features(struct job *job, struct error *err)
{
    struct batch_api *batch_api = job->state;

    if (project_extract_features(job, err)) {
        return true;
    }
    if (error_rule(err->kind)->retry) {
        return false;
    }
    batch_api->item_error = *err; /* build_record reports it */
    job->op.kind = OP_NONE;
    return true;
}

enum transition batch_api_extract_features_end(struct job *job, struct error *err)
{
    enum transition next = project_extract_features_end(job, err);

    return next == TRANSITION_FAIL ? batch_api_handle_item_error(job, err, err) : next;
}

/* Stores the features at once, because other items of the chunk belong to the same project. */
bool batch_api_save_features(struct job *job, struct error *err)
{
    const struct batch_api *batch_api = job->state;

    (void)err;
    if (batch_api->image_job.project.new_features) {
        queue_batch_api_save_features(&job->op, job->arena, &job->holder, job->item_id,
                                      batch_api->image_job.project.new_features,
                                      job->attempt.id ? &job->attempt : NULL);
    }
    return true;
}

/* -- record of the input file ------------------------------------------------------------------ */

/* Runs on a thread of the pool. An error belongs to the item, so it is stored in item_error. */
static bool write_record(void *arg, struct error *err)
{
    struct job *job = arg;
    struct batch_api *batch_api = job->state;
    const char *path;

    (void)err;
    blob_free(&batch_api->record);
    if (image_job_cover_texts(&batch_api->image_job, job->arena, &batch_api->item_error) &&
        batch_api->batch->write_record(&batch_api->image_job.request, job->item_id,
                                       &batch_api->record, &path, &batch_api->item_error)) {
        batch_api->item_error.kind = ERROR_NONE;
        batch_api->records_url = path;
    }
    return true;
}

/* A main image that is cut out locally needs no model and is made in this step, at no cost. */
bool batch_api_build_record(struct job *job, struct error *err)
{
    struct batch_api *batch_api = job->state;

    job->call = (struct call){ .provider = batch_api->model_endpoint.provider,
                               .model = batch_api->model_endpoint.model };
    if (batch_api->item_error.kind != ERROR_NONE) {
        return batch_api_skip(job, &batch_api->item_error);
    }
    if (batch_api->image_job.local) {
        return image_job_validate(job, err);
    }
    if (!image_job_build_request(job, err)) {
        return batch_api_skip(job, err);
    }
    job->op.kind = OP_WORK;
    job->op.work = (struct work_request){ .run = write_record, .arg = job };
    return true;
}

static enum transition go_to_move_items(struct job *job)
{
    struct batch_api *batch_api = job->state;

    blob_free(&batch_api->record);
    batch_api->moved_from = batch_api->item_index;
    return batch_api_go_to(job, STATE_MOVE_ITEMS);
}

enum transition batch_api_build_record_end(struct job *job, struct error *err)
{
    struct batch_api *batch_api = job->state;
    const struct image_job *image_job = &batch_api->image_job;
    int64_t size = (int64_t)batch_api->record.size;

    if (batch_api->item_error.kind != ERROR_NONE) {
        return batch_api_handle_item_error(job, &batch_api->item_error, err);
    }
    if (image_job->local) {
        return image_job->verdict.kind == ERROR_NONE
                   ? batch_api_go_to(job, STATE_UPLOAD)
                   : batch_api_handle_item_error(job, &image_job->verdict, err);
    }
    if (size > batch_api->batch->input_max) {
        error_set(err, ERROR_INPUT, "the product photo is too large to be sent in a batch");
        err->cause = CAUSE_PHOTO_TOO_LARGE;
        return batch_api_handle_item_error(job, err, err);
    }
    if (batch_api->record_count == batch_api->batch->records_max ||
        (batch_api->record_count > 0 && batch_api->input_size + size > INPUT_MAX_BYTES)) {
        return go_to_move_items(job);
    }
    return TRANSITION_NEXT;
}

/* Returns the complete request as JSON. It is recorded, because the results arrive up to a day
 * later and the seller may change the project meanwhile. */
static const char *request_as_json(const struct batch_api *batch_api, struct arena *arena)
{
    const struct image_job *image_job = &batch_api->image_job;
    cJSON *record = model_call_record(&image_job->request), *worst, *photo;
    const char *text;

    worst = cJSON_GetObjectItem(record, "worstMicrousd");
    if (worst) {
        cJSON_SetNumberValue(worst,
                             worst->valuedouble * batch_api->model_endpoint.model->batch_share + 1);
        cJSON_SetNumberValue(worst, (double)(int64_t)worst->valuedouble);
    }
    cJSON_AddStringToObject(record, "promptVersion", image_job->prompt_version);
    photo = cJSON_AddObjectToObject(record, "photo");
    cJSON_AddStringToObject(photo, "url", image_job->photos.url);
    cJSON_AddStringToObject(photo, "sha256", image_job->photo_sha256);
    cJSON_AddNumberToObject(photo, "bytes", (double)image_job->photo_bytes);
    cJSON_AddNumberToObject(photo, "width", image_job->photo_facts.width);
    cJSON_AddNumberToObject(photo, "height", image_job->photo_facts.height);
    cJSON_AddBoolToObject(photo, "smaller", image_job->photo_downscaled);
    text = json_print(record, arena);
    cJSON_Delete(record);
    return text;
}

bool batch_api_record_call(struct job *job, struct error *err)
{
    struct batch_api *batch_api = job->state;
    const struct model_endpoint *endpoint = &batch_api->model_endpoint;

    (void)err;
    queue_batch_api_begin_call(&job->op, job->arena, &job->holder, job->item_id,
                               endpoint->provider->name, endpoint->model->id,
                               request_as_json(batch_api, job->arena));
    return true;
}

enum transition batch_api_record_call_end(struct job *job, struct error *err)
{
    bool closed;

    if (!queue_batch_api_begin_call_done(&job->op, &closed, err)) {
        return TRANSITION_FAIL;
    }
    return closed ? go_to_move_items(job) : TRANSITION_NEXT;
}

bool batch_api_append_record(struct job *job, struct error *err)
{
    struct batch_api *batch_api = job->state;

    (void)err;
    job->op.kind = OP_FILE;
    job->op.file.path = batch_api_path(job, "input");
    job->op.file.write = job->op.file.piece = true;
    job->op.file.offset = batch_api->input_size;
    job->op.file.content = blob_view(batch_api->record.data, batch_api->record.size);
    return true;
}

enum transition batch_api_append_record_end(struct job *job, struct error *err)
{
    struct batch_api *batch_api = job->state;

    (void)err;
    batch_api->input_size += (int64_t)batch_api->record.size;
    batch_api->record_count++;
    blob_free(&batch_api->record);
    return batch_api_finish_item(job);
}
