/* batch_api_send.c - a chunk goes to its provider, once, and is waited for without a place. */
#include <stdio.h>

#include "base/clock.h"
#include "jobs/batch_api/batch_api_steps.h"

enum { PAGES_MAX = 200, WAIT_MOST_MS = 5 * 60 * 1000, FULL_MS = 60 * 1000 };

static struct chunk_remote as_told(const struct remote_batch *remote)
{
    return (struct chunk_remote){ .id = remote->id,
                                  .input = remote->input,
                                  .output = remote->output,
                                  .errors = remote->errors,
                                  .word = remote->word };
}

static enum next said(struct job *job, struct error *err)
{
    return queue_settle_done(&job->op, err) ? NEXT_STEP : NEXT_FAIL;
}

/* -- is it there already? ---------------------------------------------------------------------- */

bool economy_find(struct job *job, struct error *err)
{
    struct economy *economy = job->state;

    (void)err;
    economy->batch->find(&economy->call, &job->op);
    return true;
}

enum next economy_find_end(struct job *job, struct error *err)
{
    struct economy *economy = job->state;
    enum reading reading = economy->batch->found(&economy->call, economy->chunk.since_ms, &job->op,
                                                 &economy->remote, err);

    if (reading == READING_ASK_AGAIN && ++economy->pages < PAGES_MAX) {
        return NEXT_AGAIN;
    }
    if (reading == READING_ASK_AGAIN) {
        error_set(err, ERROR_REMOTE, "the provider's list of batches does not end");
    }
    if (reading != READING_DONE) {
        return NEXT_FAIL;
    }
    if (economy->remote.id[0]) {
        return economy_jump(job, ROW_SENT);
    }
    economy->given_up = economy->chunk.cancelled;
    return economy_jump(job, economy->given_up ? ROW_REFUSED : ROW_ITEM);
}

/* -- going ------------------------------------------------------------------------------------- */

bool economy_leave(struct job *job, struct error *err)
{
    struct economy *economy = job->state;
    int count = economy->chunk.item_count - economy->leave_from;

    (void)err;
    if (count > 0) {
        queue_economy_leave(&job->op, job->arena, &job->by,
                            economy->chunk.items + economy->leave_from, count);
    }
    return true;
}

enum next economy_leave_end(struct job *job, struct error *err)
{
    struct economy *economy = job->state;

    for (int i = economy->leave_from; i < economy->chunk.item_count; i++) {
        economy->ended[i] = true;
    }
    return said(job, err);
}

bool economy_sending(struct job *job, struct error *err)
{
    struct economy *economy = job->state;

    (void)err;
    if (economy->lines == 0) {
        return economy_skip(job, NULL);
    }
    queue_economy_sending(&job->op, job->arena, &job->by, economy->caller.model->id);
    return true;
}

enum next economy_sending_end(struct job *job, struct error *err)
{
    struct economy *economy = job->state;
    bool cancelled = true;

    if (economy->lines > 0 && !queue_economy_sending_done(&job->op, &cancelled, err)) {
        return NEXT_FAIL;
    }
    economy->chunk.since_ms = clock_wall_ms();
    economy->chunk.age_ms = 0;
    return cancelled ? economy_jump(job, ROW_END) : NEXT_STEP;
}

bool economy_upload(struct job *job, struct error *err)
{
    struct economy *economy = job->state;

    (void)err;
    economy->batch->upload(&economy->call, economy_path(job, "input"), &job->op);
    return true;
}

enum next economy_upload_end(struct job *job, struct error *err)
{
    struct economy *economy = job->state;

    return economy->batch->uploaded(&economy->call, &job->op, &economy->remote, err) ? NEXT_STEP
                                                                                     : NEXT_FAIL;
}

bool economy_create(struct job *job, struct error *err)
{
    struct economy *economy = job->state;
    const char *input = arena_text(job->arena, economy->remote.input);

    (void)err;
    economy->batch->create(&economy->call, input, economy->path, &job->op);
    return true;
}

enum next economy_create_end(struct job *job, struct error *err)
{
    struct economy *economy = job->state;

    return economy->batch->read(&economy->call, &job->op, &economy->remote, err) ? NEXT_STEP
                                                                                 : NEXT_FAIL;
}

