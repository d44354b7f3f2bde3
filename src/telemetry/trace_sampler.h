/* trace_sampler.h - which traces are sent: OTEL_TRACES_SAMPLER. */
#ifndef TELEMETRY_TRACE_SAMPLER_H
#define TELEMETRY_TRACE_SAMPLER_H
#include "base/error.h"
#include "telemetry/trace.h"

struct trace_sampler {
    bool by_parent; /* a span with a parent is sampled if that is */
    double share;   /* of the traces without one, 0 to 1 */
};

/* Reads the values of OTEL_TRACES_SAMPLER and OTEL_TRACES_SAMPLER_ARG; NULL: not set. The default
 * is "parentbased_always_on". Fails with ERROR_CONFIG for other samplers. */
bool trace_sampler_read(const char *name, const char *argument, struct trace_sampler *out,
                        struct error *err) MUST_CHECK;

/* Decides by the trace id, so that all programs with the same share send the same traces. */
bool trace_sampler_decide(const struct trace_sampler *sampler, const struct trace_context *parent,
                          const uint8_t trace_id[TRACE_ID]);
#endif
