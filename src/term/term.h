/* term.h - what is written for people: colour, width, and progress that stays in its place.
 *
 * On a terminal the rows of a progress display are drawn again in place, at most ten times a
 * second, and log lines appear above them. Elsewhere (a file, a pipe, CI) each change of a row is
 * one plain line. One thread writes: the loop's. */
#ifndef TERM_TERM_H
#define TERM_TERM_H
#include <stdint.h>
#include <stdio.h>

#include "base/error.h"

enum paint { PAINT_PLAIN, PAINT_GOOD, PAINT_WARN, PAINT_BAD, PAINT_DIM, PAINT_BOLD };

/* "auto" (or NULL), "always", "never". NO_COLOR and TERM=dumb turn auto off. */
void term_setup(const char *color);
/* An escape sequence, or "" where this stream has no colours. */
const char *term_paint(FILE *stream, enum paint paint);
bool term_is_live(FILE *stream); /* a terminal that can draw again in place, and not in CI */
int term_width(FILE *stream);    /* columns; 80 where it is no terminal */

/* Columns that UTF-8 text takes; a broken byte counts as one. */
int term_columns(const char *text);
/* Copies at most `columns` columns of text, the last one an ellipsis where it was cut, and nothing
 * that could move the cursor; fills up with blanks where `fill` is set. */
void term_fit(const char *text, int columns, bool fill, char *out, size_t size);

/* A sentence; on a terminal it is broken between words, and the lines after the first are set in.
 */
void term_line(FILE *stream, enum paint paint, const char *text);

struct term_row {
    const char *name;  /* "main image" */
    const char *state; /* "waits", "asks gpt-image-2" */
    enum paint paint;  /* of the state */
    int64_t began_us;  /* clock_mono_us(); 0: not begun, no time is shown */
    int64_t ended_us;  /* 0: under way */
};

struct term;
struct term *term_begin(FILE *stream); /* takes over log lines, until term_end */
/* Shows these rows; may be called as often as one likes. The rows are copied as far as needed. */
void term_rows(struct term *term, const struct term_row *rows, int count);
void term_now(struct term *term); /* draws them at once: before something that takes its time */
void term_note(struct term *term, const char *line); /* one line above the rows */
void term_end(struct term *term, const struct term_row *rows, int count); /* the last picture */
#endif
