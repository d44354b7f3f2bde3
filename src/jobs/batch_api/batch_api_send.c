/* batch_api_send.c - sends a chunk to the provider exactly once, and waits for the batch without
 * holding a slot.
 */
#include <stdio.h>

#include "base/clock.h"
#include "jobs/batch_api/batch_api_steps.h"

enum {
    PAGES_MAX = 200,
    CHECK_DELAY_MAX_MS = 5 * 60 * 1000,
    REJECTED_DELAY_MS = 60 * 1000,
    LONGEST_BATCH_MS = 25 * 3600 * 1000 /* the completion window of 24 hours, and one more */
};

static struct chunk_remote remote_ids(const struct remote_batch *remote)
{
    return (struct chunk_remote){ .id = remote->id,
                                  .input = remote->input,
                                  .output = remote->output,
                                  .errors = remote->errors,
                                  .status = remote->status,
                                  .total = remote->total,
                                  .completed = remote->completed,
                                  .failed = remote->failed,
                                  .expires_s = remote->expires_s };
}

static enum transition read_commit(struct job *job, struct error *err)
{
    return queue_commit_done(&job->op, err) ? TRANSITION_NEXT : TRANSITION_FAIL;
}

/* -- look up the batch ------------------------------------------------------------------------- */

bool batch_api_find_batch(struct job *job, struct error *err)
{
    struct batch_api *batch_api = job->state;

    (void)err;
    batch_api->batch->find(&batch_api->call, &job->op);
    return true;
}

enum transition batch_api_find_batch_end(struct job *job, struct error *err)
{
    struct batch_api *batch_api = job->state;
    enum read_result reading =
        batch_api->batch->read_find(&batch_api->call, batch_api->chunk.since_ms, &job->op,
                                    &batch_api->remote, err);

    if (reading == READ_POLL_AGAIN && ++batch_api->pages < PAGES_MAX) {
        return TRANSITION_REPEAT;
    }
    if (reading == READ_POLL_AGAIN) {
        error_set(err, ERROR_REMOTE, "the provider's list of batches has more than %d pages",
                  PAGES_MAX);
    }
    if (reading != READ_DONE) {
        return TRANSITION_FAIL;
    }
    if (batch_api->remote.id[0]) {
        return batch_api_go_to(job, STATE_MARK_SENT);
    }
    batch_api->cancelled_unsent = batch_api->chunk.cancelled;
    return batch_api_go_to(job, batch_api->cancelled_unsent ? STATE_RESET_CHUNK : STATE_LOAD_ITEM);
}

/* -- send -------------------------------------------------------------------------------------- */

bool batch_api_move_items(struct job *job, struct error *err)
{
    struct batch_api *batch_api = job->state;
    int count = batch_api->chunk.item_count - batch_api->moved_from;

    (void)err;
    if (count > 0) {
        queue_batch_api_move_items(&job->op, job->arena, &job->holder,
                                   batch_api->chunk.items + batch_api->moved_from, count);
    }
    return true;
}

enum transition batch_api_move_items_end(struct job *job, struct error *err)
{
    struct batch_api *batch_api = job->state;

    for (int i = batch_api->moved_from; i < batch_api->chunk.item_count; i++) {
        batch_api->item_ended[i] = true;
    }
    return read_commit(job, err);
}

bool batch_api_mark_sending(struct job *job, struct error *err)
{
    struct batch_api *batch_api = job->state;

    (void)err;
    if (batch_api->record_count == 0) {
        return batch_api_skip(job, NULL);
    }
    queue_batch_api_mark_sending(&job->op, job->arena, &job->holder,
                                 batch_api->model_endpoint.model->id);
    return true;
}

enum transition batch_api_mark_sending_end(struct job *job, struct error *err)
{
    struct batch_api *batch_api = job->state;
    bool cancelled = true;

    if (batch_api->record_count > 0 &&
        !queue_batch_api_mark_sending_done(&job->op, &cancelled, err)) {
        return TRANSITION_FAIL;
    }
    batch_api->chunk.since_ms = clock_wall_ms();
    batch_api->chunk.age_ms = 0;
    return cancelled ? batch_api_go_to(job, STATE_COMPLETE_CHUNK) : TRANSITION_NEXT;
}

