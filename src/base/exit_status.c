/* exit_status.c - the meanings of the exit statuses. */
#include "base/exit_status.h"

#include <stddef.h>

const struct exit_status_row exit_status_table[] = {
    { EXIT_STATUS_OK, "success" },
    { EXIT_STATUS_FAILED, "internal error, or standard output could not be written" },
    { EXIT_STATUS_USAGE, "wrong arguments or flags; nothing was done" },
    { EXIT_STATUS_SOME_FAILED, "the work ended; some jobs failed, or parts are missing" },
    { EXIT_STATUS_KEY, "an API key was rejected" },
    { EXIT_STATUS_UNAVAILABLE, "a server is busy, failing or unreachable; try again later" },
    { EXIT_STATUS_QUOTA, "credits or the provider's quota are exhausted" },
    { EXIT_STATUS_CHECK, "a check failed: doctor, credits --check, bench --fail-if, export" },
    { EXIT_STATUS_EMPTY, "nothing matches the selection; nothing was done" },
    { EXIT_STATUS_UNFINISHED, "the batch is paused; `darkroom batch resume` continues it" },
    { EXIT_STATUS_CONFIG, "a setting is missing or invalid" },
    { EXIT_STATUS_INTERRUPTED, "stopped by a signal" },
    { EXIT_STATUS_OK, NULL },
};
