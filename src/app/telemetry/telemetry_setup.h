/* telemetry_setup.h - what a worker reports to other programs, from settings. */
#ifndef APP_TELEMETRY_TELEMETRY_SETUP_H
#define APP_TELEMETRY_TELEMETRY_SETUP_H
#include "app/runtime.h"
#include "settings/settings.h"

#define TELEMETRY_SETTINGS "metrics-file"

struct telemetry_setup {
    struct metrics_file *metrics_file; /* NULL: none */
};

/* Starts what the settings ask for, on the loop of the runtime. */
void telemetry_setup_start(const struct settings *settings, const struct runtime *runtime,
                           struct telemetry_setup *out);
/* Before the runtime is closed. A zeroed setup is harmless. */
void telemetry_setup_stop(struct telemetry_setup *telemetry);
#endif
