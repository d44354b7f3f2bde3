/* brief.c - reads a project's JSON row into struct brief. */
#include "model/brief.h"

#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "model/features.h"

enum {
    NAME_MAX_BYTES = 400,
    DESCRIPTION_MAX_BYTES = 8000,
    URL_MAX_BYTES = 2000,
    PROMPT_MAX_BYTES = 32000
};

static bool take(const cJSON *row, const char *key, size_t max, struct arena *arena,
                 const char **out, struct error *err)
{
    const char *text;

    if (!json_text_or(row, key, "", &text, err)) {
        return false;
    }
    *out = brief_text(text, max, arena);
    return true;
}

static bool take_colour(const cJSON *row, const char *key, struct arena *arena, const char **out,
                        struct error *err)
{
    const char *text;

    if (!take(row, key, 16, arena, &text, err)) {
        return false;
    }
    *out = "";
    if (*text == '#') {
        text++;
    }
    if (strspn(text, "0123456789abcdefABCDEF") != strlen(text)) {
        return true; /* ignores an invalid colour */
    }
    if (strlen(text) == 6) {
        *out = arena_printf(arena, "#%s", text);
    } else if (strlen(text) == 3) {
        *out = arena_printf(arena, "#%c%c%c%c%c%c", text[0], text[0], text[1], text[1], text[2],
                            text[2]);
    }
    return true;
}

static bool take_brand(const cJSON *row, struct arena *arena, struct brand_kit *out,
                       struct error *err)
{
    const cJSON *kit = cJSON_GetObjectItemCaseSensitive(row, "brand");

    *out = (struct brand_kit){ "", "", "", "", "", "" };
    if (!cJSON_IsObject(kit)) {
        return true;
    }
    return take(kit, "name", NAME_MAX_BYTES, arena, &out->name, err) &&
           take_colour(kit, "primary", arena, &out->primary, err) &&
           take_colour(kit, "secondary", arena, &out->secondary, err) &&
           take_colour(kit, "accent", arena, &out->accent, err) &&
           take(kit, "fontFamily", 80, arena, &out->font_family, err) &&
           take(kit, "logoUrl", URL_MAX_BYTES, arena, &out->logo_url, err);
}

static bool take_features(const cJSON *row, struct arena *arena, struct brief *out,
                          struct error *err)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(row, "features"), *item;

    if (cJSON_IsObject(list)) {
        list = cJSON_GetObjectItemCaseSensitive(list, "features");
    }
    cJSON_ArrayForEach(item, list)
    {
        struct feature *feature = &out->features[out->feature_count];
        int64_t priority;

        if (out->feature_count == BRIEF_FEATURES) {
            break;
        }
        if (!take(item, "title", 120, arena, &feature->title, err) ||
            !take(item, "description", 400, arena, &feature->description, err) ||
            !take(item, "icon", 40, arena, &feature->icon, err) ||
            !json_int_or(item, "priority", 1, 10, 5, &priority, err)) {
            return false;
        }
        feature->priority = (int)priority;
        out->feature_count += feature->title[0] != '\0';
    }
    out->feature_count = features_drop_repeated(out->features, out->feature_count);
    return true;
}

/* A worker may start before its database was migrated: then the row has photoUrl only. */
static bool take_photos(const cJSON *row, struct arena *arena, struct brief *out, struct error *err)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(row, "photos"))
    {
        struct brief_photo *photo = &out->photos[out->known_photos];

        if (out->known_photos == BRIEF_PHOTOS) {
            break;
        }
        if (!take(item, "url", URL_MAX_BYTES, arena, &photo->url, err) ||
            !take(item, "originalUrl", URL_MAX_BYTES, arena, &photo->original_url, err)) {
            return false;
        }
        out->known_photos += photo->url[0] != '\0' || photo->original_url[0] != '\0';
    }
    if (out->known_photos == 0 && out->photo_url[0] != '\0') {
        out->photos[out->known_photos++] = (struct brief_photo){ out->photo_url, "" };
    }
    return true;
}

/* Copies the prompt unchanged, because its line breaks matter. */
static bool take_batch(const cJSON *row, struct arena *arena, struct batch_options *out,
                       struct error *err)
{
    const cJSON *options = cJSON_GetObjectItemCaseSensitive(row, "make");
    const char *prompt;
    int64_t item, variant;

