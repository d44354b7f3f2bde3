/* engine.c - the running jobs and the providers' queues. */
#include "jobs/engine/engine.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "jobs/engine/engine_internal.h"
#include "jobs/engine/job_trace.h"

enum {
    DEFAULT_DEADLINE_MS = 30 * 60 * 1000,
    DEADLINE_CHECK_US = 200 * 1000,
    GATE_CHECK_US = 20 * 1000,
    BIND_AFTER_US = 1000 * 1000 /* most jobs store their answer sooner */
};

struct engine *engine_new(const struct engine_config *config)
{
    struct engine *engine = xcalloc(1, sizeof *engine);

    engine->config = *config;
    if (engine->config.job_deadline_ms == 0) {
        engine->config.job_deadline_ms = DEFAULT_DEADLINE_MS;
    }
    list_init(&engine->runs);
    provider_queues_init(&engine->queues, config->max_calls_per_provider);
    services_init(&engine->services, config->job_context, config->initial_pause_ms);
    engine->services.verifies_store = config->verifies_store;
    engine->random = (uint32_t)clock_mono_us() | 1u;
    engine->services.random = engine->random;
    return engine;
}

void engine_free(struct engine *engine)
{
    free(engine);
}

static int64_t now_ms(const struct engine *engine)
{
    struct performer *performer = engine->config.performer;

    return performer->now_ms(performer);
}

int engine_running(const struct engine *engine)
{
    return engine->running;
}

struct services *engine_services(struct engine *engine)
{
    return &engine->services;
}

int engine_free_slots(const struct engine *engine)
{
    int slots = engine->config.max_jobs - engine->running;

    return slots > 0 ? slots : 0;
}

static struct run *run_of(struct list_node *node)
{
    return LIST_ENTRY(node, struct run, node);
}

static void on_run_end(struct run *run)
{
    struct job *job = &run->job;
    const struct engine_callbacks *callbacks = &run->engine->config.callbacks;

    if (run->entry.queue) {
        provider_queue_remove(&run->entry);
        run_release_slot(run, &run->error);
    }
    job_trace_end(run);
    list_remove(&run->node);
    run->engine->running--;
    if (callbacks->job_ended) {
        callbacks->job_ended(job, run->job_end, &run->error, run->refunded_credits,
                             clock_mono_us() - run->began_us, callbacks->context);
    }
    if (job->type && job->type->clear) {
        job->type->clear(job->state);
    }
    op_clear(&job->op);
    op_clear(&run->internal_op);
    arena_free(job->arena);
    free(run);
}

void engine_start(struct engine *engine, const struct claimed_job *claimed, struct arena *arena)
{
    struct run *run = xcalloc(1, sizeof *run);

    run->engine = engine;
    run->began_us = clock_mono_us();
    run->on_end = on_run_end;
    run->job.claimed = *claimed;
    run->job.arena = arena;
    run->job.context = engine->config.job_context;
    run->job.holder = (struct holder){ .job_id = run->job.claimed.id,
                                       .worker = engine->config.job_context->worker,
                                       .lease = claimed->lease };
    list_prepend(&engine->runs, &run->node);
    engine->running++;
    job_trace_begin(run);
    run_start(run);
}

int engine_holders(const struct engine *engine, struct holder *out, int capacity)
{
    const struct list *runs = &engine->runs;
    int count = 0;

    for (struct list_node *at = list_first(runs); at && count < capacity;
         at = list_next(runs, at)) {
        out[count++] = run_of(at)->job.holder;
    }
    return count;
}

int engine_kept_answers(struct engine *engine, const char **out, int capacity)
{
    struct list *runs = &engine->runs;
    int64_t before_us = clock_mono_us() - BIND_AFTER_US;
    int count = 0;

    for (struct list_node *at = list_first(runs); at && count < capacity;
         at = list_next(runs, at)) {
        struct run *run = run_of(at);

        if (!run->answer_bound && run_kept_answer(run).spool && run->answer_kept_us < before_us) {
            run->answer_bound = true;
            out[count++] = run->job.claimed.id;
        }
    }
    return count;
}

void engine_lease_lost(struct engine *engine, const char *job_id, int64_t lease)
{
    struct list *runs = &engine->runs;

    for (struct list_node *at = list_first(runs); at; at = list_next(runs, at)) {
        struct run *run = run_of(at);

        if (run->job.holder.lease == lease && strcmp(run->job.holder.job_id, job_id) == 0) {
            run_stop(run, ERROR_LOST);
            return;
        }
    }
}

void engine_stop(struct engine *engine)
{
    struct list *runs = &engine->runs;

    for (struct list_node *at = list_first(runs), *next; at; at = next) {
        next = list_next(runs, at); /* run_stop may free the run */
        run_stop(run_of(at), ERROR_STOPPED);
    }
}

int64_t engine_next_admission_ms(struct engine *engine)
{
    int64_t shortest = -1;

    for (int i = 0; i < MAX_PROVIDERS; i++) {
        int64_t wait = provider_queue_wait_ms(&engine->queues.queues[i], now_ms(engine));

        if (wait >= 0 && (shortest < 0 || wait < shortest)) {
            shortest = wait;
        }
    }
    return shortest;
}

/* Jobs that wait for a slot are given back once their service has stopped. */
static void check_gates(struct engine *engine, int64_t now_us)
{
    struct list *runs = &engine->runs;

    if (now_us < engine->next_gate_check_us) {
        return;
    }
    engine->next_gate_check_us = now_us + GATE_CHECK_US;
    for (struct list_node *at = list_first(runs), *next; at; at = next) {
        next = list_next(runs, at); /* run_check_gate may free the run */
        run_check_gate(run_of(at));
    }
}

void engine_tick(struct engine *engine)
{
    struct list *runs = &engine->runs;
    int64_t now_us = clock_mono_us();
    int64_t oldest_us = now_us - (int64_t)engine->config.job_deadline_ms * 1000;

    for (int i = 0; i < MAX_PROVIDERS; i++) {
        provider_queue_serve(&engine->queues.queues[i], now_ms(engine));
    }
    check_gates(engine, now_us);
    if (now_us < engine->next_deadline_check_us) { /* not in each iteration of the event loop */
        return;
    }
    engine->next_deadline_check_us = now_us + DEADLINE_CHECK_US;
    for (struct list_node *at = list_first(runs), *next; at; at = next) {
        struct run *run = run_of(at);

        next = list_next(runs, at); /* run_stop may free the run */
        if (run->began_us < oldest_us && run->stop_reason == ERROR_NONE) {
            run_stop(run, ERROR_INTERNAL);
        }
    }
}
