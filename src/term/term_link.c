/* term_link.c - which terminals have links is known by their variables: there is no query that
 * others ignore. */
#include "term/term_link.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { URL_BYTES = 2000 };

static bool variable_has(const char *variable, const char *words)
{
    const char *value = getenv(variable);

    return value && *value && word_list_has(words, value);
}

static bool is_known(void)
{
    const char *vte = getenv("VTE_VERSION"), *kitty = getenv("KITTY_WINDOW_ID"),
               *windows = getenv("WT_SESSION"), *multiplexer = getenv("TMUX");

    if ((multiplexer && *multiplexer) || variable_has("TERM", "screen dumb linux")) {
        return false; /* old versions print the URL */
    }
    return (vte && atoi(vte) >= 5000) || (kitty && *kitty) || (windows && *windows) ||
           variable_has("TERM_PROGRAM",
                        "iTerm.app WezTerm vscode ghostty Hyper mintty rio Tabby") ||
           variable_has("TERM", "xterm-kitty xterm-ghostty alacritty foot foot-extra wezterm "
                                "contour");
}

bool term_has_links(FILE *stream)
{
    const char *forced = getenv("FORCE_HYPERLINK");

    if (!term_is_terminal(stream)) {
        return false;
    }
    if (forced && *forced) {
        return strcmp(forced, "0") != 0;
    }
    return term_is_live(stream) && is_known();
}

static bool is_plain(const char *url)
{
    size_t size = url ? strlen(url) : 0;

    if (size == 0 || size > URL_BYTES ||
        (strncmp(url, "https://", 8) != 0 && strncmp(url, "http://", 7) != 0 &&
         strncmp(url, "file:///", 8) != 0)) {
        return false;
    }
    for (; *url; url++) {
        if (*url <= ' ' || *url > '~') {
            return false;
        }
    }
    return true;
}

const char *term_link_begin(FILE *stream, const char *url)
{
    static char sequence[URL_BYTES + 16];

    if (!is_plain(url) || !term_has_links(stream)) {
        return "";
    }
    snprintf(sequence, sizeof sequence, "\033]8;;%s\033\\", url);
    return sequence;
}

const char *term_link_end(FILE *stream, const char *url)
{
    return is_plain(url) && term_has_links(stream) ? "\033]8;;\033\\" : "";
}
