/* worker_metrics.c - jobs, queue, services and database as metrics. */
#include "jobs/worker/worker_metrics.h"

#include <string.h>

#include "base/clock.h"
#include "io/postgres/sql.h"
#include "jobs/engine/call_metrics.h"
#include "queue/queue_depth.h"
#include "telemetry/metrics.h"
#include "telemetry/metrics_page.h"

/* Depth is read while Prometheus has read the page during the last five minutes: its interval is at
 * most two minutes, since older samples count as stale. */
enum {
    SAMPLE_MS = 1000,
    DEPTH_MS = 15 * 1000,
    READ_MS = 300 * 1000,
    DEPTH_ROWS = 40,
    WAIT_MS = 1000
};

static const char *const outcomes[] = {
    [JOB_COMPLETED] = "completed", [JOB_RETRY_LATER] = "retried", [JOB_FAILED] = "failed",
    [JOB_LEASE_LOST] = "lost",     [JOB_RETURNED] = "returned",   [JOB_RESCHEDULED] = "rescheduled",
    [JOB_WAITS] = "waits",
};
static const char *const statuses[] = { "pending", "processing" };

enum {
    OUTCOMES = sizeof outcomes / sizeof *outcomes,
    STATUSES = sizeof statuses / sizeof *statuses
};

static int64_t now_ms(void)
{
    return clock_mono_us() / 1000;
}

static void declare_endpoint(const struct model_endpoint *endpoint)
{
    if (endpoint->provider && endpoint->model) {
        call_metrics_declare(endpoint->provider->name, endpoint->model);
    }
}

void worker_metrics_declare(const struct worker *worker)
{
    const struct job_context *job_context = worker->config.engine.job_context;

    metric_set(METRIC_BUILD_INFO, METRIC_VALUES(DARKROOM_VERSION), 1);
    for (const char *const *type = job_type_names(); *type; type++) {
        for (int i = 0; i < OUTCOMES; i++) {
            metric_declare(METRIC_JOBS, METRIC_VALUES(*type, outcomes[i]));
        }
        metric_declare(METRIC_JOB_DURATION, METRIC_VALUES(*type));
        metric_declare(METRIC_JOB_QUEUE_WAIT, METRIC_VALUES(*type));
        metric_declare(METRIC_ANSWERS_REJECTED, METRIC_VALUES(*type));
    }
    declare_endpoint(&job_context->image);
    declare_endpoint(&job_context->features);
    declare_endpoint(&job_context->aplus);
    metric_declare(METRIC_SPOOL_WRITES, METRIC_VALUES("ok"));
    metric_declare(METRIC_SPOOL_WRITES, METRIC_VALUES("failed"));
}

/* Types that this program does not know share one value, since any text may be in the database. */
static const char *type_label(const char *type)
{
    return job_type_find(type) ? type : "unknown";
}

void worker_metrics_job_claimed(const struct claimed_job *job)
{
    if (job->attempt == 1) { /* clocks may differ: a negative wait counts as 0 */
        metric_observe(METRIC_JOB_QUEUE_WAIT, METRIC_VALUES(type_label(job->type)),
                       (clock_wall_ms() - job->created_ms) * 1000);
    }
}

void worker_metrics_job_ended(const struct job *job, enum job_end how, int64_t refunded_credits,
                              int64_t duration_us)
{
    const char *type = type_label(job->claimed.type);

    metric_add(METRIC_JOBS, METRIC_VALUES(type, outcomes[how]), 1);
    if (how == JOB_COMPLETED || how == JOB_FAILED || how == JOB_RETRY_LATER) {
        metric_observe(METRIC_JOB_DURATION, METRIC_VALUES(type), duration_us);
    }
    metric_add(METRIC_LEASE_LOST, NULL, how == JOB_LEASE_LOST);
    metric_add(METRIC_CREDITS_REFUNDED, NULL, refunded_credits);
}

void worker_metrics_database_works(void)
{
    metric_add(METRIC_DB_RECONNECTS, NULL, 1);
}

void worker_metrics_timer(struct worker *worker, uint32_t interval_ms)
{
    int64_t now_us = clock_mono_us();

    if (worker->timer_us > 0) {
        metric_observe(METRIC_LOOP_LAG, NULL,
                       now_us - worker->timer_us - (int64_t)interval_ms * 1000);
    }
    worker->timer_us = now_us;
}

static void sample(struct worker *worker)
{
    const struct services *services = engine_services(worker->engine);
    const struct sql *sql = worker->config.sql;

    metric_set(METRIC_JOBS_IN_FLIGHT, NULL, engine_running(worker->engine));
    metric_set(METRIC_JOB_SLOTS, NULL, worker->config.engine.max_jobs);
    metric_set(METRIC_DB_UP, NULL, (!sql || sql_connected(sql)) && worker->trouble_ms == 0);
    for (int i = 0; i < services->count; i++) {
        metric_set(METRIC_SERVICE_UP, METRIC_VALUES(services->rows[i].key),
                   !service_stopped(&services->rows[i].state));
    }
    engine_sample_metrics(worker->engine);
}

/* -- depth of the queue ------------------------------------------------------------------------ */

static int64_t count_of(const struct queue_depth *rows, int count, const char *status,
                        const char *type)
{
    for (int i = 0; i < count; i++) {
        if (strcmp(rows[i].status, status) == 0 && strcmp(rows[i].type, type) == 0) {
            return rows[i].count;
        }
    }
    return 0;
}

/* Trouble is not reported here: the statements that the worker needs find it too. */
static void depth_done(struct op *op, void *context)
{
    struct worker *worker = context;
    struct queue_depth *rows = arena_alloc(worker->depth.arena, DEPTH_ROWS * sizeof *rows);
    int64_t oldest_ms;
    struct error ignored;
    int count;

    if (op->error.kind == ERROR_NONE &&
        queue_depth_done(op, worker->depth.arena, rows, DEPTH_ROWS, &count, &oldest_ms, &ignored)) {
        for (int i = 0; i < STATUSES; i++) {
            for (const char *const *type = job_type_names(); *type; type++) {
                metric_set(METRIC_QUEUE_DEPTH, METRIC_VALUES(statuses[i], *type),
                           count_of(rows, count, statuses[i], *type));
            }
        }
        metric_set(METRIC_OLDEST_PENDING_AGE, NULL, oldest_ms > 0 ? oldest_ms * 1000 : 0);
    }
    pending_query_close(&worker->depth);
}

static bool is_read(void)
{
    int64_t read_us = metrics_read_us();

    return read_us > 0 && clock_mono_us() - read_us < (int64_t)READ_MS * 1000;
}

static void read_depth(struct worker *worker)
{
    int64_t now = now_ms();

    if (worker->depth.arena || !worker->registered || worker->stopped || !is_read() ||
        worker->trouble_ms != 0 || now < worker->next_depth_ms) {
        return;
    }
    worker->next_depth_ms = now + DEPTH_MS;
    pending_query_open(&worker->depth);
    queue_depth(&worker->depth.op);
    pending_query_begin(worker, &worker->depth, depth_done);
}

void worker_metrics_tick(struct worker *worker)
{
    int64_t now = now_ms();

    if (now >= worker->next_sample_ms) {
        worker->next_sample_ms = now + SAMPLE_MS;
        sample(worker);
        read_depth(worker);
    }
}

void worker_metrics_end(struct worker *worker)
{
    if (worker->depth.arena) {
        worker->config.performer->cancel(worker->config.performer, &worker->depth.op);
    }
    while (worker->depth.arena) {
        loop_wait(worker->config.loop, WAIT_MS);
    }
}