bool economy_sent(struct job *job, struct error *err)
{
    struct economy *economy = job->state;
    struct chunk_remote remote = as_told(&economy->remote);

    (void)err;
    queue_economy_sent(&job->op, job->arena, &job->by, &remote);
    return true;
}

enum next economy_sent_end(struct job *job, struct error *err)
{
    return said(job, err);
}

bool economy_tidy(struct job *job, struct error *err)
{
    (void)err;
    job->op.kind = OP_FILE;
    job->op.file.path = economy_path(job, "input");
    job->op.file.remove = true;
    return true;
}

enum next economy_tidy_end(struct job *job, struct error *err)
{
    (void)job;
    (void)err;
    return NEXT_STEP;
}

/* -- how it stands ----------------------------------------------------------------------------- */

bool economy_status(struct job *job, struct error *err)
{
    struct economy *economy = job->state;

    (void)err;
    economy->batch->status(&economy->call, economy->remote.id, &job->op);
    return true;
}

enum next economy_status_end(struct job *job, struct error *err)
{
    struct economy *economy = job->state;
    struct remote_batch *remote = &economy->remote;

    if (job->op.http_got.status == 404) { /* no pause of the provider brings it back */
        error_set(err, ERROR_INPUT, "the provider does not know the batch '%s' any more",
                  remote->id);
        return NEXT_FAIL;
    }
    if (!economy->batch->read(&economy->call, &job->op, remote, &economy->why)) {
        *err = economy->why;
        return NEXT_FAIL;
    }
    if (remote->refused) {
        return economy_jump(job, ROW_REFUSED);
    }
    economy->why.kind = ERROR_NONE;
    if (remote->over) {
        return economy_jump(job, ROW_OVER);
    }
    return economy->chunk.cancelled ? NEXT_STEP : economy_jump(job, ROW_WAIT);
}

bool economy_cancel(struct job *job, struct error *err)
{
    struct economy *economy = job->state;

    (void)err;
    economy->batch->cancel(&economy->call, economy->remote.id, &job->op);
    return true;
}

/* Whatever it says: the next look tells. */
enum next economy_cancel_end(struct job *job, struct error *err)
{
    (void)job;
    (void)err;
    return NEXT_STEP;
}

/* Longer the longer it takes: an hour's wait need not be known to the second. */
static uint32_t until_next_look(const struct job *job)
{
    const struct economy *economy = job->state;
    int64_t wait = economy->chunk.cancelled ? 0 : economy->chunk.age_ms / 8;
    int64_t least = job->equipment->retry_base_ms;

    if (economy->wait_ms > 0) {
        return economy->wait_ms;
    }
    wait = wait < WAIT_MOST_MS ? wait : WAIT_MOST_MS;
    return (uint32_t)(wait > least ? wait : least);
}

bool economy_wait(struct job *job, struct error *err)
{
    struct economy *economy = job->state;

    (void)err;
    queue_economy_wait(&job->op, job->arena, &job->by,
                       economy->remote.word[0] ? economy->remote.word : NULL, until_next_look(job),
                       economy->wait_why);
    return true;
}

enum next economy_wait_end(struct job *job, struct error *err)
{
    return queue_settle_done(&job->op, err) ? NEXT_REST : NEXT_FAIL;
}

bool economy_refused(struct job *job, struct error *err)
{
    (void)err;
    queue_economy_refused(&job->op, job->arena, &job->by);
    return true;
}

enum next economy_refused_end(struct job *job, struct error *err)
{
    struct economy *economy = job->state;

    if (!queue_settle_done(&job->op, err)) {
        return NEXT_FAIL;
    }
    if (economy->given_up) {
        return economy_jump(job, ROW_END);
    }
    if (!error_rule(economy->why.kind)->retry) {
        *err = economy->why;
        return NEXT_FAIL;
    }
    economy->wait_ms = FULL_MS;
    economy->wait_why = arena_text(job->arena, economy->why.text);
    return economy_jump(job, ROW_WAIT);
}

bool economy_over(struct job *job, struct error *err)
{
    struct economy *economy = job->state;
    struct chunk_remote remote = as_told(&economy->remote);

    (void)err;
    queue_economy_over(&job->op, job->arena, &job->by, &remote);
    return true;
}

enum next economy_over_end(struct job *job, struct error *err)
{
    struct economy *economy = job->state;

    economy->collecting = true;
    return said(job, err);
}
