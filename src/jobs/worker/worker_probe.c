/* worker_probe.c - probes stopped services, one worker at a time, and checks the store before
 * something is bought for it. Both are requests that cost nothing. */
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "jobs/worker/worker_services.h"

enum { PROBE_TIMEOUT_MS = 20 * 1000, PROBE_BYTES = 1 << 20, RETRY_MS = 1000, CHECK_RETRY_MS = 300 };

static int64_t now_ms(const struct worker *worker)
{
    struct performer *performer = worker->config.performer;

    return performer->now_ms(performer);
}

static const struct job_context *job_context_of(const struct worker *worker)
{
    return worker->config.engine.job_context;
}

/* -- requests ------------------------------------------------------------------------------------
 */

static const struct endpoint *endpoint_of(const struct worker *worker,
                                          const struct provider *provider)
{
    const struct job_context *job_context = job_context_of(worker);
    int i = 0;

    if (job_context->image.provider == provider) {
        return &job_context->image.endpoint;
    }
    if (job_context->aplus.provider == provider) {
        return &job_context->aplus.endpoint;
    }
    while (providers[i] && providers[i] != provider) {
        i++;
    }
    return providers[i] && job_context->endpoints ? &job_context->endpoints[i] : NULL;
}

/* Prepares the free request. Returns false if the service has none. */
static bool prepare(struct worker *worker, struct service_probe *probe, struct error *err)
{
    const struct job_context *job_context = job_context_of(worker);
    const struct service *service = probe->service;
    struct op *op = &probe->op;

    op_clear(op);
    err->kind = ERROR_NONE;
    if (service->kind == SERVICE_OF_STORE) {
        return job_context->store->check(&job_context->store_target, job_context->bucket,
                                         probe->query.arena, op, err);
    }
    if (!service->provider || !service->provider->preflight || !service->model ||
        !endpoint_of(worker, service->provider)) {
        return false;
    }
    service->provider->preflight(endpoint_of(worker, service->provider), service->model,
                                 probe->query.arena, op);
    op->kind = OP_HTTP;
    op->timeout_ms = PROBE_TIMEOUT_MS;
    op->http.method = "GET";
    op->http.max_response_bytes = PROBE_BYTES;
    return true;
}

static bool read_preflight(struct worker *worker, const struct service *service,
                           const struct op *op, struct error *err)
{
    const struct endpoint *at = endpoint_of(worker, service->provider);
    const struct http_response *response = &op->http_response;
    struct model_status status;

    if (response->status == 429 || response->status >= 500) {
        error_set(err,
                  response->status == 429 || response->status == 503 ? ERROR_BUSY : ERROR_REMOTE,
                  "%s answers with HTTP %d", service->provider->title, response->status);
        err->retry_ms = response->retry_after_ms;
        return false;
    }
    if (service->provider->read_preflight(at, service->model, op, clock_wall_ms(), &status, err)) {
        return true;
    }
    if (err->kind == ERROR_CONFIG && service->kind == SERVICE_OF_PROVIDER) {
        return true; /* about the model, which has a state of its own */
    }
    if (err->kind == ERROR_CONFIG) {
        err->cause = ERROR_CAUSE_MODEL_GONE;
    }
    return false;
}

static bool read_store_check(struct worker *worker, const struct op *op, struct error *err)
{
    const struct job_context *job_context = job_context_of(worker);
    const char *note = NULL;
    bool good = job_context->store->check_done(&job_context->store_target, job_context->bucket, op,
                                               &note, err);

    if (note && !worker->noted_store) {
        worker->noted_store = true;
        log_event(LOG_WARNING, note,
                  (struct log_field[]){ LOG_TEXT_FIELD("bucket", job_context->bucket) }, 1);
    }
    return good;
}

/* -- results -------------------------------------------------------------------------------------
 */

/* A stopped service whose free probe succeeded is tried with one job. Only a service that some job
 * type always needs can be tried like that; any other is used again at once. */
static void begin_trial(struct worker *worker, struct service *service)
{
    const char *const *names = job_type_names();
    int64_t now = now_ms(worker);

    for (int i = 0; names[i]; i++) {
        if (services_need(engine_services(worker->engine), job_context_of(worker),
                          job_type_find(names[i])->needs, service)) {
            service->trial_to_report = service->to_report = true;
            return;
        }
    }
    service_succeeded(service, now, now, 0);
}

