/* services.h - the services that the jobs of this process depend on, and their states.
 *
 * The engine reports the result of each call here and asks before each purchase. The worker shares
 * the states with other workers through the database (jobs/worker/worker_services.c) and probes
 * stopped services. After a good probe one job, the trial, may use the service; its success makes
 * the service healthy. */
#ifndef JOBS_ENGINE_SERVICES_H
#define JOBS_ENGINE_SERVICES_H
#include "jobs/engine/service_state.h"
#include "jobs/job.h"

enum { MAX_SERVICES = 32 };

enum service_kind {
    SERVICE_OF_PROVIDER,
    SERVICE_OF_MODEL,
    SERVICE_OF_STORE,
    SERVICE_OF_TABLES /* the application's tables, whose rules may reject results */
};

struct service {
    char key[140]; /* "provider/openai", "model/openai/gpt-image-2.6", "store/supabase/bucket",
                      "database/tables" */
    enum service_kind kind;
    const struct provider *provider; /* of a provider or model */
    const struct model *model;       /* for free probes; may be NULL for a provider */
    struct service_state state;
    enum service_status logged; /* the state that the last log line about it names */
    int64_t trouble_ms;         /* since when it is not healthy, as logged */
    bool to_report;             /* the database does not know the last change */
    bool trial_to_report;       /* the change is that the free probe succeeded */
    bool reporting;             /* a report is in flight */
    int64_t reported_ms;        /* when a report was answered last */
    bool found_here;            /* this worker has found the state itself */
    bool met;                   /* this worker has read its state from the database */
    bool probe_early; /* this worker has just started, maybe with a new key: it need not wait */
    bool probing;     /* a free probe of this worker is in flight */
    bool trial;       /* this worker may use it for one job, although it is stopped */
    int64_t trial_until_ms;
    int64_t verified_ms; /* store: when a check or a put succeeded last; 0: never */
    bool check_wanted;   /* store: it must be checked before the next purchase */
    int64_t next_check_ms;
    bool replaced;   /* model: its successor is used, because the provider does not offer it */
    int unexplained; /* model: requests in a row that it rejected for a reason that is not known */
    const char *shutdown_before; /* its shutdown date in the catalog until then */
};

struct services {
    struct service rows[MAX_SERVICES];
    int count;
    uint32_t pause_ms;
    uint32_t random;
    bool verifies_store; /* the worker performs the checks of the store: see services_gate */
    char trial_job[37];  /* the job that uses the services on trial; "": none */
};

enum gate {
    GATE_OPEN,
    GATE_WAIT,  /* until the store has been checked */
    GATE_CLOSED /* the service is stopped */
};

/* Prepares the services of the worker's own models and of its store. */
void services_init(struct services *services, const struct job_context *job_context,
                   uint32_t pause_ms);

/* Each returns NULL for a local provider, or if there are too many services: then the service has
 * no state and is used as if it were healthy. */
struct service *services_of_provider(struct services *services, const struct provider *provider,
                                     const struct model *model);
struct service *services_of_model(struct services *services, const struct provider *provider,
                                  const struct model *model);
struct service *services_of_store(struct services *services, const struct job_context *job_context);
struct service *services_of_tables(struct services *services);
struct service *services_find(struct services *services, const char *key);

/* Returns whether the job may use the service now. The store counts as unknown if nothing was
 * stored or checked for a minute: then a check is requested. */
enum gate services_gate(struct services *services, struct service *service, const char *job_id,
                        int64_t now_ms);

void service_failed(struct services *services, struct service *service, const struct error *why,
                    int64_t began_ms, int64_t now_ms);
void service_succeeded(struct service *service, int64_t began_ms, int64_t now_ms,
                       uint32_t limit_ms);

/* Returns a service that a job type needs with the worker's own models and that is stopped, or was
 * not checked yet; NULL if there is none. needs: enum job_needs. A service on trial does not count
 * as stopped; *on_trial is set. */
struct service *services_blocking(struct services *services, const struct job_context *job_context,
                                  unsigned needs, bool *on_trial);

/* True if a job type needs the service with the worker's own models. */
bool services_need(struct services *services, const struct job_context *job_context, unsigned needs,
                   const struct service *service);
/* Returns the reason if a service is stopped that an operator must correct, and that two probes, or
 * the first check, have found in this state; else NULL. */
const struct error *services_unrecoverable(const struct services *services);
/* Returns the first stopped service; NULL if all may be used. */
const struct service *services_first_stopped(const struct services *services);
#endif
