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
        /* no dimension is invented: a letter of the unit or an inch mark must occur in the text
         */
        if (!(list[i].value > 0) || !list[i].label || !list[i].text[0] || !list[i].part ||
            !list[i].name || (text && !strpbrk(text, "cmifpzCMIFPZ\"\xe2\xd8\xd9"))) {
            abort();
        }
    }
}

static void check_view(const struct dimension *list, int count)
{
    static const double aspects[] = { 0.01, 0.5, 1, 1.06, 3, 100 };

    for (size_t i = 0; i < sizeof aspects / sizeof *aspects; i++) {
        struct dimension_view view = dimensions_view(list, count, aspects[i]);

        if (view.horizontal >= count || view.vertical >= count || view.depth >= count ||
            (view.horizontal >= 0 && view.horizontal == view.vertical) ||
            (view.horizontal >= 0 && list[view.horizontal].part[0])) {
            abort();
        }
    }
}

static void check_payload_dimensions(const char *text, struct arena *arena)
{
    struct dimension list[BRIEF_DIMENSIONS];
    cJSON *value = cJSON_Parse(text);
    int count = dimensions_read(value, "Mug", arena, list, BRIEF_DIMENSIONS);

    check_dimensions(list, count, NULL);
    check_view(list, count);
    cJSON_Delete(value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    char *text = arena_bytes(arena, data, size);
    struct dimension found[BRIEF_DIMENSIONS];
    struct payload payload;
    struct brief brief;
    struct error err;
    int count;

    count = dimensions_find(text, "Mug", arena, found, BRIEF_DIMENSIONS);
    check_dimensions(found, count, text);
    check_view(found, count);
    dimensions_print(found, count, UNITS_INCH_AND_CM, arena);
    check_payload_dimensions(text, arena);
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