bool batch_api_upload_input(struct job *job, struct error *err)
{
    struct batch_api *batch_api = job->state;

    (void)err;
    batch_api->batch->upload(&batch_api->call, batch_api_path(job, "input"), &job->op);
    return true;
}

enum transition batch_api_upload_input_end(struct job *job, struct error *err)
{
    struct batch_api *batch_api = job->state;

    return batch_api->batch->read_upload(&batch_api->call, &job->op, &batch_api->remote, err)
               ? TRANSITION_NEXT
               : TRANSITION_FAIL;
}

bool batch_api_create_batch(struct job *job, struct error *err)
{
    struct batch_api *batch_api = job->state;
    const char *input = arena_text(job->arena, batch_api->remote.input);

    (void)err;
    batch_api->batch->create(&batch_api->call, input, batch_api->records_url, &job->op);
    return true;
}

enum transition batch_api_create_batch_end(struct job *job, struct error *err)
{
    struct batch_api *batch_api = job->state;

    return batch_api->batch->read_batch(&batch_api->call, &job->op, &batch_api->remote, err)
               ? TRANSITION_NEXT
               : TRANSITION_FAIL;
}

bool batch_api_mark_sent(struct job *job, struct error *err)
{
    struct batch_api *batch_api = job->state;
    struct chunk_remote remote = remote_ids(&batch_api->remote);

    (void)err;
    queue_batch_api_mark_sent(&job->op, job->arena, &job->holder, &remote);
    return true;
}

enum transition batch_api_mark_sent_end(struct job *job, struct error *err)
{
    return read_commit(job, err);
}

bool batch_api_remove_input(struct job *job, struct error *err)
{
    (void)err;
    job->op.kind = OP_FILE;
    job->op.file.path = batch_api_path(job, "input");
    job->op.file.remove = true;
    return true;
}

enum transition batch_api_remove_input_end(struct job *job, struct error *err)
{
    (void)job;
    (void)err;
    return TRANSITION_NEXT;
}

/* -- wait -------------------------------------------------------------------------------------- */

bool batch_api_check_status(struct job *job, struct error *err)
{
    struct batch_api *batch_api = job->state;

    (void)err;
    batch_api->batch->status(&batch_api->call, batch_api->remote.id, &job->op);
    return true;
}

/* HTTP 404. While the batch may still run, that is no proof that it is gone: a gateway, an
 * incident, or the key of another project give the same answer, and all of its images are paid for.
 */
static enum transition batch_is_unknown(struct job *job, struct error *err)
{
    struct batch_api *batch_api = job->state;
    const char *id = batch_api->remote.id;

    if (batch_api->chunk.state == CHUNK_FINISHED) { /* its files may still exist */
        return batch_api_go_to(job, STATE_READ_RECORD);
    }
    if (batch_api->chunk.age_ms > LONGEST_BATCH_MS) {
        error_set(err, ERROR_INPUT, "the provider no longer has the batch '%s'", id);
        return TRANSITION_FAIL;
    }
    batch_api->wait_reason = arena_printf(job->arena,
                                          "the provider does not know its batch '%s' (HTTP 404): "
                                          "check that the key belongs to the project that sent it",
                                          id);
    return batch_api_go_to(job, STATE_RESCHEDULE);
}

enum transition batch_api_check_status_end(struct job *job, struct error *err)
{
    struct batch_api *batch_api = job->state;
    struct remote_batch *remote = &batch_api->remote;

    if (job->op.http_response.status == 404) {
        return batch_is_unknown(job, err);
    }
    if (!batch_api->batch->read_batch(&batch_api->call, &job->op, remote, &batch_api->item_error)) {
        *err = batch_api->item_error;
        return TRANSITION_FAIL;
    }
    if (remote->rejected && batch_api->chunk.state != CHUNK_FINISHED) {
        return batch_api_go_to(job, STATE_RESET_CHUNK);
    }
    batch_api->item_error.kind = ERROR_NONE;
    if (remote->finished) {
        return batch_api_go_to(job, STATE_MARK_FINISHED);
    }
    return batch_api->chunk.cancelled ? TRANSITION_NEXT : batch_api_go_to(job, STATE_RESCHEDULE);
}

