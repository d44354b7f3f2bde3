/* layout_read.c - reads the file of layouts. */
#include "compose/layout_read.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "base/json.h"
#include "base/memory.h"

/* Words of the file, in the order of their enumerations. */
static const char *const tints[] = {
    "white", "ground", "deep", "primary", "shade", "accent", NULL
};
static const char *const items[] = { "brand", "logo", "headline", "rule",     "features", "icon",
                                     "title", "text", "table",    "measures", "module",   NULL };
static const char *const aligns[] = { "left", "centre", "right", NULL };
static const char *const valigns[] = { "top", "middle", "bottom", NULL };
static const char *const shapes[] = { "panel", "disc", "grid", NULL };
static const char *const plates[] = { "scene", "cut-out", NULL };
static const char *const forms[] = { "tall", "square", "wide", NULL };

/* Reads one of the words; without the key, *out is 0. */
static bool read_word(const cJSON *object, const char *key, const char *const *words, int *out,
                      struct error *err)
{
    const char *text;

    if (!json_text_or(object, key, words[0], &text, err)) {
        return false;
    }
    for (*out = 0; words[*out]; (*out)++) {
        if (strcmp(words[*out], text) == 0) {
            return true;
        }
    }
    return error_set(err, ERROR_CONFIG, "'%s': unknown word '%.40s'", key, text);
}

/* Reads a box that ends at most at `most`. */
static bool read_box(const cJSON *object, const char *key, double most, struct box *out,
                     struct error *err)
{
    const cJSON *array;
    double n[4];

    if (!json_array(object, key, &array, err)) {
        return false;
    }
    for (int i = 0; i < 4; i++) {
        const cJSON *number = cJSON_GetArrayItem(array, i);

        n[i] = cJSON_IsNumber(number) ? number->valuedouble : -1;
    }
    *out = (struct box){ n[0], n[1], n[2], n[3] };
    if (cJSON_GetArraySize(array) != 4 || !(n[0] >= 0) || !(n[1] >= 0) || !(n[2] > 0) ||
        !(n[3] > 0) || !(n[0] + n[2] <= most) || !(n[1] + n[3] <= most)) {
        return error_set(err, ERROR_CONFIG,
                         "'%s' must be [left, top, width, height], fractions from 0 to 1", key);
    }
    return true;
}

static bool read_fraction(const cJSON *object, const char *key, double fallback, double *out,
                          struct error *err)
{
    if (!json_number_or(object, key, fallback, out, err)) {
        return false;
    }
    return (*out >= 0 && *out <= 1) ||
           error_set(err, ERROR_CONFIG, "'%s' must be a fraction from 0 to 1", key);
}

/* The sum of two fractions may exceed 1 by a rounding error. */
static const double inside = 1.0001;

/* Type smaller than this is not readable on a phone. */
static const double least_size = 0.02;

static bool read_item(const cJSON *object, struct layout_item *out, struct error *err)
{
    int64_t lines, columns, count;
    int kind;

    if (!read_word(object, "item", items, &kind, err) ||
        !read_fraction(object, "size", least_size, &out->size, err) ||
        !read_fraction(object, "minSize", least_size, &out->min_size, err) ||
        !read_fraction(object, "gap", 0, &out->gap, err) ||
        !json_int_or(object, "lines", 1, 12, 1, &lines, err) ||
        !json_int_or(object, "columns", 1, 3, 1, &columns, err) ||
        !json_int_or(object, "count", 1, 8, 6, &count, err) ||
        !json_bool_or(object, "describe", false, &out->describe, err)) {
        return false;
    }
    if (out->min_size < least_size || out->size < out->min_size) {
        return error_set(err, ERROR_CONFIG,
                         "'minSize' must be at least 0.02, and 'size' at least 'minSize'");
    }
    out->kind = (enum layout_item_kind)kind;
    out->lines = (int)lines;
    out->columns = (int)columns;
    out->count = (int)count;
    return true;
}

static bool too_many(const char *what, int most, struct error *err)
{
    return error_set(err, ERROR_CONFIG, "at most %d %s", most, what);
}

static bool read_stack(const cJSON *object, struct layout_stack *out, struct error *err)
{
    const cJSON *list, *item;
    int ground, align, valign;

    if (!read_box(object, "box", inside, &out->box, err) ||
        !read_word(object, "ground", tints, &ground, err) ||
        !read_word(object, "align", aligns, &align, err) ||
        !read_word(object, "valign", valigns, &valign, err) ||
        !json_array(object, "items", &list, err)) {
        return false;
    }
    out->ground = (enum tint)ground;
    out->align = (enum align)align;
    out->valign = (enum valign)valign;
    cJSON_ArrayForEach(item, list)
    {
        if (out->item_count == LAYOUT_ITEMS) {
            return too_many("items in a stack", LAYOUT_ITEMS, err);
        }
        if (!read_item(item, &out->items[out->item_count++], err)) {
            return false;
        }
    }
    return true;
}

