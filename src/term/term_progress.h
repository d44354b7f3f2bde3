/* term_progress.h - a progress display: one row per item, with its state and time.
 *
 * A terminal gets the rows redrawn in place, at most ten times a second, and log lines above them.
 * A file, a pipe or CI gets one plain line per change of a row. Only one thread may use it. */
#ifndef TERM_TERM_PROGRESS_H
#define TERM_TERM_PROGRESS_H
#include <stdint.h>

#include "term/term.h"

struct term_progress_row {
    const char *name;      /* "main image" */
    const char *state;     /* "waiting" */
    enum term_style style; /* of the state */
    int64_t began_us;      /* clock_mono_us(); 0 if it has not begun: no time is shown */
    int64_t ended_us;      /* 0 while it runs */
};

struct term_progress;

/* Starts a display and redirects log lines to it until term_progress_end. Never returns NULL. `out`
 * receives the bytes for the terminal or file `stream`: the same stream, or one that does not
 * block.
 */
struct term_progress *term_progress_begin(FILE *stream, FILE *out);
/* Replaces the rows. They are copied. May be called at any rate: drawing is limited to ten times a
 * second. Shows at most 256 rows. */
void term_progress_update(struct term_progress *progress, const struct term_progress_row *rows,
                          int count);
/* Draws the rows now, whatever the time of the last drawing: for use before a long blocking call.
 */
void term_progress_draw(struct term_progress *progress);
/* Prints one line above the rows. */
void term_progress_note(struct term_progress *progress, const char *line);
/* Draws the final rows, restores the log, and frees the display. */
void term_progress_end(struct term_progress *progress, const struct term_progress_row *rows,
                       int count);
#endif
