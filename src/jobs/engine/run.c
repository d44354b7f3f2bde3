/* run.c - the runner: takes a job through its phases. */
#include "jobs/engine/engine_internal.h"

#include "base/memory.h"

static void on_op_done(struct op *op, void *context);

/* Enters `phase`, and those after it, until one has to wait. May free the run. */
static void enter_phase(struct run *run, enum step_phase phase)
{
    struct performer *performer = run->engine->config.performer;

    for (;;) {
        const struct phase_definition *row = &phase_table[phase];
        enum phase_begun begun;

        run->phase = phase;
        if (phase == PHASE_ENDED) {
            run->on_end(run);
            return;
        }
        begun = row->begin ? row->begin(run) : PHASE_COMPLETE;
        if (begun == PHASE_WAITS) {
            return;
        }
        if (begun == PHASE_PERFORMS) {
            performer->begin(performer, run->op, on_op_done, run);
            return;
        }
        phase = row->done(run);
        INVARIANT(row->successors & PHASE_BIT(phase));
    }
}

static void phase_done(struct run *run)
{
    const struct phase_definition *row = &phase_table[run->phase];
    enum step_phase phase = row->done(run);

    INVARIANT(row->successors & PHASE_BIT(phase));
    enter_phase(run, phase);
}

static void on_op_done(struct op *op, void *context)
{
    struct run *run = context;

    (void)op;
    run->op = NULL;
    if (run->stop_reason != ERROR_NONE && !run->reporting_failure) {
        run_release_slot(run, &(struct error){ .kind = ERROR_STOPPED });
        enter_phase(run, run_stopped(run));
        return;
    }
    phase_done(run);
}

static void on_turn(struct queue_entry *entry, const struct error *rejection)
{
    struct run *run = entry->context;

    run->queue_rejection = rejection ? *rejection : (struct error){ .kind = ERROR_NONE };
    phase_done(run);
}

void run_start(struct run *run)
{
    struct job *job = &run->job;

    run->entry.on_turn = on_turn;
    run->entry.context = run;
    job->type = job_type_find(job->claimed.type);
    if (!job->type) {
        error_set(&run->error, ERROR_INPUT, "unknown job type '%.60s'", job->claimed.type);
        enter_phase(run, PHASE_REPORT_FAILURE);
        return;
    }
    job->state = arena_alloc(job->arena, job->type->state_size);
    enter_phase(run, PHASE_BEGIN_STEP);
}

void run_stop(struct run *run, enum error_kind reason)
{
    struct performer *performer = run->engine->config.performer;
    const struct op *op = run->op;
    bool ends_soon = op && run->job.type && (run_step(run)->flags & STEP_RETRY_IN_PLACE);

    if (run->stop_reason != ERROR_NONE || run->reporting_failure ||
        (ends_soon && reason != ERROR_LOST)) {
        return; /* what the step stores is paid for, and quick to store: it may finish */
    }
    if (reason == ERROR_LOST && op && op->kind == OP_SQL) {
        /* The database's answer says whether the lease was held: a lease renewal that overtakes
         * the answer to a commit does not find the job, because the job has ended. */
        return;
    }
    run->stop_reason = reason;
    if (op) {
        performer->cancel(performer, run->op);
        return;
    }
    provider_queue_remove(&run->entry);
    enter_phase(run, run_stopped(run));
}
