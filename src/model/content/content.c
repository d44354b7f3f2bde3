/* content.c - the texts of a composed image as JSON, and their translation. */
#include "model/content/content.h"

#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "model/dimensions/dimension_number.h"
#include "model/stored_text.h"

/* A translation may be this many times as long as its source, plus some characters for short
 * texts: German and Finnish need up to 1.4 times, single words more. */
enum { LONGER = 2, LONGER_BY = 24, TEXT_BYTES = 2000, NUMBERS = 16, NUMBER_BYTES = 24 };

const char translation_schema[] =
    "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"texts\"],"
    "\"properties\":{\"texts\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}}}}";

/* -- storing ----------------------------------------------------------------------------------- */

static cJSON *dimension_json(const struct dimension *dimension)
{
    cJSON *row = cJSON_CreateObject();

    cJSON_AddStringToObject(row, "name", dimension->name);
    cJSON_AddStringToObject(row, "part", dimension->part);
    cJSON_AddStringToObject(row, "axis", axis_name(dimension->axis));
    cJSON_AddNumberToObject(row, "series", dimension->series);
    cJSON_AddNumberToObject(row, "value", dimension->value);
    cJSON_AddStringToObject(row, "unit", dimension->unit);
    return row;
}

static void add_features(cJSON *top, const struct brief *brief)
{
    cJSON *list = cJSON_AddArrayToObject(top, "features");

    for (int i = 0; i < brief->feature_count; i++) {
        const struct feature *feature = &brief->features[i];
        cJSON *row = cJSON_CreateObject();

        cJSON_AddStringToObject(row, "title", feature->title);
        cJSON_AddStringToObject(row, "description", feature->description);
        cJSON_AddNumberToObject(row, "priority", feature->priority);
        cJSON_AddStringToObject(row, "icon", feature->icon);
        cJSON_AddItemToArray(list, row);
    }
}

cJSON *content_json(const struct brief *brief)
{
    const struct module_request *module = &brief->module_request;
    cJSON *top = cJSON_CreateObject(), *list;

    cJSON_AddStringToObject(top, "language", brief->text_only.language);
    cJSON_AddStringToObject(top, "productName", brief->product_name);
    cJSON_AddStringToObject(top, "category", brief->category);
    if (module->module_type) {
        json_add_text(top, "headline", module->headline);
        json_add_text(top, "description", module->description);
    }
    add_features(top, brief);
    list = cJSON_AddArrayToObject(top, "dimensions");
    for (int i = 0; i < brief->dimension_count; i++) {
        cJSON_AddItemToArray(list, dimension_json(&brief->dimensions[i]));
    }
    return top;
}

/* -- restoring --------------------------------------------------------------------------------- */

static bool take(const cJSON *object, const char *key, struct arena *arena, const char **out,
                 struct error *err)
{
    const char *text;

    if (!json_text_or(object, key, "", &text, err)) {
        return false;
    }
    *out = brief_text(text, TEXT_BYTES, arena);
    return true;
}

static bool restore_feature(const cJSON *row, struct arena *arena, struct feature *out,
                            struct error *err)
{
    int64_t priority;

    if (!take(row, "title", arena, &out->title, err) ||
        !take(row, "description", arena, &out->description, err) ||
        !take(row, "icon", arena, &out->icon, err) ||
        !json_int_or(row, "priority", 1, 10, 5, &priority, err)) {
        return false;
    }
    out->priority = (int)priority;
    return true;
}

static enum dimension_axis find_axis(const char *name)
{
    int axis = DIMENSION_AXES - 1;

    while (axis > AXIS_UNKNOWN && strcmp(axis_name((enum dimension_axis)axis), name) != 0) {
        axis--;
    }
    return (enum dimension_axis)axis;
}

static bool restore_dimension(const cJSON *row, struct arena *arena, struct dimension *out,
                              struct error *err)
{
    const char *axis, *unit, *end;
    int64_t series;

