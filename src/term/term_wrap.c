/* term_wrap.c - sentences on a terminal: broken between words, the next lines set in. */
#include <string.h>

#include "term/term.h"

enum { INDENT = 4, WORD = 512 };

void term_line(FILE *stream, enum paint paint, const char *text)
{
    int width = term_is_live(stream) ? term_width(stream) : 0, at = 0;
    char word[WORD];

    fputs(term_paint(stream, paint), stream);
    while (*text) {
        size_t size = strcspn(text + 1, " ") + 1; /* with the blank before it */
        int columns;

        snprintf(word, sizeof word, "%.*s", (int)(size < WORD ? size : WORD - 1), text);
        columns = term_columns(word);
        if (width > INDENT * 4 && at > 0 && at + columns > width) {
            fprintf(stream, "\n%*s%s", INDENT, "", word[0] == ' ' ? word + 1 : word);
            at = INDENT + columns - (word[0] == ' ');
        } else {
            fputs(word, stream);
            at += columns;
        }
        text += size < WORD ? size : WORD - 1;
    }
    fprintf(stream, "%s\n", term_paint(stream, PAINT_PLAIN));
}
