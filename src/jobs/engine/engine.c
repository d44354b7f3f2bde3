/* engine.c - who runs. */
#include "jobs/engine/engine.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "jobs/engine/run.h"

enum { DEADLINE_MS = 30 * 60 * 1000, HOPELESS_PAUSES = 3, LOOK_US = 200 * 1000 };

struct engine *engine_new(const struct engine_config *config)
{
    struct engine *engine = calloc(1, sizeof *engine);

    if (!engine) {
        abort(); /* at the start of the process: nothing is lost */
    }
    engine->config = *config;
    if (engine->config.deadline_ms == 0) {
        engine->config.deadline_ms = DEADLINE_MS;
    }
    engine->random = (uint32_t)clock_mono_us() | 1u;
    return engine;
}

void engine_free(struct engine *engine)
{
    free(engine);
}

int64_t engine_now(const struct engine *engine)
{
    struct performer *performer = engine->config.performer;

    return performer->now_ms(performer);
}

uint32_t engine_random(struct engine *engine)
{
    /* xorshift32 (Marsaglia 2003): spreads retries, guards nothing */
    engine->random ^= engine->random << 13;
    engine->random ^= engine->random >> 17;
    engine->random ^= engine->random << 5;
    return engine->random;
}

int engine_running(const struct engine *engine)
{
    return engine->running;
}

static const struct line *paused_line(const struct engine *engine)
{
    for (int i = 0; i < ENGINE_LINES; i++) {
        const struct line *line = &engine->lines[i];

        if (line->provider && concurrency_limit_paused(&line->limit, engine_now(engine))) {
            return line;
        }
    }
    return NULL;
}

const struct error *engine_pause_reason(const struct engine *engine)
{
    static const struct error none;
    const struct line *line = paused_line(engine);

    return line ? &line->limit.why : &none;
}

int64_t engine_pause_remaining_ms(const struct engine *engine)
{
    const struct line *line = paused_line(engine);

    return line ? concurrency_limit_wait_ms(&line->limit, engine_now(engine)) : 0;
}

const struct error *engine_unrecoverable(const struct engine *engine)
{
    for (int i = 0; i < ENGINE_LINES; i++) {
        const struct line *line = &engine->lines[i];

        if (line->provider && line->limit.pauses >= HOPELESS_PAUSES) {
            return &line->limit.why;
        }
    }
    return NULL;
}

int engine_free_slots(const struct engine *engine)
{
    int room = engine->config.places - engine->running;

    if (paused_line(engine)) {
        return 0;
    }
    for (int i = 0; i < ENGINE_LINES; i++) {
        /* after a pause one job probes: more would only fetch jobs to give them back */
        if (engine->lines[i].provider && engine->lines[i].limit.pause_ms > 0 && room > 1) {
            room = engine->running > 0 ? 0 : 1;
        }
    }
    return room > 0 ? room : 0;
}

void engine_start(struct engine *engine, const struct claimed_job *claimed, struct arena *arena)
{
    struct run *run = calloc(1, sizeof *run);

    if (!run) {
        abort(); /* the lease lapses, another worker takes the job */
    }
    run->engine = engine;
    run->began_us = clock_mono_us();
    run->job.claimed = *claimed;
    run->job.arena = arena;
    run->job.context = engine->config.job_context;
    run->job.holder = (struct holder){ .job_id = run->job.claimed.id,
                                       .worker = engine->config.job_context->worker,
                                       .lease = claimed->lease };
    run->next = engine->runs;
    if (run->next) {
        run->next->previous = run;
    }
    engine->runs = run;
    engine->running++;
    run_begin(run);
}

int engine_holders(const struct engine *engine, struct holder *out, int room)
{
    int count = 0;

    for (const struct run *run = engine->runs; run && count < room; run = run->next) {
        out[count++] = run->job.holder;
    }
    return count;
}

void engine_lease_lost(struct engine *engine, const char *job_id, int64_t lease)
{
    for (struct run *run = engine->runs; run; run = run->next) {
        if (run->job.holder.lease == lease && strcmp(run->job.holder.job_id, job_id) == 0) {
            run_stop(run, ERROR_LOST);
            return;
        }
    }
}

void engine_stop(struct engine *engine)
{
    for (struct run *run = engine->runs, *next; run; run = next) {
        next = run->next; /* stopping may free it */
        run_stop(run, ERROR_STOPPED);
    }
}

static void unlink_run(struct run *run)
{
    struct engine *engine = run->engine;

    if (run->previous) {
        run->previous->next = run->next;
    } else {
        engine->runs = run->next;
    }
    if (run->next) {
        run->next->previous = run->previous;
    }
    engine->running--;
}

void engine_end(struct run *run, enum job_end ending, int64_t refunded)
{
    struct engine *engine = run->engine;
    struct job *job = &run->job;
    const struct engine_callbacks *watch = &engine->config.watch;

    if (run->line) {
        line_forget(run->line, run);
        engine_leave(run, &run->error);
    }
    unlink_run(run);
    if (watch->ended) {
        watch->ended(job, ending, &run->error, refunded, clock_mono_us() - run->began_us,
                     watch->context);
    }
    if (job->type && job->type->clear) {
        job->type->clear(job->state);
    }
    op_clear(&job->op);
    op_clear(&run->side);
    arena_free(job->arena);
    free(run);
}

void engine_tick(struct engine *engine)
{
    int64_t now_us = clock_mono_us();
    int64_t oldest_us = now_us - (int64_t)engine->config.deadline_ms * 1000;

    for (int i = 0; i < ENGINE_LINES; i++) {
        line_move(engine, &engine->lines[i]);
    }
    if (now_us < engine->next_look_us) { /* deadlines are minutes; turns of the loop are not */
        return;
    }
    engine->next_look_us = now_us + LOOK_US;
    for (struct run *run = engine->runs, *next; run; run = next) {
        next = run->next;
        if (run->began_us < oldest_us && run->stopping == ERROR_NONE) {
            run_stop(run, ERROR_INTERNAL);
        }
    }
}
