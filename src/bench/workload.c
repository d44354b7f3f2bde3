/* workload.c - prompts and photo. */
#include "bench/workload.h"

#include <string.h>

#include "base/text.h"
#include "draw/sample.h"

enum { PROMPT_LONGEST = 4000, SAMPLE_EDGE = 1024 };

static bool add(struct workload *out, struct arena *arena, const char *line, size_t size,
                struct error *err)
{
    const char *prompt = arena_bytes(arena, line, size);

    if (size > PROMPT_LONGEST || utf8_length(prompt) == SIZE_MAX) {
        return error_set(err, ERROR_INPUT, "prompt %d is %s", out->prompt_count + 1,
                         size > PROMPT_LONGEST ? "longer than 4000 bytes" : "not UTF-8");
    }
    if (out->prompt_count == PROMPTS_MAX) {
        return error_set(err, ERROR_INPUT, "more than %d prompts", PROMPTS_MAX);
    }
    out->prompts[out->prompt_count++] = prompt;
    return true;
}

static size_t lines_of(const char *text)
{
    size_t lines = 1;

    for (const char *at = text; (at = strchr(at, '\n')); at++) {
        lines++;
    }
    return lines;
}

bool workload_prompts(const char *text, struct arena *arena, struct workload *out,
                      struct error *err)
{
    size_t size;

    out->prompts = arena_alloc(arena, lines_of(text) * sizeof *out->prompts);
    out->prompt_count = 0;
    for (const char *at = text; *at; at += size + (at[size] == '\n')) {
        size_t used;

        size = strcspn(at, "\n");
        used = size > 0 && at[size - 1] == '\r' ? size - 1 : size;
        if (used > 0 && *at != '#' && !add(out, arena, at, used, err)) {
            return false;
        }
    }
    return out->prompt_count > 0 || error_set(err, ERROR_INPUT, "there is no prompt in the file");
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
    good = sample_photo(SAMPLE_EDGE, &image, err) &&
           image_encode_jpeg(&image, 90, false, &out->photo.bytes, err);
    image_free(&image);
    return good;
}

void workload_free(struct workload *workload)
{
    blob_free(&workload->photo.bytes);
    *workload = (struct workload){ 0 };
}
