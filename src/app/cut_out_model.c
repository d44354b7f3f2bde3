/* cut_out_model.c - starts the cut-out model that the settings name. */
#include "app/cut_out_model.h"

#include <string.h>

#include "base/log.h"

bool cut_out_model_open(const struct settings *settings, struct matting_state *out,
                        struct error *err)
{
    const struct matting_config config = { .model = setting_text(settings, "cutout-model"),
                                           .library = setting_text(settings, "cutout-runtime") };

    return matting_pool_open(&config, out, err);
}

bool cut_out_model_start(const struct settings *settings, struct error *err)
{
    const char *model = setting_text(settings, "cutout-model");
    struct matting_state state;

    if (!model) {
        return true;
    }
    if (!cut_out_model_open(settings, &state, err)) {
        return false;
    }
    log_event(state.seccomp_error ? LOG_WARNING : LOG_INFO, "cut-out model loaded",
              (struct log_field[]){
                  LOG_TEXT_FIELD("file", model), LOG_NUMBER_FIELD("width", state.width),
                  LOG_NUMBER_FIELD("height", state.height),
                  LOG_NUMBER_FIELD("trial_ms", state.trial_us / 1000),
                  LOG_NUMBER_FIELD("memory_mb", state.memory >> 20),
                  LOG_TEXT_FIELD("system_calls", state.seccomp_error ? strerror(state.seccomp_error)
                                                                     : "restricted") },
              6);
    return true;
}

void cut_out_model_stop(void)
{
    matting_pool_close();
}