    *out = (struct batch_options){ "", "", "", "", 0, 0 };
    if (!cJSON_IsObject(options)) {
        return true;
    }
    if (!take(options, "batch", 64, arena, &out->batch, err) ||
        !take(options, "model", 80, arena, &out->model, err) ||
        !take(options, "quality", 40, arena, &out->quality, err) ||
        !json_text_or(options, "prompt", "", &prompt, err) ||
        !json_int_or(options, "item", 0, INT32_MAX, 0, &item, err) ||
        !json_int_or(options, "variant", 0, INT32_MAX, 0, &variant, err)) {
        return false;
    }
    if (strlen(prompt) > PROMPT_MAX_BYTES) {
        return error_set(err, ERROR_INPUT, "the batch's prompt is longer than %d bytes",
                         PROMPT_MAX_BYTES);
    }
    out->prompt = arena_text(arena, prompt);
    out->item = (int)item;
    out->variant = (int)variant;
    return true;
}

const char *brief_names(const struct brief *brief, struct arena *arena)
{
    return arena_printf(arena, "%s, %s", brief->product_name, brief->category);
}

/* Cleans each line by itself: a line break separates statements, and brief_text removes it. */
static const char *clean_lines(const char *text, struct arena *arena)
{
    size_t left = DESCRIPTION_MAX_BYTES, used = 0;
    char *out = arena_alloc(arena, left + 1);

    while (text && *text && left > 1) {
        size_t size = strcspn(text, "\n"), taken = size < left ? size : left - 1;
        const char *line = brief_text(arena_bytes(arena, text, taken), taken, arena);
        size_t length = strlen(line);

        memcpy(out + used, line, length);
        out[used + length] = '\n';
        used += length + 1;
        left -= length + 1;
        text += size + (text[size] == '\n');
    }
    out[used] = '\0';
    return out;
}

static void find_dimensions(const cJSON *row, struct brief *brief, struct arena *arena)
{
    static const char *const keys[] = { "description", "productName", "projectName" };
    const char *names = brief_names(brief, arena);

    for (int i = 0; i < 3 && brief->dimension_count == 0; i++) {
        brief->dimension_count = dimensions_find(clean_lines(json_peek_text(row, keys[i]), arena),
                                                 names, arena, brief->dimensions, BRIEF_DIMENSIONS);
    }
}

static bool read_row(const cJSON *row, struct arena *arena, struct brief *out, struct error *err)
{
    const char *problem = json_peek_text(row, "error");
    int64_t photos;

    if (problem) {
        return error_set(err, ERROR_INPUT, "%s", problem);
    }
    if (!take(row, "jobId", 64, arena, &out->job_id, err) ||
        !take(row, "userId", 200, arena, &out->user_id, err) ||
        !take(row, "projectId", 200, arena, &out->project_id, err) ||
        !take(row, "projectName", NAME_MAX_BYTES, arena, &out->project_name, err) ||
        !take(row, "productName", NAME_MAX_BYTES, arena, &out->product_name, err) ||
        !take(row, "description", DESCRIPTION_MAX_BYTES, arena, &out->description, err) ||
        !take(row, "category", NAME_MAX_BYTES, arena, &out->category, err) ||
        !take(row, "photoUrl", URL_MAX_BYTES, arena, &out->photo_url, err) ||
        !json_int_or(row, "photoCount", 0, INT32_MAX, 0, &photos, err) ||
        !json_int_or(row, "createdMs", INT64_MIN, INT64_MAX, 0, &out->created_ms, err) ||
        !take_brand(row, arena, &out->brand, err) || !take_features(row, arena, out, err) ||
        !take_photos(row, arena, out, err) || !take_batch(row, arena, &out->batch, err) ||
        !brief_read_text_only(cJSON_GetObjectItemCaseSensitive(row, "make"), arena, &out->text_only,
                              err)) {
        return false;
    }
    out->photo_count = (int)photos;
    if (out->product_name[0] == '\0') {
        error_set(err, ERROR_INPUT, "The project has no product name.");
        return error_hint(err, "Enter a product name, then try again.");
    }
    find_dimensions(row, out, arena);
    return true;
}

bool brief_read(const char *json, struct arena *arena, struct brief *out, struct error *err)
{
    cJSON *row;
    bool good;

    *out = (struct brief){ .style = "", .kind = IMAGE_KINDS };
    if (utf8_length(json) == SIZE_MAX) {
        return error_set(err, ERROR_REMOTE, "the project's row is not UTF-8");
    }
    if (!json_parse(json, strlen(json), "the project's row", &row, err)) {
        return false;
    }
    good = read_row(row, arena, out, err);
    cJSON_Delete(row);
    return good;
}
