/* telemetry_setup.c - starts and stops what a worker reports to other programs. */
#include "app/telemetry/telemetry_setup.h"

#include "telemetry/metrics_file.h"
#include "telemetry/webhook.h"

/* How long the end of a worker waits for the receivers of events. */
enum { WEBHOOKS_END_MS = 10 * 1000 };

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

bool telemetry_setup_start(const struct settings *settings, const struct runtime *runtime,
                           struct telemetry_setup *out, struct error *err)
{
    const char *path = setting_text(settings, "metrics-file");

    if (path) {
        out->metrics_file = metrics_file_start(runtime->loop, runtime->performer, path);
    }
    return start_webhooks(settings, runtime, out, err);
}

void telemetry_setup_stop(struct telemetry_setup *telemetry)
{
    webhooks_stop(telemetry->webhooks, WEBHOOKS_END_MS);
    metrics_file_stop(telemetry->metrics_file);
    *telemetry = (struct telemetry_setup){ 0 };
}
