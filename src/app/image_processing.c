/* image_processing.c - memory budget and decoder processes, from settings. */
#include "app/image_processing.h"

#include <string.h>

#include "base/log.h"
#include "decoder/decoder_pool.h"
#include "image/memory_budget.h"
#include "io/memory_limit.h"

/* The rest is for responses in flight, for images while they are encoded, and for the program. */
enum { DEFAULT_SHARE_PERCENT = 50 };

static const uint64_t smallest_budget = 64u << 20;

static uint64_t budget_bytes(const struct settings *settings)
{
    uint64_t bytes = (uint64_t)setting_int(settings, "memory") << 20;

    if (bytes == 0) {
        bytes = memory_limit_bytes("") / 100 * DEFAULT_SHARE_PERCENT;
        bytes = bytes > smallest_budget ? bytes : smallest_budget;
    }
    return bytes < SIZE_MAX ? bytes : SIZE_MAX;
}

static void log_started(void)
{
    log_event(LOG_DEBUG, "decoder processes started",
              (struct log_field[]){
                  LOG_NUMBER_FIELD("processes", decoder_pool_state().processes),
                  LOG_NUMBER_FIELD("memory_mb", memory_budget_state().limit >> 20) },
              2);
}

/* Sandboxes of some container systems forbid these restrictions. */
static void warn_if_unrestricted(void)
{
    struct decoder_pool_state state = decoder_pool_state();

    if (state.seccomp_error == 0 && state.memory_error == 0) {
        return;
    }
    log_event(LOG_WARNING, "decoder processes run with fewer restrictions than usual",
              (struct log_field[]){
                  LOG_TEXT_FIELD("system_calls", state.seccomp_error ? strerror(state.seccomp_error)
                                                                     : "restricted"),
                  LOG_TEXT_FIELD("memory",
                                 state.memory_error ? strerror(state.memory_error) : "limited") },
              2);
}

void image_processing_start(const struct settings *settings, bool idle)
{
    struct decoder_pool_config config = { .idle = idle };
    struct error err;

    memory_budget_set((size_t)budget_bytes(settings));
    if (decoder_pool_open(&config, &err)) {
        log_started();
        warn_if_unrestricted();
        return;
    }
    log_event(LOG_WARNING, "images are decoded without decoder processes",
              (struct log_field[]){ LOG_TEXT_FIELD("why", err.text) }, 1);
}

void image_processing_stop(void)
{
    struct decoder_pool_state state = decoder_pool_state();

    decoder_pool_close();
    if (state.lost > 0) {
        log_event(LOG_WARNING, "decoder processes were killed; their images were decoded again",
                  (struct log_field[]){ LOG_NUMBER_FIELD("killed", state.lost),
                                        LOG_NUMBER_FIELD("images", state.images) },
                  2);
    }
}