bool batch_api_cancel_batch(struct job *job, struct error *err)
{
    struct batch_api *batch_api = job->state;

    (void)err;
    batch_api->batch->cancel(&batch_api->call, batch_api->remote.id, &job->op);
    return true;
}

/* The response does not matter: the next status check shows the effect. */
enum transition batch_api_cancel_batch_end(struct job *job, struct error *err)
{
    (void)job;
    (void)err;
    return TRANSITION_NEXT;
}

/* The delay grows with the age of the batch, up to five minutes. */
static uint32_t next_check_delay_ms(const struct job *job)
{
    const struct batch_api *batch_api = job->state;
    int64_t wait = batch_api->chunk.cancelled ? 0 : batch_api->chunk.age_ms / 8;
    int64_t minimum = job->context->retry_base_ms;

    if (batch_api->wait_ms > 0) {
        return batch_api->wait_ms;
    }
    if (batch_api->collecting) { /* the batch is finished, its results are incomplete */
        wait = batch_api->chunk.finished_age_ms / 4;
    }
    wait = wait < CHECK_DELAY_MAX_MS ? wait : CHECK_DELAY_MAX_MS;
    return (uint32_t)(wait > minimum ? wait : minimum);
}

bool batch_api_reschedule(struct job *job, struct error *err)
{
    struct batch_api *batch_api = job->state;

    (void)err;
    queue_batch_api_reschedule(&job->op, job->arena, &job->holder,
                               batch_api->remote.status[0] ? batch_api->remote.status : NULL,
                               next_check_delay_ms(job), batch_api->wait_reason);
    return true;
}

enum transition batch_api_reschedule_end(struct job *job, struct error *err)
{
    return queue_commit_done(&job->op, err) ? TRANSITION_RESCHEDULE : TRANSITION_FAIL;
}

enum transition batch_api_wait_for_rule(struct job *job, const char *why)
{
    struct batch_api *batch_api = job->state;

    batch_api->wait_ms = REJECTED_DELAY_MS;
    batch_api->wait_reason = why;
    return batch_api_go_to(job, STATE_RESCHEDULE);
}

bool batch_api_reset_chunk(struct job *job, struct error *err)
{
    (void)err;
    queue_batch_api_reset_chunk(&job->op, job->arena, &job->holder);
    return true;
}

enum transition batch_api_reset_chunk_end(struct job *job, struct error *err)
{
    struct batch_api *batch_api = job->state;

    if (!queue_commit_done(&job->op, err)) {
        return TRANSITION_FAIL;
    }
    if (batch_api->cancelled_unsent) {
        return batch_api_go_to(job, STATE_COMPLETE_CHUNK);
    }
    if (!error_rule(batch_api->item_error.kind)->retry ||
        error_rule(batch_api->item_error.kind)->pauses_provider) {
        job->error_of_model = true; /* waits like a direct call: an operator must act */
        *err = batch_api->item_error;
        return TRANSITION_FAIL;
    }
    batch_api->wait_ms = REJECTED_DELAY_MS;
    batch_api->wait_reason = arena_text(job->arena, batch_api->item_error.text);
    return batch_api_go_to(job, STATE_RESCHEDULE);
}

bool batch_api_mark_finished(struct job *job, struct error *err)
{
    struct batch_api *batch_api = job->state;
    struct chunk_remote remote = remote_ids(&batch_api->remote);

    (void)err;
    batch_api_note_counts(job);
    queue_batch_api_mark_finished(&job->op, job->arena, &job->holder, &remote);
    return true;
}

enum transition batch_api_mark_finished_end(struct job *job, struct error *err)
{
    struct batch_api *batch_api = job->state;

    batch_api->collecting = true;
    return read_commit(job, err);
}
