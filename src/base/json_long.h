/* json_long.h - JSON whose longest strings stay where they are.
 *
 * An image comes as one string of megabytes. cJSON would copy it byte by byte, and a caller would
 * keep tree and text. Here such strings are cut out before parsing, found by memchr, and handed out
 * as spans of the text; all the rest is an ordinary tree. */
#ifndef BASE_JSON_LONG_H
#define BASE_JSON_LONG_H
#include "base/json.h"

enum { JSON_LONG_STRINGS_MAX = 16, JSON_LONG_STRING_MIN = 16 * 1024 };

struct json_span { /* between the quotes, escapes as they stand; content not checked */
    const char *text;
    size_t size;
};

struct json_long_strings {
    struct json_span spans[JSON_LONG_STRINGS_MAX]; /* point into the text that was parsed */
    int count;
};

/* As json_parse. Strings longer than JSON_LONG_STRING_MIN become spans (the first
 * JSON_LONG_STRINGS_MAX of them).
 */
bool json_parse_long(const void *data, size_t size, const char *what,
                     struct json_long_strings *longs, cJSON **out, struct error *err) MUST_CHECK;

/* The text of a string item, wherever it is; what was cut out as its span. */
struct json_span json_span_of(const struct json_long_strings *longs, const cJSON *item);
#endif
