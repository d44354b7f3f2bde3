/* export_rules.c - reads assets/exports.json. */
#include "model/export_rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/edit_distance.h"
#include "base/json.h"
#include "base/memory.h"

enum { MARKETS = 16, MODULES = 16 };

struct export_rules {
    struct arena *arena;
    struct export_market markets[MARKETS];
    int market_count;
    struct export_module modules[MODULES];
    int module_count;
    struct export_aplus aplus;
    enum image_kind order[PACK_KINDS];
    int order_count;
};

static bool read_text(const cJSON *object, const char *key, const char *fallback,
                      struct arena *arena, const char **out, struct error *err)
{
    const char *text;

    if (fallback ? !json_text_or(object, key, fallback, &text, err)
                 : !json_text(object, key, &text, err)) {
        return false;
    }
    *out = arena_text(arena, text);
    return true;
}

static bool read_int(const cJSON *object, const char *key, int most, int fallback, int *out,
                     struct error *err)
{
    int64_t value;

    if (!json_int_or(object, key, 0, most, fallback, &value, err)) {
        return false;
    }
    *out = (int)value;
    return true;
}

static bool read_kind(const cJSON *item, enum image_kind *out, struct error *err)
{
    *out = cJSON_IsString(item) ? kind_find(item->valuestring) : IMAGE_KINDS;
    return *out < PACK_KINDS ||
           error_set(err, ERROR_CONFIG, "an entry is not the name of an image type");
}

static bool read_left_out(const cJSON *object, struct export_market *out, struct error *err)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(object, "leaveOut"))
    {
        enum image_kind kind;

        if (!read_kind(item, &kind, err)) {
            return false;
        }
        out->left_out |= 1u << kind;
    }
    return true;
}

static bool read_market(const cJSON *object, struct arena *arena, struct export_market *out,
                        struct error *err)
{
    const char *identifier;

    out->name = arena_text(arena, object->string);
    if (!read_text(object, "title", NULL, arena, &out->title, err) ||
        !read_text(object, "main", NULL, arena, &out->main_pattern, err) ||
        !read_text(object, "other", NULL, arena, &out->other_pattern, err) ||
        !read_text(object, "upload", "", arena, &out->upload, err) ||
        !read_text(object, "leaveOutReason", "", arena, &out->left_out_reason, err) ||
        !json_text_or(object, "identifier", "any", &identifier, err) ||
        !json_bool_or(object, "square", false, &out->square, err) ||
        !json_bool_or(object, "aplus", false, &out->aplus, err) ||
        !read_int(object, "maxOthers", 999, 8, &out->max_others, err) ||
        !read_int(object, "wanted", 999, 1, &out->wanted, err) ||
        !read_int(object, "shortSide", 10000, 1, &out->short_side, err) ||
        !read_int(object, "maxMegapixels", 1000, 40, &out->max_megapixels, err) ||
        !read_int(object, "nameLength", 200, 80, &out->max_name, err)) {
        return false;
    }
    out->needs_asin = strcmp(identifier, "asin") == 0;
    return read_left_out(object, out, err);
}

static bool read_slots(const cJSON *object, struct export_module *out, struct error *err)
{
    const cJSON *slots, *item;

    if (!json_array(object, "slots", &slots, err)) {
        return false;
    }
    cJSON_ArrayForEach(item, slots)
    {
        struct size *slot = &out->slots[out->slot_count];

        if (out->slot_count == EXPORT_SLOTS || !cJSON_IsString(item) ||
            sscanf(item->valuestring, "%5dx%5d", &slot->width, &slot->height) != 2 ||
            slot->width < 1 || slot->height < 1) {
            return error_set(err, ERROR_CONFIG, "'slots' must be at most %d sizes like 300x300",
                             EXPORT_SLOTS);
        }
        out->slot_count++;
    }
    return true;
}

static bool read_module(const cJSON *object, struct arena *arena, struct export_module *out,
                        struct error *err)
{
    const char *note, *second;

