/* rules.c - reads assets/rules.json: defaults per marketplace, and exceptions by image type. */
#include "model/rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/edit_distance.h"
#include "base/json.h"
#include "base/memory.h"

enum { MARKETS = 16, SLOTS = 32 };

struct market {
    const char *name;
    struct image_rules kinds[IMAGE_KINDS];
};

struct module_slot {
    const char *type;
    struct size size;
};

struct rules {
    struct arena *arena;
    struct market markets[MARKETS];
    int market_count;
    struct module_slot slots[SLOTS];
    int slot_count;
};

static bool read_size(const cJSON *object, const char *key, struct size *out, struct error *err)
{
    const char *text;
    int used = 0;

    if (!json_text_or(object, key, NULL, &text, err)) {
        return false;
    }
    if (!text) {
        return true; /* keeps the default */
    }
    if (sscanf(text, "%5dx%5d%n", &out->width, &out->height, &used) != 2 || text[used] != '\0' ||
        out->width < 1 || out->height < 1 || out->width > 10000 || out->height > 10000) {
        return error_set(err, ERROR_CONFIG, "'%s' must be a size like 1024x1024", key);
    }
    return true;
}

/* Reads checks that are added to those of *out. */
static bool read_checks(const cJSON *object, const char *key, struct arena *arena,
                        struct image_rules *out, struct error *err)
{
    const cJSON *checks = cJSON_GetObjectItemCaseSensitive(object, key), *check, *limit;

    if (!checks) {
        return true;
    }
    if (!cJSON_IsObject(checks)) {
        return error_set(err, ERROR_CONFIG, "'%s' must be an object of lists of limits", key);
    }
    cJSON_ArrayForEach(check, checks)
    {
        struct check_rule *rule = &out->checks[out->check_count];

        if (out->check_count == RULE_CHECKS || !cJSON_IsArray(check) ||
            cJSON_GetArraySize(check) > RULE_LIMITS) {
            return error_set(err, ERROR_CONFIG,
                             "'%s' must be an object of at most %d lists of at most %d limits", key,
                             RULE_CHECKS, RULE_LIMITS);
        }
        *rule = (struct check_rule){ .check = arena_text(arena, check->string) };
        cJSON_ArrayForEach(limit, check)
        {
            if (!cJSON_IsNumber(limit)) {
                return error_set(err, ERROR_CONFIG, "a limit of '%.40s' is not a number",
                                 check->string);
            }
            rule->limits[rule->limit_count++] = limit->valuedouble;
        }
        out->check_count++;
    }
    return true;
}

static const char *const units[] = {
    [UNITS_AS_GIVEN] = "as given", [UNITS_INCH_AND_CM] = "in and cm"
};
static const char *const text_methods[] = { [TEXT_COMPOSED] = "composed", [TEXT_MODEL] = "model" };

static bool read_text_rules(const cJSON *object, struct arena *arena, struct image_rules *out,
                            struct error *err)
{
    const char *text, *layout, *unit;

    if (!json_text_or(object, "units", units[out->units], &unit, err) ||
        !json_text_or(object, "text", text_methods[out->text], &text, err) ||
        !json_text_or(object, "layout", out->layout, &layout, err)) {
        return false;
    }
    if (strcmp(text, text_methods[TEXT_COMPOSED]) != 0 &&
        strcmp(text, text_methods[TEXT_MODEL]) != 0) {
        return error_set(err, ERROR_CONFIG, "'text' must be composed or model");
    }
    if (strcmp(unit, units[UNITS_AS_GIVEN]) != 0 && strcmp(unit, units[UNITS_INCH_AND_CM]) != 0) {
        return error_set(err, ERROR_CONFIG, "'units' must be \"as given\" or \"in and cm\"");
    }
    out->units = strcmp(unit, units[UNITS_INCH_AND_CM]) == 0 ? UNITS_INCH_AND_CM : UNITS_AS_GIVEN;
    out->text = strcmp(text, text_methods[TEXT_MODEL]) == 0 ? TEXT_MODEL : TEXT_COMPOSED;
    out->layout = arena_text(arena, layout);
    return true;
}

/* Reads the keys of `object` into *out, which holds the defaults. */
static bool read_rules(const cJSON *object, struct arena *arena, struct image_rules *out,
                       struct error *err)
{
    const char *format, *quality;
    int64_t max_calls, former;

    if (cJSON_HasObjectItem(object, "checks")) {
        out->check_count = 0; /* replaces the checks of the defaults */
    }

    if (!json_text_or(object, "format", out->format, &format, err) ||
        !json_text_or(object, "quality", out->quality, &quality, err) ||
        !read_text_rules(object, arena, out, err) || !read_size(object, "keep", &out->keep, err) ||
        !read_size(object, "keepMin", &out->keep_min, err) ||
        !json_bool_or(object, "onWhite", out->on_white, &out->on_white, err) ||
        !json_number_or(object, "fill", out->fill, &out->fill, err) ||
        !json_bool_or(object, "needsFeatures", out->needs_features, &out->needs_features, err) ||
        !json_bool_or(object, "needsDimensions", out->needs_dimensions, &out->needs_dimensions,
                      err) ||
        /* "rounds" is the former name of "maxCalls", in files of operators */
        !json_int_or(object, "rounds", 1, 10, out->max_calls, &former, err) ||
        !json_int_or(object, "maxCalls", 1, 10, former, &max_calls, err) ||
        !read_checks(object, "checks", arena, out, err) ||
        !read_checks(object, "moreChecks", arena, out, err)) {
        return false;
    }
    if (strcmp(format, "png") != 0 && strcmp(format, "jpeg") != 0) {
        return error_set(err, ERROR_CONFIG, "'format' must be png or jpeg");
    }
    if (out->on_white && (out->fill <= 0 || out->fill > 1)) {
        return error_set(err, ERROR_CONFIG, "'fill' must be more than 0 and at most 1");
    }
    out->format = arena_text(arena, format);
    out->quality = arena_text(arena, quality);
    out->max_calls = (int)max_calls;
    out->needs_photo = true;
    return true;
}

