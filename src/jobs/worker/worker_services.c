/* worker_services.c - the states of services: reports to the database, what other workers report,
 * the log, and what they mean for claims. */
#include "jobs/worker/worker_services.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "jobs/job.h"

enum { TRIAL_MS = 5 * 60 * 1000, MOST_TYPES = 16, MOST_MODELS = 64 };

static int64_t now_ms(const struct worker *worker)
{
    struct performer *performer = worker->config.performer;

    return performer->now_ms(performer);
}

static const struct job_context *job_context_of(const struct worker *worker)
{
    return worker->config.engine.job_context;
}

/* -- log --------------------------------------------------------------------------------------- */

static void log_recovery(struct service *service, int64_t now, int64_t waited)
{
    struct log_field fields[4];
    int count = 0;

    fields[count++] = LOG_TEXT_FIELD("service", service->key);
    fields[count++] = LOG_TEXT_FIELD("was", service_rule(service->logged)->name);
    fields[count++] =
        LOG_NUMBER_FIELD("seconds", (double)((now - service->trouble_ms + 500) / 1000));
    if (waited >= 0) {
        fields[count++] = LOG_NUMBER_FIELD("jobs_waited", waited);
    }
    log_event(LOG_INFO, "the service works again", fields, count);
}

static void log_trouble(const struct service *service, enum service_status before, int64_t now)
{
    const struct service_state *state = &service->state;
    const struct service_rule *rule = service_rule(state->status);
    int64_t wait_ms = state->next_probe_ms > now ? state->next_probe_ms - now : 0;
    struct log_field fields[6];
    int count = 0;

    fields[count++] = LOG_TEXT_FIELD("service", service->key);
    fields[count++] = LOG_TEXT_FIELD("from", service_rule(before)->name);
    fields[count++] = LOG_TEXT_FIELD("to", rule->name);
    fields[count++] = LOG_TEXT_FIELD("reason", state->reason.text);
    if (rule->stops) {
        fields[count++] = LOG_NUMBER_FIELD("probe_in_s", (double)((wait_ms + 999) / 1000));
    }
    fields[count++] =
        LOG_TEXT_FIELD("what_to_do", state->reason.hint[0] ? state->reason.hint : rule->what_to_do);
    log_event(LOG_WARNING,
              rule->stops ? "a service has trouble; its jobs wait and spend no attempts"
                          : "a service has trouble",
              fields, count);
}

void worker_service_changed(struct worker *worker, struct service *service, int64_t waited)
{
    enum service_status status = service->state.status, before = service->logged;
    int64_t now = now_ms(worker);

    worker->claim_wanted = true;
    if (status == before) {
        return;
    }
    if (status == SERVICE_RETIRED) {
        worker_model_retired(worker, service);
    }
    if (status == SERVICE_HEALTHY) {
        worker_model_returned(worker, service);
        log_recovery(service, now, waited);
    } else {
        if (before == SERVICE_HEALTHY) {
            service->trouble_ms = service->state.since_ms;
        }
        log_trouble(service, before, now);
    }
    service->logged = status;
}

void worker_log_services(const struct worker *worker)
{
    const struct services *services = engine_services(worker->engine);

    for (int i = 0; i < services->count; i++) {
        const struct service *service = &services->rows[i];

        if (service->state.status != SERVICE_HEALTHY) {
            log_event(LOG_INFO, "status of a service",
                      (struct log_field[]){
                          LOG_TEXT_FIELD("service", service->key),
                          LOG_TEXT_FIELD("state", service_rule(service->state.status)->name),
                          LOG_TEXT_FIELD("reason", service->state.reason.text),
                          LOG_NUMBER_FIELD("failed_probes", service->state.failures),
                          LOG_TEXT_FIELD("trial", service->trial ? "one job" : "") },
                      5);
        }
    }
}

/* -- what other workers report -------------------------------------------------------------------
 */

