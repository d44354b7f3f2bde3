/* aplus.c - validates A+ content from a model and converts it for the application. */
#include "model/aplus.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "model/stored_text.h"
#include "model/wording.h"

enum { LEAST = 4, FAULTS_MAX_BYTES = 4000 };

enum field { BODY = 1, SIDEBAR = 2, BULLETS = 4, SPECS = 8 };

struct module_type {
    const char *name;
    bool premium;
    unsigned fields; /* bits of enum field */
    int slots;       /* number of images */
    /* The application's export renders only modules whose templateId it knows: "<template>-1" to
     * -3. NULL: it cannot render the type; the application then writes "default-<type>". */
    const char *template;
};

/* Module types that the application supports. */
static const struct module_type types[] = {
    { "standard-single-image-sidebar", false, BODY | SIDEBAR, 1, "single-image-sidebar" },
    { "standard-single-image-highlights", false, BODY | BULLETS, 1, NULL },
    { "standard-four-images-text", false, BODY, 4, "four-images-text" },
    { "standard-single-image-specs", false, BODY | SPECS, 1, NULL },
    { "standard-comparison-table", false, BULLETS, 2, NULL },
    { "standard-single-image-bullets", false, BODY | BULLETS, 1, NULL },
    { "premium-video", true, BODY, 1, NULL },
    { "premium-interactive-hotspot", true, BODY | BULLETS, 1, NULL },
    { "premium-image-carousel", true, BODY, 4, NULL },
};

#define TEXT_OR_NULL "{\"type\":[\"string\",\"null\"]}"
#define SCHEMA_FRONT                                                                               \
    "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"modules\"],"              \
    "\"properties\":{\"modules\":{\"type\":\"array\",\"minItems\":4,\"maxItems\":6,\"items\":{"    \
    "\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"type\",\"headline\","      \
    "\"bodyText\",\"bullets\",\"sidebar\",\"specifications\",\"imageDescriptions\"],"              \
    "\"properties\":{\"type\":{\"type\":\"string\",\"enum\":["
#define SCHEMA_BACK                                                                                \
    "]},\"headline\":{\"type\":\"string\"},\"bodyText\":" TEXT_OR_NULL                             \
    ",\"bullets\":{\"type\":[\"array\",\"null\"],\"items\":{\"type\":\"string\"}},"                \
    "\"sidebar\":{\"type\":[\"array\",\"null\"],\"items\":{\"type\":\"string\"}},"                 \
    "\"specifications\":{\"type\":[\"array\",\"null\"],\"items\":{"                                \
    "\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"name\",\"value\"],"        \
    "\"properties\":{\"name\":{\"type\":\"string\"},\"value\":{\"type\":\"string\"}}}},"           \
    "\"imageDescriptions\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}}}}}}}"

const char *aplus_schema(bool premium)
{
    static const char standard_schema[] =
        SCHEMA_FRONT "\"standard-single-image-sidebar\",\"standard-single-image-highlights\","
                     "\"standard-four-images-text\",\"standard-single-image-specs\","
                     "\"standard-comparison-table\",\"standard-single-image-bullets\"" SCHEMA_BACK;
    static const char premium_schema[] = SCHEMA_FRONT
        "\"premium-video\",\"premium-interactive-hotspot\",\"premium-image-carousel\"" SCHEMA_BACK;

    return premium ? premium_schema : standard_schema;
}

struct aplus_reading { /* state while one answer is read */
    bool premium;
    const char *seller_text; /* what the seller wrote about the product */
    struct arena *arena;
    struct aplus *out;
    int seen[sizeof types / sizeof *types]; /* modules of each type so far */
    struct text faults;                     /* one per line */
    int module;                             /* index of the current module */
};

static void fault(struct aplus_reading *r, const char *field, const char *what)
{
    text_printf(&r->faults, "%sModule %d, %s: %s", r->faults.size ? "\n" : "", r->module + 1, field,
                what);
}

static void check_length(struct aplus_reading *r, const char *field, size_t length, size_t least,
                         size_t most)
{
    char what[80];

    if (length < least || length > most) {
        snprintf(what, sizeof what, "%zu characters; %zu to %zu are allowed", length, least, most);
        fault(r, field, what);
    }
}

