/* phase_step.c - the phases that every step goes through, and what follows a step. */
#include <stdio.h>

#include "base/clock.h"
#include "jobs/engine/call_metrics.h"
#include "jobs/engine/engine_internal.h"
#include "jobs/engine/job_trace.h"
#include "jobs/engine/spool.h"
#include "jobs/seller_message.h"
#include "model/retry.h"

/* Six tries with doubling delays from 100 ms outlast a restart of the database or a short network
 * outage of about three seconds. */
enum { TRIES_IN_PLACE = 6, RETRY_BASE_MS = 100 };

/* While a paid answer exists only in memory, its upload is repeated every 13 to 26 seconds. */
enum { SLOWEST_RETRY = 9 };

/* -- from step to step ------------------------------------------------------------------------- */

static void leave_step(struct run *run)
{
    struct job *job = &run->job;

    job->step_us[job->step] += clock_mono_us() - run->step_began_us;
    job_trace_step_ended(run, false);
    op_clear(&job->op);
    run->retries = 0;
}

static bool check_successor(struct run *run, int row)
{
    const struct job_type *type = run->job.type;
    const struct step *step = run_step(run);
    uint32_t bit = row < type->step_count ? UINT32_C(1) << row : STEP_ENDS_ATTEMPT;

    return step->successors == 0 || (step->successors & bit) ||
           error_set(&run->error, ERROR_INTERNAL, "step '%s' cannot be followed by '%s'",
                     step->name, row < type->step_count ? type->steps[row].name : "the end");
}

static enum step_phase go_to_step(struct run *run, int row)
{
    struct job *job = &run->job;

    if (!check_successor(run, row)) {
        return PHASE_REPORT_FAILURE;
    }
    leave_step(run);
    job->step = row;
    if (job->step < job->type->step_count) {
        return PHASE_BEGIN_STEP;
    }
    run_remove_answers(run);
    return run_end(run, JOB_COMPLETED);
}

/* Removes the current step's answer from the spool, so that a rejected or unreadable answer is not
 * used again. */
static void remove_spooled_answer(struct run *run)
{
    remove(run_spool_path(run));
    run->job.answer_kept = false;
}

/* Goes back to the last paid step, for a new call. */
static enum step_phase call_again(struct run *run)
{
    struct job *job = &run->job;
    const struct step *steps = job->type->steps;
    int row = job->step;

    while (row > 0 && !(steps[row].flags & STEP_PAID)) {
        row--;
    }
    leave_step(run);
    job->step = row;
    remove_spooled_answer(run);
    job->call_index++;
    return PHASE_BEGIN_STEP;
}

static bool can_retry_in_place(const struct run *run)
{
    const struct step *step = run_step(run);
    enum error_kind kind = run->error.kind;
    bool passing = kind == ERROR_NETWORK || kind == ERROR_REMOTE ||
                   (kind == ERROR_BUSY && run->error.retry_ms <= SERVICE_SHORT_RETRY_MS);
    bool repeatable = (step->flags & STEP_RETRY_IN_PLACE) ||
                      (run->job.op.kind == OP_SQL && !(step->flags & STEP_PAID));

    if (run->service && run->service->kind == SERVICE_OF_TABLES) {
        return false; /* the same row would be rejected again */
    }
    return passing && repeatable && run->retries + 1 < TRIES_IN_PLACE &&
           !(run->service && service_stopped(&run->service->state));
}

static enum step_phase step_failed(struct run *run)
{
    if (run->error.kind == ERROR_DATABASE && run->job.op.kind == OP_SQL) {
        return run_repeat_for_database(run, PHASE_RETRY_IN_PLACE);
    }
    if (run_must_store_from_memory(run)) {
        run->error.retry_ms = 0;
        return PHASE_RETRY_IN_PLACE;
    }
    run->file_rejected =
        (run_step(run)->flags & STEP_USES_STORE) && (run_step(run)->flags & STEP_RETRY_IN_PLACE);
    return can_retry_in_place(run) ? PHASE_RETRY_IN_PLACE : PHASE_REPORT_FAILURE;
}

/* -- begin_step -------------------------------------------------------------------------------- */

enum step_phase phase_begin_step_done(struct run *run)
{
    struct job *job = &run->job;
    const struct engine_callbacks *callbacks = &run->engine->config.callbacks;
    const struct step *step = run_step(run);

