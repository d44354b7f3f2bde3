/* export_rows.c - finds images in the result of the query export_load. */
#include "export/export_rows.h"

#include <string.h>

static bool texts_equal(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

const cJSON *export_module_image(const struct export_pack *pack, const cJSON *module, int index,
                                 int slot)
{
    const cJSON *content = cJSON_GetObjectItemCaseSensitive(module, "content"), *row;
    const cJSON *descriptions = cJSON_GetObjectItemCaseSensitive(content, "imageDescriptions");
    const char *description = cJSON_GetStringValue(cJSON_GetArrayItem(descriptions, slot));
    const cJSON *other = NULL;

    cJSON_ArrayForEach(row, cJSON_GetObjectItemCaseSensitive(pack->project, "moduleImages"))
    {
        const cJSON *made_for = cJSON_GetObjectItemCaseSensitive(row, "module");
        const char *type = json_peek_text(made_for, "moduleType");

        if (json_peek_int(made_for, "module", -1) != index ||
            json_peek_int(made_for, "slot", -1) != slot ||
            (type && !texts_equal(type, json_peek_text(module, "type")))) {
            continue;
        }
        if (texts_equal(description, json_peek_text(made_for, "description"))) {
            return row;
        }
        other = other ? other : row;
    }
    return other;
}

const cJSON *export_listing_image(const struct export_pack *pack, enum image_kind kind)
{
    const cJSON *row;

    cJSON_ArrayForEach(row, cJSON_GetObjectItemCaseSensitive(pack->project, "images"))
    {
        if (texts_equal(json_peek_text(row, "type"), kind_name(kind))) {
            return row;
        }
    }
    return NULL;
}

void export_read_row(const cJSON *row, struct export_file *file)
{
    file->source = json_peek_text(row, "id");
    file->url = json_peek_text(row, "url");
    file->ai_made = json_peek_int(row, "aiMade", 0) != 0;
    file->stored_size =
        (struct size){ (int)json_peek_int(row, "width", 0), (int)json_peek_int(row, "height", 0) };
    file->checks = cJSON_GetObjectItemCaseSensitive(row, "checks");
}
