/* json_long.h - parses JSON without copying its long strings.
 *
 * An image is one string of several megabytes. cJSON would copy it byte by byte, and the caller
 * would hold both copies. Here long strings are found with memchr before parsing, and returned as
 * spans of the original text; everything else is an ordinary tree. */
#ifndef PROVIDERS_RESPONSE_JSON_LONG_H
#define PROVIDERS_RESPONSE_JSON_LONG_H
#include "base/json.h"

enum { JSON_LONG_STRINGS_MAX = 16, JSON_LONG_STRING_MIN = 16 * 1024 };

struct json_span { /* the text between the quotes; escapes are not decoded */
    const char *text;
    size_t size;
};

struct json_long_strings {
    struct json_span spans[JSON_LONG_STRINGS_MAX]; /* point into the parsed text */
    int count;
};

/* As json_parse. Strings longer than JSON_LONG_STRING_MIN become spans (the first
 * JSON_LONG_STRINGS_MAX of them).
 */
bool json_parse_long(const void *data, size_t size, const char *what,
                     struct json_long_strings *longs, cJSON **out, struct error *err) MUST_CHECK;

/* The text of a string item, whether it is a span of the text or in the tree. The escapes of a span
 * are not decoded. */
struct json_span json_span_of(const struct json_long_strings *longs, const cJSON *item);

/* Decodes the escapes of a span into `out`, which must have span.size bytes. Returns false if one
 * stands for a character outside ASCII, or is invalid. */
bool json_span_unescape(struct json_span span, char *out, size_t *out_size) MUST_CHECK;
#endif
