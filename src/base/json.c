/* json.c - getters over cJSON that report what is wrong, and where. */
#include "base/json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/unicode/character.h"

const char *json_closing_quote(const char *at, const char *end)
{
    for (const char *quote = at; (quote = memchr(quote, '"', (size_t)(end - quote))); quote++) {
        const char *before = quote;

        while (before > at && before[-1] == '\\') {
            before--;
        }
        if ((quote - before) % 2 == 0) {
            return quote;
        }
    }
    return NULL;
}

/* Checks depth and number of values before parsing, because cJSON parses recursively and allocates
 * for each value. Stops at the first byte that exceeds a limit, so that a huge body of small values
 * is rejected after its first part. Brackets and commas in strings do not count. */
static bool check_limits(const char *data, size_t size, int max_values, const char *what,
                         struct error *err)
{
    const char *end = data + size;
    int depth = 0, values = 1;

    for (const char *at = data; at < end; at++) {
        if (*at == '"') {
            at = json_closing_quote(at + 1, end);
            if (!at) {
                return true; /* the parser reports it */
            }
        } else if (*at == '{' || *at == '[') {
            values++;
            if (++depth > JSON_MAX_DEPTH) {
                return error_set(err, ERROR_REMOTE, "%s is nested more than %d levels deep", what,
                                 JSON_MAX_DEPTH);
            }
        } else if (*at == '}' || *at == ']') {
            depth--;
        } else if (*at == ',') {
            values++;
        }
        if (values > max_values) {
            return error_set(err, ERROR_REMOTE, "%s has more than %d values", what, max_values);
        }
    }
    return true;
}

/* The line on which parsing failed, for files written by hand; 0 if the text is a single line. */
static int line_of(const char *data, const char *stop, const char *at)
{
    int line = 1, lines = 1;

    for (const char *c = data; c < stop; c++) {
        lines += *c == '\n';
        line += *c == '\n' && c < at;
    }
    return lines > 1 ? line : 0;
}

/* cJSON accepts any bytes in strings; Postgres would reject them. The depth is limited. */
static void repair_text(cJSON *item)
{
    if (item->string && !(item->type & cJSON_StringIsConst)) {
        character_make_valid(item->string);
    }
    if (cJSON_IsString(item)) {
        character_make_valid(item->valuestring);
    }
    for (cJSON *child = item->child; child; child = child->next) {
        repair_text(child);
    }
}

static bool parse(const void *data, size_t size, int max_values, const char *what, cJSON **out,
                  struct error *err)
{
    const char *end = NULL, *stop = (const char *)data + size;

    *out = NULL;
    if (!check_limits(data, size, max_values, what, err)) {
        return false;
    }
    *out = cJSON_ParseWithLengthOpts(data, size, &end, false);
    if (!*out) {
        int line = line_of(data, stop, end);

        return line > 0 ? error_set(err, ERROR_REMOTE, "%s is not JSON (line %d)", what, line)
                        : error_set(err, ERROR_REMOTE, "%s is not JSON", what);
    }
    while (end < stop && (*end == ' ' || *end == '\t' || *end == '\r' || *end == '\n')) {
        end++;
    }
    if (end < stop) {
        cJSON_Delete(*out);
        *out = NULL;
        return error_set(err, ERROR_REMOTE, "%s has text after the end of the JSON", what);
    }
    repair_text(*out);
    return true;
}

bool json_check_limits(const void *data, size_t size, const char *what, struct error *err)
{
    return check_limits(data, size, JSON_MAX_VALUES, what, err);
}

bool json_parse(const void *data, size_t size, const char *what, cJSON **out, struct error *err)
{
    return parse(data, size, JSON_MAX_VALUES, what, out, err);
}

bool json_parse_own(const void *data, size_t size, const char *what, cJSON **out, struct error *err)
{
    return parse(data, size, JSON_MAX_OWN_VALUES, what, out, err);
}

static const char *type_name(const cJSON *item)
{
    if (!item) {
        return "nothing";
    }
    switch (item->type & 0xff) {
    case cJSON_False:
    case cJSON_True:
        return "true or false";
    case cJSON_NULL:
        return "null";
    case cJSON_Number:
        return "a number";
    case cJSON_String:
        return "text";
    case cJSON_Array:
        return "a list";
    case cJSON_Object:
        return "an object";
    default:
        return "something else";
    }
}

static bool wrong(const cJSON *item, const char *key, const char *want, struct error *err)
{
    return error_set(err, ERROR_REMOTE, "'%s': expected %s, got %s", key, want, type_name(item));
}

