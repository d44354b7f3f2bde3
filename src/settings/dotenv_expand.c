/* dotenv_expand.c - expands $NAME in .env files exactly like dotenv-expand 10: the last mention
 * first, also in single quotes, again in the result, and with the replacement patterns of
 * JavaScript ($$, $&) in the inserted text. Existing files rely on these rules. */
#include "settings/dotenv_expand.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

enum { MAX_EXPANSIONS = 200, VALUE_BYTES = 64 * 1024 };

struct mention { /* "${NAME:-default}" */
    const char *at;
    size_t size;
    const char *name, *fallback;
    size_t name_size, fallback_size;
};

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* Finds the last $ without a backslash before it. False if no name follows it. */
static bool last_mention(const char *value, struct mention *out)
{
    const char *at = NULL;

    for (const char *p = value; *p; p++) {
        if (*p == '$' && (p == value || p[-1] != '\\')) {
            at = p;
        }
    }
    if (!at) {
        return false;
    }
    *out = (struct mention){ .at = at, .name = at + 1 + (at[1] == '{') };
    at = out->name;
    while (is_word(*at)) {
        at++;
    }
    out->name_size = (size_t)(at - out->name);
    if (at[0] == ':' && at[1] == '-') {
        out->fallback = at + 2;
        out->fallback_size = strcspn(out->fallback, "}\\");
        at = out->fallback + out->fallback_size;
    }
    out->size = (size_t)(at + (*at == '}') - out->at);
    return out->name_size > 0;
}

/* Returns the replacement of a mention; sets *borrows if it comes from outside of the file. The
 * caller frees. */
static char *replacement_of(const struct mention *mention, const struct dotenv *dotenv,
                            dotenv_lookup_fn lookup, void *context, bool *borrows)
{
    char *name = xstrndup(mention->name, mention->name_size);
    const char *value = lookup(name, context);
    char *out;

    if (value && *value) {
        out = xstrdup(value);
        *borrows = true;
    } else if (mention->fallback_size > 0) {
        out = xstrndup(mention->fallback, mention->fallback_size);
    } else {
        const struct dotenv_entry *entry = dotenv_entry_find(dotenv, name);

        out = xstrdup(entry && entry->value ? entry->value : "");
        *borrows = *borrows || (entry && entry->borrows);
    }
    free(name);
    return out;
}

/* Replaces the first occurrence of the mention by `in`, like String.replace of JavaScript. */
static void replace(struct text *out, const char *value, const struct mention *mention,
                    const char *in)
{
    const char *first = memmem(value, strlen(value), mention->at, mention->size);

    text_add_bytes(out, value, (size_t)(first - value));
    for (; *in; in++) {
        if (in[0] != '$' || in[1] == '\0' || !strchr("$&`'", in[1])) {
            text_add_char(out, *in);
            continue;
        }
        in++;
        if (*in == '$') {
            text_add_char(out, '$');
        } else if (*in == '&') {
            text_add_bytes(out, first, mention->size);
        } else if (*in == '`') {
            text_add_bytes(out, value, (size_t)(first - value));
        } else {
            text_add(out, first + mention->size);
        }
    }
    text_add(out, first + mention->size);
}

static void unescape_dollars(char *value)
{
    char *to = value;

    for (; *value; value++) {
        value += value[0] == '\\' && value[1] == '$';
        *to++ = *value;
    }
    *to = '\0';
}

static bool expand(char **value, const struct dotenv *dotenv, dotenv_lookup_fn lookup,
                   void *context, bool *borrows)
{
    struct mention mention;
    int expansions = 0;

    while (last_mention(*value, &mention)) {
        char *in = expansions++ < MAX_EXPANSIONS
                       ? replacement_of(&mention, dotenv, lookup, context, borrows)
                       : NULL;
        struct text out;
        bool fits;

        if (!in) {
            return false;
        }
        text_begin(&out, VALUE_BYTES);
        replace(&out, *value, &mention, in);
        free(in);
        fits = !out.overflow;
        if (fits) {
            free(*value);
            *value = text_detach(&out);
        }
        text_end(&out);
        if (!fits) {
            return false;
        }
    }
    return true;
}

bool dotenv_expand(const struct dotenv *dotenv, struct dotenv_entry *entry, dotenv_lookup_fn lookup,
                   void *context, struct error *err)
{
    const char *outside = lookup(entry->name, context);
    char *value = xstrdup(outside ? outside : entry->value);

    if (!expand(&value, dotenv, lookup, context, &entry->borrows)) {
        free(value);
        return error_set(err, ERROR_CONFIG, "'%.60s' in it refers to itself", entry->name);
    }
    unescape_dollars(value);
    if (strchr(entry->value, '$')) {
        free(entry->value);
    } else {
        entry->literal = entry->value;
    }
    entry->value = value;
    return true;
}
