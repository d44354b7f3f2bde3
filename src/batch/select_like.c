/* select_like.c - selects one image, and reuses its model, quality and prompt unless flags differ.
 */
#include "batch/select_like.h"

#include <stdio.h>
#include <string.h>

#include "app/ids/find_id.h"
#include "base/text.h"
#include "io/file.h"
#include "model/prompt.h"

enum { PROMPT_BYTES = 32000 };

static const cJSON *member(const cJSON *object, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(object, name);
}

/* Escapes "{{" as "{{{{": a recorded prompt is literal text, but templates expand "{{". */
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
    good =
        (strlen(regenerate->prompt) == file.size && file.size > 0 &&
         utf8_length(regenerate->prompt) != SIZE_MAX) ||
        error_set(err, ERROR_INPUT, "%.200s is not a prompt: it is empty or not UTF-8 text.", path);
    blob_free(&file);
    if (good && !prompt_check(regenerate->prompt, err)) {
        err->kind = ERROR_INPUT;
        good = false;
    }
    return good;
}

/* Sets the image's id, and the recorded model, quality and prompt. */
static bool apply_recorded(struct regenerate *regenerate, const cJSON *record, struct error *err)
{
    const cJSON *image = member(record, "image"), *item = member(record, "item");
    const cJSON *metadata = member(cJSON_IsObject(image) ? image : item, "metadata");
    const char *id = json_peek_text(image, "id"), *model = json_peek_text(metadata, "model");
    const char *quality = json_peek_text(metadata, "quality");
    const char *prompt = json_peek_text(metadata, "prompt");
    bool cut_out =
        model && strcmp(model, "cut-out") == 0; /* a local cut-out of the photo: no model made it */

    id = id ? id : json_peek_text(item, "source");
    if (!id) {
        error_set(err, ERROR_INPUT, "No image or candidate has the id '%.100s'.", regenerate->from);
        return error_hint(err, "`darkroom explain` shows what is recorded about it.");
    }
    for (const char *at = id; *at; at++) {
        if (*at == '"' || *at == '\\' || *at == '{' || *at == '}' || *at == ',') {
            return error_set(err, ERROR_INPUT,
                             "The image's id contains characters that are not allowed.");
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
    char id[ID_TEXT];
    cJSON *record = NULL;
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
        return error_set(err, ERROR_INPUT,
                         "--from selects one image; remove --all, --ids and image arguments.");
    }
    if (!strstr(regenerate->from, "://")) {
        if (!find_id_or_keep(regenerate->session, ID_IMAGE, regenerate->from, id, err)) {
            return false;
        }
        regenerate->from = arena_text(regenerate->arena, id);
    }
    if (!database_query(regenerate->session, "explain", 1, &regenerate->from, &record, err)) {
        return false;
    }
    good =
        cJSON_IsObject(record) ||
        error_set(err, ERROR_INPUT, "No image or candidate has the id '%.100s'.", regenerate->from);
    good = good && apply_recorded(regenerate, record, err);
    cJSON_Delete(record);
    return good;
}

const char *select_like_quality(const struct regenerate *regenerate)
{
    const char *wanted = setting_text(regenerate->settings, "quality");

    return wanted ? wanted : regenerate->from_quality;
}
