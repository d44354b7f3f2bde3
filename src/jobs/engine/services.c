/* services.c - the services of this process, and what their states allow. */
#include "jobs/engine/services.h"
#include "jobs/engine/model_call.h"

#include <stdio.h>
#include <string.h>

/* How long a stored object or a check shows that the store accepts files. */
enum { STORE_VERIFIED_MS = 60 * 1000, UNRECOVERABLE_FAILURES = 2 };

struct service *services_find(struct services *services, const char *key)
{
    for (int i = 0; i < services->count; i++) {
        if (strcmp(services->rows[i].key, key) == 0) {
            return &services->rows[i];
        }
    }
    return NULL;
}

/* Returns the service with this key; adds it if it is new. NULL if there are too many. */
static struct service *service_with(struct services *services, const char *key,
                                    const struct service *like)
{
    struct service *service = services_find(services, key);

    if (service || services->count == MAX_SERVICES) {
        return service;
    }
    service = &services->rows[services->count++];
    *service = *like;
    snprintf(service->key, sizeof service->key, "%s", key);
    return service;
}

struct service *services_of_provider(struct services *services, const struct provider *provider,
                                     const struct model *model)
{
    struct service like = { .kind = SERVICE_OF_PROVIDER, .provider = provider, .model = model };
    char key[sizeof like.key];

    if (!provider || provider->local) {
        return NULL;
    }
    snprintf(key, sizeof key, "provider/%s", provider->name);
    return service_with(services, key, &like);
}

struct service *services_of_model(struct services *services, const struct provider *provider,
                                  const struct model *model)
{
    struct service like = { .kind = SERVICE_OF_MODEL, .provider = provider, .model = model };
    char key[sizeof like.key];

    if (!provider || provider->local || !model) {
        return NULL;
    }
    snprintf(key, sizeof key, "model/%s/%.100s", provider->name, model->id);
    return service_with(services, key, &like);
}

struct service *services_of_store(struct services *services, const struct job_context *job_context)
{
    struct service like = { .kind = SERVICE_OF_STORE };
    char key[sizeof like.key];

    if (!job_context->store || !job_context->bucket) {
        return NULL;
    }
    snprintf(key, sizeof key, "store/%s/%.60s", job_context->store->name, job_context->bucket);
    return service_with(services, key, &like);
}

struct service *services_of_tables(struct services *services)
{
    return service_with(services, "database/tables",
                        &(struct service){ .kind = SERVICE_OF_TABLES });
}

void services_init(struct services *services, const struct job_context *job_context,
                   uint32_t pause_ms)
{
    const struct model_endpoint *endpoints[] = { &job_context->image, &job_context->features,
                                                 &job_context->aplus };

    *services = (struct services){ .pause_ms = pause_ms };
    for (size_t i = 0; i < sizeof endpoints / sizeof *endpoints; i++) {
        services_of_provider(services, endpoints[i]->provider, endpoints[i]->model);
        services_of_model(services, endpoints[i]->provider, endpoints[i]->model);
    }
    services_of_store(services, job_context);
    services_of_tables(services);
}

enum gate services_gate(struct services *services, struct service *service, const char *job_id,
                        int64_t now_ms)
{
    if (!service) {
        return GATE_OPEN;
    }
    if (service_stopped(&service->state)) {
        return service->trial && strcmp(services->trial_job, job_id) == 0 ? GATE_OPEN : GATE_CLOSED;
    }
    if (service->kind != SERVICE_OF_STORE || !services->verifies_store) {
        return GATE_OPEN;
    }
    if (service->verified_ms == 0 || now_ms - service->verified_ms > STORE_VERIFIED_MS) {
        service->check_wanted = true;
    }
    return service->check_wanted ? GATE_WAIT : GATE_OPEN;
}

