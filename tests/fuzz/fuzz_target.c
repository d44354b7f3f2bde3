/* fuzz_target.c - arbitrary text as a target, and as a file of prompts. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "base/text.h"
#include "bench/load/target.h"
#include "bench/load/workload.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct catalog *catalog;
    struct arena *arena = arena_new();
    char *text = arena_bytes(arena, data, size);
    struct workload workload = { 0 };
    struct target target;
    struct error err = { 0 };

    if (!catalog &&
        !catalog_load((const char *)embed_find("assets/models.json")->data, &catalog, &err)) {
        abort();
    }
    if (target_read(text, catalog, 1795000000000, &target, &err)) {
        if (!target.provider || !target.model || !target.name[0] ||
            utf8_length(target.name) == SIZE_MAX) {
            abort();
        }
    } else if (err.kind != ERROR_INPUT || !err.text[0] || utf8_length(err.text) == SIZE_MAX) {
        abort();
    }
    if (workload_prompts(text, arena, &workload, &err) != (workload.prompt_count > 0) &&
        err.kind != ERROR_INPUT) {
        abort();
    }
    arena_free(arena);
    return 0;
}
