/* worker.c - the daemon's heart. */
#include "jobs/worker/worker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "io/postgres/sql.h"
#include "jobs/engine/job_log.h"
#include "jobs/worker/worker_internal.h"

enum { TURN_MS = 1000, MOST_PLACES = 4096 };

void worker_name(char *out, size_t size)
{
    char host[64] = "";
    uint32_t random = 0;

    gethostname(host, sizeof host - 1);
    if (getrandom(&random, sizeof random, 0) != sizeof random) {
        random = (uint32_t)clock_mono_us();
    }
    snprintf(out, size, "%s:%d:%08x", host, (int)getpid(), random);
}

const struct worker_counts *worker_counts(const struct worker *worker)
{
    return &worker->tally;
}

const char *worker_own_name(const struct worker *worker)
{
    return worker->config.engine.job_context->worker;
}

void pending_query_begin(struct worker *worker, struct pending_query *pending_query,
                         op_done_fn done)
{
    struct performer *performer = worker->config.performer;

    performer->begin(performer, &pending_query->op, done, worker);
}

void pending_query_open(struct pending_query *pending_query)
{
    op_clear(&pending_query->op);
    pending_query->arena = arena_new();
}

void pending_query_close(struct pending_query *pending_query)
{
    op_clear(&pending_query->op);
    arena_free(pending_query->arena);
    pending_query->arena = NULL;
}

/* Says a trouble once, not at every turn. */
void worker_complain(struct worker *worker, const struct error *trouble)
{
    if (strcmp(worker->said, trouble->text) == 0) {
        return;
    }
    snprintf(worker->said, sizeof worker->said, "%s", trouble->text);
    log_event(LOG_WARNING, trouble->text,
              (struct log_field[]){ LOG_TEXT_FIELD("class", error_rule(trouble->kind)->name),
                                    LOG_TEXT_FIELD("hint", trouble->hint) },
              trouble->hint[0] ? 2 : 1);
}

/* A trouble with our own statements: passing ones are tried again, others end a drain. */
void worker_database_trouble(struct worker *worker, const struct error *trouble)
{
    enum error_kind kind = trouble->kind;

    worker_complain(worker, trouble);
    if (kind == ERROR_CONFIG || kind == ERROR_INTERNAL) {
        worker->trouble = *trouble;
    }
}

/* -- claiming ------------------------------------------------------------------------------- */

static void start_claimed(struct worker *worker, struct claimed_job *rows, int count)
{
    for (int i = 0; i < count; i++) {
        struct arena *arena = arena_new();
        struct claimed_job one = rows[i];

        one.type = arena_text(arena, rows[i].type);
        one.payload = arena_text(arena, rows[i].payload);
        one.user_id = arena_text(arena, rows[i].user_id);
        engine_start(worker->engine, &one, arena);
    }
}

static void claim_done(struct op *op, void *context)
{
    struct worker *worker = context;
    struct claimed_job *rows =
        arena_alloc(worker->claim.arena, (size_t)worker->asked * sizeof *rows);
    struct error err = op->error;
    int count = 0;

    if (err.kind != ERROR_NONE ||
        !queue_claim_done(op, worker->claim.arena, rows, worker->asked, &count, &err)) {
        if (err.kind != ERROR_STOPPED) {
            worker_database_trouble(worker, &err);
        }
    } else {
        worker->said[0] = '\0';
        start_claimed(worker, rows, count);
        worker->wanted = count == worker->asked; /* a full catch: there may be more */
    }
    pending_query_close(&worker->claim);
}

static void claim(struct worker *worker)
{
    int room = engine_free_slots(worker->engine);

    if (!worker->wanted || !worker->registered || worker->stops > 0 || room <= 0 ||
        worker->claim.arena || worker->trouble.kind != ERROR_NONE) {
        return;
    }
    worker->wanted = false; /* a wake that comes while this is under way wants another */
    worker->asked = room;
    pending_query_open(&worker->claim);
    queue_claim(&worker->claim.op, worker->claim.arena, worker_own_name(worker), room,
                job_type_names(), worker->config.lease_ms, worker->config.batch);
    pending_query_begin(worker, &worker->claim, claim_done);
}

/* -- what becomes of jobs ------------------------------------------------------------------- */

