/* workload.c - reads prompts and the photo. */
#include "bench/load/workload.h"

#include <string.h>

#include "base/text.h"
#include "draw/demo_photo.h"

enum { PROMPT_LONGEST = 4000, SAMPLE_EDGE = 1024 };

bool workload_add(struct workload *out, struct arena *arena, const char *prompt, struct error *err)
{
    size_t size = strlen(prompt);

    if (!out->prompts) {
        out->prompts = arena_alloc(arena, PROMPTS_MAX * sizeof *out->prompts);
    }
    if (size > PROMPT_LONGEST || utf8_length(prompt) == SIZE_MAX) {
        return error_set(err, ERROR_INPUT, "prompt %d is %s", out->prompt_count + 1,
                         size > PROMPT_LONGEST ? "longer than 4000 bytes" : "not UTF-8");
    }
    if (out->prompt_count == PROMPTS_MAX) {
        return error_set(err, ERROR_INPUT, "more than %d prompts", PROMPTS_MAX);
    }
    out->prompts[out->prompt_count++] = arena_text(arena, prompt);
    return true;
}

bool workload_prompts(const char *text, struct arena *arena, struct workload *out,
                      struct error *err)
{
    size_t size;

    for (const char *at = text; *at; at += size + (at[size] == '\n')) {
        size_t used;

        size = strcspn(at, "\n");
        used = size > 0 && at[size - 1] == '\r' ? size - 1 : size;
        if (used > 0 && *at != '#' &&
            !workload_add(out, arena, arena_bytes(arena, at, used), err)) {
            return false;
        }
    }
    return out->prompt_count > 0 || error_set(err, ERROR_INPUT, "the file contains no prompt");
}

bool workload_photo(const struct blob *file, struct workload *out, struct error *err)
{
    struct image image;
    struct image_facts facts;
    bool good;

    if (file) {
        if (!image_inspect(file, NULL, &facts, err)) {
            return false;
        }
        out->photo.content_type = format_content_type(facts.format);
        out->photo.filename = "photo";
        return blob_copy(&out->photo.bytes, file->data, file->size, err);
    }
    out->photo.content_type = "image/jpeg";
    out->photo.filename = "product.jpg";
    good = demo_photo_draw(SAMPLE_EDGE, &image, err) &&
           image_encode_jpeg(&image, 90, false, &out->photo.bytes, err);
    image_free(&image);
    return good;
}

void workload_free(struct workload *workload)
{
    blob_free(&workload->photo.bytes);
    *workload = (struct workload){ 0 };
}
