/* text.c - a growing string with a maximum size. */
#include "base/text.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static char empty[1]; /* the data of a text before its first append */

void text_begin(struct text *text, size_t ceiling)
{
    *text = (struct text){ .data = empty, .ceiling = ceiling };
}

void text_end(struct text *text)
{
    if (text->data != empty) {
        free(text->data);
    }
    *text = (struct text){ .data = empty, .ceiling = text->ceiling };
}

static bool text_reserve(struct text *text, size_t more)
{
    size_t want, capacity;
    char *data;

    if (text->overflow || more > text->ceiling || text->size > text->ceiling - more) {
        text->overflow = true;
        return false;
    }
    want = text->size + more + 1;
    if (want <= text->capacity) {
        return true;
    }
    capacity = text->capacity ? text->capacity * 2 : 64;
    if (capacity < want) {
        capacity = want;
    }
    data = realloc(text->data == empty ? NULL : text->data, capacity);
    if (!data) {
        text->overflow = true;
        return false;
    }
    text->data = data;
    text->capacity = capacity;
    return true;
}

void text_add_bytes(struct text *text, const void *data, size_t size)
{
    if (size == 0 || !text_reserve(text, size)) {
        return;
    }
    memcpy(text->data + text->size, data, size);
    text->size += size;
    text->data[text->size] = '\0';
}

void text_add(struct text *text, const char *piece)
{
    text_add_bytes(text, piece, strlen(piece));
}

void text_add_char(struct text *text, char c)
{
    text_add_bytes(text, &c, 1);
}

void text_printf(struct text *text, const char *fmt, ...)
{
    va_list list, again;
    int size;

    va_start(list, fmt);
    va_copy(again, list);
    size = vsnprintf(NULL, 0, fmt, list);
    va_end(list);
    if (size > 0 && text_reserve(text, (size_t)size)) {
        vsnprintf(text->data + text->size, (size_t)size + 1, fmt, again);
        text->size += (size_t)size;
    }
    va_end(again);
}

void text_add_html(struct text *text, const char *piece)
{
    static const struct {
        char c;
        const char *escaped;
    } table[] = {
        { '<', "&lt;" }, { '>', "&gt;" }, { '&', "&amp;" }, { '"', "&quot;" }, { '\'', "&#39;" },
    };

    for (; *piece; piece++) {
        const char *escaped = NULL;

        for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
            if (table[i].c == *piece) {
                escaped = table[i].escaped;
            }
        }
        if (escaped) {
            text_add(text, escaped);
        } else {
            text_add_char(text, *piece);
        }
    }
}

void text_clear(struct text *text)
{
    text->size = 0;
    text->overflow = false;
    if (text->data != empty) {
        text->data[0] = '\0';
    }
}

bool text_add_template(struct text *text, const char **at, char *name, size_t capacity)
{
    const char *open = strstr(*at, "{{"), *close = open ? strstr(open, "}}") : NULL;

    if (!close) {
        text_add(text, *at);
        *at += strlen(*at);
        return false;
    }
    text_add_bytes(text, *at, (size_t)(open - *at));
    snprintf(name, capacity, "%.*s", (int)(close - open - 2), open + 2);
    *at = close + 2;
    return true;
}

char *text_detach(struct text *text)
{
    char *data = text->data == empty ? xstrdup("") : text->data;

    *text = (struct text){ .data = empty, .ceiling = text->ceiling };
    return data;
}

/* The number of bytes that follow a lead byte, and the smallest code point of that size. Returns -1
 * if it is not a lead byte. RFC 3629. */
static int utf8_follow(unsigned char lead, uint32_t *value, uint32_t *least)
{
    if (lead < 0x80) {
        *value = lead;
        *least = 0;
        return 0;
    }
    if (lead >= 0xc2 && lead <= 0xdf) {
        *value = lead & 0x1fu;
        *least = 0x80;
        return 1;
    }
    if (lead >= 0xe0 && lead <= 0xef) {
        *value = lead & 0x0fu;
        *least = 0x800;
        return 2;
    }
    if (lead >= 0xf0 && lead <= 0xf4) {
        *value = lead & 0x07u;
        *least = 0x10000;
        return 3;
    }
    return -1;
}

size_t utf8_length(const char *text)
{
    size_t count = 0;

    for (const unsigned char *at = (const unsigned char *)text; *at; count++) {
        uint32_t value, least;
        int follow = utf8_follow(*at++, &value, &least);

        if (follow < 0) {
            return SIZE_MAX;
        }
        for (; follow > 0; follow--, at++) {
            if ((*at & 0xc0) != 0x80) {
                return SIZE_MAX;
            }
            value = value << 6 | (*at & 0x3fu);
        }
        if (value < least || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) {
            return SIZE_MAX;
        }
    }
    return count;
}

bool word_list_has(const char *list, const char *word)
{
    size_t size = strlen(word);

    for (const char *at = list; at && *at; at += strspn(at, " ")) {
        size_t length = strcspn(at, " ");

        if (length == size && memcmp(at, word, size) == 0) {
            return true;
        }
        at += length;
    }
    return false;
}