static void job_ended(const struct job *job, enum job_end ending, const struct error *why,
                      int64_t refunded, int64_t took_us, void *context)
{
    struct worker *worker = context;
    struct worker_counts *tally = &worker->tally;
    const struct engine_callbacks *watch = &worker->config.engine.watch;

    tally->settled += ending == JOB_COMPLETED;
    tally->failed += ending == JOB_FAILED;
    tally->retried += ending == JOB_RETRY_LATER;
    tally->lost += ending == JOB_LEASE_LOST;
    tally->given_back += ending == JOB_RETURNED;
    tally->refunded += refunded;
    tally->cost_microusd += job->cost_microusd > 0 ? job->cost_microusd : 0;
    worker->wanted = true; /* a place fell free */
    log_job_end(job, ending, why, refunded, took_us);
    if (watch->ended) {
        watch->ended(job, ending, why, refunded, took_us, watch->context);
    }
}

static void job_step(const struct job *job, const char *step, void *context)
{
    struct worker *worker = context;
    const struct engine_callbacks *watch = &worker->config.engine.watch;

    log_job_step(job, step);
    if (watch->step) {
        watch->step(job, step, watch->context);
    }
}

/* -- draining and stopping ------------------------------------------------------------------ */

static void left_done(struct op *op, void *context)
{
    struct worker *worker = context;
    int64_t ready = 0, waiting = 0, running = 0, next_ms = -1;
    struct error err = op->error;

    if (err.kind == ERROR_NONE &&
        queue_remaining_done(op, &ready, &waiting, &running, &next_ms, &err)) {
        worker->drained =
            ready == 0 && waiting == 0 && running == 0 && engine_running(worker->engine) == 0;
        worker->wanted = worker->wanted || ready > 0;
        if (!worker->drained && ready == 0 && next_ms >= 0) {
            loop_timer_start(worker->poll_timer,
                             (uint64_t)(next_ms < (int64_t)worker->config.poll_ms
                                            ? next_ms
                                            : (int64_t)worker->config.poll_ms),
                             worker->config.poll_ms);
        }
    }
    pending_query_close(&worker->left);
}

/* Asked when all is quiet here: is anything left in the queue? */
static void ask_what_is_left(struct worker *worker)
{
    if (!worker->config.drain || !worker->registered || worker->wanted || worker->claim.arena ||
        worker->left.arena || engine_running(worker->engine) > 0) {
        return;
    }
    pending_query_open(&worker->left);
    queue_remaining(&worker->left.op, worker->left.arena, job_type_names());
    pending_query_begin(worker, &worker->left, left_done);
}

static void wake(void *context)
{
    worker_wake(context);
}

void worker_wake(struct worker *worker)
{
    worker->wanted = true;
}

void worker_stop(struct worker *worker)
{
    worker->stops++;
    worker->stop_at_ms = clock_mono_us() / 1000 + worker->config.grace_ms;
    if (worker->stops == 1 && engine_running(worker->engine) > 0) {
        log_say(LOG_INFO, "stopping: %d jobs may end within %u s; once more gives them back now",
                engine_running(worker->engine), worker->config.grace_ms / 1000);
    }
    if (worker->stops > 1) {
        engine_stop(worker->engine);
    }
}

static bool stop_is_due(struct worker *worker)
{
    if (worker->stops == 0) {
        return false;
    }
    if (engine_running(worker->engine) > 0 && clock_mono_us() / 1000 >= worker->stop_at_ms) {
        engine_stop(worker->engine);
    }
    return engine_running(worker->engine) == 0 && !worker->claim.arena;
}

int worker_running(const struct worker *worker)
{
    return engine_running(worker->engine);
}

const struct error *worker_unrecoverable(const struct worker *worker)
{
    return worker->trouble.kind != ERROR_NONE ? &worker->trouble
                                              : engine_unrecoverable(worker->engine);
}

/* Draining ends early when waiting cannot help. */
static bool drain_is_hopeless(struct worker *worker, struct error *err)
{
    const struct error *hopeless = worker_unrecoverable(worker);

    if (!hopeless || engine_running(worker->engine) > 0 ||
        (hopeless != &worker->trouble && !worker->config.drain)) {
        return false;
    }
    *err = *hopeless;
    return true;
}

/* -- the loop ------------------------------------------------------------------------------- */