static const cJSON *get(const cJSON *object, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);

    return cJSON_IsNull(item) ? NULL : item;
}

bool json_text_or(const cJSON *object, const char *key, const char *fallback, const char **out,
                  struct error *err)
{
    const cJSON *item = get(object, key);

    *out = fallback;
    if (!item) {
        return true;
    }
    if (!cJSON_IsString(item)) {
        return wrong(item, key, "text", err);
    }
    *out = item->valuestring;
    return true;
}

bool json_text(const cJSON *object, const char *key, const char **out, struct error *err)
{
    if (!json_text_or(object, key, NULL, out, err)) {
        return false;
    }
    return *out ? true : wrong(cJSON_GetObjectItemCaseSensitive(object, key), key, "text", err);
}

bool json_int_or(const cJSON *object, const char *key, int64_t min, int64_t max, int64_t fallback,
                 int64_t *out, struct error *err)
{
    const cJSON *item = get(object, key);
    double value;

    *out = fallback;
    if (!item) {
        return true;
    }
    if (!cJSON_IsNumber(item)) {
        return wrong(item, key, "a whole number", err);
    }
    value = item->valuedouble;
    if (!isfinite(value) || value != floor(value) || value < (double)min || value > (double)max ||
        fabs(value) > 9007199254740992.0) {
        return error_set(err, ERROR_REMOTE,
                         "'%s': expected a whole number from %lld to %lld, got %.17g", key,
                         (long long)min, (long long)max, value);
    }
    *out = (int64_t)value;
    return true;
}

bool json_int(const cJSON *object, const char *key, int64_t min, int64_t max, int64_t *out,
              struct error *err)
{
    if (!get(object, key)) {
        return wrong(cJSON_GetObjectItemCaseSensitive(object, key), key, "a whole number", err);
    }
    return json_int_or(object, key, min, max, 0, out, err);
}

bool json_number_or(const cJSON *object, const char *key, double fallback, double *out,
                    struct error *err)
{
    const cJSON *item = get(object, key);

    *out = fallback;
    if (!item) {
        return true;
    }
    if (!cJSON_IsNumber(item) || !isfinite(item->valuedouble)) {
        return wrong(item, key, "a number", err);
    }
    *out = item->valuedouble;
    return true;
}

bool json_bool_or(const cJSON *object, const char *key, bool fallback, bool *out, struct error *err)
{
    const cJSON *item = get(object, key);

    *out = fallback;
    if (!item) {
        return true;
    }
    if (!cJSON_IsBool(item)) {
        return wrong(item, key, "true or false", err);
    }
    *out = cJSON_IsTrue(item);
    return true;
}

bool json_array(const cJSON *object, const char *key, const cJSON **out, struct error *err)
{
    *out = cJSON_GetObjectItemCaseSensitive(object, key);
    return cJSON_IsArray(*out) ? true : wrong(*out, key, "a list", err);
}

bool json_object(const cJSON *object, const char *key, const cJSON **out, struct error *err)
{
    *out = cJSON_GetObjectItemCaseSensitive(object, key);
    return cJSON_IsObject(*out) ? true : wrong(*out, key, "an object", err);
}

const char *json_peek_text(const cJSON *object, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);

    return cJSON_IsString(item) ? item->valuestring : NULL;
}

int64_t json_peek_int(const cJSON *object, const char *key, int64_t fallback)
{
    struct error ignored;
    int64_t value;

    if (!json_int_or(object, key, INT64_MIN, INT64_MAX, fallback, &value, &ignored)) {
        return fallback;
    }
    return value;
}

double json_peek_number(const cJSON *object, const char *key, double fallback)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);

    return cJSON_IsNumber(item) ? item->valuedouble : fallback;
}

void json_add_text(cJSON *object, const char *key, const char *text)
{
    if (text) {
        cJSON_AddStringToObject(object, key, text);
    } else {
        cJSON_AddNullToObject(object, key);
    }
}

void json_add_number(cJSON *object, const char *key, double value)
{
    if (isfinite(value)) {
        cJSON_AddNumberToObject(object, key, value);
    } else {
        cJSON_AddNullToObject(object, key);
    }
}

char *json_print(const cJSON *value, struct arena *arena)
{
    char *text = cJSON_PrintUnformatted(value);
    char *copy = arena_text(arena, text ? text : "null");

    cJSON_free(text);
    return copy;
}
