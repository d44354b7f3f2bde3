/* otlp.h - sends spans to an OpenTelemetry collector: OTLP over HTTP, as JSON.
 *
 * https://opentelemetry.io/docs/specs/otlp: POST to .../v1/traces. Batches are sent every five
 * seconds, or when 512 spans wait. A collector that does not answer disturbs nothing: its trouble
 * is logged once, batches are repeated for about a minute, and spans that do not fit into the queue
 * are dropped and counted. */
#ifndef TELEMETRY_OTLP_H
#define TELEMETRY_OTLP_H
#include "base/secret.h"
#include "io/loop.h"
#include "io/perform.h"

/* The settings, named by the variables of OpenTelemetry. Texts are borrowed; NULL: not set. */
struct otlp_config {
    const char *endpoint;         /* OTEL_EXPORTER_OTLP_ENDPOINT: "/v1/traces" is appended */
    const char *traces_endpoint;  /* OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: used as it is */
    const struct secret *headers; /* OTEL_EXPORTER_OTLP_HEADERS: "name=value,name=value" */
    const char *service_name;     /* OTEL_SERVICE_NAME; default: darkroom */
    const char *resource;         /* OTEL_RESOURCE_ATTRIBUTES: "name=value,name=value" */
    const char *sampler, *sampler_argument; /* OTEL_TRACES_SAMPLER, OTEL_TRACES_SAMPLER_ARG */
    const char *worker;                     /* service.instance.id */
};

struct otlp;
/* Starts to send spans. Returns true with *out NULL if no endpoint is set. Fails with ERROR_CONFIG
 * if a value is invalid. */
bool otlp_start(struct loop *loop, struct performer *performer, const struct otlp_config *config,
                struct otlp **out, struct error *err) MUST_CHECK;
/* Sends what waits, for at most limit_ms, and frees. NULL is harmless. */
void otlp_stop(struct otlp *otlp, uint32_t limit_ms);
#endif
