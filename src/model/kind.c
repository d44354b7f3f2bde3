/* kind.c - names and titles of image types. */
#include "model/kind.h"

#include <string.h>

static const struct {
    const char *name, *title;
} kinds[IMAGE_KINDS] = {
    [MAIN_IMAGE] = { "MAIN_IMAGE", "main image" },
    [INFOGRAPHIC] = { "INFOGRAPHIC", "infographic" },
    [FEATURE_HIGHLIGHT] = { "FEATURE_HIGHLIGHT", "feature highlight" },
    [LIFESTYLE] = { "LIFESTYLE", "lifestyle" },
    [COMPARISON_CHART] = { "COMPARISON_CHART", "comparison chart" },
    [DIMENSION_DIAGRAM] = { "DIMENSION_DIAGRAM", "dimension diagram" },
    [A_PLUS_MODULE] = { "A_PLUS_MODULE", "A+ module image" },
};

const char *kind_name(enum image_kind kind)
{
    return (unsigned)kind < IMAGE_KINDS ? kinds[kind].name : "UNKNOWN";
}

const char *kind_title(enum image_kind kind)
{
    return (unsigned)kind < IMAGE_KINDS ? kinds[kind].title : "image";
}

enum image_kind kind_find(const char *name)
{
    for (int i = 0; i < IMAGE_KINDS; i++) {
        if (strcmp(kinds[i].name, name) == 0) {
            return (enum image_kind)i;
        }
    }
    return IMAGE_KINDS;
}
