/* worker.c - the loop of a worker: claim, process, renew, drain, stop. */
#include "jobs/worker/worker.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "io/postgres/sql.h"
#include "jobs/engine/job_log.h"
#include "jobs/engine/spool.h"
#include "jobs/worker/worker_metrics.h"
#include "jobs/worker/worker_services.h"

enum {
    LOOP_WAIT_MS = 1000,
    TICK_MS = 100,
    HEARTBEAT_MS = 400,
    COUNT_MS = 250,
    CLAIM_AGAIN_MS = 100,
    CLAIMED_TYPES = 16,
    MAX_JOBS = 4096
};

const struct worker_counts *worker_counts(const struct worker *worker)
{
    return &worker->counts;
}

static int64_t now_ms(void)
{
    return clock_mono_us() / 1000;
}

/* -- claiming ------------------------------------------------------------------------------- */

static void start_claimed(struct worker *worker, const struct claimed_job *rows, int count)
{
    for (int i = 0; i < count; i++) {
        struct arena *arena = arena_new();
        struct claimed_job job = rows[i];

        job.type = arena_text(arena, rows[i].type);
        job.payload = arena_text(arena, rows[i].payload);
        job.user_id = arena_text(arena, rows[i].user_id);
        worker_metrics_job_claimed(&job);
        engine_start(worker->engine, &job, arena);
    }
}

static void warn_of_budget(struct worker *worker, bool over_budget)
{
    struct error err;

    if (!over_budget) {
        worker->last_warning[0] = '\0';
        return;
    }
    error_set(&err, ERROR_CONFIG, "the daily budget of %.2f USD is spent: no job starts now",
              (double)worker->config.daily_budget_microusd / 1e6);
    error_hint(&err, "Jobs start again after midnight UTC, or with a higher --daily-budget.");
    worker_warn(worker, &err);
}

/* The row stays as it is, and is tried again after a minute. */
static void warn_of_refused(const struct claim_reply *reply)
{
    if (reply->refused_job) {
        log_event(LOG_WARNING,
                  "a job cannot be claimed: a constraint or trigger of the application rejects it",
                  (struct log_field[]){
                      LOG_TEXT_FIELD("job", reply->refused_job),
                      LOG_TEXT_FIELD("why", reply->refused_why),
                      LOG_TEXT_FIELD("what_to_do",
                                     "Correct the row, or the rule that it breaks.") },
                  3);
    }
}

static void claim_done(struct op *op, void *context)
{
    struct worker *worker = context;
    struct arena *arena = worker->claim.arena;
    struct claimed_job *rows = arena_alloc(arena, (size_t)worker->claim_slots * sizeof *rows);
    struct error err = op->error;
    struct claim_reply reply;

    if (err.kind != ERROR_NONE ||
        !queue_claim_done(op, arena, rows, worker->claim_slots, &reply, &err)) {
        worker->claim_lost = true;
        worker->claim_wanted = true;
        worker->claims_one_by_one = true; /* one job may be the reason */
        worker_statement_failed(worker, &err);
    } else if (!worker->stopped) { /* else worker_deregister returns the jobs to the queue */
        worker_statement_succeeded(worker);
        worker->claims_one_by_one = false;
        warn_of_budget(worker, reply.over_budget);
        warn_of_refused(&reply);
        if (worker->claims_trial && !reply.over_budget && !(reply.again && reply.count == 0)) {
            worker_trial_claimed(worker, reply.count > 0 ? rows[0].id : NULL);
        }
        start_claimed(worker, rows, reply.count);
        /* As many as asked for were claimed, so there may be more: claim again at once. A wake-up
         * that came meanwhile may be for a job that this claim did not see. */
        worker->claim_wanted = worker->claim_wanted || reply.count == worker->claim_slots;
        if (reply.again) {
            loop_timer_start(worker->poll_timer, CLAIM_AGAIN_MS, worker->config.poll_ms);
        } else if (reply.next_ms >= 0 && reply.next_ms < worker->config.poll_ms) {
            loop_timer_start(worker->poll_timer, (uint64_t)reply.next_ms, worker->config.poll_ms);
        }
    }
    pending_query_close(&worker->claim);
}

