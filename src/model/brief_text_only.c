/* brief_text_only.c - reads what a batch of `regenerate --text-only` says about an image. */
#include <string.h>

#include "base/json.h"
#include "model/brief.h"

enum {
    NAME_BYTES = 80,
    URL_BYTES = 2000,
    EDGE_MAX = 10000,
    PHOTOS_MAX = 100,
    LOGO_LETTERS = 1 << 20
};

static bool take(const cJSON *object, const char *key, size_t max, struct arena *arena,
                 const char **out, struct error *err)
{
    const char *text;

    if (!json_text_or(object, key, "", &text, err)) {
        return false;
    }
    *out = brief_text(text, max, arena);
    return true;
}

/* Its letters are base64, which needs no cleaning. */
static bool take_logo(const cJSON *object, struct arena *arena, const char **out, struct error *err)
{
    const char *text;

    if (!json_text_or(object, "logo", "", &text, err)) {
        return false;
    }
    *out = strlen(text) <= LOGO_LETTERS ? arena_text(arena, text) : "";
    return true;
}

static bool take_edge(const cJSON *object, const char *key, int *out, struct error *err)
{
    int64_t edge;

    if (!json_int_or(object, key, 0, EDGE_MAX, 0, &edge, err)) {
        return false;
    }
    *out = (int)edge;
    return true;
}

/* Returns the member as JSON text; "{}" if it is no object. */
static const char *object_text(const cJSON *object, const char *key, struct arena *arena)
{
    const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, key);

    return cJSON_IsObject(member) ? json_print(member, arena) : "{}";
}

bool brief_read_text_only(const cJSON *options, struct arena *arena, struct text_only *out,
                          struct error *err)
{
    const cJSON *top = cJSON_GetObjectItemCaseSensitive(options, "textOnly"), *plate;
    const char *kind;
    int64_t photos;

    *out = (struct text_only){
        .language = "", .layout = "", .logo = "", .plate_url = "", .texts = ""
    };
    if (!cJSON_IsObject(top)) {
        return true;
    }
    out->wanted = true;
    plate = cJSON_GetObjectItemCaseSensitive(top, "plate");
    if (!take(top, "language", NAME_BYTES, arena, &out->language, err) ||
        !take(top, "layout", NAME_BYTES, arena, &out->layout, err) ||
        !take(top, "layoutBefore", NAME_BYTES, arena, &out->layout_before, err) ||
        !take_edge(top, "width", &out->size.width, err) ||
        !take_edge(top, "height", &out->size.height, err) ||
        !take_logo(top, arena, &out->logo, err) ||
        !take(plate, "url", URL_BYTES, arena, &out->plate_url, err) ||
        !take(plate, "kind", NAME_BYTES, arena, &kind, err) ||
        !json_int_or(plate, "photos", 0, PHOTOS_MAX, 1, &photos, err)) {
        return false;
    }
    out->plate_cut_out = strcmp(kind, "cut-out") == 0;
    out->plate_photos = (int)photos;
    out->content = object_text(top, "content", arena);
    out->made = object_text(top, "made", arena);
    return true;
}