static void check_wording(struct aplus_reading *r, const char *field, const char *text)
{
    char what[120];
    const char *found = wording_forbidden(text, !r->premium);

    if (found) {
        snprintf(what, sizeof what, "\"%.60s\" is not allowed in A+ content", found);
        fault(r, field, what);
    }
    found = wording_unfounded(text, r->seller_text);
    if (found) {
        snprintf(what, sizeof what, "\"%.60s\": the seller says nothing about other products",
                 found);
        fault(r, field, what);
    }
}

/* Returns a text that buyers read, after checking its wording; NULL if it is missing. */
static const char *take_text(struct aplus_reading *r, const cJSON *module, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(module, key);

    if (!cJSON_IsString(item)) {
        return NULL;
    }
    check_wording(r, key, item->valuestring);
    return item->valuestring;
}

static const struct module_type *type_of(const char *name)
{
    for (size_t i = 0; name && i < sizeof types / sizeof *types; i++) {
        if (strcmp(types[i].name, name) == 0) {
            return &types[i];
        }
    }
    return NULL;
}

static void take_body(struct aplus_reading *r, const struct module_type *type, const cJSON *module,
                      cJSON *content)
{
    const char *body = take_text(r, module, "bodyText");

    if (!(type->fields & BODY)) {
        return; /* fields that the type does not have are dropped */
    }
    check_length(r, "bodyText", body ? utf8_length(body) : 0, 50, 2000);
    cJSON_AddStringToObject(content, "bodyText", body ? body : "");
}

static size_t take_entry(struct aplus_reading *r, const char *key, const cJSON *item, cJSON *out)
{
    if (!cJSON_IsString(item)) {
        fault(r, key, "an entry is not text");
        return 0;
    }
    check_wording(r, key, item->valuestring);
    if (item->valuestring[0]) {
        cJSON_AddItemToArray(out, cJSON_CreateString(item->valuestring));
    }
    return utf8_length(item->valuestring);
}

/* Adds an array of texts, whose lengths are limited together. A single text is an array of one. */
static void take_list(struct aplus_reading *r, const cJSON *module, const char *key, size_t most,
                      cJSON *content)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(module, key), *item;
    cJSON *out = cJSON_AddArrayToObject(content, key);
    size_t total = cJSON_IsString(list) ? take_entry(r, key, list, out) : 0;

    for (item = cJSON_IsArray(list) ? list->child : NULL; item; item = item->next) {
        total += take_entry(r, key, item, out);
    }
    check_length(r, key, total, 1, most);
}

static void take_lists(struct aplus_reading *r, const struct module_type *type, const cJSON *module,
                       cJSON *content)
{
    bool compares = strcmp(type->name, "standard-comparison-table") == 0;

    if (type->fields & BULLETS) {
        take_list(r, module, "bullets", compares ? 2000 : 1000, content);
    }
    if (type->fields & SIDEBAR) {
        take_list(r, module, "sidebar", 500, content);
    }
}

/* A name that comes again adds its value to the first one: the object has each name once. */
static void add_specification(cJSON *out, const char *name, const char *value, struct arena *arena)
{
    cJSON *known = cJSON_GetObjectItemCaseSensitive(out, name);

    if (known) {
        cJSON_SetValuestring(known, arena_printf(arena, "%s; %s", known->valuestring, value));
    } else {
        cJSON_AddStringToObject(out, name, value);
    }
}

static void take_specs(struct aplus_reading *r, const struct module_type *type, const cJSON *module,
                       cJSON *content)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(module, "specifications"), *item;
    size_t total = 0;
    cJSON *out;

    if (!(type->fields & SPECS)) {
        return;
    }
    out = cJSON_AddObjectToObject(content, "specifications");
    cJSON_ArrayForEach(item, list)
    {
        const char *name = take_text(r, item, "name"), *value = take_text(r, item, "value");

        if (!name || !value || !name[0] || !value[0]) {
            fault(r, "specifications", "a row lacks a name or value");
            continue;
        }
        total += utf8_length(name) + utf8_length(value);
        add_specification(out, name, value, r->arena);
    }
    check_length(r, "specifications", total, 1, 1500);
}

