/* engine.h - takes jobs through their steps. One thread; no function here blocks.
 *
 * Each step goes through the phases of phase.h. At most one op of a job is in flight at a time, so
 * a job whose process dies has stopped between two ops, and processing it again from its first step
 * is safe. */
#ifndef JOBS_ENGINE_ENGINE_H
#define JOBS_ENGINE_ENGINE_H
#include "io/perform.h"
#include "jobs/job.h"

enum job_end {
    JOB_COMPLETED,   /* committed to the database */
    JOB_RETRY_LATER, /* this attempt failed; the job is pending again */
    JOB_FAILED,      /* failed finally; prepaid credits are refunded */
    JOB_LEASE_LOST,  /* another worker has it, or it was deleted: nothing was written */
    JOB_RETURNED,    /* the worker stops: the job goes back to the queue, no attempt spent */
    JOB_RESCHEDULED, /* waits for a remote batch: pending until later, and holds no slot */
    JOB_WAITS        /* a service has trouble: pending again, and no attempt is spent */
};

struct engine_callbacks { /* each may be NULL */
    void (*step_began)(const struct job *job, const char *step, void *context);
    /* `why` is set unless the job was completed or rescheduled. */
    void (*job_ended)(const struct job *job, enum job_end how, const struct error *why,
                      int64_t refunded_credits, int64_t duration_us, void *context);
    void *context;
};

struct engine_config {
    struct performer *performer;
    const struct job_context *job_context;
    int max_jobs;               /* processed at once */
    int max_calls_per_provider; /* in flight at once; lowered while the provider is busy */
    uint32_t initial_pause_ms;  /* of a service that rejects the key; others are in proportion */
    bool verifies_store;        /* the caller checks the store when services_gate requests it */
    uint32_t job_deadline_ms;   /* of one attempt of a job; 0: 30 minutes */
    struct engine_callbacks callbacks;
};

struct engine;
struct engine *engine_new(const struct engine_config *config);
void engine_free(struct engine *engine); /* no job may be running */

int engine_running(const struct engine *engine); /* jobs */
/* Returns how many jobs may be claimed. */
int engine_free_slots(const struct engine *engine);
/* Returns the services that the jobs depend on, for the worker, which shares and probes them. */
struct services *engine_services(struct engine *engine);

/* Starts a claimed job. Takes over `arena`, in which the strings of `claimed` are stored. */
void engine_start(struct engine *engine, const struct claimed_job *claimed, struct arena *arena);

/* Writes the leases of at most `capacity` running jobs, for renewal; returns how many. They point
 * into the jobs and are valid until the next call of the engine. */
int engine_holders(const struct engine *engine, struct holder *out, int capacity);
/* Writes the ids of at most `capacity` running jobs whose paid answer has been in the spool for a
 * second without a record in the database that says so; returns how many. Each is returned once. */
int engine_kept_answers(struct engine *engine, const char **out, int capacity);
void engine_lease_lost(struct engine *engine, const char *job_id, int64_t lease);

/* Ends every job early with JOB_RETURNED, each as soon as its op in flight has ended. */
void engine_stop(struct engine *engine);

/* Returns the milliseconds until a call that waits only for its model's rate limit may be sent; -1
 * if no call does. */
int64_t engine_next_admission_ms(struct engine *engine);

/* Publishes the calls in flight and waiting as metrics. */
void engine_sample_metrics(const struct engine *engine);

/* Serves the provider queues and fails jobs past their deadline. Call in each iteration of the
 * event loop. */
void engine_tick(struct engine *engine);
#endif
