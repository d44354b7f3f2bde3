/* term.c - colour, width, and text that fits. */
#include "term/term.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

static struct {
    bool always, never;
} wish;

static bool is_set(const char *variable)
{
    const char *value = getenv(variable);

    return value && *value;
}

void term_setup(const char *color)
{
    const char *terminal = getenv("TERM");

    wish.always = color && strcmp(color, "always") == 0;
    wish.never = color && strcmp(color, "never") == 0;
    if (!wish.always && (is_set("NO_COLOR") || (terminal && strcmp(terminal, "dumb") == 0))) {
        wish.never = true;
    }
    if (!setlocale(LC_CTYPE, "C.UTF-8")) { /* how wide characters are: nothing else is asked */
        setlocale(LC_CTYPE, "");
    }
}

const char *term_paint(FILE *stream, enum paint paint)
{
    static const char *const codes[] = { "\033[0m",  "\033[32m", "\033[33m",
                                         "\033[31m", "\033[2m",  "\033[1m" };

    if (wish.never || (!wish.always && !isatty(fileno(stream)))) {
        return "";
    }
    return codes[paint];
}

bool term_is_live(FILE *stream)
{
    const char *terminal = getenv("TERM");

    return isatty(fileno(stream)) && !is_set("CI") && terminal && strcmp(terminal, "dumb") != 0;
}

int term_width(FILE *stream)
{
    struct winsize size;

    if (ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
        return size.ws_col;
    }
    return 80;
}

/* The next character of text: its bytes and columns; what is broken or could move the cursor has
 * columns -1. */
static size_t next_char(const char *text, mbstate_t *state, int *columns)
{
    wchar_t c;
    size_t size = mbrtowc(&c, text, strlen(text), state);

    if (size == (size_t)-1 || size == (size_t)-2) {
        *state = (mbstate_t){ 0 };
        *columns = -1;
        return 1;
    }
    *columns = wcwidth(c);
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
    int room = columns - cut, taken = 0, wide;
    mbstate_t state = { 0 };
    size_t used = 0;

    while (*text && columns > 0) {
        size_t length = next_char(text, &state, &wide);

        if (taken + (wide < 0 ? 1 : wide) > room || used + length + sizeof ellipsis >= size) {
            break;
        }
        if (wide < 0) {
            out[used++] = '?';
            taken++;
        } else {
            memcpy(out + used, text, length);
            used += length;
            taken += wide;
        }
        text += length;
    }
    if (cut && columns > 0 && used + sizeof ellipsis <= size) {
        memcpy(out + used, ellipsis, sizeof ellipsis - 1);
        used += sizeof ellipsis - 1;
        taken++;
    }
    for (; fill && taken < columns && used + 1 < size; taken++) {
        out[used++] = ' ';
    }
    out[used] = '\0';
}