static void claim(struct worker *worker)
{
    const struct spool_folder *folder = worker->config.engine.job_context->spool_folder;
    int slots = engine_free_slots(worker->engine);
    const char *types[CLAIMED_TYPES];
    struct claim_request request = {
        .worker = worker_own_name(worker),
        .types = types,
        .lease_ms = worker->config.lease_ms,
        .batch = worker->config.batch,
        .spool = folder && folder->id[0] ? folder->id : NULL,
        .limits = worker->config.limits,
        .daily_budget_microusd = worker->config.daily_budget_microusd,
        .one_by_one = worker->claims_one_by_one,
    };

    if (!worker->claim_wanted || !worker->registered || worker->stops > 0 || slots <= 0 ||
        worker->claim.arena || worker->renew_first || worker->claim_lost ||
        worker_backs_off(worker)) {
        return;
    }
    worker->claim_wanted = false; /* a wake-up during the claim sets it again */
    if (worker_claimable_types(worker, types, CLAIMED_TYPES, &worker->claims_trial) == 0) {
        return; /* a change of a service sets it again */
    }
    request.slots = worker->claims_trial ? 1 : slots;
    worker->claim_slots = request.slots;
    pending_query_open(&worker->claim);
    queue_claim(&worker->claim.op, worker->claim.arena, &request);
    pending_query_begin(worker, &worker->claim, claim_done);
}

/* -- callbacks of the engine ---------------------------------------------------------------- */

static void on_job_ended(const struct job *job, enum job_end how, const struct error *why,
                         int64_t refunded_credits, int64_t duration_us, void *context)
{
    struct worker *worker = context;
    struct worker_counts *counts = &worker->counts;
    const struct engine_callbacks *callbacks = &worker->config.engine.callbacks;

    counts->completed += how == JOB_COMPLETED;
    counts->failed += how == JOB_FAILED;
    counts->retried += how == JOB_RETRY_LATER;
    counts->leases_lost += how == JOB_LEASE_LOST;
    counts->returned += how == JOB_RETURNED;
    counts->waited += how == JOB_WAITS;
    counts->refunded_credits += refunded_credits;
    counts->cost_microusd += job->cost_microusd > 0 ? job->cost_microusd : 0;
    worker->claim_wanted = true; /* a slot became free */
    if (how == JOB_RETURNED && job_has_kept_answer(job)) {
        worker_note_answer(worker, job->claimed.id);
    }
    worker_trial_ended(worker, job->claimed.id);
    worker_metrics_job_ended(job, how, refunded_credits, duration_us);
    log_job_end(job, how, why, refunded_credits, duration_us);
    if (callbacks->job_ended) {
        callbacks->job_ended(job, how, why, refunded_credits, duration_us, callbacks->context);
    }
}

static void on_step_began(const struct job *job, const char *step, void *context)
{
    struct worker *worker = context;
    const struct engine_callbacks *callbacks = &worker->config.engine.callbacks;

    log_job_step(job, step);
    if (callbacks->step_began) {
        callbacks->step_began(job, step, callbacks->context);
    }
}

/* -- draining and stopping ------------------------------------------------------------------ */

static void remaining_done(struct op *op, void *context)
{
    struct worker *worker = context;
    int64_t ready = 0, waiting = 0, running = 0, next_ms = -1;
    int64_t poll_ms = worker->config.poll_ms;
    struct error err = op->error;

    if (err.kind != ERROR_NONE) {
        worker_statement_failed(worker, &err);
    } else if (queue_remaining_done(op, &ready, &waiting, &running, &next_ms, &err)) {
        worker->drained =
            ready == 0 && waiting == 0 && running == 0 && engine_running(worker->engine) == 0;
        worker->claim_wanted = worker->claim_wanted || ready > 0;
        worker->jobs_left = ready > 0 || waiting > 0;
        /* A timer that was started again at each count would never fire. */
        if (!worker->drained && ready == 0 && next_ms >= 0 && next_ms < poll_ms) {
            loop_timer_start(worker->poll_timer, (uint64_t)next_ms, (uint64_t)poll_ms);
        }
    }
    pending_query_close(&worker->remaining);
}

/* While draining and idle, asks the database whether jobs are left. */
static void query_remaining(struct worker *worker)
{
    if (!worker->config.drain || !worker->registered || worker->claim_wanted ||
        worker->claim.arena || worker->remaining.arena || engine_running(worker->engine) > 0 ||
        worker_backs_off(worker) || now_ms() < worker->next_count_ms) {
        return;
    }
    worker->next_count_ms = now_ms() + COUNT_MS; /* ready jobs may be held back by a limit */
    pending_query_open(&worker->remaining);
    queue_remaining(&worker->remaining.op, worker->remaining.arena, job_type_names());
    pending_query_begin(worker, &worker->remaining, remaining_done);
}

static void wake(void *context)
{
    struct worker *worker = context;

    worker->claim_wanted = worker->trial_wanted = true;
}

void worker_stop(struct worker *worker)
{
    int running = engine_running(worker->engine);

    worker->stops++;
    worker->stop_deadline_ms = now_ms() + worker->config.grace_ms;
    if (worker->stops == 1 && running > 0) {
        log_printf(
            LOG_INFO,
            "stopping: %d running jobs have %u s to finish; press Ctrl-C again to return them "
            "to the queue now",
            running, worker->config.grace_ms / 1000);
    }
}