static void take_images(struct aplus_reading *r, const struct module_type *type,
                        const cJSON *module, const char *headline, cJSON *content)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(module, "imageDescriptions"), *item;
    cJSON *out = cJSON_AddArrayToObject(content, "imageDescriptions");
    int slot = 0;

    cJSON_ArrayForEach(item, list)
    {
        if (slot == type->slots || !cJSON_IsString(item)) {
            break; /* ignores more descriptions than slots */
        }
        check_wording(r, "imageDescriptions", item->valuestring);
        if (utf8_length(item->valuestring) > 1000) {
            fault(r, "imageDescriptions", "longer than 1000 characters");
        }
        cJSON_AddItemToArray(out, cJSON_CreateString(item->valuestring));
        r->out->requests[r->out->request_count++] =
            (struct module_request){ .module = r->module,
                                     .slot = slot,
                                     .module_type = type->name,
                                     .description = arena_text(r->arena, item->valuestring),
                                     .headline = arena_text(r->arena, headline) };
        slot++;
    }
    if (slot < type->slots) {
        fault(r, "imageDescriptions", "fewer descriptions than images of this module type");
    }
}

static void add_template_id(struct aplus_reading *r, const struct module_type *type, cJSON *row)
{
    int count = r->seen[type - types]++;

    if (count > 0 && !type->premium) {
        fault(r, "type", "the type comes twice; each module has another one");
    }
    cJSON_AddStringToObject(row, "templateId",
                            type->template ? arena_printf(r->arena, "%s-1", type->template)
                                           : arena_printf(r->arena, "default-%s", type->name));
}

static void take_module(struct aplus_reading *r, const cJSON *module, cJSON *modules)
{
    const char *name = json_peek_text(module, "type");
    const struct module_type *type = type_of(name);
    const char *headline = take_text(r, module, "headline");
    cJSON *row, *content;

    if (!type || type->premium != r->premium) {
        fault(r, "type",
              r->premium ? "not one of the premium types" : "not one of the standard types");
        return;
    }
    row = cJSON_CreateObject();
    cJSON_AddItemToArray(modules, row);
    cJSON_AddStringToObject(row, "type", type->name);
    add_template_id(r, type, row);
    content = cJSON_AddObjectToObject(row, "content");
    check_length(r, "headline", headline ? utf8_length(headline) : 0, 10, 50);
    cJSON_AddStringToObject(content, "headline", headline ? headline : "");
    take_body(r, type, module, content);
    take_lists(r, type, module, content);
    take_specs(r, type, module, content);
    take_images(r, type, module, headline ? headline : "", content);
    cJSON_AddNullToObject(row, "template");
}

static void take_modules(struct aplus_reading *r, const cJSON *top, cJSON *modules)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(top, "modules"), *item;
    int count = cJSON_IsArray(list) ? cJSON_GetArraySize(list) : 0;

    if (count < LEAST || count > APLUS_MODULES) {
        text_printf(&r->faults, "%d modules; %d to %d are required", count, LEAST, APLUS_MODULES);
        return;
    }
    cJSON_ArrayForEach(item, list)
    {
        take_module(r, item, modules);
        r->module++;
    }
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (types[i].template && !r->premium && r->seen[i] == 0) {
            text_printf(&r->faults, "%sThe page lacks a module of the type %s",
                        r->faults.size ? "\n" : "", types[i].name);
        }
    }
}

bool aplus_read(const char *json, bool premium, const struct brief *seller, struct arena *arena,
                struct aplus *out, const char **all, struct error *err)
{
    struct aplus_reading r = { .premium = premium,
                               .seller_text =
                                   arena_printf(arena, "%s\n%s",
                                                seller->product_name ? seller->product_name : "",
                                                seller->description ? seller->description : ""),
                               .arena = arena,
                               .out = out };
    cJSON *top, *modules;
    struct error why;
    bool good;

    *out = (struct aplus){ 0 };
    *all = NULL;
    if (utf8_length(json) == SIZE_MAX) {
        *all = "The answer is not UTF-8.";
        return error_set(err, ERROR_OUTPUT, "the model's A+ content is not UTF-8");
    }
    if (!json_parse(json, strlen(json), "the model's A+ content", &top, &why)) {
        *all = "The answer is not JSON.";
        return error_set(err, ERROR_OUTPUT, "%s", why.text);
    }
    stored_text_clean_tree(top);
    text_begin(&r.faults, FAULTS_MAX_BYTES);
    modules = cJSON_CreateArray();
    take_modules(&r, top, modules);
    good = r.faults.size == 0 && !r.faults.overflow;
    if (good) {
        out->modules = json_print(modules, arena);
    } else {
        *all = arena_text(arena, r.faults.data);
        error_set(err, ERROR_OUTPUT, "the A+ content breaks the rules: %.260s", *all);
    }
    text_end(&r.faults);
    cJSON_Delete(modules);
    cJSON_Delete(top);
    return good;
}
