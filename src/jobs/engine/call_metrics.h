/* call_metrics.h - what the engine counts: calls to models, waits, cost, bytes, spool. */
#ifndef JOBS_ENGINE_CALL_METRICS_H
#define JOBS_ENGINE_CALL_METRICS_H
#include "model/catalog.h"
#include "providers/provider.h"

struct op;
struct run;

/* Creates the series of a model that this worker uses, with the value 0. */
void call_metrics_declare(const char *provider, const struct model *model);

/* A call to a provider has ended: answered, or failed with run->error. Does nothing if the step
 * calls no provider, or its answer came from the spool. */
void call_metrics_ended(const struct run *run, bool failed);
/* The call that the run waited for has a slot of its provider since run->entry.call_began_ms. */
void call_metrics_admitted(const struct run *run);
/* Counts the bytes of an HTTP request of the current step, and of its response. */
void call_metrics_bytes(const struct run *run);

/* What an answer cost; cost_microusd: -1 if unknown. May be called on any thread. */
void call_metrics_usage(const struct model *model, const struct usage *usage,
                        int64_t cost_microusd);
/* A check rejected an answer. May be called on any thread. */
void call_metrics_rejected(const char *job_type);
#endif
