/* run.c - the moves of one job, from step to step. Each enter_* begins one wait; the matching
 * done_* says what follows. */
#include "jobs/engine/run.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "jobs/engine/spool.h"
#include "model/retry.h"

enum { TRIES_IN_PLACE = 6 };

static void enter_step(struct run *run);

const struct step *run_step(const struct run *run)
{
    return &run->job.type->steps[run->job.step];
}

const char *run_spool_path(const struct run *run)
{
    const struct job *job = &run->job;
    const char *name = run_step(run)->name;

    if (job->item_id) {
        name = arena_printf(job->arena, "%s-%s", name, job->item_id);
    }
    return spool_path(job->context->spool, job->claimed.id, name, job->call_index, job->arena);
}

/* Does the step stand in its provider's line? */
static bool is_lined(const struct run *run)
{
    return run_step(run)->flags & (STEP_PAID | STEP_RATE_LIMITED);
}

static void stopped(struct run *run)
{
    enum error_kind kind = run->stopping;

    if (kind == ERROR_INTERNAL) { /* past its deadline: an ordinary failure */
        run->stopping = ERROR_NONE;
        error_set(&run->error, ERROR_INTERNAL, "took longer than one job may take; stopped at '%s'",
                  run_step(run)->name);
        run_fail(run);
        return;
    }
    error_set(&run->error, kind,
              kind == ERROR_LOST ? "the job is no longer ours" : "the worker is stopping");
    engine_end(run, kind == ERROR_LOST ? JOB_LEASE_LOST : JOB_RETURNED, 0);
}

static void on_done(struct op *op, void *context)
{
    struct run *run = context;

    (void)op;
    run->under_way = NULL;
    if (run->stopping != ERROR_NONE && !run->settling) {
        engine_leave(run, &(struct error){ .kind = ERROR_STOPPED });
        stopped(run);
        return;
    }
    run->then(run);
}

void run_perform(struct run *run, struct op *op, void (*then)(struct run *run))
{
    struct performer *performer = run->engine->config.performer;

    run->then = then;
    run->under_way = op;
    performer->begin(performer, op, on_done, run);
}

void run_stop(struct run *run, enum error_kind why)
{
    struct performer *performer = run->engine->config.performer;
    const struct op *op = run->under_way;
    bool settled_soon = op && run->job.type && (run_step(run)->flags & STEP_RETRY_IN_PLACE);

    if (run->stopping != ERROR_NONE || run->settling || (settled_soon && why != ERROR_LOST)) {
        return; /* what it keeps or tells is paid for, and quick: it may end first */
    }
    if (why == ERROR_LOST && op && op->kind == OP_SQL) {
        return; /* the database itself answers whether the lease held: a renewal that overtakes a
                   settlement's answer does not find the job, because it has ended */
    }
    run->stopping = why;
    if (run->under_way) {
        performer->cancel(performer, run->under_way);
        return;
    }
    stopped(run); /* waits in a line: nothing is under way */
}

/* -- going on ------------------------------------------------------------------------------ */

/* Leaves the step for another row. */
static void step_to(struct run *run, int row)
{
    struct job *job = &run->job;

    job->step_us[job->step] += clock_mono_us() - run->step_began_us;
    op_clear(&job->op);
    run->tries = 0;
    job->step = row;
}

static void step_over(struct run *run)
{
    struct job *job = &run->job;

    step_to(run, job->step + 1);
    if (job->step < job->type->step_count) {
        enter_step(run);
        return;
    }
    spool_remove_job(job->context->spool, job->claimed.id);
    engine_end(run, JOB_COMPLETED, 0);
}

/* An answer that was turned down, or that nobody can read, must not come back from the spool. */
static void forget_answer(struct run *run)
{
    remove(run_spool_path(run));
}

static void redo(struct run *run)
{
    struct job *job = &run->job;
    const struct step *steps = job->type->steps;

    job->step_us[job->step] += clock_mono_us() - run->step_began_us;
    while (job->step > 0 && !(steps[job->step].flags & STEP_PAID)) {
        job->step--;
    }
    forget_answer(run);
    job->call_index++;
    op_clear(&job->op);
    run->tries = 0;
    enter_step(run);
}

static bool again_in_place(const struct run *run)
{
    const struct step *step = run_step(run);
    enum error_kind kind = run->error.kind;
    bool passing = kind == ERROR_NETWORK || kind == ERROR_REMOTE || kind == ERROR_BUSY;
    bool sure = (step->flags & STEP_RETRY_IN_PLACE) ||
                (run->job.op.kind == OP_SQL && !(step->flags & STEP_PAID));

    return passing && sure && run->tries + 1 < TRIES_IN_PLACE;
}

static void fail_step(struct run *run)
{
    struct job *job = &run->job;
    uint32_t wait;

    if (!again_in_place(run)) {
        run_fail(run);
        return;
    }
    wait = retry_delay(&run->error, run->tries + 1, 100, engine_random(run->engine));
    run->tries++;
    op_clear(&job->op);
    if (!run_step(run)->begin(job, &run->error)) {
        run_fail(run);
        return;
    }
    job->op.sleep_ms = wait;
    run_ask(run);
}

