/* stored_text.c - removes markup and characters that are not visible. */
#include "model/stored_text.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/unicode/character.h"

enum { PASSES = 4, DEPTH = 32 };

/* -- character references ---------------------------------------------------------------------- */

static size_t put_utf8(unsigned long code, char *out)
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xc0 | code >> 6);
        out[1] = (char)(0x80 | (code & 0x3f));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (char)(0xe0 | code >> 12);
        out[1] = (char)(0x80 | (code >> 6 & 0x3f));
        out[2] = (char)(0x80 | (code & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | code >> 18);
    out[1] = (char)(0x80 | (code >> 12 & 0x3f));
    out[2] = (char)(0x80 | (code >> 6 & 0x3f));
    out[3] = (char)(0x80 | (code & 0x3f));
    return 4;
}

/* Decodes "&#60;" and "&#x3c;". Returns 0 if it is none; else its size. */
static size_t read_number(const char *at, char *out, size_t *out_size)
{
    bool hex = at[1] == '#' && (at[2] == 'x' || at[2] == 'X');
    const char *digits = at + 2 + hex;
    char *end;
    unsigned long code;

    if (at[1] != '#' ||
        !(hex ? isxdigit((unsigned char)*digits) : isdigit((unsigned char)*digits))) {
        return 0;
    }
    code = strtoul(digits, &end, hex ? 16 : 10);
    if (*end != ';' || end - digits > 7 || code == 0 || code > 0x10ffff ||
        (code >= 0xd800 && code < 0xe000)) {
        return 0;
    }
    *out_size = put_utf8(code, out);
    return (size_t)(end + 1 - at);
}

/* Decodes the character reference at `at`. Returns its size, or 0 if it is none. */
static size_t read_reference(const char *at, char *out, size_t *out_size)
{
    static const struct {
        const char *name;
        char character;
    } known[] = { { "&lt;", '<' },   { "&gt;", '>' },    { "&amp;", '&' },
                  { "&quot;", '"' }, { "&apos;", '\'' }, { "&nbsp;", ' ' } };

    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        size_t size = strlen(known[i].name);

        if (strncasecmp(at, known[i].name, size) == 0) {
            *out = known[i].character;
            *out_size = 1;
            return size;
        }
    }
    return read_number(at, out, out_size);
}

/* A reference may stand for the '&' of another one, so the pass is repeated. */
static bool decode_references(char *text)
{
    char *to = text, character[4];
    bool changed = false;
    size_t size, used;

    while (*text) {
        used = *text == '&' ? read_reference(text, character, &size) : 0;
        if (used > 0) {
            memcpy(to, character, size);
            to += size;
            text += used;
            changed = true;
        } else {
            *to++ = *text++;
        }
    }
    *to = '\0';
    return changed;
}

/* -- tags -------------------------------------------------------------------------------------- */

static bool begins_tag(const char *at)
{
    return at[0] == '<' && (isalpha((unsigned char)at[1]) || (at[1] && strchr("/!?", at[1])));
}

/* The end of an element whose content is not text, or NULL. */
static const char *end_of_code(const char *at)
{
    static const char *const names[] = { "script", "style" };

    for (size_t i = 0; i < 2; i++) {
        size_t size = strlen(names[i]);

        if (strncasecmp(at + 1, names[i], size) == 0 && !isalnum((unsigned char)at[1 + size])) {
            for (const char *end = at; (end = strstr(end, "</")) != NULL; end++) {
                if (strncasecmp(end + 2, names[i], size) == 0) {
                    return strchr(end, '>');
                }
            }
        }
    }
    return NULL;
}

/* The last character of the tag at `at`, or NULL if it has no end. */
static const char *end_of_tag(const char *at)
{
    const char *end = strncmp(at, "<!--", 4) == 0 ? strstr(at + 4, "-->") : end_of_code(at);

    if (strncmp(at, "<!--", 4) == 0 && end) {
        return end + 2;
    }
    return end ? end : strchr(at, '>');
}

/* Inline elements leave no space: "<b>S</b>teel" is one word. */
static bool is_inline(const char *at)
{
    static const char *const names[] = { "b",   "i",   "u",    "em",    "strong", "span", "a",
                                         "sup", "sub", "mark", "small", "code",   "font", NULL };
    const char *name = at + 1 + (at[1] == '/');
    size_t size = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");

    for (int i = 0; names[i]; i++) {
        if (strlen(names[i]) == size && strncasecmp(name, names[i], size) == 0) {
            return true;
        }
    }
    return false;
}

