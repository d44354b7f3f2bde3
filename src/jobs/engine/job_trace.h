/* job_trace.h - the spans of a job: one for the attempt, one per step, one per call to a model.
 *
 * Names and attributes follow the conventions of OpenTelemetry for messaging and generative AI. No
 * prompt, text of a product, answer or message of an error is one. Nothing happens while spans are
 * off. */
#ifndef JOBS_ENGINE_JOB_TRACE_H
#define JOBS_ENGINE_JOB_TRACE_H
#include <stdbool.h>

struct run;

/* The job was claimed. Continues the trace that `traceparent` in its payload names. */
void job_trace_begin(struct run *run);
void job_trace_end(struct run *run); /* run->job_end says how */
void job_trace_step_began(struct run *run);
/* A step that failed ends with the class of run->error. */
void job_trace_step_ended(struct run *run, bool failed);
void job_trace_call_ended(struct run *run, bool failed);
#endif
