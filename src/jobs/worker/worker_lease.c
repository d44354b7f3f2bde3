/* worker_lease.c - the worker is known to the database, and keeps its leases. */
#include "jobs/worker/worker_internal.h"

void worker_register_done(struct op *op, void *context)
{
    struct worker *worker = context;

    if (op->error.kind == ERROR_NONE) {
        worker->registered = true;
        worker->wanted = true;
    } else {
        worker_database_trouble(worker, &op->error);
    }
    pending_query_close(&worker->hello);
}

void worker_register(struct worker *worker)
{
    if (worker->registered || worker->hello.arena || worker->trouble.kind != ERROR_NONE) {
        return;
    }
    pending_query_open(&worker->hello);
    queue_register(&worker->hello.op, worker->hello.arena, worker_own_name(worker),
                   worker->config.lock_key, DARKROOM_VERSION);
    pending_query_begin(worker, &worker->hello, worker_register_done);
}

static void renew_done(struct op *op, void *context)
{
    struct worker *worker = context;
    int count = worker->holder_count;
    bool *lost = arena_alloc(worker->renew.arena, (size_t)count * sizeof *lost + 1);
    struct error err = op->error;

    if (err.kind != ERROR_NONE || !queue_renew_done(op, worker->holders, count, lost, &err)) {
        if (err.kind != ERROR_STOPPED) {
            worker_complain(worker, &err);
        }
        pending_query_close(&worker->renew);
        return;
    }
    for (int i = 0; i < count; i++) {
        if (lost[i]) {
            engine_lease_lost(worker->engine, worker->holders[i].job_id, worker->holders[i].lease);
        }
    }
    pending_query_close(&worker->renew);
}

void worker_renew(void *context)
{
    struct worker *worker = context;
    int room = engine_running(worker->engine);

    if (worker->renew.arena || !worker->registered) {
        return;
    }
    pending_query_open(&worker->renew);
    worker->holders = arena_alloc(worker->renew.arena, (size_t)room * sizeof *worker->holders + 1);
    worker->holder_count = engine_holders(worker->engine, worker->holders, room);
    for (int i = 0; i < worker->holder_count; i++) { /* jobs may end before the answer comes */
        worker->holders[i].job_id = arena_text(worker->renew.arena, worker->holders[i].job_id);
    }
    queue_renew(&worker->renew.op, worker->renew.arena, worker_own_name(worker), worker->holders,
                worker->holder_count, worker->config.lease_ms);
    pending_query_begin(worker, &worker->renew, renew_done);
}
