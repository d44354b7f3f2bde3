/* check_results.c - check results with values and units for people. */
#include "image/checks/check_results.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "image/checks/check.h"

static const struct {
    const char *check, *name, *before, *after;
    double times;
    int digits;
} units[] = {
    { "ratio", "shape", "", " % off", 100, 1 },
    { "blank", "contrast", "", "", 1, 0 },
    { "alpha", "opaque", "", " % clear", 1, 0 },
    { "white", "white", "off by ", "", 1, 0 },
    { "fill", "fills frame", "", " %", 100, 0 },
    { "centred", "centred", "", " % off", 100, 1 },
    { "sharpness", "sharpness", "", "", 1, 1 },
    { "product_outline", "outline", "", " %", 100, 0 },
    { "product_colours", "colours", "off by ", "", 1, 1 },
    { "product_details", "details", "", " %", 100, 0 },
    { "product_alone", "other objects", "", " %", 100, 1 },
    { "marks", "marks", "", " %", 100, 1 },
    { "product_in_scene", "product", "off by ", "", 1, 1 },
    { "scene_product", "product as it is", "", " %", 100, 0 },
    { "scene_focus", "clear product", "", " %", 100, 0 },
    { "noise", "noise", "", " levels", 1, 1 },
    { "focus", "focus", "", " %", 100, 0 },
    { "pixel_blocks", "blocks", "", " %", 100, 0 },
    { "flat_areas", "one colour", "", " %", 100, 0 },
    { "typeset_text", "text contrast", "", "", 1, 1 },
    { "label_text", "wrong letters", "", " %", 100, 0 },
    { "painted_text", "invented text", "", " letters", 1, 0 },
    { "foreign_text", "foreign text", "", " letters", 1, 0 },
};

void bytes_text(double bytes, char *out, unsigned long size)
{
    if (bytes < 999500) {
        snprintf(out, size, "%.0f kB", bytes / 1e3);
    } else {
        snprintf(out, size, "%.1f MB", bytes / 1e6);
    }
}

static void fill(const cJSON *image, const cJSON *check, struct check_result *line)
{
    const cJSON *measured = cJSON_GetObjectItemCaseSensitive(check, "measured");
    const char *name = json_peek_text(check, "check"), *message = json_peek_text(check, "message");
    double value = cJSON_IsNumber(measured) ? measured->valuedouble : 0;

    name = name ? name : "check";
    line->passed = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(check, "passed"));
    message = message ? message : json_peek_text(check, "says"); /* the key of older versions */
    line->message = message ? message : "";
    snprintf(line->name, sizeof line->name, "%s", name);
    snprintf(line->value, sizeof line->value, "%.3g", value);
    if (strcmp(name, "dimensions") == 0) {
        snprintf(line->name, sizeof line->name, "pixels");
        snprintf(line->value, sizeof line->value, "%lld \xc3\x97 %lld",
                 (long long)json_peek_int(image, "width", 0),
                 (long long)json_peek_int(image, "height", 0));
    } else if (strcmp(name, "file_size") == 0) {
        snprintf(line->name, sizeof line->name, "file size");
        bytes_text(value, line->value, sizeof line->value);
    }
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (strcmp(units[i].check, name) == 0) {
            snprintf(line->name, sizeof line->name, "%s", units[i].name);
            snprintf(line->value, sizeof line->value, "%s%.*f%s", units[i].before, units[i].digits,
                     value * units[i].times, units[i].after);
        }
    }
}

/* A check that had nothing to compare with passes, but it is no result to show. */
static bool was_performed(const cJSON *check)
{
    const char *message = json_peek_text(check, "message");

    return !message || strncmp(message, CHECK_NOT_PERFORMED, strlen(CHECK_NOT_PERFORMED)) != 0;
}

int check_results_read(const cJSON *image, struct check_result out[CHECK_RESULTS_MAX])
{
    const cJSON *metadata = cJSON_GetObjectItemCaseSensitive(image, "metadata"), *check;
    int count = 0;

    cJSON_ArrayForEach(check, cJSON_GetObjectItemCaseSensitive(metadata, "checks"))
    {
        if (count < CHECK_RESULTS_MAX && was_performed(check)) {
            fill(image, check, &out[count++]);
        }
    }
    return count;
}

int check_results_passed(const struct check_result *lines, int count)
{
    int passed = 0;

    for (int i = 0; i < count; i++) {
        passed += lines[i].passed;
    }
    return passed;
}
