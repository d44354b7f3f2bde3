/* term.c - colour, width, and text cut to a width. */
#include "term/term.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#include "base/unicode/character.h"

static struct {
    bool always, never;
} color_choice;

/* A stream whose text is shown on the terminal of another one. */
static struct {
    FILE *buffer, *terminal;
} mirror;

static int fd_of(FILE *stream)
{
    return fileno(stream == mirror.buffer && stream ? mirror.terminal : stream);
}

void term_mirror(FILE *buffer, FILE *terminal)
{
    mirror.buffer = buffer;
    mirror.terminal = terminal;
}

static bool is_set(const char *variable)
{
    const char *value = getenv(variable);

    return value && *value;
}

void term_setup(const char *color)
{
    const char *terminal = getenv("TERM");

    color_choice.always = color && strcmp(color, "always") == 0;
    color_choice.never = color && strcmp(color, "never") == 0;
    if (!color_choice.always &&
        (is_set("NO_COLOR") || (terminal && strcmp(terminal, "dumb") == 0))) {
        color_choice.never = true;
    }
    if (!setlocale(LC_CTYPE, "C.UTF-8")) { /* LC_CTYPE sets the width of characters */
        setlocale(LC_CTYPE, "");
    }
}

const char *term_style_code(FILE *stream, enum term_style style)
{
    static const char *const codes[] = { "\033[0m",  "\033[32m", "\033[33m",
                                         "\033[31m", "\033[2m",  "\033[1m" };

    if (color_choice.never || (!color_choice.always && !isatty(fd_of(stream)))) {
        return "";
    }
    return codes[style];
}

bool term_is_terminal(FILE *stream)
{
    return isatty(fd_of(stream));
}

bool term_is_live(FILE *stream)
{
    const char *terminal = getenv("TERM");

    return term_is_terminal(stream) && !is_set("CI") && terminal && strcmp(terminal, "dumb") != 0;
}

int term_width(FILE *stream)
{
    struct winsize size;

    if (ioctl(fd_of(stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
        return size.ws_col;
    }
    return 80;
}

int term_height(FILE *stream)
{
    struct winsize size;

    if (ioctl(fd_of(stream), TIOCGWINSZ, &size) == 0 && size.ws_row > 0) {
        return size.ws_row;
    }
    return 24;
}

/* Returns the size of the next character and sets its columns: -1 if it is invalid or could act on
 * the terminal. */
static size_t next_char(const char *text, mbstate_t *state, int *columns)
{
    enum character_class class;
    wchar_t c;
    size_t size = mbrtowc(&c, text, strlen(text), state);

    if (size == (size_t)-1 || size == (size_t)-2) {
        *state = (mbstate_t){ 0 };
        *columns = -1;
        return 1;
    }
    character_read(text, &class, NULL);
    *columns = class == CHARACTER_VISIBLE ? wcwidth(c) : -1;
    return size;
}

int term_columns(const char *text)
{
    mbstate_t state = { 0 };
    int sum = 0, columns;

    while (*text) {
        text += next_char(text, &state, &columns);
        sum += columns < 0 ? 1 : columns;
    }
    return sum;
}

void term_fit(const char *text, int columns, bool fill, char *out, size_t size)
{
    static const char ellipsis[] = "\xe2\x80\xa6";
    bool cut = term_columns(text) > columns;
    int space = columns - cut, used_columns = 0, char_columns;
    mbstate_t state = { 0 };
    size_t used = 0;

    while (*text && columns > 0) {
        size_t length = next_char(text, &state, &char_columns);

        if (used_columns + (char_columns < 0 ? 1 : char_columns) > space ||
            used + length + sizeof ellipsis >= size) {
            break;
        }
        if (char_columns < 0) {
            out[used++] = '?';
            used_columns++;
        } else {
            memcpy(out + used, text, length);
            used += length;
            used_columns += char_columns;
        }
        text += length;
    }
    if (cut && columns > 0 && used + sizeof ellipsis <= size) {
        memcpy(out + used, ellipsis, sizeof ellipsis - 1);
        used += sizeof ellipsis - 1;
        used_columns++;
    }
    for (; fill && used_columns < columns && used + 1 < size; used_columns++) {
        out[used++] = ' ';
    }
    out[used] = '\0';
}