static void probe_ended(struct worker *worker, struct service_probe *probe, const struct error *why)
{
    struct service *service = probe->service;
    bool was_stopped = service_stopped(&service->state);
    int64_t now = now_ms(worker);

    if (why && why->kind == ERROR_STOPPED) {
        service->probing = false;
    } else if (why) {
        struct error reason = *why;

        if (service_status_of(&reason) == SERVICE_HEALTHY) {
            reason.kind = ERROR_REMOTE; /* whatever it is, the service cannot be used */
        }
        service_failed(engine_services(worker->engine), service, &reason,
                       was_stopped ? now : probe->began_ms, now);
        service->next_check_ms = now + CHECK_RETRY_MS;
    } else {
        if (service->kind == SERVICE_OF_STORE) {
            service->verified_ms = now;
            service->check_wanted = false;
            /* The strikes stay: a bucket that exists may still reject every upload. */
        }
        if (was_stopped && service->probing) {
            begin_trial(worker, service);
        }
    }
    service->probing = false;
    worker->claim_wanted = true; /* of what waited for the result */
    op_clear(&probe->op);
    pending_query_close(&probe->query);
    probe->service = NULL;
}

static void request_done(struct op *op, void *context)
{
    struct service_probe *probe = context;
    struct worker *worker = probe->worker;
    struct error err = op->error;
    bool good;

    probe->requesting = false;
    good = err.kind == ERROR_NONE && (probe->service->kind == SERVICE_OF_STORE
                                          ? read_store_check(worker, op, &err)
                                          : read_preflight(worker, probe->service, op, &err));
    probe_ended(worker, probe, good ? NULL : &err);
}

/* The arena of the query holds the strings of the request. */
static void begin_request(struct worker *worker, struct service_probe *probe)
{
    struct performer *performer = worker->config.performer;
    struct error err;

    probe->began_ms = now_ms(worker);
    if (prepare(worker, probe, &err)) {
        probe->requesting = true;
        performer->begin(performer, &probe->op, request_done, probe);
    } else {
        probe_ended(worker, probe, err.kind == ERROR_NONE ? NULL : &err);
    }
}

/* -- one worker at a time ------------------------------------------------------------------------
 */

static void asked(struct op *op, void *context)
{
    struct service_probe *probe = context;
    struct worker *worker = probe->worker;
    struct service_row row;
    struct error err = op->error;
    bool won = false;

    if (err.kind != ERROR_NONE || !queue_service_probe_done(op, &won, &err)) {
        worker_statement_failed(worker, &err);
    } else {
        worker_statement_succeeded(worker);
    }
    if (won && !worker->stopped) {
        op_clear(&probe->query.op);
        probe->service->probing = true;
        begin_request(worker, probe);
        return;
    }
    if (err.kind == ERROR_NONE && queue_service_rows(op, probe->query.arena, &row, 1) == 1) {
        worker_service_learn(worker, &row); /* another worker probes it */
        worker_service_changed(worker, probe->service, -1);
    }
    pending_query_close(&probe->query);
    probe->service = NULL;
}

static void begin(struct worker *worker, struct service_probe *probe, struct service *service)
{
    int64_t now = now_ms(worker);

    if (service_stopped(&service->state)) {
        if (service->trial || service->to_report || service->reporting ||
            (now < service->state.next_probe_ms && !service->probe_early) || !worker->registered ||
            worker_backs_off(worker)) {
            return;
        }
        service->state.next_probe_ms = now + RETRY_MS; /* if the statement fails */
        probe->service = service;
        pending_query_open(&probe->query);
        queue_service_probe(&probe->query.op, worker_own_name(worker), service->key,
                            service->probe_early);
        service->probe_early = false;
        worker->config.performer->begin(worker->config.performer, &probe->query.op, asked, probe);
    } else if (service->kind == SERVICE_OF_STORE && service->check_wanted &&
               now >= service->next_check_ms) {
        probe->service = service;
        pending_query_open(&probe->query);
        begin_request(worker, probe);
    }
}

/* The store has a probe of its own, so that a provider that does not answer delays no check. */
void worker_probe_tick(struct worker *worker)
{
    struct services *services = engine_services(worker->engine);

    for (int i = 0; i < services->count && !worker->stopped; i++) {
        struct service *service = &services->rows[i];
        struct service_probe *probe = &worker->probes[service->kind == SERVICE_OF_STORE];

        probe->worker = worker;
        if (!probe->service) {
            begin(worker, probe, service);
        }
    }
}

void worker_probe_end(struct worker *worker)
{
    struct performer *performer = worker->config.performer;

    worker->stopped = true;
    for (size_t i = 0; i < sizeof worker->probes / sizeof *worker->probes; i++) {
        struct service_probe *probe = &worker->probes[i];

        if (probe->service && probe->requesting) {
            performer->cancel(performer, &probe->op);
        }
        while (probe->service) {
            loop_wait(worker->config.loop, 1000);
        }
    }
}
