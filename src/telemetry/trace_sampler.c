/* trace_sampler.c - the samplers of OpenTelemetry. */
#include "telemetry/trace_sampler.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool read_share(const char *text, double *out, struct error *err)
{
    char *end;

    *out = 1;
    if (!text || !text[0]) {
        return true;
    }
    *out = strtod(text, &end);
    return (*end == '\0' && isfinite(*out) && *out >= 0 && *out <= 1) ||
           error_set(err, ERROR_CONFIG,
                     "OTEL_TRACES_SAMPLER_ARG '%.40s' is not a number from 0 to 1", text);
}

bool trace_sampler_read(const char *name, const char *argument, struct trace_sampler *out,
                        struct error *err)
{
    static const char parent_based[] = "parentbased_";
    const char *rest = name ? name : "parentbased_always_on";

    *out = (struct trace_sampler){ .share = 1 };
    if (strncmp(rest, parent_based, sizeof parent_based - 1) == 0) {
        out->by_parent = true;
        rest += sizeof parent_based - 1;
    }
    if (strcmp(rest, "always_on") == 0) {
        return true;
    }
    if (strcmp(rest, "always_off") == 0) {
        out->share = 0;
        return true;
    }
    if (strcmp(rest, "traceidratio") == 0) {
        return read_share(argument, &out->share, err);
    }
    error_set(err, ERROR_CONFIG, "OTEL_TRACES_SAMPLER '%.60s' is not supported", name);
    return error_hint(err, "It takes always_on, always_off, traceidratio, or one of these after "
                           "parentbased_.");
}

/* The last seven bytes are random (W3C Trace Context, level 2). */
static double fraction_of(const uint8_t trace_id[TRACE_ID])
{
    uint64_t number = 0;

    for (int i = TRACE_ID - 7; i < TRACE_ID; i++) {
        number = number << 8 | trace_id[i];
    }
    return (double)number / (double)(UINT64_C(1) << 56);
}

bool trace_sampler_decide(const struct trace_sampler *sampler, const struct trace_context *parent,
                          const uint8_t trace_id[TRACE_ID])
{
    if (sampler->by_parent && parent->is_set) {
        return parent->sampled;
    }
    return fraction_of(trace_id) >= 1 - sampler->share;
}