void service_failed(struct services *services, struct service *service, const struct error *why,
                    int64_t began_ms, int64_t now_ms)
{
    struct service_timing timing = { .pause_ms = services->pause_ms, .random = services->random };

    if (!service || (service_stopped(&service->state) && !service->probing && !service->trial)) {
        return;
    }
    services->random =
        services->random * 1664525u + 1013904223u; /* Numerical Recipes: for jitter */
    timing.random = services->random >> 8;
    if (service->kind == SERVICE_OF_STORE && service_status_of(why) != SERVICE_HEALTHY) {
        service->check_wanted = true;
    }
    if (!service_state_fail(&service->state, why, began_ms, now_ms, &timing)) {
        return;
    }
    service->to_report = service->found_here = true;
    /* The trial costs nothing, and one bad row must not hold back others for long. */
    if (service->kind == SERVICE_OF_TABLES && service_stopped(&service->state) &&
        service->state.last_backoff_ms > services->pause_ms) {
        service->state.last_backoff_ms = services->pause_ms;
        service->state.next_probe_ms = now_ms + services->pause_ms;
    }
}

void service_succeeded(struct service *service, int64_t began_ms, int64_t now_ms, uint32_t limit_ms)
{
    if (!service) {
        return;
    }
    if (service_state_succeed(&service->state, began_ms, now_ms, limit_ms)) {
        service->to_report = true;
        service->trial = service->trial && service_stopped(&service->state);
    }
    service->verified_ms = now_ms;
}

enum { MOST_NEEDED = 8 };

/* Writes the services that a job type needs; entries may be NULL. Returns how many. */
static int needed_by(struct services *services, const struct job_context *job_context,
                     unsigned needs, struct service *out[MOST_NEEDED])
{
    const struct model_endpoint *endpoints[] = { &job_context->image, &job_context->features,
                                                 &job_context->aplus };
    int count = 0;

    for (unsigned i = 0; i < sizeof endpoints / sizeof *endpoints; i++) {
        if (needs & ((unsigned)NEEDS_IMAGE_MODEL << i)) {
            const struct model *model = model_in_use(job_context, endpoints[i]->model);

            out[count++] = services_of_provider(services, endpoints[i]->provider, model);
            out[count++] = services_of_model(services, endpoints[i]->provider, model);
        }
    }
    if (needs & NEEDS_STORE) {
        out[count++] = services_of_store(services, job_context);
    }
    out[count++] = services_of_tables(services);
    return count;
}

/* True for a provider or model that a batch may have chosen. */
static bool makes_images(const struct service *service)
{
    return service->model && (service->model->tasks & (TASK_IMAGE | TASK_EDIT));
}

struct service *services_blocking(struct services *services, const struct job_context *job_context,
                                  unsigned needs, bool *on_trial)
{
    struct service *needed[MOST_NEEDED], *blocking = NULL;
    int count = needed_by(services, job_context, needs, needed);

    *on_trial = false;
    for (int i = 0; i < count; i++) {
        if (needed[i] && needed[i]->kind == SERVICE_OF_STORE && services->verifies_store &&
            needed[i]->verified_ms == 0 && !service_stopped(&needed[i]->state)) {
            return needed[i]; /* not checked since the start */
        }
        if (needed[i] && service_stopped(&needed[i]->state)) {
            *on_trial = *on_trial || needed[i]->trial;
            blocking = needed[i]->trial ? blocking : needed[i];
        }
    }
    for (int i = 0; i < services->count && (needs & NEEDS_OWN_MODEL); i++) {
        *on_trial = *on_trial || (services->rows[i].trial && makes_images(&services->rows[i]));
    }
    return blocking;
}

bool services_need(struct services *services, const struct job_context *job_context, unsigned needs,
                   const struct service *service)
{
    struct service *needed[MOST_NEEDED];
    int count = needed_by(services, job_context, needs, needed);

    for (int i = 0; i < count; i++) {
        if (needed[i] == service) {
            return true;
        }
    }
    return (needs & NEEDS_OWN_MODEL) && makes_images(service);
}

const struct error *services_unrecoverable(const struct services *services)
{
    for (int i = 0; i < services->count; i++) {
        const struct service *service = &services->rows[i];
        const struct service_rule *rule = service_rule(service->state.status);
        bool never_worked = service->kind == SERVICE_OF_STORE && service->verified_ms == 0;

        if (rule->needs_operator && service->found_here &&
            (service->state.failures >= UNRECOVERABLE_FAILURES || never_worked ||
             service->state.status == SERVICE_UNREADABLE)) {
            return &service->state.reason;
        }
    }
    return NULL;
}

const struct service *services_first_stopped(const struct services *services)
{
    for (int i = 0; i < services->count; i++) {
        if (service_stopped(&services->rows[i].state)) {
            return &services->rows[i];
        }
    }
    return NULL;
}
