/* text.h - a growing string with a maximum size, always terminated by a zero byte.
 *
 * An append that would exceed the maximum leaves the text unchanged and sets `overflow`, so it is
 * enough to check once at the end. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H
#include <stdbool.h>
#include <stddef.h>

struct text {
    char *data; /* never NULL after text_begin */
    size_t size;
    size_t capacity;
    size_t ceiling; /* maximum size */
    bool overflow;
};

void text_begin(struct text *text, size_t ceiling);
void text_end(struct text *text); /* frees the data */
void text_add(struct text *text, const char *piece);
void text_add_bytes(struct text *text, const void *data, size_t size);
void text_add_char(struct text *text, char c);
void text_printf(struct text *text, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void text_add_html(struct text *text, const char *piece); /* escapes < > & " and ' */
/* Appends a template up to its next {{name}}, writes the name to `name` (truncated to `capacity`
 * bytes) and advances *at. Returns false at the end of the template. */
bool text_add_template(struct text *text, const char **at, char *name, size_t capacity);
void text_clear(struct text *text);
char *text_detach(struct text *text); /* the caller frees it; the text becomes empty */

/* Number of code points. Returns SIZE_MAX if the text is not valid UTF-8. */
size_t utf8_length(const char *text);

/* Returns true if `word` is one of the words in `list`, which are separated by spaces. `list` may
 * be NULL. */
bool word_list_has(const char *list, const char *word);
#endif