static void go_on(struct run *run, enum transition next)
{
    switch (next) {
    case TRANSITION_NEXT:
        step_over(run);
        return;
    case TRANSITION_REPEAT:
        run_ask(run);
        return;
    case TRANSITION_NEW_CALL:
        redo(run);
        return;
    case TRANSITION_JUMP:
        step_to(run, run->job.jump_row);
        enter_step(run);
        return;
    case TRANSITION_RESCHEDULE:
        engine_end(run, JOB_RESCHEDULED, 0);
        return;
    case TRANSITION_FAIL:
        fail_step(run);
        return;
    }
}

static bool end_on_pool(void *arg, struct error *err)
{
    struct run *run = arg;

    (void)err; /* the step's own error is kept in run->error, its word in next_move */
    run->next_move = run_step(run)->end(&run->job, &run->error);
    return true;
}

static void done_end(struct run *run)
{
    const struct step *step = run_step(run);
    bool failed = run->next_move == TRANSITION_FAIL;

    if (is_lined(run) && run->next_move != TRANSITION_REPEAT) {
        struct error well = { .kind = ERROR_NONE };

        engine_leave(run, failed ? &run->error : &well);
    }
    if ((step->flags & STEP_PAID) && failed &&
        run->error.kind != ERROR_INTERNAL) { /* no memory says nothing of it */
        forget_answer(run);
    }
    go_on(run, run->next_move);
}

void run_read(struct run *run)
{
    if (run_step(run)->flags & STEP_ON_POOL) {
        op_clear(&run->side);
        run->side.kind = OP_WORK;
        run->side.work = (struct work_request){ .run = end_on_pool, .arg = run };
        run_perform(run, &run->side, done_end);
        return;
    }
    end_on_pool(run, NULL);
    done_end(run);
}

/* -- performing ---------------------------------------------------------------------------- */

static void done_spool(struct run *run)
{
    run_read(run); /* written or not: a full disk is no reason to lose a good answer */
}

static bool worth_spooling(const struct run *run)
{
    const struct op *op = &run->job.op;

    return (run_step(run)->flags & STEP_PAID) && op->kind == OP_HTTP && !run->replayed &&
           op->http_response.status >= 200 && op->http_response.status < 300;
}

static void enter_spool(struct run *run)
{
    struct job *job = &run->job;
    const struct http_response *got = &job->op.http_response;
    const char *head = spool_head(got, job->attempt.id, job->arena);

    if (!head) {
        run_read(run);
        return;
    }
    op_clear(&run->side);
    run->side.kind = OP_FILE;
    run->side.file.write = true;
    run->side.file.path = run_spool_path(run);
    run->side.file.head = blob_text(head);
    run->side.file.content = blob_view(got->body.data, got->body.size);
    run_perform(run, &run->side, done_spool);
}

static void done_perform(struct run *run)
{
    struct job *job = &run->job;
    const struct step *step = run_step(run);

    if (step->flags & STEP_PAID) {
        job->attempt.ms = (job->op.ended_us - job->op.began_us) / 1000;
    }
    if (job->op.error.kind != ERROR_NONE && !(step->flags & STEP_OPTIONAL)) {
        run->error = job->op.error;
        if (step->flags & STEP_PAID) {
            job->attempt.outcome = error_rule(run->error.kind)->name;
            job->attempt.error = arena_text(job->arena, run->error.text);
        }
        if (is_lined(run)) {
            engine_leave(run, &run->error);
        }
        fail_step(run);
        return;
    }
    if (worth_spooling(run)) {
        /* The provider has done its part: the next call need not wait until we have read this. */
        engine_leave(run, &(struct error){ .kind = ERROR_NONE });
        enter_spool(run);
        return;
    }
    run_read(run);
}

void run_ask(struct run *run)
{
    run_perform(run, &run->job.op, done_perform);
}

/* -- beginning ----------------------------------------------------------------------------- */

static void enter_step(struct run *run)
{
    struct job *job = &run->job;
    const struct engine_callbacks *watch = &run->engine->config.watch;
    const struct step *step = run_step(run);

    run->step_began_us = clock_mono_us();
    run->replayed = false;
    if (!step->begin(job, &run->error)) {
        run_fail(run);
        return;
    }
    if (job->op.kind == OP_NONE) {
        step_over(run);
        return;
    }
    if (watch->step) {
        watch->step(job, step->name, watch->context);
    }
    if (!is_lined(run)) {
        run_ask(run);
    } else if ((step->flags & STEP_PAID) && job->op.kind == OP_HTTP) {
        run_replay(run);
    } else {
        engine_join(run);
    }
}

void run_begin(struct run *run)
{
    struct job *job = &run->job;

    job->type = job_type_find(job->claimed.type);
    if (!job->type) {
        error_set(&run->error, ERROR_INPUT, "job type '%.60s' is not one that darkroom knows",
                  job->claimed.type);
        run_fail(run);
        return;
    }
    job->state = arena_alloc(job->arena, job->type->state_size);
    enter_step(run);
}
