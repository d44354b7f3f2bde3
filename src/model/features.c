/* features.c - validates the feature list of a text model. */
#include "model/features.h"

#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "model/stored_text.h"

enum { LEAST = 5, MOST = 8, TITLE_MAX = 60, DESCRIPTION_MAX = 200, TEXT_MAX_BYTES = 2000 };

const char features_schema[] =
    "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"features\"],"
    "\"properties\":{\"features\":{\"type\":\"array\",\"minItems\":5,\"maxItems\":8,\"items\":{"
    "\"type\":\"object\",\"additionalProperties\":false,"
    "\"required\":[\"title\",\"description\",\"priority\",\"icon\"],\"properties\":{"
    "\"title\":{\"type\":\"string\",\"description\":\"at most 60 characters\"},"
    "\"description\":{\"type\":\"string\",\"description\":\"at most 200 characters\"},"
    "\"priority\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":10},"
    "\"icon\":{\"type\":\"string\",\"description\":\"one or two plain words\"}}}}}}";

static bool wrong(struct error *err, const char *what)
{
    return error_set(err, ERROR_OUTPUT, "the model's list of features is not usable: %.200s", what);
}

static bool read_one(const cJSON *item, struct arena *arena, struct feature *out, struct error *err)
{
    const char *title, *description, *icon;
    int64_t priority;
    struct error why;

    if (!json_text(item, "title", &title, &why) ||
        !json_text(item, "description", &description, &why) ||
        !json_text_or(item, "icon", "", &icon, &why) ||
        !json_int(item, "priority", 1, 10, &priority, &why)) {
        return wrong(err, why.text);
    }
    title = brief_text(title, TEXT_MAX_BYTES, arena);
    description = brief_text(description, TEXT_MAX_BYTES, arena);
    icon = brief_text(icon, TEXT_MAX_BYTES, arena);
    if (title[0] == '\0' || utf8_length(title) > TITLE_MAX ||
        utf8_length(description) > DESCRIPTION_MAX || utf8_length(icon) > 40) {
        return wrong(err, "a title or description is empty or too long");
    }
    *out = (struct feature){
        .title = title, .description = description, .icon = icon, .priority = (int)priority
    };
    return true;
}

bool features_read(const char *json, struct arena *arena, struct brief *brief,
                   const char **canonical, struct error *err)
{
    struct feature features[MOST];
    const cJSON *list, *item;
    struct error why;
    int count = 0;
    cJSON *top;

    if (utf8_length(json) == SIZE_MAX) {
        return wrong(err, "it is not UTF-8");
    }
    if (!json_parse(json, strlen(json), "it", &top, &why)) {
        return wrong(err, why.text);
    }
    stored_text_clean_tree(top);
    list = cJSON_GetObjectItemCaseSensitive(top, "features");
    if (!cJSON_IsArray(list) || cJSON_GetArraySize(list) < LEAST ||
        cJSON_GetArraySize(list) > MOST) {
        cJSON_Delete(top);
        return wrong(err, "it must have five to eight features");
    }
    cJSON_ArrayForEach(item, list)
    {
        if (!read_one(item, arena, &features[count++], err)) {
            cJSON_Delete(top);
            return false;
        }
    }
    *canonical = json_print(list, arena);
    cJSON_Delete(top);
    memcpy(brief->features, features, (size_t)count * sizeof *features);
    brief->feature_count = features_drop_repeated(brief->features, count);
    return true;
}

const struct feature *features_main(const struct brief *brief)
{
    const struct feature *best = NULL;

    for (int i = 0; i < brief->feature_count; i++) {
        const struct feature *feature = &brief->features[i];

        best = !best || feature->priority > best->priority ? feature : best;
    }
    return best;
}
