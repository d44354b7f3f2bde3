/* batch_api_prepare.c - items become lines of an input: brief, photo, prompt, and the record of
 * what is asked, before any of it is sent. */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "jobs/batch_api/batch_api_steps.h"
#include "jobs/engine/model_call.h"

/* As large as the results of fifty: goes up in one go, and leaves room on a small disk. */
enum { INPUT_MOST = 64 << 20 };

bool batch_api_item(struct job *job, struct error *err)
{
    struct batch_api *batch_api = job->state;

    (void)err;
    while (!batch_api->collecting && batch_api->at < batch_api->chunk.item_count &&
           batch_api->ended[batch_api->at]) {
        batch_api->at++;
    }
    if (batch_api->at >= batch_api->chunk.item_count) {
        return batch_api_skip(job, NULL);
    }
    job->part = batch_api->chunk.items[batch_api->at];
    picture_clear(&batch_api->picture);
    batch_api->picture = (struct picture){ .caller = batch_api->caller };
    job->attempt = (struct attempt){ 0 };
    job->round = 0;
    job->cost_microusd = 0;
    queue_batch_api_item(&job->op, job->arena, &job->by, job->part);
    return true;
}

/* What came of its line, as the record says it. */
static enum next to_collect(struct job *job, struct error *err)
{
    struct batch_api *batch_api = job->state;
    struct picture *picture = &batch_api->picture;

    job->attempt = batch_api->attempt;
    job->attempt.id = batch_api->item.attempt;
    if (job->attempt.cost_microusd > 0) {
        job->cost_microusd = job->attempt.cost_microusd;
    }
    if (batch_api->why.kind != ERROR_NONE) { /* its line said so: asking again costs again */
        return batch_api_fail_item(job, &batch_api->why);
    }
    picture->result = batch_api->got;
    picture->result.content = blob_move(&batch_api->got.content);
    return batch_api_recall(job, err) ? batch_api_jump(job, ROW_LIKEN)
                                      : batch_api_item_failed(job, err, err);
}

enum next batch_api_item_end(struct job *job, struct error *err)
{
    struct batch_api *batch_api = job->state;

    if (batch_api->at >= batch_api->chunk.item_count) {
        return batch_api_jump(job, ROW_LEAVE);
    }
    if (!queue_batch_api_item_done(&job->op, job->arena, &batch_api->item, err)) {
        return err->kind == ERROR_INPUT ? batch_api_item_failed(job, err, err) : NEXT_FAIL;
    }
    if (batch_api->item.over) {
        return batch_api_next_item(job);
    }
    if (!picture_wish(job, batch_api->item.payload, err) ||
        !project_take_brief(job, batch_api->item.brief, err)) {
        return batch_api_item_failed(job, err, err);
    }
    if (batch_api->collecting) {
        return to_collect(job, err);
    }
    return picture_possible(&batch_api->picture, err) ? NEXT_STEP
                                                      : batch_api_item_failed(job, err, err);
}

enum next batch_api_photo_end(struct job *job, struct error *err)
{
    return picture_photo_end(job, err) ? NEXT_STEP : batch_api_item_failed(job, err, err);
}

/* -- features, where the prompt needs them ----------------------------------------------------- */

bool batch_api_learn(struct job *job, struct error *err)
{
    struct batch_api *batch_api = job->state;

    if (project_learn(job, err)) {
        return true;
    }
    if (error_rule(err->kind)->retry) {
        return false;
    }
    batch_api->why = *err; /* compose says it */
    job->op.kind = OP_NONE;
    return true;
}

enum next batch_api_learn_end(struct job *job, struct error *err)
{
    enum next next = project_learn_end(job, err);

    return next == NEXT_FAIL ? batch_api_item_failed(job, err, err) : next;
}

/* Shared at once: other items of the chunk are of the same project. */
bool batch_api_share(struct job *job, struct error *err)
{
    const struct batch_api *batch_api = job->state;

    (void)err;
    if (batch_api->picture.project.learnt) {
        queue_batch_api_features(&job->op, job->arena, &job->by, job->part,
                                 batch_api->picture.project.learnt,
                                 job->attempt.id ? &job->attempt : NULL);
    }
    return true;
}

/* -- the line ---------------------------------------------------------------------------------- */

static bool compose_work(void *arg, struct error *err)
{
    struct job *job = arg;
    struct batch_api *batch_api = job->state;
    const char *path;

    (void)err; /* of one item: compose_end reads it */
    blob_free(&batch_api->line);
    if (batch_api->batch->write_record(&batch_api->picture.order, job->part, &batch_api->line,
                                       &path, &batch_api->why)) {
        batch_api->why.kind = ERROR_NONE;
        batch_api->path = path;
    }
    return true;
}

/* A main image that we cut out ourselves needs no model: it is made here and now, for nothing. */
bool batch_api_compose(struct job *job, struct error *err)
{
    struct batch_api *batch_api = job->state;

    job->call =
        (struct call){ .provider = batch_api->caller.provider, .model = batch_api->caller.model };
    if (batch_api->why.kind != ERROR_NONE) {
        return batch_api_skip(job, &batch_api->why);
    }
    if (batch_api->picture.by_us) {
        return picture_inspect(job, err);
    }
    if (!picture_order(job, err)) {
        return batch_api_skip(job, err);
    }
    job->op.kind = OP_WORK;
    job->op.work = (struct work_request){ .run = compose_work, .arg = job };
    return true;
}

static enum next no_room(struct job *job)
{
    struct batch_api *batch_api = job->state;

