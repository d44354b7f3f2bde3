/* fuzz_aplus.c - arbitrary bytes as the response of a text model. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "model/aplus.h"
#include "model/features.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Stored content must be valid UTF-8 and readable again. */
static void check_stored(const char *json)
{
    struct error err;
    cJSON *value;

    if (utf8_length(json) == SIZE_MAX || !json_parse(json, strlen(json), "it", &value, &err)) {
        abort();
    }
    if (!cJSON_IsArray(value)) {
        abort();
    }
    cJSON_Delete(value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    char *text = arena_bytes(arena, data, size);
    struct brief brief = { .feature_count = 0 };
    const char *all = NULL;
    struct aplus aplus;
    struct error err;

    for (int premium = 0; premium < 2; premium++) {
        if (aplus_read(text, premium, &brief, arena, &aplus, &all, &err)) {
            check_stored(aplus.modules);
            if (aplus.request_count > APLUS_MODULES * APLUS_SLOTS) {
                abort();
            }
        } else if (!all || err.kind != ERROR_OUTPUT) {
            abort();
        }
    }
    if (features_read(text, arena, &brief, &all, &err)) {
        check_stored(all);
    } else if (err.kind != ERROR_OUTPUT || brief.feature_count != 0) {
        abort();
    }
    arena_free(arena);
    return 0;
}