/* The kind of error that leads to a state, for jobs that cannot use the service now. */
static enum error_kind kind_of(enum service_status status)
{
    static const enum error_kind kinds[SERVICE_STATUSES] = {
        [SERVICE_HEALTHY] = ERROR_NONE,        [SERVICE_SLOW] = ERROR_NETWORK,
        [SERVICE_RATE_LIMITED] = ERROR_BUSY,   [SERVICE_FAILING] = ERROR_REMOTE,
        [SERVICE_UNREACHABLE] = ERROR_NETWORK, [SERVICE_KEY_REJECTED] = ERROR_KEY,
        [SERVICE_OUT_OF_CREDIT] = ERROR_QUOTA, [SERVICE_MISCONFIGURED] = ERROR_CONFIG,
        [SERVICE_UNREADABLE] = ERROR_FORMAT,   [SERVICE_RETIRED] = ERROR_CONFIG,
    };

    return kinds[status];
}

void worker_service_learn(struct worker *worker, const struct service_row *row)
{
    struct service *service = services_find(engine_services(worker->engine), row->key);
    enum service_status status = service_status_find(row->state);
    int64_t now = now_ms(worker);
    struct service_state *state;

    if (!service || status == SERVICE_STATUSES) {
        return;
    }
    state = &service->state;
    if (status == SERVICE_HEALTHY) {
        if (state->status != SERVICE_HEALTHY) {
            *state = (struct service_state){ .since_ms = now, .worked = true };
        }
        service->trial = false;
        return;
    }
    if (state->status != status) {
        state->strikes = state->slow_calls = 0;
        service->found_here = false;
    }
    state->status = status;
    error_set(&state->reason, kind_of(status), "%s", row->reason);
    error_hint(&state->reason, "%s", row->hint);
    state->failures = row->failures;
    state->since_ms = now - row->age_ms;
    state->next_probe_ms = now + row->probe_ms;
    if (row->trial && !service->trial) {
        service->trial_until_ms = now + TRIAL_MS;
        worker->trial_wanted = true;
    }
    service->trial = row->trial;
}

void worker_services_read(struct worker *worker, const struct op *op, struct arena *arena,
                          int64_t sent_ms)
{
    struct services *services = engine_services(worker->engine);
    struct service_row rows[MAX_SERVICES * 2];
    int count = queue_service_rows(op, arena, rows, MAX_SERVICES * 2);

    for (int i = 0; i < services->count && count >= 0; i++) {
        struct service *service = &services->rows[i];
        struct service_row healthy = { .key = service->key, .state = "healthy" };
        const struct service_row *row = &healthy;

        if (service->to_report || service->reporting || sent_ms <= service->reported_ms) {
            continue; /* the reply may not contain what this worker knows */
        }
        for (int k = 0; k < count; k++) {
            row = strcmp(rows[k].key, service->key) == 0 ? &rows[k] : row;
        }
        if (row != &healthy || service->state.status != SERVICE_HEALTHY) {
            enum service_status before = service->state.status;

            worker_service_learn(worker, row);
            service->probe_early = !service->met && service_stopped(&service->state);
            if (before != service->state.status) {
                worker_service_changed(worker, service, -1);
            }
        }
        service->met = true;
    }
}

/* -- reports -------------------------------------------------------------------------------------
 */

/* Writes the types of job that need the service, ended by NULL. */
static void types_needing(struct worker *worker, const struct service *service,
                          const char *out[MOST_TYPES])
{
    const char *const *names = job_type_names();
    int count = 0;

    for (int i = 0; names[i] && count < MOST_TYPES - 1; i++) {
        if (services_need(engine_services(worker->engine), job_context_of(worker),
                          job_type_find(names[i])->needs, service)) {
            out[count++] = names[i];
        }
    }
    out[count] = NULL;
}

/* Writes the models that cannot be called while the service is stopped, ended by NULL. */
static void models_of(const struct worker *worker, const struct service *service,
                      const char *out[MOST_MODELS])
{
    const struct catalog *catalog = job_context_of(worker)->catalog;
    const struct model *model;
    int count = 0;

    if (service->kind == SERVICE_OF_MODEL) {
        out[count++] = service->model->id;
    }
    for (int i = 0; service->kind == SERVICE_OF_PROVIDER && catalog &&
                    (model = catalog_at(catalog, i)) && count < MOST_MODELS - 1;
         i++) {
        if (strcmp(model->provider, service->provider->name) == 0) {
            out[count++] = model->id;
        }
    }
    out[count] = NULL;
}

