/* telemetry_setup.c - starts and stops what a worker reports to other programs. */
#include "app/telemetry/telemetry_setup.h"

#include "telemetry/metrics_file.h"

void telemetry_setup_start(const struct settings *settings, const struct runtime *runtime,
                           struct telemetry_setup *out)
{
    const char *path = setting_text(settings, "metrics-file");

    *out = (struct telemetry_setup){ 0 };
    if (path) {
        out->metrics_file = metrics_file_start(runtime->loop, runtime->performer, path);
    }
}

void telemetry_setup_stop(struct telemetry_setup *telemetry)
{
    metrics_file_stop(telemetry->metrics_file);
    *telemetry = (struct telemetry_setup){ 0 };
}
