/* brief_dimensions.c - dimensions of a payload take the place of those in the project's texts. */
#include <string.h>

#include "model/brief.h"

void brief_take_dimensions(struct brief *brief, const char *json, struct arena *arena)
{
    struct dimension list[BRIEF_DIMENSIONS];
    cJSON *value = cJSON_Parse(json);
    int count = dimensions_read(value, brief_names(brief, arena), arena, list, BRIEF_DIMENSIONS);

    if (count > 0) {
        memcpy(brief->dimensions, list, sizeof list);
        brief->dimension_count = count;
    }
    cJSON_Delete(value);
}
