/* run.c - the runner: takes a job through its phases. */
#include "base/clock.h"
#include "base/memory.h"
#include "jobs/engine/engine_internal.h"

/* How long an op may still take after the worker is stopped. */
enum { STOP_WAIT_MS = 3000 };

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

static void on_turn(struct queue_entry *entry)
{
    phase_done(entry->context);
}

void run_check_gate(struct run *run)
{
    enum gate gate;

    if (run->phase != PHASE_WAIT_FOR_SLOT || run->op || run->entry.admitted) {
        return;
    }
    gate = run_gate(run);
    if (gate == GATE_CLOSED) {
        provider_queue_remove(&run->entry);
        phase_done(run);
    } else if (gate == GATE_OPEN && run->waits_for_check) {
        enter_phase(run, PHASE_WAIT_FOR_SLOT);
    }
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

/* Returns true if what is in flight may end by itself: what a step stores is paid for, and quick to
 * store; and the database's answer says whether the lease was held, since a lease renewal that
 * overtakes the answer to a commit does not find the job, which has ended. */
static bool may_end_by_itself(const struct run *run, enum error_kind reason)
{
    bool is_storing = run->job.type && (run_step(run)->flags & STEP_RETRY_IN_PLACE);
    bool waited = run->stop_requested == reason &&
                  clock_mono_us() - run->stop_requested_us > (int64_t)STOP_WAIT_MS * 1000;

    if (!run->op) {
        return false;
    }
    if (reason == ERROR_LOST) {
        return run->op->kind == OP_SQL || run->reporting_failure;
    }
    return (is_storing || run->reporting_failure) && !(reason == ERROR_STOPPED && waited) &&
           (run->retries == 0 || run->op->kind != OP_SQL);
}

void run_stop(struct run *run, enum error_kind reason)
{
    struct performer *performer = run->engine->config.performer;

    if (run->stop_reason != ERROR_NONE) {
        return;
    }
    if (may_end_by_itself(run, reason)) {
        if (run->stop_requested != reason) {
            run->stop_requested = reason;
            run->stop_requested_us = clock_mono_us();
        }
        return;
    }
    if (run->reporting_failure) {
        if (reason == ERROR_STOPPED) {
            run->stop_requested = reason;
            performer->cancel(performer, run->op);
        }
        return;
    }
    run->stop_reason = reason;
    if (run->op) {
        performer->cancel(performer, run->op);
        return;
    }
    provider_queue_remove(&run->entry);
    enter_phase(run, run_stopped(run));
}
