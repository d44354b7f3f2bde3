/* worker_services.h - shares the states of services with other workers, probes stopped services,
 * and says which job types may be claimed. */
#ifndef JOBS_WORKER_WORKER_SERVICES_H
#define JOBS_WORKER_WORKER_SERVICES_H
#include "jobs/worker/worker_internal.h"

/* Reports changes. Call often. */
void worker_services_tick(struct worker *worker);
/* Reads the services from the reply of a renewal that was sent at sent_ms. */
void worker_services_read(struct worker *worker, const struct op *op, struct arena *arena,
                          int64_t sent_ms);
/* Waits until no report is in flight. */
void worker_services_end(struct worker *worker);

/* Writes the job types that may be claimed, ended by NULL; returns how many. *trial: the claim is
 * for one job that tries a stopped service again. */
int worker_claimable_types(struct worker *worker, const char **out, int capacity, bool *trial);
/* A claim for a trial has returned `job_id`, or NULL if there is no such job. */
void worker_trial_claimed(struct worker *worker, const char *job_id);
/* A job has ended: if it was the trial, the next one may begin. */
void worker_trial_ended(struct worker *worker, const char *job_id);

/* Logs each service that is not healthy. */
void worker_log_services(const struct worker *worker);

/* worker_probe.c: begins the probes and checks that are due. Call often. */
void worker_probe_tick(struct worker *worker);
/* Ends those in flight; none begins any more. */
void worker_probe_end(struct worker *worker);

/* worker_models.c: reads the providers' lists of models. Call often. */
void worker_models_tick(struct worker *worker);
void worker_models_end(struct worker *worker);
/* The provider does not offer a model any more, or offers it again. */
void worker_model_retired(struct worker *worker, struct service *service);
void worker_model_returned(struct worker *worker, struct service *service);

/* For worker_probe.c: logs a change of the state, and takes over what the database says. */
void worker_service_changed(struct worker *worker, struct service *service, int64_t waited);
void worker_service_learn(struct worker *worker, const struct service_row *row);
#endif
