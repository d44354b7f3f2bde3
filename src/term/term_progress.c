/* term_progress.c - rows that are drawn again in place; plain lines where there is no terminal.
 *
 * The cursor rests below the rows and is never hidden, so that a program that dies leaves nothing
 * to mend. */
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "term/term.h"

enum { REDRAW_US = 100 * 1000, STATE_BYTES = 120, ROWS = 256, NAME_COLUMNS = 24, TIME_COLUMNS = 8 };

struct term {
    FILE *stream;
    bool live;
    int drawn; /* lines on the screen, above the cursor */
    int64_t drawn_us;
    struct term_row last[ROWS]; /* the picture, to draw it again below a note */
    char names[ROWS][STATE_BYTES], states[ROWS][STATE_BYTES];
    int count;
};

static void on_log(const char *line, void *context)
{
    term_note(context, line);
}

struct term *term_begin(FILE *stream)
{
    struct term *term = calloc(1, sizeof *term);

    if (!term) {
        abort();
    }
    term->stream = stream;
    term->live = term_is_live(stream);
    log_sink(on_log, term);
    return term;
}

/* "12.3 s", "4:05" */
static void time_of(const struct term_row *row, char *out, size_t size)
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

/* One row, no wider than the terminal. */
static void add_row(struct text *out, const struct term *term, const struct term_row *row,
                    int width)
{
    char name[STATE_BYTES * 2], state[STATE_BYTES * 2], time[24];
    int rest = width - NAME_COLUMNS - TIME_COLUMNS - 6;

    time_of(row, time, sizeof time);
    term_fit(row->name, rest > 0 ? NAME_COLUMNS : width - 1, rest > 0, name, sizeof name);
    term_fit(row->state ? row->state : "", rest > 0 ? rest : 0, false, state, sizeof state);
    text_printf(out, "  %s", name);
    if (rest > 0) {
        text_printf(out, " %*s  %s%s%s", TIME_COLUMNS, time, term_paint(term->stream, row->paint),
                    state, term_paint(term->stream, PAINT_PLAIN));
    }
    text_add(out, "\033[K\n");
}

static int rows_that_fit(const struct term *term)
{
    struct winsize size;

    if (ioctl(fileno(term->stream), TIOCGWINSZ, &size) == 0 && size.ws_row > 3) {
        return size.ws_row - 3;
    }
    return 20;
}

/* The whole picture in one write, so that it does not flicker; `above` comes before it. */
static void draw(struct term *term, const char *above)
{
    int fits = rows_that_fit(term), width = term_width(term->stream);
    int shown = term->count <= fits ? term->count : fits;
    struct text out;

    text_begin(&out, 256 * 1024);
    if (term->drawn > 0) {
        text_printf(&out, "\033[%dA\r", term->drawn);
    }
    if (above) {
        text_printf(&out, "%s\033[K\n", above);
    }
    for (int i = 0; i < shown; i++) {
        add_row(&out, term, &term->last[i], width);
    }
    if (shown < term->count) {
        text_printf(&out, "  and %d more\033[K\n", term->count - shown);
    }
    text_add(&out, "\033[J");
    fputs(out.data, term->stream);
    fflush(term->stream);
    text_end(&out);
    term->drawn = shown + (shown < term->count);
    term->drawn_us = clock_mono_us();
}

static void plain_row(const struct term *term, const struct term_row *row)
{
    char time[24];

    time_of(row, time, sizeof time);
    fprintf(term->stream, "%s: %s%s%s%s\n", row->name, row->state ? row->state : "",
            row->ended_us ? " (" : "", row->ended_us ? time : "", row->ended_us ? ")" : "");
    fflush(term->stream);
}

/* Takes the rows over; where nothing is drawn, tells those that changed. */
static void keep(struct term *term, const struct term_row *rows, int count)
{
    count = count < ROWS ? count : ROWS;
    for (int i = 0; i < count; i++) {
        const char *state = rows[i].state ? rows[i].state : "";
        bool is_new = i >= term->count || strncmp(term->states[i], state, STATE_BYTES - 1) != 0;

        snprintf(term->names[i], STATE_BYTES, "%s", rows[i].name);
        snprintf(term->states[i], STATE_BYTES, "%s", state);
        term->last[i] = rows[i];
        term->last[i].name = term->names[i];
        term->last[i].state = term->states[i];
        if (is_new && !term->live) {
            plain_row(term, &rows[i]);
        }
    }
    term->count = count;
}

void term_rows(struct term *term, const struct term_row *rows, int count)
{
    keep(term, rows, count);
    if (term->live && clock_mono_us() - term->drawn_us >= REDRAW_US) {
        draw(term, NULL);
    }
}

void term_now(struct term *term)
{
    if (term->live) {
        draw(term, NULL);
    }
}

void term_note(struct term *term, const char *line)
{
    if (term->live && term->drawn > 0) {
        draw(term, line);
    } else {
        fprintf(term->stream, "%s\n", line);
        fflush(term->stream);
    }
}

void term_end(struct term *term, const struct term_row *rows, int count)
{
    keep(term, rows, count);
    if (term->live) {
        draw(term, NULL);
    }
    log_sink(NULL, NULL);
    free(term);
}
