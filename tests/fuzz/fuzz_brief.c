/* fuzz_brief.c - arbitrary bytes as a project's row, as a payload, and as a text with dimensions.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "model/brief.h"
#include "model/payload.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Checks that accepted text is fit for prompts and drawings. */
static void check_text(const char *text, size_t most)
{
    if (strlen(text) > most || utf8_length(text) == SIZE_MAX) {
        abort();
    }
    for (; *text; text++) {
        if ((unsigned char)*text < ' ' || *text == 0x7f) {
            abort();
        }
    }
}

static void check_dimensions(const struct dimension *list, int count, const char *text)
{
    for (int i = 0; i < count; i++) {
        /* no dimension is invented: the unit's first letter or an inch mark must occur in the text
         */
        if (!(list[i].value > 0) || !list[i].label || !list[i].text[0] ||
            (text && !strpbrk(text, "cmifCMIF\"\xe2"))) {
            abort();
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    char *text = arena_bytes(arena, data, size);
    struct dimension found[BRIEF_DIMENSIONS];
    struct payload payload;
    struct brief brief;
    struct error err;

    check_dimensions(found, dimensions_find(text, arena, found, BRIEF_DIMENSIONS), text);
    if (brief_read(text, arena, &brief, &err)) {
        check_text(brief.product_name, 400);
        check_text(brief.description, 8000);
        check_text(brief.photo_url, 2000);
        check_dimensions(brief.dimensions, brief.dimension_count, NULL);
        for (int i = 0; i < brief.feature_count; i++) {
            check_text(brief.features[i].title, 120);
        }
    } else if (err.kind == ERROR_NONE) {
        abort();
    }
    if (payload_read_image(text, arena, &payload, &err)) {
        check_text(payload.style, 320);
    } else if (err.kind != ERROR_INPUT) {
        abort();
    }
    if (!payload_read_pack(text, arena, &payload, &err) && err.kind != ERROR_INPUT) {
        abort();
    }
    if (!payload_read_aplus(text, arena, &payload, &err) && err.kind != ERROR_INPUT) {
        abort();
    }
    arena_free(arena);
    return 0;
}
