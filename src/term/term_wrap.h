/* term_wrap.h - paragraphs broken between words. */
#ifndef TERM_TERM_WRAP_H
#define TERM_TERM_WRAP_H
#include "base/text.h"
#include "term/term.h"

/* Prints one line of text in a style. A terminal gets it wrapped at its width, with the following
 * lines indented; a file or pipe gets it unbroken. */
void term_print_wrapped(FILE *stream, enum term_style style, const char *text);

/* Prints text that begins at a column of the current line. A terminal gets it wrapped at its width,
 * with the following lines from the same column on; a file or pipe gets it unbroken. */
void term_print_from_column(FILE *stream, int column, const char *text);

/* Appends text broken between words, so that no line is wider than `width` columns. `column` is the
 * column where the text begins; the following lines are indented by `indent` spaces. A word that is
 * wider than the line stays whole. A newline in the text ends a line. Adds no newline at the end.
 */
void text_add_wrapped(struct text *out, const char *text, int column, int indent, int width);
#endif
