/* phase_paid.c - what protects a paid call against a crash: its answer is looked up in the spool,
 * the call is recorded before it is sent, and its answer is spooled before it is read. */
#include "base/clock.h"
#include <string.h>

#include "jobs/engine/engine_internal.h"
#include "jobs/engine/spool.h"
#include "telemetry/metrics.h"

enum { SPOOLED_MAX_BYTES = 128 << 20 };

static void keep_answer(struct run *run)
{
    run->job.answer_kept = true;
    run->answer_bound = false;
    run->answer_kept_us = clock_mono_us();
}

/* -- check_spool ------------------------------------------------------------------------------- */

enum phase_begun phase_check_spool(struct run *run)
{
    struct op *op = &run->internal_op;

    op_clear(op);
    run_adopt_spooled(run);
    run_find_spooled(run);
    op->kind = OP_FILE;
    run->former_path = run_former_answer(run);
    op->file.path = run->former_path ? run->former_path : run_spool_path(run);
    op->file.read_limit = SPOOLED_MAX_BYTES;
    run->op = op;
    return PHASE_PERFORMS;
}

/* The answer of the failed job that this one repeats becomes its own if it answers the same
 * request: product, photo, prompts or model may have changed since. */
static void use_former_answer(struct run *run, const struct spooled_call *call)
{
    struct http_response *response = &run->job.op.http_response;

    if (strcmp(call->digest, run->job.call.digest) == 0) {
        spool_rename(run->former_path, run_spool_path(run));
        return;
    }
    blob_free(&response->body);
    *response = (struct http_response){ .status = 0 };
    run->answer_from_spool = false;
}

enum step_phase phase_check_spool_done(struct run *run)
{
    struct job *job = &run->job;
    struct op *op = &run->internal_op;
    struct spooled_call call = { .attempt_id = 0 };

    run->answer_from_spool = op->error.kind == ERROR_NONE && !op->file_result.missing &&
                             spool_read(&op->file_result.content, &job->op.http_response, &call);
    op_clear(op);
    if (run->answer_from_spool && run->former_path) {
        use_former_answer(run, &call);
    }
    if (!run->answer_from_spool) {
        return PHASE_WAIT_FOR_SLOT;
    }
    keep_answer(run);
    metric_add(METRIC_SPOOL_ANSWERS_USED, NULL, 1);
    job->attempt = (struct attempt){ .id = call.attempt_id,
                                     .cost_microusd = -1,
                                     .model = job->call.model->id,
                                     .ms = job->op.http_response.times.total_us / 1000 };
    return PHASE_READ;
}

/* -- record_attempt ---------------------------------------------------------------------------- */

enum phase_begun phase_record_attempt(struct run *run)
{
    struct job *job = &run->job;

    op_clear(&run->internal_op);
    queue_begin_call(&run->internal_op, job->arena, &job->holder, run_step(run)->name,
                     job->call_index, job->call.provider->name, job->call.model->id,
                     job->call.request, job->attempt.id ? &job->attempt : NULL);
    run->internal_op.sleep_ms = run_repeat_delay_ms(run, &run->error);
    run->op = &run->internal_op;
    return PHASE_PERFORMS;
}

enum step_phase phase_record_attempt_done(struct run *run)
{
    struct job *job = &run->job;
    int64_t id = 0;

    run->error = run->internal_op.error;
    if (run->error.kind == ERROR_NONE &&
        queue_begin_call_done(&run->internal_op, &id, &run->error)) {
        job->attempt =
            (struct attempt){ .id = id, .cost_microusd = -1, .model = job->call.model->id };
        run->retries = 0;
        return PHASE_SEND;
    }
    if (run->error.kind == ERROR_DATABASE) {
        enum step_phase phase = run_repeat_for_database(run, PHASE_RECORD_ATTEMPT);

        if (phase != PHASE_RECORD_ATTEMPT) { /* a repetition keeps the slot */
            run_release_slot(run, &(struct error){ .kind = ERROR_STOPPED });
        }
        return phase;
    }
    run_release_slot(run, &(struct error){ .kind = ERROR_STOPPED }); /* nothing was sent */
    return PHASE_REPORT_FAILURE;
}

/* -- spool ------------------------------------------------------------------------------------- */

enum phase_begun phase_spool(struct run *run)
{
    struct job *job = &run->job;
    const struct http_response *response = &job->op.http_response;
    struct spooled_call call = { .attempt_id = job->attempt.id };
    const char *head;
    struct spool_folder *folder = job->context->spool_folder;
    struct op *op = &run->internal_op;
    struct error problem;

    op_clear(op);
    memcpy(call.digest, job->call.digest, sizeof call.digest);
    head = spool_head(response, &call, job->arena);
    if (!head) {
        return PHASE_COMPLETE;
    }
    if (folder && !spool_is_open(folder, &problem)) {
        spool_log_state(folder, &problem);
        return PHASE_COMPLETE;
    }
    op->kind = OP_FILE;
    op->file.write = true;
    op->file.owner_only = true;
    op->file.path = run_spool_path(run);
    op->file.head = blob_text(head);
    op->file.content = blob_view(response->body.data, response->body.size);
    run->op = op;
    return PHASE_PERFORMS;
}

/* A full disk must not lose a good answer: the job goes on. */
enum step_phase phase_spool_done(struct run *run)
{
    const struct op *op = &run->internal_op;
    struct spool_folder *folder = run->job.context->spool_folder;
    bool failed = op->kind == OP_FILE && op->error.kind != ERROR_NONE;

    if (op->kind == OP_FILE && !failed) {
        keep_answer(run);
    }
    metric_add(METRIC_SPOOL_WRITES, METRIC_VALUES(op->kind == OP_FILE && !failed ? "ok" : "failed"),
               1);
    if (op->kind == OP_FILE && folder) {
        spool_log_state(folder, failed ? &op->error : NULL);
    }
    return PHASE_READ;
}