/* An outage is waited out; who reads the log is to know of it. */
static void watch_database(struct worker *worker)
{
    bool there = !worker->config.sql || !worker->registered || sql_connected(worker->config.sql);
    int64_t now = clock_mono_us() / 1000;

    if (!there && worker->away_ms == 0) {
        worker->away_ms = now;
        log_event(LOG_WARNING, "the database is away; what runs goes on",
                  (struct log_field[]){
                      LOG_TEXT_FIELD("why", sql_trouble(worker->config.sql)->text),
                      LOG_NUMBER_FIELD("running", engine_running(worker->engine)) },
                  2);
    } else if (there && worker->away_ms > 0) {
        log_event(LOG_INFO, "the database is back",
                  (struct log_field[]){ LOG_NUMBER_FIELD("ms", now - worker->away_ms) }, 1);
        worker->away_ms = 0;
    }
}

static void tick(void *context)
{
    struct worker *worker = context;

    engine_tick(worker->engine);
    watch_database(worker);
    worker_register(worker);
    if (!engine_pause_reason(worker->engine)->kind) {
        return;
    }
    worker_complain(worker, engine_pause_reason(worker->engine));
    worker->wanted = true;
}

static void nothing(void *context)
{
    (void)context; /* that the loop wakes up is all */
}

struct worker *worker_new(const struct worker_config *config)
{
    struct worker *worker = calloc(1, sizeof *worker);
    struct engine_config engine = config->engine;

    if (!worker) {
        abort();
    }
    worker->config = *config;
    engine.places = engine.places < MOST_PLACES ? engine.places : MOST_PLACES;
    engine.watch =
        (struct engine_callbacks){ .step = job_step, .ended = job_ended, .context = worker };
    worker->engine = engine_new(&engine);
    worker->poll_timer = loop_timer_new(config->loop, wake, worker);
    worker->renew_timer = loop_timer_new(config->loop, worker_renew, worker);
    worker->tick_timer = loop_timer_new(config->loop, tick, worker);
    worker->due_timer = loop_timer_new(config->loop, nothing, worker);
    loop_timer_start(worker->poll_timer, config->poll_ms, config->poll_ms);
    loop_timer_start(worker->renew_timer, config->lease_ms / 3, config->lease_ms / 3);
    loop_timer_start(worker->tick_timer, 100, 100);
    if (config->sql) {
        sql_on_notify(config->sql, wake, worker);
    }
    return worker;
}

static void say_goodbye(struct worker *worker)
{
    struct pending_query *pending_query = &worker->hello;

    if (!worker->registered) {
        return;
    }
    while (pending_query->arena || worker->renew.arena || worker->left.arena) {
        loop_wait(worker->config.loop, TURN_MS);
    }
    pending_query_open(pending_query);
    queue_deregister(&pending_query->op, worker_own_name(worker));
    pending_query->op.timeout_ms = 5000;
    pending_query_begin(worker, pending_query, worker_register_done);
    while (pending_query->arena) {
        loop_wait(worker->config.loop, TURN_MS);
    }
}

static void wake_when_due(struct worker *worker)
{
    int64_t due_ms = engine_next_admission_ms(worker->engine);

    if (due_ms >= 0) {
        loop_timer_start(worker->due_timer, (uint64_t)due_ms, 0);
    }
}

bool worker_run(struct worker *worker, struct error *err)
{
    bool good = true;

    worker_register(worker);
    while (loop_wait(worker->config.loop, TURN_MS)) { /* sockets, timers, signals, pool */
        claim(worker);                                /* take what there is room for */
        engine_tick(worker->engine);                  /* lines that may move again */
        wake_when_due(worker);
        ask_what_is_left(worker);
        if (worker->drained || stop_is_due(worker)) {
            break;
        }
        if (drain_is_hopeless(worker, err)) {
            good = false;
            break;
        }
    }
    say_goodbye(worker);
    return good;
}

void worker_free(struct worker *worker)
{
    loop_timer_free(worker->poll_timer);
    loop_timer_free(worker->renew_timer);
    loop_timer_free(worker->tick_timer);
    loop_timer_free(worker->due_timer);
    if (worker->config.sql) {
        sql_on_notify(worker->config.sql, NULL, NULL);
    }
    engine_free(worker->engine);
    free(worker);
}
