/* dotenv.c - parses .env files.
 *
 * @next/env parses with one regular expression, which backtracks. The functions below correspond to
 * its parts. */
#include "settings/dotenv.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "settings/dotenv_expand.h"

struct assignment { /* NAME=value, unparsed */
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

/* True if only white space and a comment follow on this line. */
static bool tail_is_clean(const char *at)
{
    at += strspn(at, " \t\v\f");
    return *at == '\n' || *at == '\0' || *at == '#';
}

/* Finds the closing quote: the first that is not escaped, otherwise the last escaped one. Nothing
 * may follow it on its line. Returns NULL if the value has no such quote. */
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

static void read_value(const char *at, struct assignment *out)
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

static bool read_pair(const char *at, struct assignment *out)
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
        read_value(at + 1, out);
        return true;
    }
    if (*end == ':' && isspace((unsigned char)end[1])) {
        read_value(end + 2, out);
        return true;
    }
    return false;
}

static bool read_assignment(const char *at, struct assignment *out)
{
    at = skip_space(at);
    if (strncmp(at, "export", 6) == 0 && isspace((unsigned char)at[6]) &&
        read_pair(skip_space(at + 6), out)) {
        return true;
    }
    return read_pair(at, out);
}

/* Replaces \n and \r, which only double quotes allow, in place. */
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

static char *value_of(const struct assignment *assignment)
{
    const char *from = assignment->value, *to = from + assignment->value_size;
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
    value = xstrndup(from, (size_t)(to - from));
    if (quote == '"') {
        unescape(value);
    }
    return value;
}

static bool read_lines(const char *text, struct dotenv *out, struct error *err)
{
    const char *at = text;
    struct assignment assignment;

    while (*at) {
        struct dotenv_entry *entry;

        if (!read_assignment(at, &assignment)) {
            at = line_end(at);
            at += *at == '\n';
            continue;
        }
        entry = dotenv_add(out, assignment.name, assignment.name_size);
        if (!entry) {
            return error_set(err, ERROR_CONFIG, "it assigns more than %d names", DOTENV_ENTRIES);
        }
        entry->value = value_of(&assignment);
        at = assignment.end + (*assignment.end == '\n');
    }
    return true;
}

/* Copies the text with \n for every kind of line end and without a byte order mark. */
static char *copy_lines(const char *text, size_t size)
{
    char *copy = xcalloc(size + 1, 1), *to = copy;
    size_t i = size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

    for (; i < size; i++) {
        if (text[i] == '\r') {
            *to++ = '\n';
            i += i + 1 < size && text[i + 1] == '\n';
        } else {
            *to++ = text[i];
        }
    }
    *to = '\0';
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
                         size > DOTENV_BYTES ? "too large" : "not a text file");
    }
    copy = copy_lines(text, size);
    out->entries = xcalloc(DOTENV_ENTRIES, sizeof *out->entries);
    good = read_lines(copy, out, err);
    for (int i = 0; good && i < out->count; i++) {
        good = dotenv_expand(out, &out->entries[i], lookup, context, err);
    }
    explicit_bzero(copy, strlen(copy));
    free(copy);
    if (!good) {
        dotenv_free(out);
    }
    return good;
}
