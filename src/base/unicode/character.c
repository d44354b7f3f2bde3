/* character.c - decodes UTF-8 and knows the characters without ink. */
#include "base/unicode/character.h"

#include <string.h>

struct code_range {
    uint32_t first, last;
};

/* Format characters (general category Cf), joiners and fillers of Unicode. Variation selectors are
 * not listed: emoji need them. */
static const struct code_range invisible[] = {
    { 0x00ad, 0x00ad }, { 0x034f, 0x034f },   { 0x061c, 0x061c },   { 0x115f, 0x1160 },
    { 0x17b4, 0x17b5 }, { 0x180b, 0x180e },   { 0x200b, 0x200f },   { 0x202a, 0x202e },
    { 0x2060, 0x206f }, { 0x3164, 0x3164 },   { 0xfeff, 0xfeff },   { 0xffa0, 0xffa0 },
    { 0xfff0, 0xfffb }, { 0x1bca0, 0x1bca3 }, { 0x1d173, 0x1d17a }, { 0xe0000, 0xe00ff },
};

/* Decodes one character. Returns 0 if it is not valid UTF-8. */
static size_t decode(const char *text, uint32_t *code)
{
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    const unsigned char *at = (const unsigned char *)text;
    size_t size = *at < 0x80             ? 1
                  : (*at & 0xe0) == 0xc0 ? 2
                  : (*at & 0xf0) == 0xe0 ? 3
                  : (*at & 0xf8) == 0xf0 ? 4
                                         : 0;

    if (size < 2) {
        *code = *at;
        return size;
    }
    *code = *at & (0xffu >> (size + 1));
    for (size_t i = 1; i < size; i++) {
        if ((at[i] & 0xc0) != 0x80) {
            return 0;
        }
        *code = *code << 6 | (at[i] & 0x3f);
    }
    return *code < least[size] || *code > 0x10ffff || (*code >= 0xd800 && *code < 0xe000) ? 0
                                                                                          : size;
}

static enum character_class class_of(uint32_t code)
{
    if (code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x2028 || code == 0x2029) {
        return CHARACTER_CONTROL;
    }
    for (size_t i = 0; code >= invisible[0].first && i < sizeof invisible / sizeof *invisible;
         i++) {
        if (code >= invisible[i].first && code <= invisible[i].last) {
            return CHARACTER_INVISIBLE;
        }
    }
    return CHARACTER_VISIBLE;
}

size_t character_read(const char *at, enum character_class *out, uint32_t *code)
{
    uint32_t found;
    size_t size = decode(at, &found);

    *out = size == 0 ? CHARACTER_INVALID : class_of(found);
    if (code) {
        *code = size == 0 ? (unsigned char)*at : found;
    }
    return size == 0 ? 1 : size;
}

void character_make_one_line(char *text)
{
    while (*text) {
        enum character_class class;
        size_t size = character_read(text, &class, NULL);

        if (class != CHARACTER_VISIBLE) {
            memset(text, class == CHARACTER_CONTROL ? ' ' : '?', size);
        }
        text += size;
    }
}

void character_make_valid(char *text)
{
    while (*text) {
        enum character_class class;
        size_t size = character_read(text, &class, NULL);

        if (class == CHARACTER_INVALID) {
            *text = '?';
        }
        text += size;
    }
}
