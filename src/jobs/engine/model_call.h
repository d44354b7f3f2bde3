/* model_call.h - one paid call: from an order to the op, and from the answer to the record. */
#ifndef JOBS_ENGINE_MODEL_CALL_H
#define JOBS_ENGINE_MODEL_CALL_H
#include <cjson/cJSON.h>

#include "jobs/job.h"

/* The image caller, for another model than the worker's own ("": its own). ERROR_CONFIG where the
 * catalog does not know it, or this worker has no key for its provider. */
bool model_endpoint_for(const struct job_context *job_context, const char *model,
                        struct model_endpoint *out, struct error *err) MUST_CHECK;

/* Fills job->op and job->call. A model past its shutdown date is named before anything is sent. */
bool model_call_begin(struct job *job, const struct model_endpoint *caller,
                      struct model_request *order, struct error *err) MUST_CHECK;

/* The record of a call: prompt, size, quality, and the most that it may cost. The caller deletes
 * it.
 */
cJSON *model_call_record(const struct model_request *order);
const char *model_call_usage(const struct usage *usage, struct arena *arena); /* JSON */

/* For the `end` of a paid step: reads job->op, notes outcome, usage and cost in job->attempt.
 * TRANSITION_NEXT: *out is there. A text that was cut off is asked for again, `rounds` times in
 * all. */
enum transition model_call_read(struct job *job, const struct model_request *order, int rounds,
                                struct model_result *out, struct error *err);

/* A check turned the answer down: says so in the record. TRANSITION_NEW_CALL while rounds are left.
 */
enum transition model_call_rejected(struct job *job, int rounds, const struct error *why);
#endif
