/* run_fail.c - a job fails: the database is told, again if need be, and says what that means. */
#include "jobs/engine/run.h"
#include "jobs/engine/spool.h"
#include "model/retry.h"

enum { TRIES = 6 };

static void done_fail(struct run *run)
{
    enum fail_state state = FAIL_PENDING;
    int64_t refunded = 0;
    struct error trouble = run->side.error;

    if (trouble.kind == ERROR_NONE && queue_fail_done(&run->side, &state, &refunded, &trouble)) {
        if (state == FAIL_FINAL) {
            spool_remove_job(run->job.context->spool, run->job.claimed.id);
        }
        engine_end(run, state == FAIL_FINAL ? JOB_FAILED : JOB_RETRY_LATER, refunded);
        return;
    }
    if (trouble.kind != ERROR_LOST && ++run->tries < TRIES) {
        run_fail(run);
        return;
    }
    run->error = trouble; /* the lease lapses, and another worker finds the job */
    engine_end(run, JOB_LEASE_LOST, 0);
}

static uint32_t delay_of(struct run *run)
{
    const struct job_context *job_context = run->job.context;
    uint32_t delay = retry_delay(&run->error, run->job.claimed.attempt, job_context->retry_base_ms,
                                 engine_random(run->engine));

    if (run->line && error_rule(run->error.kind)->pauses_provider) {
        int64_t pause = concurrency_limit_wait_ms(&run->line->limit, engine_now(run->engine));

        delay = pause > delay ? (uint32_t)pause : delay;
    }
    return delay;
}

void run_fail(struct run *run)
{
    struct job *job = &run->job;

    if (run->error.kind == ERROR_LOST) {
        engine_end(run, JOB_LEASE_LOST, 0);
        return;
    }
    if (!run->settling) {
        run->settling = true;
        run->tries = 0;
    }
    op_clear(&run->side);
    run->side.sleep_ms = run->tries > 0 ? 100u << run->tries : 0;
    queue_fail(&run->side, job->arena, &job->holder, &run->error, delay_of(run),
               job->attempt.id ? &job->attempt : NULL);
    run_perform(run, &run->side, done_fail);
}
