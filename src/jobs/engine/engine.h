/* engine.h - moves jobs through their steps. One thread; nothing here blocks.
 *
 *   begin -> [replay -> line -> record] -> perform -> [spool] -> end -> next step
 *
 * The bracketed places are for paid steps. Each place waits for at most one op, so a job that dies
 * is between two ops, and running it again from its first step mends it. */
#ifndef JOBS_ENGINE_ENGINE_H
#define JOBS_ENGINE_ENGINE_H
#include "io/perform.h"
#include "jobs/engine/concurrency_limit.h"
#include "jobs/job.h"

enum job_end {
    JOB_COMPLETED,   /* done, and the database knows */
    JOB_RETRY_LATER, /* failed; pending again, later */
    JOB_FAILED,      /* failed for good; what was prepaid is refunded */
    JOB_LEASE_LOST,  /* another worker has it, or nobody: nothing was written */
    JOB_RETURNED,    /* the worker stops: to be given back */
    JOB_RESCHEDULED  /* for something that takes its time; pending again, later, and holds no place
                      */
};

struct engine_callbacks { /* told of what happens; any may be NULL */
    void (*step)(const struct job *job, const char *step, void *context);
    void (*ended)(const struct job *job, enum job_end ending, const struct error *why,
                  int64_t refunded, int64_t took_us, void *context);
    void *context;
};

struct engine_config {
    struct performer *performer;
    const struct job_context *job_context;
    int places;                 /* jobs at once */
    int max_calls_per_provider; /* ceiling of each provider's limit */
    uint32_t initial_pause_ms;  /* of a provider whose key was refused or whose account is empty */
    uint32_t deadline_ms;       /* of one job; 0 = 30 min */
    struct engine_callbacks watch;
};

struct engine;
struct engine *engine_new(const struct engine_config *config);
void engine_free(struct engine *engine); /* no job may be running */

int engine_running(const struct engine *engine);
int engine_free_slots(const struct engine *engine); /* free places; 0 while a provider is paused */
/* Why nothing is claimed; kind ERROR_NONE when no provider is paused. */
const struct error *engine_pause_reason(const struct engine *engine);
int64_t engine_pause_remaining_ms(const struct engine *engine); /* until a pause ends; 0: none */
/* The reason, where a provider was paused again and again: waiting longer helps nobody who waits
 * for an end. NULL otherwise. */
const struct error *engine_unrecoverable(const struct engine *engine);

/* Starts a claimed job. `arena` (claimed's texts live there) becomes the job's own. */
void engine_start(struct engine *engine, const struct claimed_job *claimed, struct arena *arena);

/* Fills at most `room` holders of running jobs, for renewal; returns how many. They point into
 * the jobs: good until the engine is next used. */
int engine_holders(const struct engine *engine, struct holder *out, int room);
void engine_lease_lost(struct engine *engine, const char *job_id, int64_t lease);

/* Ends every job early: JOB_RETURNED for each, as soon as its op has ended. */
void engine_stop(struct engine *engine);

/* Milliseconds until somebody in a line may go, whom only the clock keeps back; -1: nobody. */
int64_t engine_next_admission_ms(struct engine *engine);

/* Due work: lines that may move again, jobs past their deadline. Call now and then. */
void engine_tick(struct engine *engine);
#endif
