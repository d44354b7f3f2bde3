/* dotenv.c - .env files: the grammar. What $NAME stands for is in dotenv_expand.c.
 *
 * The grammar is a regular expression in the original, which tries one reading after the other;
 * the functions below are named after its parts. */
#include "settings/dotenv.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "settings/dotenv_expand.h"

struct found { /* one NAME=value, as it stands */
    const char *name, *value;
    size_t name_size, value_size;
    const char *end;
};

static const char *skip_space(const char *at)
{
    while (isspace((unsigned char)*at)) {
        at++;
    }
    return at;
}

static const char *line_end(const char *at)
{
    return at + strcspn(at, "\n");
}

/* Nothing but white space and a comment until the line ends. */
static bool tail_is_clean(const char *at)
{
    at += strspn(at, " \t\v\f");
    return *at == '\n' || *at == '\0' || *at == '#';
}

/* The closing quote: the first that is not escaped, or else the last escaped one, provided that
 * nothing comes after it. NULL: there is none. */
static const char *closing_quote(const char *open)
{
    const char *escaped = NULL, *at = open + 1;

    for (; *at && *at != *open; at++) {
        if (*at == '\\' && at[1] == *open) {
            at++;
            if (tail_is_clean(at + 1)) {
                escaped = at;
            }
        }
    }
    return *at && tail_is_clean(at + 1) ? at : escaped;
}

static void take_value(const char *at, struct found *out)
{
    const char *open = skip_space(at), *close = NULL;

    if (*open == '\'' || *open == '"' || *open == '`') {
        close = closing_quote(open);
    }
    if (close) {
        out->value = open;
        out->value_size = (size_t)(close + 1 - open);
        out->end = line_end(close + 1);
        return;
    }
    out->value = at;
    out->value_size = strcspn(at, "#\n");
    out->end = line_end(at);
}

static bool take_pair(const char *at, struct found *out)
{
    const char *end = at;

    while (isalnum((unsigned char)*end) || (*end && strchr("_.-", *end))) {
        end++;
    }
    out->name = at;
    out->name_size = (size_t)(end - at);
    if (end == at) {
        return false;
    }
    at = skip_space(end);
    if (*at == '=') {
        take_value(at + 1, out);
        return true;
    }
    if (*end == ':' && isspace((unsigned char)end[1])) {
        take_value(end + 2, out);
        return true;
    }
    return false;
}

static bool take_line(const char *at, struct found *out)
{
    at = skip_space(at);
    if (strncmp(at, "export", 6) == 0 && isspace((unsigned char)at[6]) &&
        take_pair(skip_space(at + 6), out)) {
        return true;
    }
    return take_pair(at, out);
}

/* \n and \r of double quotes, in place. */
static void unescape(char *text)
{
    char *to = text;

    for (; *text; text++) {
        if (text[0] == '\\' && (text[1] == 'n' || text[1] == 'r')) {
            *to++ = *++text == 'n' ? '\n' : '\r';
        } else {
            *to++ = *text;
        }
    }
    *to = '\0';
}

static char *value_of(const struct found *found)
{
    const char *from = found->value, *to = from + found->value_size;
    char *value, quote;

    while (from < to && isspace((unsigned char)*from)) {
        from++;
    }
    while (to > from && isspace((unsigned char)to[-1])) {
        to--;
    }
    quote = from < to ? *from : '\0';
    if (to - from >= 2 && strchr("'\"`", quote) && to[-1] == quote) {
        from++;
        to--;
    }
    value = strndup(from, (size_t)(to - from));
    if (value && quote == '"') {
        unescape(value);
    }
    return value;
}

static bool read_lines(const char *text, struct dotenv *out, struct error *err)
{
    const char *at = text;
    struct found found;

    while (*at) {
        struct dotenv_entry *entry;

        if (!take_line(at, &found)) {
            at = line_end(at);
            at += *at == '\n';
            continue;
        }
        entry = dotenv_add(out, found.name, found.name_size);
        if (!entry) {
            return error_set(err, ERROR_CONFIG, "it has more than %d names", DOTENV_ENTRIES);
        }
        entry->value = value_of(&found);
        if (!entry->value) {
            return error_set(err, ERROR_INTERNAL, "no memory for it");
        }
        at = found.end + (*found.end == '\n');
    }
    return true;
}

/* A copy with \n for every kind of line end, and without a byte order mark. */
static char *copy_lines(const char *text, size_t size)
{
    char *copy = malloc(size + 1), *to = copy;
    size_t i = size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

    for (; copy && i < size; i++) {
        if (text[i] == '\r') {
            *to++ = '\n';
            i += i + 1 < size && text[i + 1] == '\n';
        } else {
            *to++ = text[i];
        }
    }
    if (copy) {
        *to = '\0';
    }
    return copy;
}

bool dotenv_read(const char *text, size_t size, dotenv_lookup_fn lookup, void *context,
                 struct dotenv *out, struct error *err)
{
    char *copy;
    bool good;

    *out = (struct dotenv){ 0 };
    if (size > DOTENV_BYTES || (size > 0 && memchr(text, '\0', size))) {
        return error_set(err, ERROR_CONFIG, "it is %s",
                         size > DOTENV_BYTES ? "too large" : "no text file");
    }
    copy = copy_lines(text, size);
    out->entries = calloc(DOTENV_ENTRIES, sizeof *out->entries);
    good = copy && out->entries ? read_lines(copy, out, err)
                                : error_set(err, ERROR_INTERNAL, "no memory for it");
    for (int i = 0; good && i < out->count; i++) {
        good = dotenv_expand(out, &out->entries[i], lookup, context, err);
    }
    if (copy) {
        explicit_bzero(copy, strlen(copy));
        free(copy);
    }
    if (!good) {
        dotenv_free(out);
    }
    return good;
}
