/* batch_api_prepare.c - items become lines of an input: brief, photo, prompt, and the record of what
 * is asked, before any of it is sent. */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "jobs/engine/model_call.h"
#include "jobs/batch_api/batch_api_steps.h"

/* As large as the results of fifty: goes up in one go, and leaves room on a small disk. */
enum { INPUT_MOST = 64 << 20 };

bool economy_item(struct job *job, struct error *err)
{
    struct economy *economy = job->state;

    (void)err;
    while (!economy->collecting && economy->at < economy->chunk.item_count &&
           economy->ended[economy->at]) {
        economy->at++;
    }
    if (economy->at >= economy->chunk.item_count) {
        return economy_skip(job, NULL);
    }
    job->part = economy->chunk.items[economy->at];
    picture_clear(&economy->picture);
    economy->picture = (struct picture){ .caller = economy->caller };
    job->attempt = (struct attempt){ 0 };
    job->round = 0;
    job->cost_microusd = 0;
    queue_economy_item(&job->op, job->arena, &job->by, job->part);
    return true;
}

/* What came of its line, as the record says it. */
static enum next to_collect(struct job *job, struct error *err)
{
    struct economy *economy = job->state;
    struct picture *picture = &economy->picture;

    job->attempt = economy->attempt;
    job->attempt.id = economy->item.attempt;
    if (job->attempt.cost_microusd > 0) {
        job->cost_microusd = job->attempt.cost_microusd;
    }
    if (economy->why.kind != ERROR_NONE) { /* its line said so: asking again costs again */
        return economy_fail_item(job, &economy->why);
    }
    picture->result = economy->got;
    picture->result.content = blob_move(&economy->got.content);
    return economy_recall(job, err) ? economy_jump(job, ROW_LIKEN)
                                    : economy_item_failed(job, err, err);
}

enum next economy_item_end(struct job *job, struct error *err)
{
    struct economy *economy = job->state;

    if (economy->at >= economy->chunk.item_count) {
        return economy_jump(job, ROW_LEAVE);
    }
    if (!queue_economy_item_done(&job->op, job->arena, &economy->item, err)) {
        return err->kind == ERROR_INPUT ? economy_item_failed(job, err, err) : NEXT_FAIL;
    }
    if (economy->item.over) {
        return economy_next_item(job);
    }
    if (!picture_wish(job, economy->item.payload, err) ||
        !project_take_brief(job, economy->item.brief, err)) {
        return economy_item_failed(job, err, err);
    }
    if (economy->collecting) {
        return to_collect(job, err);
    }
    return picture_possible(&economy->picture, err) ? NEXT_STEP
                                                    : economy_item_failed(job, err, err);
}

enum next economy_photo_end(struct job *job, struct error *err)
{
    return picture_photo_end(job, err) ? NEXT_STEP : economy_item_failed(job, err, err);
}

/* -- features, where the prompt needs them ----------------------------------------------------- */

bool economy_learn(struct job *job, struct error *err)
{
    struct economy *economy = job->state;

    if (project_learn(job, err)) {
        return true;
    }
    if (error_rule(err->kind)->retry) {
        return false;
    }
    economy->why = *err; /* compose says it */
    job->op.kind = OP_NONE;
    return true;
}

enum next economy_learn_end(struct job *job, struct error *err)
{
    enum next next = project_learn_end(job, err);

    return next == NEXT_FAIL ? economy_item_failed(job, err, err) : next;
}

/* Shared at once: other items of the chunk are of the same project. */
bool economy_share(struct job *job, struct error *err)
{
    const struct economy *economy = job->state;

    (void)err;
    if (economy->picture.project.learnt) {
        queue_economy_features(&job->op, job->arena, &job->by, job->part,
                               economy->picture.project.learnt,
                               job->attempt.id ? &job->attempt : NULL);
    }
    return true;
}

/* -- the line ---------------------------------------------------------------------------------- */

static bool compose_work(void *arg, struct error *err)
{
    struct job *job = arg;
    struct economy *economy = job->state;
    const char *path;

    (void)err; /* of one item: compose_end reads it */
    blob_free(&economy->line);
    if (economy->batch->line(&economy->picture.order, job->part, &economy->line, &path,
                             &economy->why)) {
        economy->why.kind = ERROR_NONE;
        economy->path = path;
    }
    return true;
}