bool worker_is_stopping(const struct worker *worker)
{
    return worker->stops > 0;
}

/* Returns true if the worker was told to stop and no job is running; returns the jobs to the queue
 * when the grace period is over. */
static bool has_stopped(struct worker *worker)
{
    if (worker->stops == 0) {
        return false;
    }
    if (worker->stops > 1 || now_ms() >= worker->stop_deadline_ms) {
        engine_stop(worker->engine);
    }
    return engine_running(worker->engine) == 0 && !worker->claim.arena;
}

const struct error *worker_unrecoverable(const struct worker *worker)
{
    return services_unrecoverable(engine_services(worker->engine));
}

/* Ends a drain whose jobs need a service that an operator must correct. */
static bool must_give_up(struct worker *worker, struct error *err)
{
    const struct error *reason = worker_unrecoverable(worker);

    if (!reason || engine_running(worker->engine) > 0 || !worker->config.drain ||
        !worker->jobs_left) {
        return false;
    }
    *err = *reason;
    return true;
}

/* -- timers --------------------------------------------------------------------------------- */

static void tick(void *context)
{
    struct worker *worker = context;

    worker_metrics_timer(worker, TICK_MS);
    engine_tick(worker->engine);
    worker_check_database(worker);
}

static void on_admission_timer(void *context)
{
    (void)context; /* the timer only ends loop_wait; worker_run then calls engine_tick */
}

static void start_admission_timer(struct worker *worker)
{
    int64_t wait_ms = engine_next_admission_ms(worker->engine);

    if (wait_ms >= 0) {
        loop_timer_start(worker->admission_timer, (uint64_t)wait_ms, 0);
    }
}

/* -- the worker ----------------------------------------------------------------------------- */

struct worker *worker_new(const struct worker_config *config)
{
    struct worker *worker = xcalloc(1, sizeof *worker);
    struct engine_config engine = config->engine;
    uint32_t renewal_ms = config->lease_ms / LEASE_RENEWALS;

    worker->config = *config;
    worker->polls_only = config->expects_polling;
    engine.max_jobs = engine.max_jobs < MAX_JOBS ? engine.max_jobs : MAX_JOBS;
    engine.callbacks = (struct engine_callbacks){ .step_began = on_step_began,
                                                  .job_ended = on_job_ended,
                                                  .context = worker };
    engine.verifies_store = engine.job_context->store && engine.job_context->store->check;
    worker->engine = engine_new(&engine);
    for (int i = 0; i < engine_services(worker->engine)->count; i++) {
        struct service *service = &engine_services(worker->engine)->rows[i];

        service->check_wanted = service->kind == SERVICE_OF_STORE && engine.verifies_store;
    }
    worker->poll_timer = loop_timer_new(config->loop, wake, worker);
    worker->heartbeat_ms = renewal_ms < HEARTBEAT_MS ? renewal_ms : HEARTBEAT_MS;
    worker->tick_timer = loop_timer_new(config->loop, tick, worker);
    worker->admission_timer = loop_timer_new(config->loop, on_admission_timer, worker);
    loop_timer_start(worker->poll_timer, config->poll_ms, config->poll_ms);
    loop_timer_start(worker->tick_timer, TICK_MS, TICK_MS);
    worker_metrics_declare(worker);
    if (config->sql) {
        sql_on_notify(config->sql, wake, worker);
    }
    return worker;
}

bool worker_run(struct worker *worker, struct error *err)
{
    bool good = true;

    worker_register(worker);
    while (loop_wait(worker->config.loop, LOOP_WAIT_MS)) { /* sockets, timers, signals, pool */
        worker_register(worker);
        worker_renew(worker);
        worker_return_unknown(worker);
        worker_keep_answers(worker);
        worker_services_tick(worker);
        worker_probe_tick(worker);
        worker_models_tick(worker);
        worker_metrics_tick(worker);
        claim(worker);
        engine_tick(worker->engine);
        start_admission_timer(worker);
        query_remaining(worker);
        if (worker->drained || has_stopped(worker)) {
            break;
        }
        if (must_give_up(worker, err)) {
            good = false;
            break;
        }
    }
    worker_probe_end(worker);
    worker_models_end(worker);
    worker_metrics_end(worker);
    worker_services_end(worker);
    worker_deregister(worker);
    return good;
}

void worker_free(struct worker *worker)
{
    loop_timer_free(worker->poll_timer);
    loop_timer_free(worker->tick_timer);
    loop_timer_free(worker->admission_timer);
    if (worker->config.sql) {
        sql_on_notify(worker->config.sql, NULL, NULL);
    }
    engine_free(worker->engine);
    if (worker->returned_answers.data) {
        text_end(&worker->returned_answers);
    }
    free(worker);
}
