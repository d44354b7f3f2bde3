/* worker_lease.c - registers the worker with the database, shows that it lives, and renews the
 * leases of its jobs. */
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "io/postgres/sql.h"
#include "jobs/worker/worker_services.h"

enum {
    DEREGISTER_TIMEOUT_MS = 3000,
    WAIT_MS = 1000,
    RETURN_TRIES = 5,
    REMOVAL_LOG_MS = 60 * 1000 /* between two messages */
};

/* -- registration ------------------------------------------------------------------------------ */

static void registration_done(struct op *op, void *context)
{
    struct worker *worker = context;

    if (op->error.kind == ERROR_NONE) {
        worker->claim_wanted = worker->claim_wanted || !worker->registered;
        worker->registered = true;
        worker->registered_key = worker->sent_key;
        worker_statement_succeeded(worker);
    } else {
        worker_statement_failed(worker, &op->error);
    }
    pending_query_close(&worker->registration);
}

void worker_register(struct worker *worker)
{
    struct pending_query *query = &worker->registration;
    const struct job_context *job_context = worker->config.engine.job_context;
    const struct model_endpoint *image = &job_context->image, *text = &job_context->aplus;
    int64_t key = worker_lock_key(worker);
    struct registration registration = {
        .worker = worker_own_name(worker),
        .version = DARKROOM_VERSION,
        .lock_key = key,
        .heartbeat_ms = worker->heartbeat_ms,
        .image_provider = image->provider ? image->provider->name : NULL,
        .image_model = image->model ? image->model->id : NULL,
        .text_provider = text->provider ? text->provider->name : NULL,
        .text_model = text->model ? text->model->id : NULL,
    };

    if (query->arena || worker->stopped || worker_backs_off(worker) ||
        (worker->registered && worker->registered_key == key)) {
        return;
    }
    worker->sent_key = key;
    pending_query_open(query);
    queue_register(&query->op, query->arena, &registration);
    pending_query_begin(worker, query, registration_done);
}

static void deregistration_done(struct op *op, void *context)
{
    struct worker *worker = context;

    (void)op; /* without a reply the leases expire */
    pending_query_close(&worker->registration);
}

/* Tells the database about the answers in the spool before their jobs are returned. */
static void keep_last_answers(struct worker *worker)
{
    while (worker->answers.arena) {
        loop_wait(worker->config.loop, WAIT_MS);
    }
    if (worker->returned_answers.data) {
        worker_keep_answers(worker);
    }
}

void worker_deregister(struct worker *worker)
{
    struct performer *performer = worker->config.performer;
    struct pending_query *query = &worker->registration;

    if (worker->registered) {
        keep_last_answers(worker);
    }
    worker->stopped = true;
    if (!worker->registered && query->arena) { /* it may wait for a database that is not there */
        performer->cancel(performer, &query->op);
    }
    while (query->arena || worker->claim.arena || worker->renewal.arena ||
           worker->remaining.arena || worker->unknown.arena || worker->answers.arena) {
        loop_wait(worker->config.loop, WAIT_MS);
    }
    if (!worker->registered) {
        return;
    }
    pending_query_open(query);
    queue_deregister(&query->op, worker_own_name(worker));
    query->op.timeout_ms = DEREGISTER_TIMEOUT_MS;
    pending_query_begin(worker, query, deregistration_done);
    while (query->arena) {
        loop_wait(worker->config.loop, WAIT_MS);
    }
}

/* -- heartbeat and leases ---------------------------------------------------------------------- */

static int64_t now_ms(void)
{
    return clock_mono_us() / 1000;
}

/* The row of the worker was removed: it registers again before it claims or renews. */
static void note_removal(struct worker *worker)
{
    int64_t now = now_ms();

    worker->registered = false;
    if (worker->removal_logged_ms == 0 || now - worker->removal_logged_ms >= REMOVAL_LOG_MS) {
        worker->removal_logged_ms = now;
        log_printf(LOG_WARNING, "the database no longer knows this worker; it registers again");
    }
}