    run->step_began_us = clock_mono_us();
    run->answer_from_spool = false;
    run->polls_answer = false;
    run->service = NULL;
    run->gated = false;
    job->error_of_model = false;
    if (step->flags & STEP_PAID) {
        job->call = (struct call){ .provider = NULL };
    }
    if (!step->begin(job, &run->error)) {
        run->sent_ms = run->entry.call_began_ms = run_now_ms(run);
        run_note_failure(run); /* a model past its shutdown date */
        return PHASE_REPORT_FAILURE;
    }
    if (job->op.kind == OP_NONE) {
        return go_to_step(run, job->step + 1);
    }
    job_trace_step_began(run);
    if (callbacks->step_began) {
        callbacks->step_began(job, step->name, callbacks->context);
    }
    if (!run_needs_slot(run)) {
        return PHASE_SEND;
    }
    return (step->flags & STEP_PAID) && job->op.kind == OP_HTTP ? PHASE_CHECK_SPOOL
                                                                : PHASE_WAIT_FOR_SLOT;
}

/* -- wait_for_slot ----------------------------------------------------------------------------- */

enum phase_begun phase_wait_for_slot(struct run *run)
{
    const struct call *call = &run->job.call;
    struct provider_queue *queue;
    enum gate gate = run_gate(run);

    run->waits_for_check = gate == GATE_WAIT;
    if (gate != GATE_OPEN) {
        return gate == GATE_WAIT ? PHASE_WAITS : PHASE_COMPLETE;
    }
    queue = provider_queues_find(&run->engine->queues, call->provider);
    run->entry.model = run_step(run)->flags & STEP_PAID ? call->model : NULL;
    run->queued_ms = run_now_ms(run);
    provider_queue_add(queue, &run->entry, run->queued_ms);
    return PHASE_WAITS; /* the run may have gone on, or have ended, already */
}

enum step_phase phase_wait_for_slot_done(struct run *run)
{
    if (!run->entry.admitted) {
        run->error = run->queue_rejection; /* run_gate has set run->service */
        run->gated = true;
        return PHASE_REPORT_FAILURE;
    }
    call_metrics_admitted(run);
    return run_step(run)->flags & STEP_PAID ? PHASE_RECORD_ATTEMPT : PHASE_SEND;
}

/* -- send -------------------------------------------------------------------------------------- */

enum phase_begun phase_send(struct run *run)
{
    run->op = &run->job.op;
    run->sent_ms = run_now_ms(run) + run->job.op.sleep_ms;
    if (!run->polls_answer) {
        run->call_began_us = clock_mono_us() + (int64_t)run->job.op.sleep_ms * 1000;
    }
    return PHASE_PERFORMS;
}

static bool is_worth_spooling(const struct run *run)
{
    const struct op *op = &run->job.op;

    return (run_step(run)->flags & STEP_PAID) && op->kind == OP_HTTP && !run->answer_from_spool &&
           op->http_response.status >= 200 && op->http_response.status < 300;
}

/* The provider, not the seller, gave this address, and it is not allowed. Such an answer can never
 * be read, so after a second look it is not kept. */
static void refuse_answers_address(struct run *run)
{
    run->error.kind = ERROR_FORMAT;
    run->job.attempt.http_status = 200; /* of the answer, which is paid for */
    if (run->answer_from_spool) {
        remove_spooled_answer(run);
    }
}

enum step_phase phase_send_done(struct run *run)
{
    struct job *job = &run->job;
    unsigned flags = run_step(run)->flags;

