/* run_state.c - what the phases ask of a run and how they end it. */
#include <unistd.h>

#include "jobs/engine/engine_internal.h"
#include "jobs/engine/job_log.h"
#include "jobs/engine/spool.h"
#include "model/retry.h"

/* The delays double from 100 ms to 3.2 s. */
enum { REPEAT_BASE_MS = 100, REPEAT_DOUBLINGS = 6, LOGGED_REPETITION = 5 };

const struct step *run_step(const struct run *run)
{
    return &run->job.type->steps[run->job.step];
}

bool run_needs_slot(const struct run *run)
{
    return run_step(run)->flags & (STEP_PAID | STEP_RATE_LIMITED);
}

/* The part of a spool file's name that stands for the step. */
static const char *spool_step(const struct job *job, const char *step)
{
    return job->item_id ? arena_printf(job->arena, "%s-%s", step, job->item_id) : step;
}

static const char *spool_path_for(const struct run *run, const char *step)
{
    const struct job *job = &run->job;

    return spool_path(job->context->spool, job->claimed.id, spool_step(job, step), job->call_index,
                      job->arena);
}

const char *run_spool_path(const struct run *run)
{
    return spool_path_for(run, run_step(run)->name);
}

void run_find_spooled(struct run *run)
{
    struct job *job = &run->job;
    const char *step = spool_step(job, run_step(run)->name);

    job->call_index =
        spool_find(job->context->spool, job->claimed.id, step, job->call_index, job->arena);
}

const char *run_former_answer(const struct run *run)
{
    const struct job *job = &run->job;
    const char *step = spool_step(job, run_step(run)->name), *former = job->claimed.former_id;
    const char *path;

    if (!former[0] || access(run_spool_path(run), F_OK) == 0) {
        return NULL;
    }
    path = spool_path(job->context->spool, former, step,
                      spool_find(job->context->spool, former, step, job->call_index, job->arena),
                      job->arena);
    return access(path, F_OK) == 0 ? path : NULL;
}

void run_remove_answers(const struct run *run)
{
    const struct job *job = &run->job;

    spool_remove_job(job->context->spool, job->claimed.id);
    spool_remove_job(job->context->spool, job->claimed.former_id); /* nothing if it is "" */
}

void run_adopt_spooled(const struct run *run)
{
    const struct step *step = run_step(run);

    if (step->former_name) {
        spool_rename(spool_path_for(run, step->former_name), run_spool_path(run));
    }
}

int64_t run_now_ms(const struct run *run)
{
    struct performer *performer = run->engine->config.performer;

    return performer->now_ms(performer);
}

uint32_t run_random(struct run *run)
{
    uint32_t *random = &run->engine->random;

    /* xorshift32 (Marsaglia 2003): good enough to spread retries, not for secrets */
    *random ^= *random << 13;
    *random ^= *random >> 17;
    *random ^= *random << 5;
    return *random;
}

void run_release_slot(struct run *run, const struct error *result)
{
    const struct op *op = &run->job.op;

    provider_queue_release(&run->entry, result, op->kind == OP_HTTP ? &op->http_response : NULL,
                           run_now_ms(run));
}

enum step_phase run_end(struct run *run, enum job_end how)
{
    run->job_end = how;
    return PHASE_ENDED;
}

enum step_phase run_stopped(struct run *run)
{
    enum error_kind reason = run->stop_reason;

    if (reason == ERROR_INTERNAL) { /* past its deadline: an ordinary failure */
        run->stop_reason = run->stop_requested = ERROR_NONE;
        if (run->error.kind == ERROR_DATABASE) { /* not the job's fault: spends no attempt */
            return PHASE_REPORT_FAILURE;
        }
        error_set(&run->error, ERROR_INTERNAL,
                  "the job exceeded the time limit for one attempt, in step '%s'",
                  run_step(run)->name);
        return PHASE_REPORT_FAILURE;
    }
    if (reason == ERROR_LOST) {
        error_set(&run->error, reason, "another worker has taken over the job");
        return run_end(run, JOB_LEASE_LOST);
    }
    error_set(&run->error, reason, "the worker is stopping");
    return run_end(run, JOB_RETURNED);
}

enum step_phase run_repeat_for_database(struct run *run, enum step_phase phase)
{
    if (run->stop_requested != ERROR_NONE) {
        run->stop_reason = run->stop_requested;
        return run_stopped(run);
    }
    if (++run->retries == LOGGED_REPETITION) {
        log_job_waits(&run->job, &run->error);
    }
    return phase;
}

uint32_t run_repeat_delay_ms(struct run *run, const struct error *why)
{
    int repetition = run->retries < REPEAT_DOUBLINGS ? run->retries : REPEAT_DOUBLINGS;

    return repetition > 0 ? retry_delay(why, repetition, REPEAT_BASE_MS, run_random(run)) : 0;
}
