/* batch_api_job.c - batch_api-batch: a chunk of a batch's items, made at half price within a day.
 */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "jobs/batch_api/batch_api_steps.h"
#include "jobs/engine/model_call.h"
#include "jobs/engine/spool.h"

/* A chunk may be tried again for an item so often; then the item fails, and the others go on. */
enum { TRIES_FOR_AN_ITEM = 3, SETTLE_MOST_MS = 10 * 1000, SETTLE_LEAST_MS = 500 };

const char *batch_api_path(const struct job *job, const char *what)
{
    return spool_path(job->context->spool, job->claimed.id, what, 0, job->arena);
}

enum transition batch_api_jump(struct job *job, enum batch_api_row row)
{
    job->jump_row = row;
    return TRANSITION_JUMP;
}

enum transition batch_api_next_item(struct job *job)
{
    struct batch_api *batch_api = job->state;

    batch_api->ended[batch_api->at] = true;
    batch_api->why.kind = ERROR_NONE;
    batch_api->total_microusd += job->cost_microusd > 0 ? job->cost_microusd : 0;
    job->attempt = (struct attempt){ 0 };
    if (!batch_api->collecting) {
        batch_api->at++;
        return batch_api_jump(job, ROW_ITEM);
    }
    batch_api->offset = batch_api->next;
    return batch_api_jump(job, ROW_PICK);
}

enum transition batch_api_fail_item(struct job *job, const struct error *why)
{
    struct batch_api *batch_api = job->state;

    batch_api->why = *why;
    return batch_api_jump(job, ROW_FAIL);
}

enum transition batch_api_item_failed(struct job *job, const struct error *why, struct error *err)
{
    struct error reason = *why; /* it may be *err itself */

    if (reason.kind == ERROR_LOST || reason.kind == ERROR_STOPPED ||
        (error_rule(reason.kind)->retry &&
         (job->claimed.attempt <= TRIES_FOR_AN_ITEM || error_rule(reason.kind)->pauses_provider))) {
        *err = reason;
        return TRANSITION_FAIL;
    }
    return batch_api_fail_item(job, &reason);
}

bool batch_api_skip(struct job *job, const struct error *why)
{
    struct batch_api *batch_api = job->state;

    if (why) {
        batch_api->why = *why;
    }
    op_clear(&job->op);
    job->op.kind = OP_SLEEP;
    return true;
}

/* -- load -------------------------------------------------------------------------------------- */

static bool load(struct job *job, struct error *err)
{
    (void)err;
    queue_batch_api_load(&job->op, job->arena, &job->holder);
    return true;
}

static bool take_names(struct batch_api *batch_api, struct error *err)
{
    const struct chunk *chunk = &batch_api->chunk;
    struct remote_batch *remote = &batch_api->remote;
    struct {
        const char *from;
        char *to;
        size_t room;
    } names[] = { { chunk->remote, remote->id, sizeof remote->id },
                  { chunk->input, remote->input, sizeof remote->input },
                  { chunk->output, remote->output, sizeof remote->output },
                  { chunk->errors, remote->errors, sizeof remote->errors },
                  { chunk->word, remote->status, sizeof remote->status } };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if ((size_t)snprintf(names[i].to, names[i].room, "%s", names[i].from) >= names[i].room) {
            return error_set(err, ERROR_INPUT, "the chunk's names are longer than any can be");
        }
    }
    return true;
}

static bool can_batch(struct batch_api *batch_api, struct error *err)
{
    const struct model_endpoint *caller = &batch_api->caller;

    batch_api->batch = caller->provider->batch;
    if (batch_api->batch && caller->model->batch_share > 0) {
        return batch_api->chunk.state != CHUNK_OPEN ||
               catalog_is_available(caller->model, clock_wall_ms(), err);
    }
    error_set(err, ERROR_INPUT, "model '%s' cannot be asked through batches", caller->model->id);
    return error_hint(err, "Make these images again without --batch-api.");
}

/* A request of a worker that is dead may still be on its way: the list is believed after a while.
 */
static bool is_settled(const struct job *job)
{
    struct batch_api *batch_api = job->state;
    int64_t settle = (int64_t)job->context->retry_base_ms * 5;

    settle = settle < SETTLE_LEAST_MS ? SETTLE_LEAST_MS : settle;
    settle = settle > SETTLE_MOST_MS ? SETTLE_MOST_MS : settle;
    if (batch_api->chunk.age_ms >= settle) {
        return true;
    }
    batch_api->wait_ms = (uint32_t)(settle - batch_api->chunk.age_ms);
    return false;
}

static enum transition load_end(struct job *job, struct error *err)
{
    struct batch_api *batch_api = job->state;
    struct chunk *chunk = &batch_api->chunk;