    call_metrics_bytes(run);
    if (flags & STEP_PAID) {
        job->attempt.ms = (job->op.ended_us - job->op.began_us) / 1000;
    }
    if (job->op.error.kind != ERROR_NONE && !(flags & STEP_OPTIONAL)) {
        run->error = job->op.error;
        if ((flags & STEP_PAID) && job->op.http.untrusted_url && run->error.kind == ERROR_INPUT) {
            refuse_answers_address(run);
        }
        if (job->op.kind == OP_FILE && (flags & STEP_USES_STORE) &&
            run->error.kind == ERROR_INTERNAL) {
            run->error.kind = ERROR_CONFIG; /* a full disk, or a folder without write permission */
            error_hint(&run->error, "Check free space and permissions of the folder.");
        }
        if (job->op.kind == OP_SQL && (flags & STEP_RETRY_IN_PLACE) &&
            run->error.kind == ERROR_INPUT) {
            run->error.kind = ERROR_REMOTE; /* the application's tables reject a paid result */
        }
        if (flags & STEP_PAID) {
            job->attempt.outcome = error_rule(run->error.kind)->name;
            job->attempt.error = arena_text(job->arena, run->error.text);
        }
        call_metrics_ended(run, true);
        job_trace_call_ended(run, true);
        run_release_slot(run, &run->error);
        run_note_failure(run);
        if (job->op.kind == OP_HTTP && job->op.http.untrusted_url && !run->service) {
            run->error.cause = CAUSE_PHOTO_UNAVAILABLE; /* the only URL that a seller provides */
        }
        return step_failed(run);
    }
    if (is_worth_spooling(run)) {
        /* The provider has answered, so the next call need not wait until the answer is read. */
        run_release_slot(run, &(struct error){ .kind = ERROR_NONE });
        return PHASE_SPOOL;
    }
    return PHASE_READ;
}

/* -- read -------------------------------------------------------------------------------------- */

static bool call_step_end(void *context, struct error *err)
{
    struct run *run = context;

    (void)err; /* the step's error goes to run->error, its decision to run->transition */
    run->transition = run_step(run)->end(&run->job, &run->error);
    return true;
}

enum phase_begun phase_read(struct run *run)
{
    if (!(run_step(run)->flags & STEP_ON_POOL)) {
        call_step_end(run, NULL);
        return PHASE_COMPLETE;
    }
    op_clear(&run->internal_op);
    run->internal_op.kind = OP_WORK;
    run->internal_op.work = (struct work_request){ .run = call_step_end, .arg = run };
    run->op = &run->internal_op;
    return PHASE_PERFORMS;
}

/* True if a failed step can use the paid answer at its next attempt: after trouble of this process,
 * when the URL in the answer could not be fetched, and, once, after an answer in an unknown form,
 * which a later release may know. */
static bool keeps_answer(const struct run *run)
{
    const struct op *op = &run->job.op;

    return run->error.kind == ERROR_INTERNAL ||
           (run->error.kind == ERROR_NETWORK && op->http.untrusted_url) ||
           (run->error.kind == ERROR_FORMAT && !run->answer_from_spool);
}

enum step_phase phase_read_done(struct run *run)
{
    bool failed = run->transition == TRANSITION_FAIL;

    run->polls_answer = run->transition == TRANSITION_REPEAT;
    if (!run->polls_answer) {
        struct error good = { .kind = ERROR_NONE };

        call_metrics_ended(run, failed);
        job_trace_call_ended(run, failed);
        run_release_slot(run, failed ? &run->error : &good);
    }
    /* An answer that a check rejects is an answer; one that names an address is not complete. */
    if (!run->polls_answer && !(failed && run_is_unexplained(run)) &&
        (!failed || service_status_of(&run->error) == SERVICE_HEALTHY)) {
        run_note_success(run);
    }
    if ((run_step(run)->flags & STEP_PAID) && failed && !keeps_answer(run)) {
        remove_spooled_answer(run);
    }
    switch (run->transition) {
    case TRANSITION_NEXT:
        return go_to_step(run, run->job.step + 1);
    case TRANSITION_REPEAT:
        return PHASE_SEND;
    case TRANSITION_NEW_CALL:
        return call_again(run);
    case TRANSITION_JUMP:
        return go_to_step(run, run->job.jump_row);
    case TRANSITION_RESCHEDULE:
        return run_end(run, JOB_RESCHEDULED);
    case TRANSITION_FAIL:
        break;
    }
    run_note_failure(run);
    return step_failed(run);
}

/* -- retry_in_place ---------------------------------------------------------------------------- */

enum step_phase phase_retry_in_place_done(struct run *run)
{
    struct job *job = &run->job;
    uint32_t delay_ms;

    if (run->error.kind == ERROR_DATABASE) {
        delay_ms = run_repeat_delay_ms(run, &run->error); /* has counted the repetition */
    } else {
        run->retries += run->retries < SLOWEST_RETRY;
        delay_ms = retry_delay(&run->error, run->retries, RETRY_BASE_MS, run_random(run));
    }
    op_clear(&job->op);
    run->polls_answer = false;
    if (!run_step(run)->begin(job, &run->error)) {
        return PHASE_REPORT_FAILURE;
    }
    job->op.sleep_ms = delay_ms;
    return PHASE_SEND;
}