static void read_renewal(struct worker *worker)
{
    int count = worker->renewed_count;
    bool *lost = arena_alloc(worker->renewal.arena, (size_t)count * sizeof *lost + 1);
    bool registered;
    struct error err;

    if (!queue_renew_done(&worker->renewal.op, worker->renewed, count, lost, &registered, &err)) {
        worker_statement_failed(worker, &err);
        return;
    }
    if (!registered) {
        note_removal(worker);
    }
    for (int i = 0; i < count; i++) {
        if (lost[i]) {
            engine_lease_lost(worker->engine, worker->renewed[i].job_id, worker->renewed[i].lease);
        }
    }
    worker_services_read(worker, &worker->renewal.op, worker->renewal.arena, worker->renewal_ms);
    if (worker->renews_leases) {
        worker->leases_renewed_ms = now_ms();
        worker->claim_wanted = worker->claim_wanted || worker->renew_first;
        worker->renew_first = false;
    }
    worker_statement_succeeded(worker);
}

static void renewal_done(struct op *op, void *context)
{
    struct worker *worker = context;

    if (op->error.kind == ERROR_NONE) {
        read_renewal(worker);
    } else {
        worker_statement_failed(worker, &op->error);
    }
    pending_query_close(&worker->renewal);
}

/* Copies the ids: a job may end before the reply comes. */
static int copy_holders(const struct worker *worker, struct holder *out, int capacity,
                        struct arena *arena)
{
    int count = engine_holders(worker->engine, out, capacity);

    for (int i = 0; i < count; i++) {
        out[i].job_id = arena_text(arena, out[i].job_id);
    }
    return count;
}

void worker_renew(struct worker *worker)
{
    struct pending_query *query = &worker->renewal;
    int capacity = engine_running(worker->engine);
    int64_t now = now_ms();

    if (query->arena || !worker->registered || worker->stopped || worker_backs_off(worker) ||
        (!worker->renew_first && now < worker->next_heartbeat_ms)) {
        return;
    }
    worker->next_heartbeat_ms = now + worker->heartbeat_ms;
    worker->renewal_ms = worker->config.performer->now_ms(worker->config.performer);
    worker->renews_leases = worker->renew_first || now - worker->leases_renewed_ms >=
                                                       worker->config.lease_ms / LEASE_RENEWALS;
    pending_query_open(query);
    worker->renewed = arena_alloc(query->arena, (size_t)capacity * sizeof *worker->renewed + 1);
    worker->renewed_count =
        worker->renews_leases ? copy_holders(worker, worker->renewed, capacity, query->arena) : 0;
    queue_renew(&query->op, query->arena, worker_own_name(worker), worker->renewed,
                worker->renewed_count, worker->config.lease_ms);
    pending_query_begin(worker, query, renewal_done);
}

/* -- jobs of claims whose replies were lost ---------------------------------------------------- */

static void unknown_done(struct op *op, void *context)
{
    struct worker *worker = context;

    if (op->error.kind == ERROR_NONE) {
        worker->claim_lost = false;
        worker_statement_succeeded(worker);
    } else {
        /* At the last failure the worker goes on: the leases of these jobs expire. */
        worker->claim_lost = ++worker->unknown_failures < RETURN_TRIES;
        worker_statement_failed(worker, &op->error);
    }
    if (!worker->claim_lost) {
        worker->unknown_failures = 0;
        worker->claim_wanted = true;
    }
    pending_query_close(&worker->unknown);
}

void worker_return_unknown(struct worker *worker)
{
    struct pending_query *query = &worker->unknown;
    int capacity = engine_running(worker->engine), count;
    struct holder *holders;

    if (!worker->claim_lost || query->arena || worker->claim.arena || worker->renew_first ||
        worker->stopped || worker_backs_off(worker)) {
        return;
    }
    pending_query_open(query);
    holders = arena_alloc(query->arena, (size_t)capacity * sizeof *holders + 1);
    count = copy_holders(worker, holders, capacity, query->arena);
    queue_return_unknown_jobs(&query->op, query->arena, worker_own_name(worker), holders, count);
    pending_query_begin(worker, query, unknown_done);
}
