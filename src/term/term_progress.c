/* term_progress.c - redraws rows in place on a terminal; prints changes as plain lines elsewhere.
 *
 * The cursor stays below the rows and is never hidden, so a program that crashes leaves the
 * terminal usable. */
#include "term/term_progress.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"

enum { REDRAW_US = 100 * 1000, STATE_BYTES = 120, ROWS = 256, NAME_COLUMNS = 24, TIME_COLUMNS = 8 };

struct term_progress {
    FILE *stream, *out; /* the terminal or file, and what writes to it */
    bool live;
    int drawn; /* lines of the display above the cursor */
    int64_t drawn_us;
    struct term_progress_row rows[ROWS]; /* kept, so that a note can be printed above them */
    char names[ROWS][STATE_BYTES], states[ROWS][STATE_BYTES];
    int count;
};

static void note(struct term_progress *progress, const char *line, bool lines);

/* A line of the log may be wrapped. */
static void on_log(const char *line, void *context)
{
    note(context, line, true);
}

struct term_progress *term_progress_begin(FILE *stream, FILE *out)
{
    struct term_progress *progress = xcalloc(1, sizeof *progress);

    progress->stream = stream;
    progress->out = out;
    progress->live = term_is_live(stream);
    log_sink(on_log, progress);
    return progress;
}

/* Writes the elapsed time: "12.3 s", or "4:05" from 100 seconds on. Empty if it has not begun. */
static void time_of(const struct term_progress_row *row, char *out, size_t size)
{
    int64_t end = row->ended_us ? row->ended_us : clock_mono_us();
    int64_t tenths = (end - row->began_us) / 100000;

    if (row->began_us == 0) {
        out[0] = '\0';
    } else if (tenths < 1000) {
        snprintf(out, size, "%d.%d s", (int)(tenths / 10), (int)(tenths % 10));
    } else {
        snprintf(out, size, "%d:%02d", (int)(tenths / 600), (int)(tenths / 10 % 60));
    }
}

/* Appends one row, cut to the width of the terminal. */
static void add_row(struct text *out, const struct term_progress *progress,
                    const struct term_progress_row *row, int width)
{
    char name[STATE_BYTES * 2], state[STATE_BYTES * 2], time[24];
    int rest = width - NAME_COLUMNS - TIME_COLUMNS - 6;

    time_of(row, time, sizeof time);
    term_fit(row->name, rest > 0 ? NAME_COLUMNS : width - 1, rest > 0, name, sizeof name);
    term_fit(row->state ? row->state : "", rest > 0 ? rest : 0, false, state, sizeof state);
    text_printf(out, "  %s", name);
    if (rest > 0) {
        text_printf(out, " %*s  %s%s%s", TIME_COLUMNS, time,
                    term_style_code(progress->stream, row->style), state,
                    term_style_code(progress->stream, STYLE_NORMAL));
    }
    text_add(out, "\033[K\n");
}

static int rows_that_fit(const struct term_progress *progress)
{
    struct winsize size;

    if (ioctl(fileno(progress->stream), TIOCGWINSZ, &size) == 0 && size.ws_row > 3) {
        return size.ws_row - 3;
    }
    return 20;
}

/* Appends text that is printed above the rows; with `lines`, line feeds in it stay. What was drawn
 * there before is cleared. */
static void add_above(struct text *out, const char *above, bool lines)
{
    for (const char *at = term_text(above, lines); *at; at++) {
        text_add(out, *at == '\n' ? "\033[K" : "");
        text_add_char(out, *at);
    }
    text_add(out, "\033[K\n");
}

/* Redraws all rows in one write, which avoids flicker. `above` (may be NULL) is text to print above
 * them. */
static void draw(struct term_progress *progress, const char *above, bool lines)
{
    int fits = rows_that_fit(progress), width = term_width(progress->stream);
    int shown = progress->count <= fits ? progress->count : fits;
    struct text out;

    text_begin(&out, 256 * 1024);
    if (progress->drawn > 0) {
        text_printf(&out, "\033[%dA\r", progress->drawn);
    }
    if (above) {
        add_above(&out, above, lines);
    }
    for (int i = 0; i < shown; i++) {
        add_row(&out, progress, &progress->rows[i], width);
    }
    if (shown < progress->count) {
        text_printf(&out, "  and %d more\033[K\n", progress->count - shown);
    }
    text_add(&out, "\033[J");
    fputs(out.data, progress->out);
    fflush(progress->out);
    text_end(&out);
    progress->drawn = shown + (shown < progress->count);
    progress->drawn_us = clock_mono_us();
}

static void plain_row(const struct term_progress *progress, const struct term_progress_row *row)
{
    char time[24];

    time_of(row, time, sizeof time);
    fprintf(progress->out, "%s: %s%s%s%s\n", term_text(row->name, false),
            term_text(row->state, false), row->ended_us ? " (" : "", row->ended_us ? time : "",
            row->ended_us ? ")" : "");
    fflush(progress->out);
}

/* Copies the rows. Without a live terminal, prints those whose state changed. */
static void copy_rows(struct term_progress *progress, const struct term_progress_row *rows,
                      int count)
{
    count = count < ROWS ? count : ROWS;
    for (int i = 0; i < count; i++) {
        const char *state = rows[i].state ? rows[i].state : "";
        bool is_new =
            i >= progress->count || strncmp(progress->states[i], state, STATE_BYTES - 1) != 0;

        snprintf(progress->names[i], STATE_BYTES, "%s", rows[i].name);
        snprintf(progress->states[i], STATE_BYTES, "%s", state);
        progress->rows[i] = rows[i];
        progress->rows[i].name = progress->names[i];
        progress->rows[i].state = progress->states[i];
        if (is_new && !progress->live) {
            plain_row(progress, &rows[i]);
        }
    }
    progress->count = count;
}

void term_progress_update(struct term_progress *progress, const struct term_progress_row *rows,
                          int count)
{
    copy_rows(progress, rows, count);
    if (progress->live && clock_mono_us() - progress->drawn_us >= REDRAW_US) {
        draw(progress, NULL, false);
    }
}

void term_progress_draw(struct term_progress *progress)
{
    if (progress->live) {
        draw(progress, NULL, false);
    }
}

static void note(struct term_progress *progress, const char *line, bool lines)
{
    if (progress->live && progress->drawn > 0) {
        draw(progress, line, lines);
    } else {
        fprintf(progress->out, "%s\n", term_text(line, lines));
        fflush(progress->out);
    }
}

void term_progress_note(struct term_progress *progress, const char *line)
{
    note(progress, line, false);
}

void term_progress_end(struct term_progress *progress, const struct term_progress_row *rows,
                       int count)
{
    copy_rows(progress, rows, count);
    if (progress->live) {
        draw(progress, NULL, false);
    }
    log_sink(NULL, NULL);
    free(progress);
}