static bool kind_error(const char *kind, struct error *err)
{
    char text[sizeof err->text];

    memcpy(text, err->text, sizeof text);
    return error_set(err, ERROR_CONFIG, "%s: %.240s", kind, text);
}

static bool read_market(const cJSON *object, struct arena *arena, struct market *out,
                        struct error *err)
{
    const cJSON *defaults, *kind;
    struct image_rules base = {
        .keep = { 1024, 1024 }, .format = "png", .quality = "high", .layout = "", .max_calls = 3
    };

    out->name = arena_text(arena, object->string);
    if (!json_object(object, "defaults", &defaults, err) ||
        !read_rules(defaults, arena, &base, err)) {
        return false;
    }
    for (int i = 0; i < IMAGE_KINDS; i++) {
        out->kinds[i] = base;
    }
    cJSON_ArrayForEach(kind, object)
    {
        enum image_kind which = kind_find(kind->string);

        if (strcmp(kind->string, "defaults") == 0) {
            continue;
        }
        if (which == IMAGE_KINDS || !cJSON_IsObject(kind)) {
            return error_set(err, ERROR_CONFIG,
                             "'%.40s' is not an image type with an object of rules", kind->string);
        }
        if (!read_rules(kind, arena, &out->kinds[which], err)) {
            return kind_error(kind->string, err);
        }
    }
    return true;
}

static bool read_all(const cJSON *top, struct rules *out, struct error *err)
{
    const cJSON *markets, *modules, *item;
    char text[sizeof err->text];

    if (!json_object(top, "marketplaces", &markets, err) ||
        !json_object(top, "modules", &modules, err)) {
        return false;
    }
    cJSON_ArrayForEach(item, markets)
    {
        if (out->market_count == MARKETS) {
            return error_set(err, ERROR_CONFIG, "too many marketplaces");
        }
        if (!read_market(item, out->arena, &out->markets[out->market_count], err)) {
            memcpy(text, err->text, sizeof text);
            return error_set(err, ERROR_CONFIG, "rules.json, '%.40s': %.240s", item->string, text);
        }
        out->market_count++;
    }
    cJSON_ArrayForEach(item, modules)
    {
        struct module_slot *slot = &out->slots[out->slot_count];

        if (out->slot_count == SLOTS || !cJSON_IsString(item)) {
            return error_set(err, ERROR_CONFIG,
                             "rules.json, 'modules': at most %d sizes like 600x600", SLOTS);
        }
        if (!read_size(modules, item->string, &slot->size, err)) {
            return kind_error("rules.json, 'modules'", err);
        }
        slot->type = arena_text(out->arena, item->string);
        out->slot_count++;
    }
    return true;
}

bool rules_load(const char *json, struct rules **out, struct error *err)
{
    struct rules *rules = xcalloc(1, sizeof *rules);
    cJSON *top = NULL;
    bool good;

    *out = NULL;
    rules->arena = arena_new();
    good = json_parse(json, strlen(json), "rules.json", &top, err) && read_all(top, rules, err);
    cJSON_Delete(top);
    if (!good) {
        err->kind = ERROR_CONFIG;
        rules_free(rules);
        return false;
    }
    *out = rules;
    return true;
}

void rules_free(struct rules *rules)
{
    if (rules) {
        arena_free(rules->arena);
        free(rules);
    }
}

bool rules_for(const struct rules *rules, const char *marketplace, enum image_kind kind,
               const struct image_rules **out, struct error *err)
{
    struct closest_match closest = { .to = marketplace };
    char known[160] = "";

    for (int i = 0; i < rules->market_count; i++) {
        size_t used = strlen(known);

        closest_match_try(&closest, rules->markets[i].name);
        if (strcmp(rules->markets[i].name, marketplace) == 0) {
            *out = &rules->markets[i].kinds[(unsigned)kind < IMAGE_KINDS ? kind : MAIN_IMAGE];
            return true;
        }
        snprintf(known + used, sizeof known - used, "%s%s", i ? ", " : "", rules->markets[i].name);
    }
    error_set(err, ERROR_CONFIG, "unknown marketplace '%.40s'; known: %s", marketplace, known);
    return closest.word && error_hint(err, "Did you mean '%s'?", closest.word);
}

struct size rules_module_size(const struct rules *rules, const char *module_type)
{
    for (int i = 0; i < rules->slot_count; i++) {
        if (strcmp(rules->slots[i].type, module_type) == 0) {
            return rules->slots[i].size;
        }
    }
    return rules->market_count > 0 ? rules->markets[0].kinds[A_PLUS_MODULE].keep
                                   : (struct size){ 1024, 1024 };
}
