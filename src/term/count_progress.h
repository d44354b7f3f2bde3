/* count_progress.h - the progress of a command that works through many things of one kind:
 *
 *   retried: 40 of 120, time left: 2 min (31 s)
 *
 * A terminal gets one row, redrawn in place; a file, a pipe or CI one line every ten seconds. */
#ifndef TERM_COUNT_PROGRESS_H
#define TERM_COUNT_PROGRESS_H
#include "term/eta.h"
#include "term/term_progress.h"

struct count_progress {
    const char *name; /* "retried" */
    int64_t total;    /* 0: not known, so only the number done is shown */
    bool quiet;
    struct term_progress *term; /* NULL elsewhere than on a terminal */
    struct eta eta;
    int64_t began_us, printed_us;
};

/* quiet: shows nothing, as with --json. `name` is borrowed. */
void count_progress_begin(struct count_progress *progress, const char *name, int64_t total,
                          bool quiet);
/* May be called at any rate. `detail` follows the numbers, such as "page 2 of 5"; may be NULL. */
void count_progress_show(struct count_progress *progress, int64_t done, const char *detail);
/* Prints a line to standard error, above the row. */
void count_progress_note(struct count_progress *progress, const char *line);
void count_progress_end(struct count_progress *progress); /* removes the row; may be repeated */
#endif
