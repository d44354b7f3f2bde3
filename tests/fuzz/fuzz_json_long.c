/* fuzz_json_long.c - JSON with long strings: the result must agree with the plain parser, and every
 * returned string must lie between two quotes of the text. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "providers/response/json_long.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LETTER = '~', FOLD = JSON_LONG_STRING_MIN / 2 + 1, TEXT_LARGEST = 4 * 1024 * 1024 };

/* Every LETTER expands to this many; two make a string long. */
static char *unfold(const uint8_t *data, size_t size, size_t *out)
{
    char *text = malloc(TEXT_LARGEST);

    *out = 0;
    for (size_t i = 0; text && i < size && *out + FOLD < TEXT_LARGEST; i++) {
        size_t times = data[i] == LETTER ? FOLD : 1;

        memset(text + *out, data[i], times);
        *out += times;
    }
    return text;
}

static void check_spans(const char *text, size_t size, const struct json_long_strings *longs)
{
    for (int i = 0; i < longs->count; i++) {
        const char *from = longs->spans[i].text;
        size_t at = (size_t)(from - text), length = longs->spans[i].size;

        if (at == 0 || at + length >= size || from[-1] != '"' || from[length] != '"') {
            abort();
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct json_long_strings longs;
    struct json_span span;
    cJSON *plain, *cut, *item;
    struct error err;
    size_t length;
    char *text = unfold(data, size, &length);
    bool taken = json_parse(text, length, "it", &plain, &err);
    bool also = json_parse_long(text, length, "it", &longs, &cut, &err);

    if (taken && !also) {
        abort();
    }
    if (also) {
        check_spans(text, length, &longs);
        item = cJSON_IsArray(cut) ? cJSON_GetArrayItem(cut, 0) : cut;
        span = json_span_of(&longs, item);
        if ((span.text != NULL) != cJSON_IsString(item)) {
            abort();
        }
    }
    cJSON_Delete(plain);
    cJSON_Delete(cut);
    free(text);
    return 0;
}
