/* json_long.c - parses JSON without copying its long strings. */
#include "providers/response/json_long.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A long string is replaced by \u0001 and its number before parsing. If the input itself contains
 * such a string, it only refers to a string of the same input. */
enum { MARK = 1, MARK_BYTES = 24 };

struct output {
    char *text;
    size_t size;
};

static void keep(struct output *output, const char *from, const char *to)
{
    memcpy(output->text + output->size, from, (size_t)(to - from));
    output->size += (size_t)(to - from);
}

/* Copies everything except long strings. Invalid JSON stays invalid. */
static void cut(const char *text, size_t size, struct json_long_strings *longs,
                struct output *output)
{
    const char *end = text + size, *kept = text, *at = text;

    while ((at = memchr(at, '"', (size_t)(end - at))) != NULL) {
        const char *begin = at + 1, *close = json_closing_quote(begin, end);

        if (!close) {
            break;
        }
        if (close - begin > JSON_LONG_STRING_MIN && longs->count < JSON_LONG_STRINGS_MAX) {
            keep(output, kept, begin);
            output->size += (size_t)snprintf(output->text + output->size, MARK_BYTES, "\\u000%d%d",
                                             MARK, longs->count);
            longs->spans[longs->count++] = (struct json_span){ begin, (size_t)(close - begin) };
            kept = close;
        }
        at = close + 1;
    }
    keep(output, kept, end);
}

bool json_parse_long(const void *data, size_t size, const char *what,
                     struct json_long_strings *longs, cJSON **out, struct error *err)
{
    struct output output = { .text = NULL };
    bool good;

    longs->count = 0;
    *out = NULL;
    if (size <= JSON_LONG_STRING_MIN) {
        return json_parse(data, size, what, out, err);
    }
    if (!json_check_limits(data, size, what, err)) {
        return false;
    }
    output.text = malloc(size + 1); /* unused pages take no memory */
    if (!output.text) {
        return error_set(err, ERROR_INTERNAL, "no memory to read %s", what);
    }
    cut(data, size, longs, &output);
    good = json_parse(output.text, output.size, what, out, err);
    free(output.text);
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

static int hex_value(const char *digits)
{
    int value = 0;

    for (int i = 0; i < 4; i++) {
        const char *all = "0123456789abcdef", *found = strchr(all, digits[i] | 0x20);

        if (!digits[i] || !found) {
            return -1;
        }
        value = value * 16 + (int)(found - all);
    }
    return value;
}

/* Decodes the escape after the backslash at `at`. Returns its size in the text; 0 if it does not
 * stand for a character of ASCII. */
static size_t decode_escape(const char *at, size_t size, char *out)
{
    static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
    const char *name = size > 1 && at[1] ? strchr(names, at[1]) : NULL;
    int code = size > 5 && at[1] == 'u' ? hex_value(at + 2) : -1;

    *out = name ? values[name - names] : (char)code;
    return name ? 2 : code > 0 && code < 0x80 ? 6 : 0;
}

bool json_span_unescape(struct json_span span, char *out, size_t *out_size)
{
    size_t size = 0;

    for (size_t i = 0; i < span.size;) {
        size_t used = 1;

        out[size] = span.text[i];
        if (span.text[i] == '\\') {
            used = decode_escape(span.text + i, span.size - i, &out[size]);
            if (used == 0) {
                return false;
            }
        }
        i += used;
        size++;
    }
    *out_size = size;
    return true;
}