/* A main image that we cut out ourselves needs no model: it is made here and now, for nothing. */
bool economy_compose(struct job *job, struct error *err)
{
    struct economy *economy = job->state;

    job->call =
        (struct call){ .provider = economy->caller.provider, .model = economy->caller.model };
    if (economy->why.kind != ERROR_NONE) {
        return economy_skip(job, &economy->why);
    }
    if (economy->picture.by_us) {
        return picture_inspect(job, err);
    }
    if (!picture_order(job, err)) {
        return economy_skip(job, err);
    }
    job->op.kind = OP_WORK;
    job->op.work = (struct work_ask){ .run = compose_work, .arg = job };
    return true;
}

static enum next no_room(struct job *job)
{
    struct economy *economy = job->state;

    blob_free(&economy->line);
    economy->leave_from = economy->at;
    return economy_jump(job, ROW_LEAVE);
}

enum next economy_compose_end(struct job *job, struct error *err)
{
    struct economy *economy = job->state;
    const struct picture *picture = &economy->picture;
    int64_t size = (int64_t)economy->line.size;

    if (economy->why.kind != ERROR_NONE) {
        return economy_item_failed(job, &economy->why, err);
    }
    if (picture->by_us) {
        return picture->verdict.kind == ERROR_NONE
                   ? economy_jump(job, ROW_PUT)
                   : economy_item_failed(job, &picture->verdict, err);
    }
    if (size > economy->batch->input_max) {
        error_set(err, ERROR_INPUT, "the product photo is too large to be sent in a batch");
        return economy_item_failed(job, err, err);
    }
    if (economy->lines == economy->batch->lines_max ||
        (economy->lines > 0 && economy->input_size + size > INPUT_MOST)) {
        return no_room(job);
    }
    return NEXT_STEP;
}

/* All that it takes to know later what was asked for: within a day a project's text may change. */
static const char *record(const struct economy *economy, struct arena *arena)
{
    const struct picture *picture = &economy->picture;
    cJSON *record = call_record(&picture->order), *worst, *photo;
    const char *text;

    worst = cJSON_GetObjectItem(record, "worstMicrousd");
    if (worst) {
        cJSON_SetNumberValue(worst, worst->valuedouble * economy->caller.model->batch_share + 1);
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

bool economy_recall(struct job *job, struct error *err)
{
    struct economy *economy = job->state;
    struct picture *picture = &economy->picture;
    const char *request = economy->item.request, *text;
    const cJSON *photo;
    cJSON *top;

    if (!request || !json_parse(request, strlen(request), "the record of the order", &top, err)) {
        return error_set(err, ERROR_INPUT, "what was asked for is not recorded any more");
    }
    text = json_peek_text(top, "prompt");
    picture->order = (struct order){ .task = TASK_EDIT,
                                     .model = economy->caller.model,
                                     .at = &economy->caller.at,
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

bool economy_record(struct job *job, struct error *err)
{
    struct economy *economy = job->state;
    const struct caller *caller = &economy->caller;

    (void)err;
    queue_economy_attempt(&job->op, job->arena, &job->by, job->part, caller->provider->name,
                          caller->model->id, record(economy, job->arena));
    return true;
}

enum next economy_record_end(struct job *job, struct error *err)
{
    bool closed;

    if (!queue_economy_attempt_done(&job->op, &closed, err)) {
        return NEXT_FAIL;
    }
    return closed ? no_room(job) : NEXT_STEP;
}

bool economy_line(struct job *job, struct error *err)
{
    struct economy *economy = job->state;

    (void)err;
    job->op.kind = OP_FILE;
    job->op.file.path = economy_path(job, "input");
    job->op.file.write = job->op.file.piece = true;
    job->op.file.offset = economy->input_size;
    job->op.file.content = blob_view(economy->line.data, economy->line.size);
    return true;
}

enum next economy_line_end(struct job *job, struct error *err)
{
    struct economy *economy = job->state;

    (void)err;
    economy->input_size += (int64_t)economy->line.size;
    economy->lines++;
    blob_free(&economy->line);
    return economy_next_item(job);
}
