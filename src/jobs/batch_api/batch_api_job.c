/* batch_api_job.c - economy-batch: a chunk of a batch's items, made at half price within a day. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "jobs/engine/model_call.h"
#include "jobs/batch_api/batch_api_steps.h"
#include "jobs/engine/spool.h"

/* A chunk may be tried again for an item so often; then the item fails, and the others go on. */
enum { TRIES_FOR_AN_ITEM = 3, SETTLE_MOST_MS = 10 * 1000, SETTLE_LEAST_MS = 500 };

const char *economy_path(const struct job *job, const char *what)
{
    return spool_path(job->equipment->spool, job->claimed.id, what, 0, job->arena);
}

enum next economy_jump(struct job *job, enum economy_row row)
{
    job->jump = row;
    return NEXT_JUMP;
}

enum next economy_next_item(struct job *job)
{
    struct economy *economy = job->state;

    economy->ended[economy->at] = true;
    economy->why.kind = ERROR_NONE;
    economy->total_microusd += job->cost_microusd > 0 ? job->cost_microusd : 0;
    job->attempt = (struct attempt){ 0 };
    if (!economy->collecting) {
        economy->at++;
        return economy_jump(job, ROW_ITEM);
    }
    economy->offset = economy->next;
    return economy_jump(job, ROW_PICK);
}

enum next economy_fail_item(struct job *job, const struct error *why)
{
    struct economy *economy = job->state;

    economy->why = *why;
    return economy_jump(job, ROW_FAIL);
}

enum next economy_item_failed(struct job *job, const struct error *why, struct error *err)
{
    struct error reason = *why; /* it may be *err itself */

    if (reason.kind == ERROR_LOST || reason.kind == ERROR_STOPPED ||
        (error_rule(reason.kind)->retry &&
         (job->claimed.attempt <= TRIES_FOR_AN_ITEM || error_rule(reason.kind)->pauses_provider))) {
        *err = reason;
        return NEXT_FAIL;
    }
    return economy_fail_item(job, &reason);
}

bool economy_skip(struct job *job, const struct error *why)
{
    struct economy *economy = job->state;

    if (why) {
        economy->why = *why;
    }
    op_clear(&job->op);
    job->op.kind = OP_SLEEP;
    return true;
}

/* -- load -------------------------------------------------------------------------------------- */

static bool load(struct job *job, struct error *err)
{
    (void)err;
    queue_economy_load(&job->op, job->arena, &job->by);
    return true;
}

static bool take_names(struct economy *economy, struct error *err)
{
    const struct chunk *chunk = &economy->chunk;
    struct remote_batch *remote = &economy->remote;
    struct {
        const char *from;
        char *to;
        size_t room;
    } names[] = { { chunk->remote, remote->id, sizeof remote->id },
                  { chunk->input, remote->input, sizeof remote->input },
                  { chunk->output, remote->output, sizeof remote->output },
                  { chunk->errors, remote->errors, sizeof remote->errors },
                  { chunk->word, remote->word, sizeof remote->word } };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if ((size_t)snprintf(names[i].to, names[i].room, "%s", names[i].from) >= names[i].room) {
            return error_set(err, ERROR_INPUT, "the chunk's names are longer than any can be");
        }
    }
    return true;
}

static bool can_batch(struct economy *economy, struct error *err)
{
    const struct caller *caller = &economy->caller;

    economy->batch = caller->provider->batch;
    if (economy->batch && caller->model->batch_share > 0) {
        return economy->chunk.state != CHUNK_OPEN ||
               catalog_alive(caller->model, clock_wall_ms(), err);
    }
    error_set(err, ERROR_INPUT, "model '%s' cannot be asked through batches", caller->model->id);
    return error_hint(err, "Make these images again without --economy.");
}

/* A request of a worker that is dead may still be on its way: the list is believed after a while.
 */
static bool is_settled(const struct job *job)
{
    struct economy *economy = job->state;
    int64_t settle = (int64_t)job->equipment->retry_base_ms * 5;

    settle = settle < SETTLE_LEAST_MS ? SETTLE_LEAST_MS : settle;
    settle = settle > SETTLE_MOST_MS ? SETTLE_MOST_MS : settle;
    if (economy->chunk.age_ms >= settle) {
        return true;
    }
    economy->wait_ms = (uint32_t)(settle - economy->chunk.age_ms);
    return false;
}

