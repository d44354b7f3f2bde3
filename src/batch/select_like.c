/* select_like.c - one image made again as it was made, but for what the flags change. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "batch/regenerate.h"
#include "io/file.h"
#include "model/prompt.h"

enum { PROMPT_BYTES = 32000 };

static const cJSON *part(const cJSON *object, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(object, name);
}

/* A prompt that was sent is words; as a template, "{{" in it would mean something. */
static const char *as_template(const char *prompt, struct arena *arena)
{
    struct text text;
    const char *open, *at = prompt, *copy;

    text_begin(&text, strlen(prompt) * 2);
    while ((open = strstr(at, "{{"))) {
        text_add_bytes(&text, at, (size_t)(open - at));
        text_add(&text, "{{{{");
        at = open + 2;
    }
    text_add(&text, at);
    copy = arena_text(arena, text.data);
    text_end(&text);
    return copy;
}

static bool read_prompt(struct regenerate *regenerate, const char *path, struct error *err)
{
    struct blob file;
    bool good;

    if (!file_read(path, PROMPT_BYTES, &file, NULL, err)) {
        return false;
    }
    regenerate->prompt =
        arena_bytes(regenerate->arena, file.data ? file.data : (const uint8_t *)"", file.size);
    good = (strlen(regenerate->prompt) == file.size && file.size > 0 &&
            utf8_length(regenerate->prompt) != SIZE_MAX) ||
           error_set(err, ERROR_INPUT, "%.200s is no prompt: it is empty, or no text", path);
    blob_free(&file);
    if (good && !prompt_check(regenerate->prompt, err)) {
        err->kind = ERROR_INPUT;
        good = false;
    }
    return good;
}

/* What a flag does not say is as it was. */
static bool take(struct regenerate *regenerate, const cJSON *known, struct error *err)
{
    const cJSON *image = part(known, "image"), *item = part(known, "item");
    const cJSON *metadata = part(cJSON_IsObject(image) ? image : item, "metadata");
    const char *id = json_peek_text(image, "id"), *model = json_peek_text(metadata, "model");
    const char *quality = json_peek_text(metadata, "quality");
    const char *prompt = json_peek_text(metadata, "prompt");
    bool cut_out = model && strcmp(model, "cut-out") == 0; /* of the photo, by no model */

    id = id ? id : json_peek_text(item, "source_id");
    if (!id) {
        error_set(err, ERROR_INPUT, "'%.100s' is no image that counts, nor stands beside one",
                  regenerate->from);
        return error_hint(err, "`darkroom explain` tells what is known of it.");
    }
    for (const char *at = id; *at; at++) {
        if (*at == '"' || *at == '\\' || *at == '{' || *at == '}' || *at == ',') {
            return error_set(err, ERROR_INPUT, "the image's id is not one of ours");
        }
    }
    regenerate->ids = arena_printf(regenerate->arena, "{\"%s\"}", id);
    regenerate->id_count = 1;
    regenerate->from_model = cut_out ? NULL : arena_text(regenerate->arena, model);
    regenerate->from_quality = arena_text(regenerate->arena, quality);
    if (prompt && !regenerate->prompt) {
        regenerate->prompt = as_template(prompt, regenerate->arena);
    }
    return true;
}

bool select_like_read(struct regenerate *regenerate, int argc, struct error *err)
{
    const char *path = setting_text(regenerate->settings, "prompt-file");
    cJSON *known = NULL;
    bool good;

    regenerate->from = setting_text(regenerate->settings, "from");
    if (path && !read_prompt(regenerate, path, err)) {
        return false;
    }
    if (!regenerate->from) {
        return true;
    }
    if (argc > 0 || setting_text(regenerate->settings, "ids") ||
        setting_flag(regenerate->settings, "all")) {
        return error_set(err, ERROR_INPUT, "--from names the one image; no other can be named");
    }
    if (!database_query(regenerate->session, "explain", 1, &regenerate->from, &known, err)) {
        return false;
    }
    good = cJSON_IsObject(known) ||
           error_set(err, ERROR_INPUT, "nothing is known of an image '%.100s'", regenerate->from);
    good = good && take(regenerate, known, err);
    cJSON_Delete(known);
    return good;
}

const char *select_like_quality(const struct regenerate *regenerate)
{
    const char *wanted = setting_text(regenerate->settings, "quality");

    return wanted ? wanted : regenerate->from_quality;
}
