/* run.c - the moves of one job, from step to step. Each enter_* begins one wait; the matching
 * done_* says what follows. */
#include "jobs/run.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "jobs/spool.h"
#include "model/retry.h"

enum { TRIES_IN_PLACE = 6, SPOOL_READ_MAX = 128 << 20 };

static void enter_step(struct run *run);
static void enter_perform(struct run *run);
static void enter_end(struct run *run);
static void enter_fail(struct run *run);

static const struct step *step_of(const struct run *run)
{
    return &run->job.type->steps[run->job.step];
}

static void stopped(struct run *run)
{
    enum error_kind kind = run->stopping;

    if (kind == ERROR_INTERNAL) { /* past its deadline: an ordinary failure */
        run->stopping = ERROR_NONE;
        error_set(&run->error, ERROR_INTERNAL, "took longer than one job may take; stopped at '%s'",
                  step_of(run)->name);
        enter_fail(run);
        return;
    }
    error_set(&run->error, kind,
              kind == ERROR_LOST ? "the job is no longer ours" : "the worker is stopping");
    engine_end(run, kind == ERROR_LOST ? ENDING_LOST : ENDING_STOPPED, 0);
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

static void perform(struct run *run, struct op *op, void (*then)(struct run *run))
{
    struct performer *performer = run->engine->config.performer;

    run->then = then;
    run->under_way = op;
    performer->begin(performer, op, on_done, run);
}

void run_stop(struct run *run, enum error_kind why)
{
    struct performer *performer = run->engine->config.performer;
    bool settled_soon =
        run->under_way && !run->settling && run->job.type && (step_of(run)->flags & STEP_TOUGH);

    if (run->stopping != ERROR_NONE || run->settling || (settled_soon && why != ERROR_LOST)) {
        return; /* what it keeps or tells is paid for, and quick: it may end first */
    }
    run->stopping = why;
    if (run->under_way) {
        performer->cancel(performer, run->under_way);
        return;
    }
    stopped(run); /* waits in a line: nothing is under way */
}

/* -- failing ------------------------------------------------------------------------------- */

static void done_fail(struct run *run)
{
    enum fail_state state = FAIL_PENDING;
    int64_t refunded = 0;
    struct error trouble = run->side.error;

    if (trouble.kind == ERROR_NONE && queue_fail_done(&run->side, &state, &refunded, &trouble)) {
        if (state == FAIL_FINAL) {
            spool_drop(run->job.equipment->spool, run->job.claimed.id);
        }
        engine_end(run, state == FAIL_FINAL ? ENDING_FAILED : ENDING_RETRY, refunded);
        return;
    }
    if (trouble.kind != ERROR_LOST && ++run->tries < TRIES_IN_PLACE) {
        enter_fail(run);
        return;
    }
    run->error = trouble; /* the lease lapses, and another worker finds the job */
    engine_end(run, ENDING_LOST, 0);
}

static uint32_t delay_of(struct run *run)
{
    const struct equipment *equipment = run->job.equipment;
    uint32_t delay = retry_delay(&run->error, run->job.claimed.attempt, equipment->retry_base_ms,
                                 engine_random(run->engine));

    if (run->line && error_rule(run->error.kind)->pauses_provider) {
        int64_t pause = limit_wait_ms(&run->line->limit, engine_now(run->engine));

        delay = pause > delay ? (uint32_t)pause : delay;
    }
    return delay;
}

static void enter_fail(struct run *run)
{
    struct job *job = &run->job;

    if (run->error.kind == ERROR_LOST) {
        engine_end(run, ENDING_LOST, 0);
        return;
    }
    if (!run->settling) {
        run->settling = true;
        run->tries = 0;
    }
    op_clear(&run->side);
    run->side.sleep_ms = run->tries > 0 ? 100u << run->tries : 0;
    queue_fail(&run->side, job->arena, &job->by, &run->error, delay_of(run),
               job->attempt.id ? &job->attempt : NULL);
    perform(run, &run->side, done_fail);
}

/* -- going on ------------------------------------------------------------------------------ */

static void step_over(struct run *run)
{
    struct job *job = &run->job;
    int64_t now = clock_mono_us();

    job->step_us[job->step] += now - run->step_began_us;
    op_clear(&job->op);
    run->tries = 0;
    job->step++;
    if (job->step < job->type->step_count) {
        enter_step(run);
        return;
    }
    spool_drop(job->equipment->spool, job->claimed.id);
    engine_end(run, ENDING_SETTLED, 0);
}

/* What came was turned down: it must not come back from the spool. */
static void redo(struct run *run)
{
    struct job *job = &run->job;
    const struct step *steps = job->type->steps;

    job->step_us[job->step] += clock_mono_us() - run->step_began_us;
    while (job->step > 0 && !(steps[job->step].flags & STEP_PAID)) {
        job->step--;
    }
    remove(spool_path(job->equipment->spool, job->claimed.id, steps[job->step].name, job->round,
                      job->arena));
    job->round++;
    op_clear(&job->op);
    run->tries = 0;
    enter_step(run);
}

static bool again_in_place(const struct run *run)
{
    const struct step *step = step_of(run);
    enum error_kind kind = run->error.kind;
    bool passing = kind == ERROR_NETWORK || kind == ERROR_REMOTE || kind == ERROR_BUSY;
    bool sure =
        (step->flags & STEP_TOUGH) || (run->job.op.kind == OP_SQL && !(step->flags & STEP_PAID));

    return passing && sure && run->tries + 1 < TRIES_IN_PLACE;
}

static void fail_step(struct run *run)
{
    struct job *job = &run->job;
    uint32_t wait;

    if (!again_in_place(run)) {
        enter_fail(run);
        return;
    }
    wait = retry_delay(&run->error, run->tries + 1, 100, engine_random(run->engine));
    run->tries++;
    op_clear(&job->op);
    if (!step_of(run)->begin(job, &run->error)) {
        enter_fail(run);
        return;
    }
    job->op.sleep_ms = wait;
    enter_perform(run);
}

static void go_on(struct run *run, enum next next)
{
    switch (next) {
    case NEXT_STEP:
        step_over(run);
        return;
    case NEXT_AGAIN:
        enter_perform(run);
        return;
    case NEXT_REDO:
        redo(run);
        return;
    case NEXT_FAIL:
        fail_step(run);
        return;
    }
}

static bool end_on_pool(void *arg, struct error *err)
{
    struct run *run = arg;

    (void)err; /* the step's own error is kept in run->error, its word in next_move */
    run->next_move = step_of(run)->end(&run->job, &run->error);
    return true;
}

static void done_end(struct run *run)
{
    const struct step *step = step_of(run);

    if (step->flags & STEP_PAID) {
        struct error well = { .kind = ERROR_NONE };
        bool failed = run->next_move == NEXT_FAIL;

        if (run->next_move != NEXT_AGAIN) {
            engine_leave(run, failed ? &run->error : &well);
        }
    }
    go_on(run, run->next_move);
}

static void enter_end(struct run *run)
{
    if (step_of(run)->flags & STEP_HEAVY) {
        op_clear(&run->side);
        run->side.kind = OP_WORK;
        run->side.work = (struct work_ask){ .run = end_on_pool, .arg = run };
        perform(run, &run->side, done_end);
        return;
    }
    end_on_pool(run, NULL);
    done_end(run);
}

/* -- performing ---------------------------------------------------------------------------- */

static void done_spool(struct run *run)
{
    blob_free(&run->packed); /* written or not: a full disk is no reason to lose a good answer */
    enter_end(run);
}

static bool worth_spooling(const struct run *run)
{
    const struct op *op = &run->job.op;

    return (step_of(run)->flags & STEP_PAID) && op->kind == OP_HTTP && !run->replayed &&
           op->http_got.status >= 200 && op->http_got.status < 300;
}

static void enter_spool(struct run *run)
{
    struct job *job = &run->job;
    struct error ignored;

    op_clear(&run->side);
    run->side.kind = OP_FILE;
    run->side.file.write = true;
    run->side.file.path = spool_path(job->equipment->spool, job->claimed.id, step_of(run)->name,
                                     job->round, job->arena);
    if (!spool_pack(&job->op.http_got, job->attempt.id, &run->packed, &ignored)) {
        enter_end(run);
        return;
    }
    run->side.file.content = blob_view(run->packed.data, run->packed.size);
    perform(run, &run->side, done_spool);
}

static void done_perform(struct run *run)
{
    struct job *job = &run->job;
    const struct step *step = step_of(run);

    if (step->flags & STEP_PAID) {
        job->attempt.ms = (job->op.ended_us - job->op.began_us) / 1000;
    }
    if (job->op.error.kind != ERROR_NONE) {
        run->error = job->op.error;
        if (step->flags & STEP_PAID) {
            job->attempt.outcome = error_rule(run->error.kind)->name;
            job->attempt.error = arena_text(job->arena, run->error.text);
            engine_leave(run, &run->error);
        }
        fail_step(run);
        return;
    }
    if (worth_spooling(run)) {
        enter_spool(run);
        return;
    }
    enter_end(run);
}

static void enter_perform(struct run *run)
{
    perform(run, &run->job.op, done_perform);
}

/* -- paid calls: replay, line, record ------------------------------------------------------- */

static void done_record(struct run *run)
{
    struct job *job = &run->job;
    int64_t id = 0;

    run->error = run->side.error;
    if (run->error.kind == ERROR_NONE && queue_attempt_done(&run->side, &id, &run->error)) {
        job->attempt =
            (struct attempt){ .id = id, .cost_microusd = -1, .model = job->call.model->id };
        enter_perform(run);
        return;
    }
    engine_leave(run, &(struct error){ .kind = ERROR_STOPPED }); /* nothing was sent */
    enter_fail(run);
}

void run_admitted(struct run *run)
{
    struct job *job = &run->job;

    op_clear(&run->side);
    queue_attempt(&run->side, job->arena, &job->by, step_of(run)->name, job->round,
                  job->call.provider->name, job->call.model->id, job->call.request,
                  job->attempt.id ? &job->attempt : NULL);
    perform(run, &run->side, done_record);
}

void run_refused(struct run *run, const struct error *why)
{
    run->error = *why;
    enter_fail(run);
}

static void done_replay(struct run *run)
{
    struct job *job = &run->job;
    struct op *side = &run->side;
    int64_t attempt = 0;

    if (side->error.kind == ERROR_NONE && !side->file_got.missing &&
        spool_unpack(&side->file_got.content, &job->op.http_got, &attempt)) {
        run->replayed = true;
        job->attempt = (struct attempt){ .id = attempt,
                                         .cost_microusd = -1,
                                         .model = job->call.model->id,
                                         .ms = job->op.http_got.times.total_us / 1000 };
        op_clear(side);
        enter_end(run);
        return;
    }
    op_clear(side);
    engine_join(run);
}

static void enter_replay(struct run *run)
{
    struct job *job = &run->job;

    op_clear(&run->side);
    run->side.kind = OP_FILE;
    run->side.file.path = spool_path(job->equipment->spool, job->claimed.id, step_of(run)->name,
                                     job->round, job->arena);
    run->side.file.read_limit = SPOOL_READ_MAX;
    perform(run, &run->side, done_replay);
}

/* -- beginning ----------------------------------------------------------------------------- */

static void enter_step(struct run *run)
{
    struct job *job = &run->job;
    const struct engine_watch *watch = &run->engine->config.watch;
    const struct step *step = step_of(run);

    run->step_began_us = clock_mono_us();
    run->replayed = false;
    if (!step->begin(job, &run->error)) {
        enter_fail(run);
        return;
    }
    if (job->op.kind == OP_NONE) {
        step_over(run);
        return;
    }
    if (watch->step) {
        watch->step(job, step->name, watch->context);
    }
    if (!(step->flags & STEP_PAID)) {
        enter_perform(run);
    } else if (job->op.kind == OP_HTTP) {
        enter_replay(run);
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
        enter_fail(run);
        return;
    }
    job->state = arena_alloc(job->arena, job->type->state_size);
    enter_step(run);
}