static void report_done(struct op *op, void *context)
{
    struct worker *worker = context;
    struct service *service = worker->reported;
    struct service_row row;
    struct error err = op->error;
    bool recovered;
    int64_t waited;

    service->reporting = false;
    if (err.kind != ERROR_NONE || !queue_service_report_done(op, &recovered, &waited, &err)) {
        service->to_report = true;
        worker_statement_failed(worker, &err);
    } else {
        worker_statement_succeeded(worker);
        service->reported_ms = now_ms(worker);
        if (!service->to_report &&
            queue_service_rows(op, worker->service_report.arena, &row, 1) == 1) {
            worker_service_learn(worker, &row);
        }
        worker_service_changed(worker, service, recovered ? waited : -1);
    }
    pending_query_close(&worker->service_report);
}

static void begin_report(struct worker *worker, struct service *service)
{
    struct pending_query *query = &worker->service_report;
    const struct service_state *state = &service->state;
    const char *types[MOST_TYPES], *models[MOST_MODELS];
    struct service_report report = {
        .key = service->key,
        .trial = service->trial_to_report,
        .state = service_rule(state->status)->name,
        .reason = state->reason.text,
        .hint = state->reason.hint,
        .checked = service->kind == SERVICE_OF_STORE && service->found_here,
        .backoff_ms = state->last_backoff_ms,
        .models = models,
        .types = types,
    };

    types_needing(worker, service, types);
    models_of(worker, service, models);
    service->to_report = service->trial_to_report = false;
    service->reporting = true;
    worker->reported = service;
    pending_query_open(query);
    queue_service_report(&query->op, query->arena, worker_own_name(worker), &report);
    pending_query_begin(worker, query, report_done);
}

void worker_services_tick(struct worker *worker)
{
    struct services *services = engine_services(worker->engine);

    for (int i = 0; i < services->count; i++) {
        struct service *service = &services->rows[i];

        if (service->trial && now_ms(worker) > service->trial_until_ms) {
            service->trial = false;
        }
        if (service->to_report && !worker->service_report.arena && worker->registered &&
            !worker->stopped && !worker_backs_off(worker)) {
            begin_report(worker, service);
        }
    }
}

void worker_services_end(struct worker *worker)
{
    while (worker->service_report.arena) {
        loop_wait(worker->config.loop, 1000);
    }
}

/* -- claims --------------------------------------------------------------------------------------
 */

int worker_claimable_types(struct worker *worker, const char **out, int capacity, bool *trial)
{
    struct services *services = engine_services(worker->engine);
    const char *const *names = job_type_names();
    const char *trial_types[MOST_TYPES];
    int count = 0, trials = 0;

    for (int i = 0; names[i] && count < capacity - 1 && trials < MOST_TYPES - 1; i++) {
        bool on_trial;

        if (services_blocking(services, job_context_of(worker), job_type_find(names[i])->needs,
                              &on_trial)) {
            continue;
        }
        if (on_trial) {
            trial_types[trials++] = names[i];
        }
        if (!on_trial || (job_type_find(names[i])->needs & NEEDS_OWN_MODEL)) {
            out[count++] = names[i]; /* jobs of batches with other models */
        }
    }
    *trial = trials > 0 && worker->trial_wanted && services->trial_job[0] == '\0';
    if (*trial) {
        memcpy(out, trial_types, (size_t)trials * sizeof *out);
        count = trials;
    }
    out[count] = NULL;
    return count;
}

void worker_trial_claimed(struct worker *worker, const char *job_id)
{
    struct services *services = engine_services(worker->engine);
    int64_t now = now_ms(worker);

    worker->trial_wanted = false;
    worker->claim_wanted = true; /* for the jobs of other types */
    if (job_id) {
        snprintf(services->trial_job, sizeof services->trial_job, "%s", job_id);
        return;
    }
    for (int i = 0; i < services->count; i++) { /* no job needs them, so nothing can be lost */
        if (services->rows[i].trial) {
            service_succeeded(&services->rows[i], now, now, 0);
        }
    }
}

void worker_trial_ended(struct worker *worker, const char *job_id)
{
    struct services *services = engine_services(worker->engine);

    if (strcmp(services->trial_job, job_id) == 0) {
        services->trial_job[0] = '\0';
        worker->trial_wanted = true;
    }
}
