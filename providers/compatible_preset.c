/* compatible_preset.c - reads assets/provider-presets.json. */
#include <stdio.h>
#include <string.h>

#include "base/embed.h"
#include "base/json.h"
#include "providers/compatible.h"

static const char *text_of(const cJSON *entry, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(entry, key);

    return cJSON_IsString(item) ? item->valuestring : NULL;
}

static bool is_true(const cJSON *entry, const char *key)
{
    return cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(entry, key));
}

static bool is(const char *text, const char *value)
{
    return text && strcmp(text, value) == 0;
}

static void fill(const cJSON *entry, struct compatible_preset *out)
{
    const cJSON *chat = cJSON_GetObjectItemCaseSensitive(entry, "chat");
    const char *size = text_of(entry, "size"), *edits = text_of(entry, "edits");
    const char *prefix = text_of(entry, "keyPrefix");

    out->base_url = text_of(entry, "baseUrl");
    out->key_header = text_of(entry, "keyHeader");
    out->key_prefix = prefix ? prefix : "";
    out->sends_model = is_true(entry, "sendsModel");
    out->size = is(size, "aspect-ratio")   ? SIZE_ASPECT_RATIO
                : is(size, "width-height") ? SIZE_WIDTH_HEIGHT
                                           : SIZE_TEXT;
    out->edits = is(edits, "multipart") ? EDIT_MULTIPART
                 : is(edits, "json")    ? EDIT_JSON
                                        : EDIT_NONE;
    out->quality = is_true(entry, "quality");
    out->background = is_true(entry, "background");
    out->result = text_of(entry, "result");
    out->output_format = text_of(entry, "outputFormat");
    out->extra = cJSON_GetObjectItemCaseSensitive(entry, "extra");
    out->system_role = text_of(chat, "systemRole");
    out->max_tokens = text_of(chat, "maxTokens");
}

static void list_names(const cJSON *presets, char *out, size_t size)
{
    const cJSON *entry;
    size_t used = 0;

    out[0] = '\0';
    cJSON_ArrayForEach(entry, presets)
    {
        int wrote = snprintf(out + used, size - used, "%s%s", used ? ", " : "", entry->string);

        used += wrote > 0 && (size_t)wrote < size - used ? (size_t)wrote : 0;
    }
}

bool compatible_preset_load(const char *name, struct compatible_preset *out, struct error *err)
{
    const struct embedded *file = embed_find("assets/provider-presets.json");
    const cJSON *presets, *entry;
    char names[200];

    *out = (struct compatible_preset){ .tree = NULL };
    if (!json_parse(file->data, file->size, "provider-presets.json", &out->tree, err)) {
        return false;
    }
    presets = cJSON_GetObjectItemCaseSensitive(out->tree, "presets");
    entry = name ? cJSON_GetObjectItemCaseSensitive(presets, name) : NULL;
    if (entry) {
        fill(entry, out);
        return true;
    }
    list_names(presets, names, sizeof names);
    if (name) {
        error_set(err, ERROR_CONFIG, "'%.40s' is not a preset of provider openai-compatible", name);
    } else {
        error_set(err, ERROR_CONFIG, "provider openai-compatible needs a preset");
    }
    compatible_preset_free(out);
    return error_hint(err, "Set --compatible-preset to one of: %s.", names);
}

void compatible_preset_free(struct compatible_preset *preset)
{
    cJSON_Delete(preset->tree);
    *preset = (struct compatible_preset){ .tree = NULL };
}
