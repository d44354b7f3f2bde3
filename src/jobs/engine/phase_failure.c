/* phase_failure.c - reports a failed job to the database, which decides whether it is attempted
 * again. */
#include "jobs/engine/engine_internal.h"
#include "jobs/engine/spool.h"
#include "jobs/seller_advice.h"
#include "jobs/seller_message.h"
#include "model/retry.h"

enum { REPORT_TRIES = 6 };

/* The delay until the job's next attempt. A service that asks for a longer delay than a minute is
 * stopped instead, so that the job is claimed as soon as it works again. */
static uint32_t attempt_delay_ms(struct run *run)
{
    struct error why = run->error;

    if (run->service && why.retry_ms > SERVICE_SHORT_RETRY_MS) {
        why.retry_ms = 0;
    }
    return retry_delay(&why, run->job.claimed.attempt, run->job.context->retry_base_ms,
                       run_random(run));
}

static void report(struct run *run, struct op *op)
{
    struct job *job = &run->job;
    struct seller_text text = { .message = seller_message(&run->error),
                                .advice = seller_advice(&run->error) };
    const struct attempt *done = job->attempt.id ? &job->attempt : NULL;
    struct kept_answer kept = run_kept_answer(run);

    if (run->service) {
        queue_wait_for_service(op, job->arena, &job->holder, run->service->key, run->gated,
                               &run->error, &text, attempt_delay_ms(run), &kept, done);
    } else {
        queue_fail(op, job->arena, &job->holder, &run->error, &text, attempt_delay_ms(run), &kept,
                   done);
    }
}

/* The job was deleted, so nothing else removes what it has stored. A failure is ignored: the
 * database has recorded the object, and `darkroom tidy` finds it. */
static enum phase_begun discard_stored(struct run *run)
{
    struct job *job = &run->job;
    struct error ignored;

    run->reporting_failure = true; /* not interrupted any more */
    spool_remove_job(job->context->spool, job->claimed.id);
    op_clear(&job->op);
    if (!job->type || !job->type->discard || !job->type->discard(job, &ignored) ||
        job->op.kind == OP_NONE) {
        return PHASE_COMPLETE;
    }
    run->op = &job->op;
    return PHASE_PERFORMS;
}

enum phase_begun phase_report_failure(struct run *run)
{
    struct op *op = &run->internal_op;

    if (run->error.kind == ERROR_LOST) {
        return run->error.cause == QUEUE_JOB_DELETED ? discard_stored(run) : PHASE_COMPLETE;
    }
    if (!run->reporting_failure) {
        run->reporting_failure = true;
        run->retries = 0;
    }
    op_clear(op);
    op->sleep_ms = run_repeat_delay_ms(run, &(struct error){ .kind = ERROR_DATABASE });
    report(run, op);
    run->op = op;
    return PHASE_PERFORMS;
}

enum step_phase phase_report_failure_done(struct run *run)
{
    enum fail_state state = FAIL_PENDING;
    struct error report_error = run->internal_op.error;

    if (run->error.kind == ERROR_LOST) { /* nothing was reported: the job is another worker's */
        return run_end(run, JOB_LEASE_LOST);
    }
    if (report_error.kind == ERROR_NONE &&
        queue_fail_done(&run->internal_op, &state, &run->refunded_credits, &report_error)) {
        if (state == FAIL_FINAL && !run->file_rejected) {
            run_remove_answers(run);
        }
        return run_end(run, state == FAIL_FINAL   ? JOB_FAILED
                            : state == FAIL_WAITS ? JOB_WAITS
                                                  : JOB_RETRY_LATER);
    }
    if (run->stop_requested == ERROR_STOPPED) {
        run->error = report_error; /* deregistering returns the job to the queue */
        return run_end(run, JOB_RETURNED);
    }
    if (run->stop_requested != ERROR_LOST && report_error.kind != ERROR_LOST &&
        (++run->retries < REPORT_TRIES || report_error.kind == ERROR_DATABASE)) {
        return PHASE_REPORT_FAILURE;
    }
    run->error = report_error; /* the lease expires, and another worker takes the job over */
    return run_end(run, JOB_LEASE_LOST);
}
