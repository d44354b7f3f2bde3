/* json_long.c - cutting long strings out of JSON text. */
#include "base/json_long.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A string that JSON text can hold only escaped stands for a span: \u0001 and its number. Whoever
 * sends such a string himself gets his own span again. */
enum { MARK = 1, MARK_BYTES = 24 };

/* The quote that ends the string that begins behind `at`; NULL: none does. */
static const char *closing_quote(const char *at, const char *end)
{
    for (const char *quote = at; (quote = memchr(quote, '"', (size_t)(end - quote))); quote++) {
        const char *before = quote;

        while (before > at && before[-1] == '\\') {
            before--;
        }
        if ((quote - before) % 2 == 0) {
            return quote;
        }
    }
    return NULL;
}

struct cutting {
    char *rest;
    size_t size;
};

static void keep(struct cutting *cutting, const char *from, const char *to)
{
    memcpy(cutting->rest + cutting->size, from, (size_t)(to - from));
    cutting->size += (size_t)(to - from);
}

/* Copies all but the long strings. Text that is no JSON stays that: what is cut out had two ends.
 */
static void cut(const char *text, size_t size, struct json_long_strings *longs,
                struct cutting *cutting)
{
    const char *end = text + size, *kept = text, *at = text;

    while ((at = memchr(at, '"', (size_t)(end - at))) != NULL) {
        const char *begin = at + 1, *close = closing_quote(begin, end);

        if (!close) {
            break;
        }
        if (close - begin > JSON_LONG_STRING_MIN && longs->count < JSON_LONG_STRINGS_MAX) {
            keep(cutting, kept, begin);
            cutting->size += (size_t)snprintf(cutting->rest + cutting->size, MARK_BYTES,
                                              "\\u000%d%d", MARK, longs->count);
            longs->spans[longs->count++] = (struct json_span){ begin, (size_t)(close - begin) };
            kept = close;
        }
        at = close + 1;
    }
    keep(cutting, kept, end);
}

bool json_parse_long(const void *data, size_t size, const char *what,
                     struct json_long_strings *longs, cJSON **out, struct error *err)
{
    struct cutting cutting = { .rest = NULL };
    bool good;

    longs->count = 0;
    *out = NULL;
    if (size <= JSON_LONG_STRING_MIN) {
        return json_parse(data, size, what, out, err);
    }
    cutting.rest = malloc(size + 1); /* pages that are not written to are none */
    if (!cutting.rest) {
        return error_set(err, ERROR_INTERNAL, "no memory to read %s", what);
    }
    cut(data, size, longs, &cutting);
    good = json_parse(cutting.rest, cutting.size, what, out, err);
    free(cutting.rest);
    return good;
}

struct json_span json_span_of(const struct json_long_strings *longs, const cJSON *item)
{
    const char *text = cJSON_IsString(item) ? item->valuestring : NULL;
    char *end;
    long number;

    if (!text) {
        return (struct json_span){ NULL, 0 };
    }
    if (text[0] == MARK) {
        number = strtol(text + 1, &end, 10);
        if (*end == '\0' && end > text + 1 && number >= 0 && number < longs->count) {
            return longs->spans[number];
        }
    }
    return (struct json_span){ text, strlen(text) };
}
