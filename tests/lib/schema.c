/* schema.c - validates a value recursively, keyword by keyword. */
#include "lib/schema.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

enum { PATH = 200 };

struct walk {
    const cJSON *root;
    struct error *err;
};

static bool holds(const struct walk *walk, const cJSON *rule, const cJSON *value, const char *path);

static bool bad(const struct walk *walk, const char *path, const char *what, const char *which)
{
    return error_set(walk->err, ERROR_OUTPUT, "%.120s: %s '%.60s'", path, what, which);
}

static const cJSON *definition(const cJSON *root, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(root, "$defs"), name);
}

static bool is_of(const cJSON *value, const char *type)
{
    return (strcmp(type, "object") == 0 && cJSON_IsObject(value)) ||
           (strcmp(type, "array") == 0 && cJSON_IsArray(value)) ||
           (strcmp(type, "string") == 0 && cJSON_IsString(value)) ||
           (strcmp(type, "boolean") == 0 && cJSON_IsBool(value)) ||
           (strcmp(type, "null") == 0 && cJSON_IsNull(value)) ||
           (strcmp(type, "number") == 0 && cJSON_IsNumber(value)) ||
           (strcmp(type, "integer") == 0 && cJSON_IsNumber(value) &&
            value->valuedouble == floor(value->valuedouble));
}

static bool is_one_of(const cJSON *value, const cJSON *types)
{
    const cJSON *type;

    if (cJSON_IsString(types)) {
        return is_of(value, types->valuestring);
    }
    cJSON_ArrayForEach(type, types)
    {
        if (is_of(value, type->valuestring)) {
            return true;
        }
    }
    return false;
}

static bool is_in(const cJSON *value, const cJSON *list)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, list)
    {
        if (cJSON_Compare(item, value, true)) {
            return true;
        }
    }
    return false;
}

static bool has_all(const struct walk *walk, const cJSON *names, const cJSON *value,
                    const char *path)
{
    const cJSON *name;

    cJSON_ArrayForEach(name, names)
    {
        if (!cJSON_GetObjectItemCaseSensitive(value, name->valuestring)) {
            return bad(walk, path, "has no", name->valuestring);
        }
    }
    return true;
}

static bool members_hold(const struct walk *walk, const cJSON *properties, const cJSON *value,
                         const char *path)
{
    const cJSON *member;
    char below[PATH];

    cJSON_ArrayForEach(member, value)
    {
        const cJSON *rule = cJSON_GetObjectItemCaseSensitive(properties, member->string);

        snprintf(below, sizeof below, "%.120s.%.60s", path, member->string);
        if (rule && !holds(walk, rule, member, below)) {
            return false;
        }
    }
    return true;
}

static bool has_no_more(const struct walk *walk, const cJSON *properties, const cJSON *value,
                        const char *path)
{
    const cJSON *member;

    cJSON_ArrayForEach(member, value)
    {
        if (!cJSON_GetObjectItemCaseSensitive(properties, member->string)) {
            return bad(walk, path, "must not have", member->string);
        }
    }
    return true;
}

/* Checks the members that are not listed. */
static bool others_hold(const struct walk *walk, const cJSON *properties, const cJSON *rule,
                        const cJSON *value, const char *path)
{
    const cJSON *member;
    char below[PATH];

    cJSON_ArrayForEach(member, value)
    {
        snprintf(below, sizeof below, "%.120s.%.60s", path, member->string);
        if (!cJSON_GetObjectItemCaseSensitive(properties, member->string) &&
            !holds(walk, rule, member, below)) {
            return false;
        }
    }
    return true;
}

static bool items_hold(const struct walk *walk, const cJSON *rule, const cJSON *value,
                       const char *path)
{
    const cJSON *item;
    char below[PATH];
    int i = 0;

    cJSON_ArrayForEach(item, value)
    {
        snprintf(below, sizeof below, "%.120s[%d]", path, i++);
        if (!holds(walk, rule, item, below)) {
            return false;
        }
    }
    return true;
}

static bool ref_holds(const struct walk *walk, const char *ref, const cJSON *value,
                      const char *path)
{
    const cJSON *rule = strncmp(ref, "#/$defs/", 8) == 0 ? definition(walk->root, ref + 8) : NULL;

    return rule ? holds(walk, rule, value, path) : bad(walk, path, "no definition", ref);
}

