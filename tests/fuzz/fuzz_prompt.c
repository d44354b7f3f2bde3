/* fuzz_prompt.c - arbitrary bytes as a user's template: an accepted template can always be filled.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <stdio.h>
#include <unistd.h>

#include "model/prompt.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char folder[64], path[100];

static void clean_up(void)
{
    unlink(path);
    rmdir(folder);
}

static bool place(const uint8_t *data, size_t size)
{
    FILE *file;

    if (!folder[0]) {
        snprintf(folder, sizeof folder, "/tmp/darkroom-fuzz-XXXXXX");
        if (!mkdtemp(folder)) {
            abort();
        }
        snprintf(path, sizeof path, "%s/main_image.txt", folder);
        atexit(clean_up);
    }
    file = fopen(path, "w");
    if (!file) {
        abort();
    }
    size = fwrite(data, 1, size, file);
    return fclose(file) == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct brief briefs[] = {
        { .product_name = "" },
        { .product_name = "{{x}}",
          .description = "{{#a}}",
          .category = "c",
          .style = "}}",
          .features = { { "t", "d", 1, "i" }, { "{{/a}}", "", 2, "" } },
          .feature_count = 2,
          .dimensions = { { .name = "height", .part = "", .text = "1 cm" } },
          .dimension_count = 1 },
    };
    struct prompts *prompts;
    struct prompt prompt;
    struct error err;

    if (!place(data, size)) {
        return 0;
    }
    if (!prompts_load(folder, &prompts, &err)) {
        if (err.kind != ERROR_CONFIG || !err.text[0]) {
            abort();
        }
        return 0;
    }
    for (int i = 0; i < 2; i++) {
        struct arena *arena = arena_new();

        if (!prompt_make(prompts, "main_image", &briefs[i], "a", 0, arena, &prompt, &err) &&
            err.kind != ERROR_INPUT) {
            abort(); /* only excessive length may still fail */
        }
        arena_free(arena);
    }
    prompts_free(prompts);
    return 0;
}