static enum next load_end(struct job *job, struct error *err)
{
    struct economy *economy = job->state;
    struct chunk *chunk = &economy->chunk;

    if (!queue_economy_load_done(&job->op, job->arena, chunk, err) || !take_names(economy, err) ||
        !caller_for(job->equipment, chunk->model, &economy->caller, err) ||
        !can_batch(economy, err)) {
        return NEXT_FAIL;
    }
    economy->ended =
        arena_alloc(job->arena, (size_t)(chunk->item_count + 1) * sizeof *economy->ended);
    economy->leave_from = chunk->item_count;
    economy->call = (struct batch_call){ .at = &economy->caller.at,
                                         .model = economy->caller.model,
                                         .name = chunk->name,
                                         .arena = job->arena };
    job->call =
        (struct call){ .provider = economy->caller.provider, .model = economy->caller.model };
    switch (chunk->state) {
    case CHUNK_OPEN:
        return economy_jump(job, chunk->cancelled ? ROW_END : ROW_ITEM);
    case CHUNK_SENDING:
        return is_settled(job) ? NEXT_STEP : economy_jump(job, ROW_WAIT);
    case CHUNK_SENT:
        return economy_jump(job, ROW_STATUS);
    case CHUNK_OVER:
        break;
    }
    economy->collecting = true;
    return economy_jump(job, ROW_PICK);
}

static void clear(void *state)
{
    struct economy *economy = state;

    picture_clear(&economy->picture);
    blob_free(&economy->line);
    blob_free(&economy->got.content);
}

#define ROW(name) .begin = economy_##name, .end = economy_##name##_end

static const struct step steps[ECONOMY_ROWS] = {
    [ROW_LOAD] = { "load", load, load_end, 0 },
    [ROW_FIND] = { "find", ROW(find), .flags = STEP_LINED },
    [ROW_ITEM] = { "item", ROW(item) },
    [ROW_PHOTO] = { "photo", picture_photo, economy_photo_end, STEP_HEAVY },
    [ROW_LEARN] = { "learn", ROW(learn), .flags = STEP_PAID },
    [ROW_SHARE] = { "share", economy_share, project_share_end, 0 },
    [ROW_COMPOSE] = { "compose", ROW(compose) },
    [ROW_RECORD] = { "record", ROW(record) },
    [ROW_LINE] = { "line", ROW(line) },
    [ROW_LEAVE] = { "leave", ROW(leave) },
    [ROW_SENDING] = { "sending", ROW(sending) },
    [ROW_UPLOAD] = { "upload", ROW(upload), .flags = STEP_LINED },
    [ROW_CREATE] = { "create", ROW(create), .flags = STEP_LINED },
    [ROW_SENT] = { "sent", ROW(sent), .flags = STEP_TOUGH },
    [ROW_TIDY] = { "tidy", ROW(tidy), .flags = STEP_OPTIONAL },
    [ROW_STATUS] = { "status", ROW(status), .flags = STEP_LINED },
    [ROW_CANCEL] = { "cancel", ROW(cancel), .flags = STEP_LINED | STEP_OPTIONAL },
    [ROW_WAIT] = { "wait", ROW(wait) },
    [ROW_REFUSED] = { "refused", ROW(refused) },
    [ROW_OVER] = { "over", ROW(over) },
    [ROW_PICK] = { "pick", ROW(pick), .flags = STEP_HEAVY },
    [ROW_FETCH] = { "fetch", ROW(fetch), .flags = STEP_LINED | STEP_TOUGH },
    [ROW_LIKEN] = { "liken", ROW(liken), .flags = STEP_HEAVY | STEP_OPTIONAL },
    [ROW_INSPECT] = { "inspect", picture_inspect, economy_inspect_end, 0 },
    [ROW_PUT] = { "put", ROW(put), .flags = STEP_TOUGH },
    [ROW_SETTLE] = { "settle", ROW(settle), .flags = STEP_TOUGH },
    [ROW_FAIL] = { "fail", ROW(fail), .flags = STEP_TOUGH },
    [ROW_FORGET] = { "forget", ROW(forget), .flags = STEP_OPTIONAL },
    [ROW_END] = { "end", ROW(end), .flags = STEP_TOUGH },
};

const struct job_type job_type_make_economy = {
    .name = "economy-batch",
    .steps = steps,
    .step_count = ECONOMY_ROWS,
    .state_size = sizeof(struct economy),
    .clear = clear,
};