/* Checks the length of a text, in characters, or of an array. Returns as value_holds. */
static int size_holds(const struct walk *walk, const cJSON *keyword, const cJSON *value,
                      const char *path)
{
    const char *name = keyword->string;
    bool text = strcmp(name, "minLength") == 0 || strcmp(name, "maxLength") == 0;
    bool list = strcmp(name, "minItems") == 0 || strcmp(name, "maxItems") == 0;
    double size;

    if (!text && !list) {
        return -1;
    }
    if (text ? !cJSON_IsString(value) : !cJSON_IsArray(value)) {
        return 1;
    }
    size = text ? (double)utf8_length(value->valuestring) : cJSON_GetArraySize(value);
    return (size - keyword->valuedouble) * (name[1] == 'i' ? 1 : -1) >= 0 ||
           bad(walk, path, "is beyond its", name);
}

/* Checks a keyword about the value itself. Returns 1 if the value is valid, 0 if it is not, and -1
 * if the keyword is not one of these. */
static int value_holds(const struct walk *walk, const cJSON *keyword, const cJSON *value,
                       const char *path)
{
    const char *name = keyword->string;

    if (strcmp(name, "description") == 0) {
        return 1;
    }
    if (strcmp(name, "type") == 0) {
        return is_one_of(value, keyword) || bad(walk, path, "has the wrong type", "");
    }
    if (strcmp(name, "enum") == 0) {
        return is_in(value, keyword) || bad(walk, path, "is not in the list of allowed values", "");
    }
    if (strcmp(name, "const") == 0) {
        return cJSON_Compare(keyword, value, true) ||
               bad(walk, path, "differs from the constant", "");
    }
    if (strcmp(name, "minimum") == 0 || strcmp(name, "maximum") == 0) {
        double sign = name[1] == 'i' ? 1 : -1;

        return !cJSON_IsNumber(value) || (value->valuedouble - keyword->valuedouble) * sign >= 0 ||
               bad(walk, path, "is beyond its", name);
    }
    return size_holds(walk, keyword, value, path);
}

/* True if the value is valid for one of the rules at least. */
static bool any_holds(const struct walk *walk, const cJSON *rules, const cJSON *value,
                      const char *path)
{
    const cJSON *rule;

    cJSON_ArrayForEach(rule, rules)
    {
        if (holds(walk, rule, value, path)) {
            return true;
        }
    }
    return false; /* the error is that of the last rule */
}

/* Checks a keyword about the members or items of the value. */
static bool parts_hold(const struct walk *walk, const cJSON *whole, const cJSON *keyword,
                       const cJSON *value, const char *path)
{
    const char *name = keyword->string;

    if (strcmp(name, "$ref") == 0) {
        return ref_holds(walk, keyword->valuestring, value, path);
    }
    if (strcmp(name, "anyOf") == 0) {
        return any_holds(walk, keyword, value, path);
    }
    if (strcmp(name, "properties") == 0) {
        return !cJSON_IsObject(value) || members_hold(walk, keyword, value, path);
    }
    if (strcmp(name, "required") == 0) {
        return !cJSON_IsObject(value) || has_all(walk, keyword, value, path);
    }
    if (strcmp(name, "additionalProperties") == 0 && cJSON_IsFalse(keyword)) {
        return !cJSON_IsObject(value) ||
               has_no_more(walk, cJSON_GetObjectItemCaseSensitive(whole, "properties"), value,
                           path);
    }
    if (strcmp(name, "additionalProperties") == 0 && cJSON_IsObject(keyword)) {
        return !cJSON_IsObject(value) ||
               others_hold(walk, cJSON_GetObjectItemCaseSensitive(whole, "properties"), keyword,
                           value, path);
    }
    if (strcmp(name, "items") == 0) {
        return !cJSON_IsArray(value) || items_hold(walk, keyword, value, path);
    }
    return bad(walk, path, "the schema has an unknown keyword", name);
}

static bool holds(const struct walk *walk, const cJSON *rule, const cJSON *value, const char *path)
{
    const cJSON *keyword;

    cJSON_ArrayForEach(keyword, rule)
    {
        int held = value_holds(walk, keyword, value, path);

        if (held < 0 ? !parts_hold(walk, rule, keyword, value, path) : !held) {
            return false;
        }
    }
    return true;
}

bool schema_holds(const cJSON *schema, const char *name, const cJSON *value, struct error *err)
{
    struct walk walk = { .root = schema, .err = err };
    const cJSON *rule = definition(schema, name);

    return rule ? holds(&walk, rule, value, name) : bad(&walk, "", "no definition", name);
}
