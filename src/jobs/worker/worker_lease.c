/* worker_lease.c - registers the worker with the database, and renews the leases of its jobs. */
#include "jobs/worker/worker_internal.h"

enum { DEREGISTER_TIMEOUT_MS = 5000, WAIT_MS = 1000 };

static void registration_done(struct op *op, void *context)
{
    struct worker *worker = context;

    if (op->error.kind == ERROR_NONE) {
        worker->registered = true;
        worker->claim_wanted = true;
    } else {
        worker_query_failed(worker, &op->error);
    }
    pending_query_close(&worker->registration);
}

void worker_register(struct worker *worker)
{
    struct pending_query *query = &worker->registration;

    if (worker->registered || query->arena || worker->fatal_error.kind != ERROR_NONE) {
        return;
    }
    pending_query_open(query);
    queue_register(&query->op, query->arena, worker_own_name(worker), worker->config.lock_key,
                   DARKROOM_VERSION);
    pending_query_begin(worker, query, registration_done);
}

void worker_deregister(struct worker *worker)
{
    struct pending_query *query = &worker->registration;

    if (!worker->registered) {
        return;
    }
    while (query->arena || worker->renewal.arena || worker->remaining.arena) {
        loop_wait(worker->config.loop, WAIT_MS);
    }
    pending_query_open(query);
    queue_deregister(&query->op, worker_own_name(worker));
    query->op.timeout_ms = DEREGISTER_TIMEOUT_MS;
    pending_query_begin(worker, query, registration_done);
    while (query->arena) {
        loop_wait(worker->config.loop, WAIT_MS);
    }
}

static void renewal_done(struct op *op, void *context)
{
    struct worker *worker = context;
    int count = worker->renewed_count;
    bool *lost = arena_alloc(worker->renewal.arena, (size_t)count * sizeof *lost + 1);
    struct error err = op->error;

    if (err.kind != ERROR_NONE || !queue_renew_done(op, worker->renewed, count, lost, &err)) {
        if (err.kind != ERROR_STOPPED) {
            worker_warn(worker, &err);
        }
        pending_query_close(&worker->renewal);
        return;
    }
    for (int i = 0; i < count; i++) {
        if (lost[i]) {
            engine_lease_lost(worker->engine, worker->renewed[i].job_id, worker->renewed[i].lease);
        }
    }
    pending_query_close(&worker->renewal);
}

void worker_renew(void *context)
{
    struct worker *worker = context;
    struct pending_query *query = &worker->renewal;
    int capacity = engine_running(worker->engine);

    if (query->arena || !worker->registered) {
        return;
    }
    pending_query_open(query);
    worker->renewed = arena_alloc(query->arena, (size_t)capacity * sizeof *worker->renewed + 1);
    worker->renewed_count = engine_holders(worker->engine, worker->renewed, capacity);
    for (int i = 0; i < worker->renewed_count; i++) { /* a job may end before the answer comes */
        worker->renewed[i].job_id = arena_text(query->arena, worker->renewed[i].job_id);
    }
    queue_renew(&query->op, query->arena, worker_own_name(worker), worker->renewed,
                worker->renewed_count, worker->config.lease_ms);
    pending_query_begin(worker, query, renewal_done);
}
