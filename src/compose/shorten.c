/* shorten.c - shortens text at the end of a phrase or word. */
#include <string.h>

#include "compose/design.h"

/* Separators between the phrases of product names, longest first. */
static const char *const separators[] = { ". ", " – ", " — ", " - ", " | ", " / ", " (",
                                          ", ", "; ",  ": ",  "، ",  "؛ ",  NULL };

/* Returns the start of the last separator; NULL if there is none. */
static char *last_separator(char *text)
{
    char *last = NULL;

    for (int i = 0; separators[i]; i++) {
        char *at = text;

        while ((at = strstr(at, separators[i]))) {
            last = !last || at > last ? at : last;
            at++;
        }
    }
    return last;
}

bool shorten_text(char *text)
{
    char *cut = last_separator(text);

    if (!cut || cut == text) {
        cut = strrchr(text, ' ');
    }
    if (!cut || cut == text) {
        return false;
    }
    while (cut > text && strchr(" ,;:-", cut[-1])) {
        cut--;
    }
    *cut = '\0';
    return text[0] != '\0';
}
