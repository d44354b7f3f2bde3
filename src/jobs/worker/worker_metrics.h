/* worker_metrics.h - what the worker counts, and the state that it publishes as metrics. */
#ifndef JOBS_WORKER_WORKER_METRICS_H
#define JOBS_WORKER_WORKER_METRICS_H
#include "jobs/worker/worker_internal.h"

/* Creates the series of job types and of the worker's models, with the value 0. */
void worker_metrics_declare(const struct worker *worker);

void worker_metrics_job_claimed(const struct claimed_job *job);
void worker_metrics_job_ended(const struct job *job, enum job_end how, int64_t refunded_credits,
                              int64_t duration_us);
void worker_metrics_database_works(void); /* again, after trouble */

/* A timer that repeats every interval_ms has fired: counts how late it is. */
void worker_metrics_timer(struct worker *worker, uint32_t interval_ms);
/* Publishes the state of worker, services and database once a second; while the page of metrics is
 * read, also the depth of the queue. Call often. */
void worker_metrics_tick(struct worker *worker);
void worker_metrics_end(struct worker *worker); /* waits until no statement of it is in flight */
#endif