    if (!queue_batch_api_load_done(&job->op, job->arena, chunk, err) ||
        !take_names(batch_api, err) ||
        !model_endpoint_for(job->context, chunk->model, &batch_api->caller, err) ||
        !can_batch(batch_api, err)) {
        return TRANSITION_FAIL;
    }
    batch_api->ended =
        arena_alloc(job->arena, (size_t)(chunk->item_count + 1) * sizeof *batch_api->ended);
    batch_api->leave_from = chunk->item_count;
    batch_api->call = (struct batch_call){ .at = &batch_api->caller.at,
                                           .model = batch_api->caller.model,
                                           .name = chunk->name,
                                           .arena = job->arena };
    job->call =
        (struct call){ .provider = batch_api->caller.provider, .model = batch_api->caller.model };
    switch (chunk->state) {
    case CHUNK_OPEN:
        return batch_api_jump(job, chunk->cancelled ? ROW_END : ROW_ITEM);
    case CHUNK_SENDING:
        return is_settled(job) ? TRANSITION_NEXT : batch_api_jump(job, ROW_WAIT);
    case CHUNK_SENT:
        return batch_api_jump(job, ROW_STATUS);
    case CHUNK_OVER:
        break;
    }
    batch_api->collecting = true;
    return batch_api_jump(job, ROW_PICK);
}

static void clear(void *state)
{
    struct batch_api *batch_api = state;

    image_job_clear(&batch_api->image_job);
    blob_free(&batch_api->line);
    blob_free(&batch_api->got.content);
}

#define ROW(name) .begin = batch_api_##name, .end = batch_api_##name##_end

static const struct step steps[BATCH_API_ROWS] = {
    [ROW_LOAD] = { "load", load, load_end, 0 },
    [ROW_FIND] = { "find", ROW(find), .flags = STEP_RATE_LIMITED },
    [ROW_ITEM] = { "item", ROW(item) },
    [ROW_PHOTO] = { "photo", image_job_fetch_photo, batch_api_photo_end, STEP_ON_POOL },
    [ROW_LEARN] = { "learn", ROW(learn), .flags = STEP_PAID },
    [ROW_SHARE] = { "share", batch_api_share, project_save_features_end, 0 },
    [ROW_COMPOSE] = { "compose", ROW(compose) },
    [ROW_RECORD] = { "record", ROW(record) },
    [ROW_LINE] = { "line", ROW(line) },
    [ROW_LEAVE] = { "leave", ROW(leave) },
    [ROW_SENDING] = { "sending", ROW(sending) },
    [ROW_UPLOAD] = { "upload", ROW(upload), .flags = STEP_RATE_LIMITED },
    [ROW_CREATE] = { "create", ROW(create), .flags = STEP_RATE_LIMITED },
    [ROW_SENT] = { "sent", ROW(sent), .flags = STEP_RETRY_IN_PLACE },
    [ROW_TIDY] = { "tidy", ROW(tidy), .flags = STEP_OPTIONAL },
    [ROW_STATUS] = { "status", ROW(status), .flags = STEP_RATE_LIMITED },
    [ROW_CANCEL] = { "cancel", ROW(cancel), .flags = STEP_RATE_LIMITED | STEP_OPTIONAL },
    [ROW_WAIT] = { "wait", ROW(wait) },
    [ROW_REFUSED] = { "refused", ROW(refused) },
    [ROW_OVER] = { "over", ROW(over) },
    [ROW_PICK] = { "pick", ROW(pick), .flags = STEP_ON_POOL },
    [ROW_FETCH] = { "fetch", ROW(fetch), .flags = STEP_RATE_LIMITED | STEP_RETRY_IN_PLACE },
    [ROW_LIKEN] = { "liken", ROW(liken), .flags = STEP_ON_POOL | STEP_OPTIONAL },
    [ROW_INSPECT] = { "inspect", image_job_validate, batch_api_inspect_end, 0 },
    [ROW_PUT] = { "put", ROW(put), .flags = STEP_RETRY_IN_PLACE },
    [ROW_SETTLE] = { "settle", ROW(settle), .flags = STEP_RETRY_IN_PLACE },
    [ROW_FAIL] = { "fail", ROW(fail), .flags = STEP_RETRY_IN_PLACE },
    [ROW_FORGET] = { "forget", ROW(forget), .flags = STEP_OPTIONAL },
    [ROW_END] = { "end", ROW(end), .flags = STEP_RETRY_IN_PLACE },
};

const struct job_type job_type_make_batch_api = {
    .name = "batch-api",
    .steps = steps,
    .step_count = BATCH_API_ROWS,
    .state_size = sizeof(struct batch_api),
    .clear = clear,
};
