/* job_log.h - the log messages about jobs. On the loop's thread only. */
#ifndef JOBS_ENGINE_JOB_LOG_H
#define JOBS_ENGINE_JOB_LOG_H
#include "jobs/engine/engine.h"

/* At level debug. */
void log_job_step(const struct job *job, const char *step);

/* One message with everything about the job: project, step, provider, model, request id, duration,
 * cost, and why it failed. */
void log_job_end(const struct job *job, enum job_end how, const struct error *why,
                 int64_t refunded_credits, int64_t duration_us);
/* The database does not execute the job's current step, which is repeated until it does. */
void log_job_waits(const struct job *job, const struct error *why);
#endif
