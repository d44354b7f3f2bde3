/* character.h - characters that act instead of being seen: in a terminal, a log or a page they move
 * the cursor, reverse the order of what follows, or hide in other text. */
#ifndef BASE_UNICODE_CHARACTER_H
#define BASE_UNICODE_CHARACTER_H
#include <stddef.h>
#include <stdint.h>

enum character_class {
    CHARACTER_VISIBLE,
    CHARACTER_CONTROL,   /* C0, DEL and C1, line and paragraph separator */
    CHARACTER_INVISIBLE, /* zero width, direction of writing, language tags, and others without ink
                          */
    CHARACTER_INVALID    /* a byte that is not part of valid UTF-8 */
};

/* Classifies the character at `at`, which is not at the end of its text. Sets *code to its code
 * point, or to the byte if it is invalid; `code` may be NULL. Returns its size in bytes. */
size_t character_read(const char *at, enum character_class *out, uint32_t *code);

/* Overwrites control characters with spaces and other characters that are not visible with '?', in
 * place, so that external text cannot forge lines of a log or act on a terminal. The text becomes
 * valid UTF-8, as Postgres requires. */
void character_make_one_line(char *text);

/* Overwrites each byte that is not part of valid UTF-8 with '?', in place. */
void character_make_valid(char *text);
#endif
