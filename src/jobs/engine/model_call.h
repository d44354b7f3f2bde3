/* model_call.h - one paid call: from a model_request to an op, and from the answer to its record.
 */
#ifndef JOBS_ENGINE_MODEL_CALL_H
#define JOBS_ENGINE_MODEL_CALL_H
#include <cjson/cJSON.h>

#include "jobs/job.h"

/* Returns the model, or with --replace-retired the successor of a model that was shut down. */
const struct model *model_in_use(const struct job_context *job_context, const struct model *model);

/* Finds the endpoint for an image model by its id; "" means the worker's own image model. Fails
 * with ERROR_CONFIG if the catalog does not have the model, or if a setting of its provider is
 * missing: the message names model and provider, the hint names the setting. */
bool model_endpoint_for(const struct job_context *job_context, const char *model,
                        struct model_endpoint *out, struct error *err) MUST_CHECK;

/* Prepares job->op and job->call. Fails before anything is sent if the model's shutdown date has
 * passed. */
bool model_call_begin(struct job *job, const struct model_endpoint *endpoint,
                      struct model_request *request, struct error *err) MUST_CHECK;

/* Returns the record of a call: prompt, size, quality, and its highest possible cost. The caller
 * deletes it. */
cJSON *model_call_record(const struct model_request *request);
/* Returns the token counts as JSON, allocated from the arena. */
const char *model_call_usage(const struct usage *usage, struct arena *arena);

/* For the `end` of a paid step: reads job->op, and notes outcome, usage and cost in job->attempt.
 * Returns TRANSITION_NEXT if *out is set; TRANSITION_NEW_CALL if the answer is unusable (a text
 * that was cut off, for example) and fewer than `max_calls` were made. */
enum transition model_call_read(struct job *job, const struct model_request *request, int max_calls,
                                struct model_result *out, struct error *err);
/* The same for a text: *out is allocated from the arena of the job. */
enum transition model_call_read_text(struct job *job, const struct model_request *request,
                                     int max_calls, const char **out, struct error *err);

/* Notes that a check rejected the answer. Returns TRANSITION_NEW_CALL if fewer than `max_calls`
 * were made, else TRANSITION_FAIL. */
enum transition model_call_rejected(struct job *job, int max_calls, const struct error *why);
#endif
