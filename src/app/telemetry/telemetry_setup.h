/* telemetry_setup.h - what a worker reports to other programs, from settings. */
#ifndef APP_TELEMETRY_TELEMETRY_SETUP_H
#define APP_TELEMETRY_TELEMETRY_SETUP_H
#include "app/runtime.h"
#include "settings/settings.h"

#define TELEMETRY_SETTINGS                                                                         \
    "metrics-file", "webhook", "webhook-secret", "webhook-cost", "otlp-endpoint",                  \
        "otlp-traces-endpoint", "otlp-headers", "otel-service-name", "otel-resource-attributes",   \
        "otel-traces-sampler", "otel-traces-sampler-arg", "otel-traces-exporter",                  \
        "otel-sdk-disabled"

struct telemetry_setup {
    struct metrics_file *metrics_file; /* NULL: none */
    struct webhooks *webhooks;         /* NULL: none */
    struct otlp *otlp;                 /* NULL: spans are off */
};

/* Callbacks of the engine that wake what reports the end of jobs; `telemetry` may be zeroed until
 * telemetry_setup_start. */
struct engine_callbacks telemetry_setup_callbacks(struct telemetry_setup *telemetry);

/* Starts what the settings ask for, on the loop of the runtime. `worker` is its name. Fails with
 * ERROR_CONFIG if a value cannot be used. */
bool telemetry_setup_start(const struct settings *settings, const struct runtime *runtime,
                           const char *worker, struct telemetry_setup *out,
                           struct error *err) MUST_CHECK;
/* Before the runtime is closed: delivers what is due, for some seconds. A zeroed setup is harmless.
 */
void telemetry_setup_stop(struct telemetry_setup *telemetry);
#endif
