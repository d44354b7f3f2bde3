/* term_wrap.c - breaks text between words. */
#include "term/term_wrap.h"

#include <string.h>

enum { INDENT = 4, WORD_BYTES = 512, TEXT_BYTES = 16 * 1024 };

static void add_indent(struct text *out, int indent)
{
    text_printf(out, "\n%*s", indent, "");
}

void text_add_wrapped(struct text *out, const char *text, int column, int indent, int width)
{
    bool line_is_empty = true;
    char word[WORD_BYTES];

    while (*text) {
        size_t size = strcspn(text, " \n");
        int columns;

        if (*text == '\n') {
            add_indent(out, indent);
            column = indent;
            line_is_empty = true;
            text++;
            continue;
        }
        if (*text == ' ') {
            text++;
            continue;
        }
        size = size < WORD_BYTES ? size : WORD_BYTES - 1;
        snprintf(word, sizeof word, "%.*s", (int)size, text);
        columns = term_columns(word);
        if (!line_is_empty && column + 1 + columns > width) {
            add_indent(out, indent);
            column = indent;
            line_is_empty = true;
        }
        text_printf(out, "%s%s", line_is_empty ? "" : " ", word);
        column += columns + !line_is_empty;
        line_is_empty = false;
        text += size;
    }
}

void term_print_wrapped(FILE *stream, enum term_style style, const char *text)
{
    int width = term_is_live(stream) ? term_width(stream) : 0;
    struct text wrapped;

    text_begin(&wrapped, TEXT_BYTES);
    if (width > INDENT * 4) {
        text_add_wrapped(&wrapped, term_text(text, true), 0, INDENT, width);
    } else {
        text_add(&wrapped, term_text(text, true));
    }
    fprintf(stream, "%s%s%s\n", term_style_code(stream, style), wrapped.data,
            term_style_code(stream, STYLE_NORMAL));
    text_end(&wrapped);
}

void term_print_from_column(FILE *stream, int column, const char *text)
{
    int width = term_is_terminal(stream) ? term_width(stream) : 0;
    struct text wrapped;

    text_begin(&wrapped, TEXT_BYTES);
    if (width >= column + INDENT * 4) {
        text_add_wrapped(&wrapped, term_text(text, true), column, column, width);
    } else {
        text_add(&wrapped, term_text(text, true));
    }
    fputs(wrapped.data, stream);
    text_end(&wrapped);
}