    *out = (struct dimension){ 0 };
    if (!take(row, "name", arena, &out->name, err) || !take(row, "part", arena, &out->part, err) ||
        !take(row, "axis", arena, &axis, err) || !take(row, "unit", arena, &unit, err) ||
        !json_int_or(row, "series", 0, BRIEF_DIMENSIONS, 0, &series, err) ||
        !json_number_or(row, "value", 0, &out->value, err)) {
        return false;
    }
    out->axis = find_axis(axis);
    out->label = axis_name(out->axis);
    out->series = (int)series;
    out->unit = unit_at(unit, unit, &end);
    if (!out->unit || !(out->value > 0)) {
        return error_set(err, ERROR_INPUT, "a stored dimension has no value or no unit");
    }
    out->text = arena_printf(arena, "%g %s", out->value, out->unit);
    return true;
}

static bool restore(const cJSON *top, struct arena *arena, struct brief *brief, struct error *err)
{
    const cJSON *row;

    if (!take(top, "productName", arena, &brief->product_name, err) ||
        !take(top, "category", arena, &brief->category, err) ||
        !take(top, "headline", arena, &brief->module_request.headline, err) ||
        !take(top, "description", arena, &brief->module_request.description, err)) {
        return false;
    }
    if (brief->product_name[0] == '\0') {
        return error_set(err, ERROR_INPUT, "the stored texts have no product name");
    }
    brief->feature_count = brief->dimension_count = 0;
    cJSON_ArrayForEach(row, cJSON_GetObjectItemCaseSensitive(top, "features"))
    {
        if (brief->feature_count < BRIEF_FEATURES &&
            !restore_feature(row, arena, &brief->features[brief->feature_count++], err)) {
            return false;
        }
    }
    cJSON_ArrayForEach(row, cJSON_GetObjectItemCaseSensitive(top, "dimensions"))
    {
        if (brief->dimension_count < BRIEF_DIMENSIONS &&
            !restore_dimension(row, arena, &brief->dimensions[brief->dimension_count++], err)) {
            return false;
        }
    }
    return true;
}

bool content_restore(const char *json, struct arena *arena, struct brief *brief, struct error *err)
{
    cJSON *top = NULL;
    bool good;

    good = json_parse(json, strlen(json), "the stored text of the image", &top, err) &&
           restore(top, arena, brief, err);
    if (!good) {
        err->kind = ERROR_INPUT;
    }
    cJSON_Delete(top);
    return good;
}

/* -- translating ------------------------------------------------------------------------------- */

enum { SLOTS = 4 + 2 * BRIEF_FEATURES + BRIEF_DIMENSIONS };

struct slots { /* the texts of a brief that are translated, none of them empty */
    const char **list[SLOTS];
    int count;
};

static void add_slot(struct slots *slots, const char **text)
{
    if (*text && (*text)[0]) {
        slots->list[slots->count++] = text;
    }
}

static void find_slots(struct brief *brief, struct slots *out)
{
    out->count = 0;
    add_slot(out, &brief->product_name);
    add_slot(out, &brief->category);
    add_slot(out, &brief->module_request.headline);
    for (int i = 0; i < brief->feature_count; i++) {
        add_slot(out, &brief->features[i].title);
        add_slot(out, &brief->features[i].description);
    }
    for (int i = 0; i < brief->dimension_count; i++) {
        add_slot(out, &brief->dimensions[i].part);
    }
}

const char *content_texts(const struct brief *brief, struct arena *arena)
{
    struct brief copy = *brief;
    struct slots slots;
    cJSON *list = cJSON_CreateArray();
    const char *text;

    find_slots(&copy, &slots);
    for (int i = 0; i < slots.count; i++) {
        cJSON_AddItemToArray(list, cJSON_CreateString(*slots.list[i]));
    }
    text = json_print(list, arena);
    cJSON_Delete(list);
    return text;
}

/* Returns the value of a decimal digit of a script that sellers write in; -1 for anything else. */
static int digit_at(const char *text, size_t *size)
{
    const unsigned char *at = (const unsigned char *)text;

    *size = 1;
    if (*at >= '0' && *at <= '9') {
        return *at - '0';
    }
    *size = 2;
    if (at[0] == 0xd9 && at[1] >= 0xa0 && at[1] <= 0xa9) { /* Arabic-Indic */
        return at[1] - 0xa0;
    }
    if (at[0] == 0xdb && at[1] >= 0xb0 && at[1] <= 0xb9) { /* of Persian and Urdu */
        return at[1] - 0xb0;
    }
    return -1;
}

