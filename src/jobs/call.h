/* call.h - one paid call: from an order to the op, and from the answer to the record. */
#ifndef JOBS_CALL_H
#define JOBS_CALL_H
#include "jobs/job.h"

/* Fills job->op and job->call. A model past its shutdown date is named before anything is sent. */
bool call_begin(struct job *job, const struct caller *caller, struct order *order,
                struct error *err) MUST_CHECK;

/* Reads job->op; notes outcome, usage and cost in job->attempt. */
enum reading call_read(struct job *job, const struct order *order, struct result *out,
                       struct error *err) MUST_CHECK;

/* A check turned the answer down: says so in the record. */
void call_turned_down(struct job *job, const struct error *why);
#endif