    out->source = arena_text(arena, object->string);
    if (!read_text(object, "type", NULL, arena, &out->type, err) ||
        !json_text_or(object, "note", NULL, &note, err) || !read_slots(object, out, err) ||
        !json_text_or(object, "second", "", &second, err) ||
        !read_int(object, "headline", 10000, 160, &out->max_headline, err) ||
        !read_int(object, "body", 10000, 1000, &out->max_body, err) ||
        !read_int(object, "blocks", EXPORT_SLOTS, 1, &out->blocks, err) ||
        !read_int(object, "bullet", 10000, 0, &out->max_bullet, err)) {
        return false;
    }
    out->note = arena_text(arena, note);
    out->second = kind_find(second);
    return true;
}

static bool read_aplus(const cJSON *top, struct export_rules *out, struct error *err)
{
    const cJSON *aplus, *modules, *item;

    if (!json_object(top, "aplus", &aplus, err) ||
        !read_int(aplus, "maxModules", 100, 5, &out->aplus.max_modules, err) ||
        !read_int(aplus, "maxBytes", 100000000, 2000000, &out->aplus.max_bytes, err) ||
        !read_int(aplus, "sharp", 4, 2, &out->aplus.sharp, err) ||
        !json_object(aplus, "modules", &modules, err)) {
        return false;
    }
    cJSON_ArrayForEach(item, modules)
    {
        if (out->module_count == MODULES) {
            return error_set(err, ERROR_CONFIG, "'modules' has more than %d entries", MODULES);
        }
        if (!read_module(item, out->arena, &out->modules[out->module_count++], err)) {
            return false;
        }
    }
    return true;
}

static bool read_all(const cJSON *top, struct export_rules *out, struct error *err)
{
    const cJSON *markets, *order, *item;

    if (!json_object(top, "marketplaces", &markets, err) ||
        !json_array(top, "order", &order, err)) {
        return false;
    }
    cJSON_ArrayForEach(item, markets)
    {
        if (out->market_count == MARKETS) {
            return error_set(err, ERROR_CONFIG, "more than %d marketplaces", MARKETS);
        }
        if (!read_market(item, out->arena, &out->markets[out->market_count++], err)) {
            return false;
        }
    }
    cJSON_ArrayForEach(item, order)
    {
        if (out->order_count == PACK_KINDS ||
            !read_kind(item, &out->order[out->order_count++], err)) {
            return error_set(err, ERROR_CONFIG, "'order' must be a list of image types");
        }
    }
    return read_aplus(top, out, err);
}

bool export_rules_load(const char *json, struct export_rules **out, struct error *err)
{
    struct export_rules *rules = xcalloc(1, sizeof *rules);
    char text[sizeof err->text];
    cJSON *top = NULL;
    bool good;

    *out = NULL;
    rules->arena = arena_new();
    good = json_parse(json, strlen(json), "exports.json", &top, err) && read_all(top, rules, err);
    cJSON_Delete(top);
    if (!good) {
        memcpy(text, err->text, sizeof text);
        export_rules_free(rules);
        return error_set(err, ERROR_CONFIG, "exports.json: %.280s", text);
    }
    *out = rules;
    return true;
}

void export_rules_free(struct export_rules *rules)
{
    if (rules) {
        arena_free(rules->arena);
        free(rules);
    }
}

bool export_rules_market(const struct export_rules *rules, const char *name,
                         const struct export_market **out, struct error *err)
{
    struct closest_match closest = { .to = name };
    char known[160] = "";

    for (int i = 0; i < rules->market_count; i++) {
        size_t used = strlen(known);

        closest_match_try(&closest, rules->markets[i].name);
        if (strcmp(rules->markets[i].name, name) == 0) {
            *out = &rules->markets[i];
            return true;
        }
        snprintf(known + used, sizeof known - used, "%s%s", i ? ", " : "", rules->markets[i].name);
    }
    error_set(err, ERROR_INPUT, "no rules for an export to '%.40s'; known: %s", name, known);
    return closest.word && error_hint(err, "Did you mean '%s'?", closest.word);
}

const struct export_module *export_rules_module(const struct export_rules *rules,
                                                const char *source)
{
    for (int i = 0; source && i < rules->module_count; i++) {
        if (strcmp(rules->modules[i].source, source) == 0) {
            return &rules->modules[i];
        }
    }
    return NULL;
}

const struct export_aplus *export_rules_aplus(const struct export_rules *rules)
{
    return &rules->aplus;
}

enum image_kind export_rules_kind(const struct export_rules *rules, int place)
{
    return place < rules->order_count ? rules->order[place] : IMAGE_KINDS;
}
