/* text.h - a growing string with a ceiling. Every append keeps it zero-terminated.
 *
 * After an append that would pass the ceiling the text is marked `overflow` and stays as it was:
 * check once at the end, not at each call. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H
#include <stdbool.h>
#include <stddef.h>

struct text {
    char *data; /* never NULL after text_begin */
    size_t size;
    size_t room;
    size_t ceiling; /* bytes, without the zero */
    bool overflow;
};

void text_begin(struct text *text, size_t ceiling);
void text_end(struct text *text); /* frees */
void text_add(struct text *text, const char *piece);
void text_add_bytes(struct text *text, const void *data, size_t size);
void text_add_char(struct text *text, char c);
void text_printf(struct text *text, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void text_add_html(struct text *text, const char *piece); /* < > & " ' escaped */
/* Adds a template up to its next {{name}}, and moves *at behind that; false at its end. The name is
 * put into `name`, cut to its room. */
bool text_add_template(struct text *text, const char **at, char *name, size_t room);
void text_clear(struct text *text);
char *text_detach(struct text *text); /* the caller frees; the text is empty after */

/* Number of characters (code points) of UTF-8 text; SIZE_MAX when it is not valid UTF-8. */
size_t utf8_length(const char *text);
#endif
