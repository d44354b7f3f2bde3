/* term.h - colours and width of a terminal, and text that is cut to a width. */
#ifndef TERM_TERM_H
#define TERM_TERM_H
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum term_style { STYLE_NORMAL, STYLE_GOOD, STYLE_WARN, STYLE_BAD, STYLE_DIM, STYLE_BOLD };

/* Chooses whether to print colours: "auto" (also NULL), "always" or "never". With "auto", NO_COLOR
 * and TERM=dumb turn colours off, and a stream that is not a terminal has none. */
void term_setup(const char *color);
/* Returns the escape sequence of a style, or "" if the stream gets no colours. */
const char *term_style_code(FILE *stream, enum term_style style);
/* True for a terminal that can redraw lines in place; false for files, pipes and CI. */
bool term_is_live(FILE *stream);
bool term_is_terminal(FILE *stream); /* also one that cannot redraw */
int term_width(FILE *stream);        /* in columns; 80 if the stream is not a terminal */
int term_height(FILE *stream);       /* in lines; 24 if the stream is not a terminal */
/* From now on a stream in memory counts as the terminal on which its text will be shown: width,
 * colours and links are those of `terminal`. One pair at a time; NULL, NULL ends it. */
void term_mirror(FILE *buffer, FILE *terminal);

/* Returns the text with every character that could act on a terminal written as an escape ("\x1b",
 * "\u202e"), so that names and prompts from the database cannot move the cursor, change colours or
 * hide. Line feeds stay if `lines`. Text beyond 16 KB is cut. The result is valid until the eighth
 * next call. Only for the main thread. */
const char *term_text(const char *text, bool lines);
/* Prints a line of JSON, with such characters as JSON escapes. NULL prints "null". */
void term_json(FILE *stream, const char *json);

/* Columns that UTF-8 text occupies. An invalid byte counts as one column. */
int term_columns(const char *text);
/* Copies at most `columns` columns of text and replaces each invalid or control character with '?'.
 * Cut text ends with an ellipsis. With `fill`, pads the result with spaces to that width. */
void term_fit(const char *text, int columns, bool fill, char *out, size_t size);
#endif