/* Reads a number from its first digit on: its digits without separators, which languages write in
 * different ways: "1,200.5", "1.200,5". Returns the position after it. */
static const char *read_digits(const char *text, char *out, size_t capacity)
{
    size_t used = 0, size;
    int digit;

    while ((digit = digit_at(text, &size)) >= 0 ||
           (strchr(".,", *text) && *text && digit_at(text + 1, &size) >= 0)) {
        if (digit >= 0 && used + 1 < capacity) {
            out[used++] = (char)('0' + digit);
        }
        text += digit >= 0 ? size : 1;
    }
    out[used] = '\0';
    return text;
}

struct numbers {
    char list[NUMBERS][NUMBER_BYTES];
    int count;
};

static void find_numbers(const char *text, struct numbers *out)
{
    size_t size;

    out->count = 0;
    while (*text) {
        if (digit_at(text, &size) < 0) {
            text++;
        } else if (out->count < NUMBERS) {
            text = read_digits(text, out->list[out->count++], NUMBER_BYTES);
        } else {
            return;
        }
    }
}

/* Returns whether both texts have the same numbers, in any order. */
static bool same_numbers(const char *a, const char *b)
{
    struct numbers of_a, of_b;

    find_numbers(a, &of_a);
    find_numbers(b, &of_b);
    for (int i = 0; i < of_a.count; i++) {
        int found = 0;

        while (found < of_b.count && strcmp(of_a.list[i], of_b.list[found]) != 0) {
            found++;
        }
        if (found == of_b.count) {
            return false;
        }
        of_b.list[found][0] = '\0'; /* matches no other number */
    }
    return of_a.count == of_b.count;
}

static bool wrong(struct error *err, const char *what, const char *text)
{
    return error_set(err, ERROR_OUTPUT, "the model's translation is not usable: %s '%.80s'", what,
                     text);
}

static bool take_translation(const cJSON *item, const char *source, struct arena *arena,
                             const char **out, struct error *err)
{
    if (!cJSON_IsString(item)) {
        return wrong(err, "no text is given for", source);
    }
    *out = brief_text(item->valuestring, TEXT_BYTES, arena);
    if ((*out)[0] == '\0') {
        return wrong(err, "the text is empty for", source);
    }
    if (utf8_length(*out) > LONGER * utf8_length(source) + LONGER_BY) {
        return wrong(err, "the text is too long for", source);
    }
    return same_numbers(source, *out) || wrong(err, "the numbers differ from those of", source);
}

static bool translate(const cJSON *list, struct arena *arena, struct brief *brief,
                      struct error *err)
{
    const char *texts[SLOTS];
    struct slots slots;

    find_slots(brief, &slots);
    if (cJSON_GetArraySize(list) != slots.count) {
        return error_set(err, ERROR_OUTPUT,
                         "the model's translation is not usable: it must have %d texts, in the "
                         "order of the given ones",
                         slots.count);
    }
    for (int i = 0; i < slots.count; i++) {
        if (!take_translation(cJSON_GetArrayItem(list, i), *slots.list[i], arena, &texts[i], err)) {
            return false;
        }
    }
    for (int i = 0; i < slots.count; i++) {
        *slots.list[i] = texts[i];
    }
    return true;
}

bool content_translate(const char *json, struct arena *arena, struct brief *brief,
                       struct error *err)
{
    struct error why;
    cJSON *top;
    bool good;

    if (utf8_length(json) == SIZE_MAX ||
        !json_parse(json, strlen(json), "the translation", &top, &why)) {
        return error_set(err, ERROR_OUTPUT, "the model's translation is not JSON in UTF-8");
    }
    stored_text_clean_tree(top);
    good = translate(cJSON_GetObjectItemCaseSensitive(top, "texts"), arena, brief, err);
    cJSON_Delete(top);
    return good;
}
