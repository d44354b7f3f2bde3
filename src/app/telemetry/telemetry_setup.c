/* telemetry_setup.c - starts and stops what a worker reports to other programs. */
#include "app/telemetry/telemetry_setup.h"

#include <string.h>

#include "telemetry/metrics_file.h"
#include "telemetry/otlp.h"
#include "telemetry/webhook.h"

/* How long the end of a worker waits for the receivers of events, and for the collector. */
enum { WEBHOOKS_END_MS = 10 * 1000, SPANS_END_MS = 3000 };

static void on_job_ended(const struct job *job, enum job_end how, const struct error *why,
                         int64_t refunded_credits, int64_t duration_us, void *context)
{
    const struct telemetry_setup *telemetry = context;

    (void)job;
    (void)how;
    (void)why;
    (void)refunded_credits;
    (void)duration_us;
    webhooks_wake(telemetry->webhooks);
}

struct engine_callbacks telemetry_setup_callbacks(struct telemetry_setup *telemetry)
{
    return (struct engine_callbacks){ .job_ended = on_job_ended, .context = telemetry };
}

static bool start_webhooks(const struct settings *settings, const struct runtime *runtime,
                           struct telemetry_setup *out, struct error *err)
{
    struct webhook_config config = { .urls = setting_text(settings, "webhook"),
                                     .secret = setting_secret(settings, "webhook-secret"),
                                     .with_cost = setting_flag(settings, "webhook-cost") };

    if (!config.urls) {
        return true;
    }
    if (!webhook_config_check(&config, err)) {
        return false;
    }
    out->webhooks = webhooks_start(runtime->loop, runtime->performer, &config);
    return true;
}

static bool spans_are_off(const struct settings *settings)
{
    const char *exporter = setting_text(settings, "otel-traces-exporter");

    return setting_flag(settings, "otel-sdk-disabled") ||
           (exporter && strcmp(exporter, "none") == 0);
}

static bool start_spans(const struct settings *settings, const struct runtime *runtime,
                        const char *worker, struct telemetry_setup *out, struct error *err)
{
    struct otlp_config config = {
        .endpoint = setting_text(settings, "otlp-endpoint"),
        .traces_endpoint = setting_text(settings, "otlp-traces-endpoint"),
        .headers = setting_secret(settings, "otlp-headers"),
        .service_name = setting_text(settings, "otel-service-name"),
        .resource = setting_text(settings, "otel-resource-attributes"),
        .sampler = setting_text(settings, "otel-traces-sampler"),
        .sampler_argument = setting_text(settings, "otel-traces-sampler-arg"),
        .worker = worker,
    };

    return spans_are_off(settings) ||
           otlp_start(runtime->loop, runtime->performer, &config, &out->otlp, err);
}

bool telemetry_setup_start(const struct settings *settings, const struct runtime *runtime,
                           const char *worker, struct telemetry_setup *out, struct error *err)
{
    const char *path = setting_text(settings, "metrics-file");

    if (path) {
        out->metrics_file = metrics_file_start(runtime->loop, runtime->performer, path);
    }
    return start_webhooks(settings, runtime, out, err) &&
           start_spans(settings, runtime, worker, out, err);
}

void telemetry_setup_stop(struct telemetry_setup *telemetry)
{
    webhooks_stop(telemetry->webhooks, WEBHOOKS_END_MS);
    otlp_stop(telemetry->otlp, SPANS_END_MS);
    metrics_file_stop(telemetry->metrics_file);
    *telemetry = (struct telemetry_setup){ 0 };
}
