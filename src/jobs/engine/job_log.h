/* job_log.h - what the log says of a job. Loop thread only. */
#ifndef JOBS_ENGINE_JOB_LOG_H
#define JOBS_ENGINE_JOB_LOG_H
#include "jobs/engine/engine.h"

void log_job_step(const struct job *job, const char *step);

/* The one line that tells a job's whole story: job, project, step, provider, model, request id,
 * time, cost, and why it failed. */
void log_job_end(const struct job *job, enum job_end ending, const struct error *why,
                 int64_t refunded, int64_t took_us);
#endif
