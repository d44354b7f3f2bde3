/* exit_status.h - the exit statuses of the command line tool. */
#ifndef BASE_EXIT_STATUS_H
#define BASE_EXIT_STATUS_H

enum exit_status {
    EXIT_STATUS_OK = 0,
    EXIT_STATUS_FAILED = 1,      /* an internal error, or a failed write to standard output */
    EXIT_STATUS_USAGE = 2,       /* wrong arguments or flags; nothing was done */
    EXIT_STATUS_SOME_FAILED = 3, /* the work ended; some jobs failed, or parts are missing */
    EXIT_STATUS_KEY = 4,         /* an API key was rejected */
    EXIT_STATUS_UNAVAILABLE = 5, /* a server is busy, failing or unreachable */
    EXIT_STATUS_QUOTA = 6,       /* credits or the provider's quota are exhausted */
    EXIT_STATUS_CHECK = 7, /* a check failed: doctor, credits --check, bench --fail-if, export */
    EXIT_STATUS_EMPTY = 8, /* nothing matches the selection; nothing was done */
    EXIT_STATUS_UNFINISHED = 75,   /* a batch is paused; `darkroom batch resume` continues it */
    EXIT_STATUS_CONFIG = 78,       /* a setting is missing or invalid */
    EXIT_STATUS_INTERRUPTED = 130, /* stopped by a signal */
};

struct exit_status_row {
    enum exit_status status;
    const char *meaning;
};

/* Every status with its meaning, for help and man pages. Ends with a row without a meaning. */
extern const struct exit_status_row exit_status_table[];
#endif