static bool remove_tags(char *text)
{
    char *to = text;
    bool changed = false;

    while (*text) {
        const char *end = begins_tag(text) ? end_of_tag(text) : NULL;

        if (!begins_tag(text)) {
            *to++ = *text++;
            continue;
        }
        if (!is_inline(text)) {
            *to++ = ' ';
        }
        text += end ? end - text + 1 : 1; /* of a tag without an end, only the '<' is removed */
        changed = true;
    }
    *to = '\0';
    return changed;
}

/* -- Markdown ---------------------------------------------------------------------------------- */

/* Replaces "[text](target)" and "![text](target)" by the text. Returns the size that was read, or
 * 0 if there is no link. */
static size_t read_link(const char *at, const char **label, size_t *label_size)
{
    const char *open = *at == '!' ? at + 1 : at, *close, *end;

    close = *open == '[' ? strchr(open, ']') : NULL;
    end = close && close[1] == '(' ? strchr(close, ')') : NULL;
    if (!end || memchr(open, '\n', (size_t)(end - open))) {
        return 0;
    }
    *label = open + 1;
    *label_size = (size_t)(close - open - 1);
    return (size_t)(end + 1 - at);
}

/* The size of a mark at the beginning of a line: "## ", "- ", "* ". */
static size_t line_mark(const char *at)
{
    size_t size = strspn(at, "#");

    if (size == 0) {
        size = *at == '-' || *at == '*';
    }
    return size > 0 && size <= 6 && at[size] == ' ' ? size + 1 : 0;
}

static size_t emphasis_mark(const char *at)
{
    return strncmp(at, "**", 2) == 0 || strncmp(at, "__", 2) == 0 || strncmp(at, "~~", 2) == 0
               ? strspn(at, (char[]){ *at, '\0' })
           : *at == '`' ? strspn(at, "`")
                        : 0;
}

static void remove_markdown(char *text)
{
    char *to = text, *start = text;
    const char *label;
    size_t size, label_size;

    while (*text) {
        bool begins_line = text == start || text[-1] == '\n';

        size = begins_line ? line_mark(text) : 0;
        size = size ? size : emphasis_mark(text);
        if (size > 0) {
            text += size;
        } else if ((size = read_link(text, &label, &label_size)) > 0) {
            memmove(to, label, label_size);
            to += label_size;
            text += size;
        } else {
            *to++ = *text++;
        }
    }
    *to = '\0';
}

/* -- characters -------------------------------------------------------------------------------- */

static void clean_characters(char *text)
{
    char *to = text, *start = text;

    while (*text) {
        enum character_class class;
        size_t size = character_read(text, &class, NULL);

        if (*text == ' ' || class == CHARACTER_CONTROL) {
            if (to > start && to[-1] != ' ') {
                *to++ = ' ';
            }
        } else if (class == CHARACTER_VISIBLE) {
            memmove(to, text, size);
            to += size;
        }
        text += size;
    }
    while (to > start && to[-1] == ' ') {
        to--;
    }
    *to = '\0';
}

/* Hidden characters go first, since they may divide a tag or a reference. What is removed may join
 * the rest to another tag, so passes are repeated; after the last one every '<' that begins a tag
 * goes. */
void stored_text_clean(char *text)
{
    bool changed = true;

    remove_markdown(text);
    for (int pass = 0; changed && pass < PASSES; pass++) {
        clean_characters(text);
        changed = decode_references(text);
        changed = remove_tags(text) || changed;
    }
    clean_characters(text);
    for (char *at = text; changed && *at; at++) {
        *at = begins_tag(at) ? ' ' : *at;
    }
}

static void clean_tree(cJSON *item, int depth)
{
    if (cJSON_IsString(item)) {
        stored_text_clean(item->valuestring);
    }
    for (cJSON *child = depth < DEPTH ? item->child : NULL; child; child = child->next) {
        clean_tree(child, depth + 1);
    }
}

void stored_text_clean_tree(cJSON *tree)
{
    clean_tree(tree, 0);
}
