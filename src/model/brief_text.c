/* brief_text.c - cleans text of users and models. */
#include <string.h>

#include "base/unicode/character.h"
#include "model/brief.h"

const char *brief_text(const char *text, size_t max, struct arena *arena)
{
    size_t size = strlen(text);
    char *out = arena_alloc(arena, (size < max ? size : max) + 1), *to = out;

    while (*text) {
        enum character_class class;
        size_t length = character_read(text, &class, NULL);

        if ((size_t)(to - out) + length > max) {
            break; /* a character is copied whole or not at all */
        }
        if (*text == ' ' || class == CHARACTER_CONTROL) {
            if (to > out && to[-1] != ' ') {
                *to++ = ' ';
            }
        } else if (class == CHARACTER_VISIBLE) {
            memcpy(to, text, length);
            to += length;
        }
        text += length;
    }
    while (to > out && to[-1] == ' ') {
        to--;
    }
    *to = '\0';
    return out;
}