/* A decoration may extend beyond the image. */
static bool read_shape(const cJSON *object, struct layout_shape *out, struct error *err)
{
    int kind, tint;

    if (!read_word(object, "shape", shapes, &kind, err) ||
        !read_word(object, "tint", tints, &tint, err) ||
        !read_box(object, "box", 2, &out->box, err) ||
        !read_fraction(object, "radius", 0, &out->radius, err)) {
        return false;
    }
    out->kind = (enum layout_shape_kind)kind;
    out->tint = (enum tint)tint;
    return true;
}

static bool read_lists(const cJSON *object, struct layout_form *out, struct error *err)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(object, "shapes"))
    {
        if (out->shape_count == LAYOUT_SHAPES) {
            return too_many("shapes", LAYOUT_SHAPES, err);
        }
        if (!read_shape(item, &out->shapes[out->shape_count++], err)) {
            return false;
        }
    }
    cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(object, "stacks"))
    {
        if (out->stack_count == LAYOUT_STACKS) {
            return too_many("stacks", LAYOUT_STACKS, err);
        }
        if (!read_stack(item, &out->stacks[out->stack_count++], err)) {
            return false;
        }
    }
    return true;
}

static bool read_form(const cJSON *object, enum plate_kind plate, struct layout_form *out,
                      struct error *err)
{
    int ground, valign;

    out->given = true;
    if (!read_word(object, "ground", tints, &ground, err) ||
        !read_box(object, "product", inside, &out->product, err) ||
        (plate == PLATE_SCENE && !read_box(object, "picture", inside, &out->picture, err)) ||
        !read_word(object, "valign", valigns, &valign, err) ||
        !json_bool_or(object, "measured", false, &out->measured, err) ||
        !read_fraction(object, "radius", 0, &out->radius, err)) {
        return false;
    }
    out->ground = (enum tint)ground;
    out->valign = (enum valign)valign;
    return read_lists(object, out, err);
}

static bool read_layout(const cJSON *object, struct arena *arena, struct image_layout *out,
                        struct error *err)
{
    const char *name, *type, *styles, *scene;
    int plate, given = 0;

    if (!json_text(object, "name", &name, err) || !json_text(object, "type", &type, err) ||
        !json_text_or(object, "styles", "", &styles, err) ||
        !json_text_or(object, "scene", "", &scene, err) ||
        !json_bool_or(object, "close", false, &out->close, err) ||
        !read_word(object, "plate", plates, &plate, err)) {
        return false;
    }
    out->name = arena_text(arena, name);
    out->styles = arena_text(arena, styles);
    out->scene = arena_text(arena, scene);
    out->plate = (enum plate_kind)plate;
    out->kind = kind_find(type);
    if (out->kind == IMAGE_KINDS) {
        return error_set(err, ERROR_CONFIG, "'type': '%.40s' is not an image type", type);
    }
    for (int i = 0; i < LAYOUT_FORMS; i++) {
        const cJSON *form = cJSON_GetObjectItemCaseSensitive(object, forms[i]);

        if (form && !read_form(form, out->plate, &out->forms[i], err)) {
            return false;
        }
        given += form != NULL;
    }
    return given > 0 || error_set(err, ERROR_CONFIG, "it has no form: tall, square or wide");
}

static bool read_all(const cJSON *top, struct layouts *out, struct error *err)
{
    const cJSON *list, *item;
    char text[sizeof err->text];

    if (!json_array(top, "layouts", &list, err)) {
        return false;
    }
    cJSON_ArrayForEach(item, list)
    {
        if (out->count == LAYOUTS_MAX) {
            return too_many("layouts", LAYOUTS_MAX, err);
        }
        if (!read_layout(item, out->arena, &out->list[out->count], err)) {
            const char *name = json_peek_text(item, "name");

            memcpy(text, err->text, sizeof text);
            return error_set(err, ERROR_CONFIG, "layout '%.40s': %.240s", name ? name : "?", text);
        }
        out->count++;
    }
    return true;
}

bool layouts_load(const char *json, struct layouts **out, struct error *err)
{
    struct layouts *layouts = xcalloc(1, sizeof *layouts);
    cJSON *top = NULL;
    bool good;

    *out = NULL;
    layouts->arena = arena_new();
    good = json_parse(json, strlen(json), "layouts.json", &top, err) && read_all(top, layouts, err);
    cJSON_Delete(top);
    if (!good) {
        err->kind = ERROR_CONFIG;
        layouts_free(layouts);
        return false;
    }
    *out = layouts;
    return true;
}

void layouts_free(struct layouts *layouts)
{
    if (layouts) {
        arena_free(layouts->arena);
        free(layouts);
    }
}

static struct layouts *builtin;

static void read_builtin(void)
{
    const struct embedded *file = embed_find("assets/layouts.json");
    struct error err;

    if (!file || !layouts_load((const char *)file->data, &builtin, &err)) {
        FATAL("the built-in layouts cannot be used");
    }
}

const struct layouts *layouts_builtin(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, read_builtin);
    return builtin;
}