    blob_free(&batch_api->line);
    batch_api->leave_from = batch_api->at;
    return batch_api_jump(job, ROW_LEAVE);
}

enum next batch_api_compose_end(struct job *job, struct error *err)
{
    struct batch_api *batch_api = job->state;
    const struct picture *picture = &batch_api->picture;
    int64_t size = (int64_t)batch_api->line.size;

    if (batch_api->why.kind != ERROR_NONE) {
        return batch_api_item_failed(job, &batch_api->why, err);
    }
    if (picture->by_us) {
        return picture->verdict.kind == ERROR_NONE
                   ? batch_api_jump(job, ROW_PUT)
                   : batch_api_item_failed(job, &picture->verdict, err);
    }
    if (size > batch_api->batch->input_max) {
        error_set(err, ERROR_INPUT, "the product photo is too large to be sent in a batch");
        return batch_api_item_failed(job, err, err);
    }
    if (batch_api->lines == batch_api->batch->records_max ||
        (batch_api->lines > 0 && batch_api->input_size + size > INPUT_MOST)) {
        return no_room(job);
    }
    return NEXT_STEP;
}

/* All that it takes to know later what was asked for: within a day a project's text may change. */
static const char *record(const struct batch_api *batch_api, struct arena *arena)
{
    const struct picture *picture = &batch_api->picture;
    cJSON *record = call_record(&picture->order), *worst, *photo;
    const char *text;

    worst = cJSON_GetObjectItem(record, "worstMicrousd");
    if (worst) {
        cJSON_SetNumberValue(worst, worst->valuedouble * batch_api->caller.model->batch_share + 1);
        cJSON_SetNumberValue(worst, (double)(int64_t)worst->valuedouble);
    }
    cJSON_AddStringToObject(record, "promptVersion", picture->prompt_version);
    photo = cJSON_AddObjectToObject(record, "photo");
    cJSON_AddStringToObject(photo, "sha256", picture->photo_sha256);
    cJSON_AddNumberToObject(photo, "bytes", (double)picture->photo_bytes);
    cJSON_AddNumberToObject(photo, "width", picture->photo_facts.width);
    cJSON_AddNumberToObject(photo, "height", picture->photo_facts.height);
    cJSON_AddBoolToObject(photo, "smaller", picture->photo_smaller);
    text = json_print(record, arena);
    cJSON_Delete(record);
    return text;
}

bool batch_api_recall(struct job *job, struct error *err)
{
    struct batch_api *batch_api = job->state;
    struct picture *picture = &batch_api->picture;
    const char *request = batch_api->item.request, *text;
    const cJSON *photo;
    cJSON *top;

    if (!request || !json_parse(request, strlen(request), "the record of the order", &top, err)) {
        return error_set(err, ERROR_INPUT, "what was asked for is not recorded any more");
    }
    text = json_peek_text(top, "prompt");
    picture->order = (struct model_request){ .task = TASK_EDIT,
                                             .model = batch_api->caller.model,
                                             .at = &batch_api->caller.at,
                                             .arena = job->arena,
                                             .brief = &picture->project.brief,
                                             .prompt = arena_text(job->arena, text ? text : ""),
                                             .photo_count = 1 };
    picture->order.quality = arena_text(job->arena, json_peek_text(top, "quality"));
    picture->order.size =
        (struct size){ (int)json_peek_int(top, "width", 0), (int)json_peek_int(top, "height", 0) };
    picture->order.transparent = cJSON_IsTrue(cJSON_GetObjectItem(top, "transparent"));
    text = json_peek_text(top, "promptVersion");
    picture->prompt_version = arena_text(job->arena, text ? text : "");
    photo = cJSON_GetObjectItem(top, "photo");
    text = json_peek_text(photo, "sha256");
    snprintf(picture->photo_sha256, sizeof picture->photo_sha256, "%s", text ? text : "");
    picture->photo_bytes = (size_t)json_peek_int(photo, "bytes", 0);
    picture->photo_facts.width = (int)json_peek_int(photo, "width", 0);
    picture->photo_facts.height = (int)json_peek_int(photo, "height", 0);
    picture->photo_smaller = cJSON_IsTrue(cJSON_GetObjectItem(photo, "smaller"));
    cJSON_Delete(top);
    return true;
}

bool batch_api_record(struct job *job, struct error *err)
{
    struct batch_api *batch_api = job->state;
    const struct model_endpoint *caller = &batch_api->caller;

    (void)err;
    queue_batch_api_attempt(&job->op, job->arena, &job->by, job->part, caller->provider->name,
                            caller->model->id, record(batch_api, job->arena));
    return true;
}

enum next batch_api_record_end(struct job *job, struct error *err)
{
    bool closed;

    if (!queue_batch_api_attempt_done(&job->op, &closed, err)) {
        return NEXT_FAIL;
    }
    return closed ? no_room(job) : NEXT_STEP;
}

bool batch_api_line(struct job *job, struct error *err)
{
    struct batch_api *batch_api = job->state;

    (void)err;
    job->op.kind = OP_FILE;
    job->op.file.path = batch_api_path(job, "input");
    job->op.file.write = job->op.file.piece = true;
    job->op.file.offset = batch_api->input_size;
    job->op.file.content = blob_view(batch_api->line.data, batch_api->line.size);
    return true;
}

enum next batch_api_line_end(struct job *job, struct error *err)
{
    struct batch_api *batch_api = job->state;

    (void)err;
    batch_api->input_size += (int64_t)batch_api->line.size;
    batch_api->lines++;
    blob_free(&batch_api->line);
    return batch_api_next_item(job);
}
