/* where.c - conditions that an image must meet, and their predicate. */
#include "batch/where/where.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "batch/where/where_internal.h"

enum { PATH_MAX_BYTES = 256 << 10 };

struct where_expression *where_new(int64_t now_ms, const char *const *checks)
{
    struct where_expression *where = xcalloc(1, sizeof *where);

    where->arena = arena_new();
    where->variables = cJSON_CreateObject();
    where->equals = cJSON_CreateArray();
    where->now_ms = now_ms;
    where->checks = checks;
    text_begin(&where->path, PATH_MAX_BYTES);
    return where;
}

void where_free(struct where_expression *where)
{
    if (where) {
        text_end(&where->path);
        cJSON_Delete(where->variables);
        cJSON_Delete(where->equals);
        cJSON_free(where->variables_text);
        cJSON_free(where->equals_text);
        arena_free(where->arena);
        free(where);
    }
}

const char *where_path(const struct where_expression *where)
{
    return where->path.size ? where->path.data : "true";
}

const char *where_variables(struct where_expression *where)
{
    cJSON_free(where->variables_text);
    where->variables_text = cJSON_PrintUnformatted(where->variables);
    return where->variables_text;
}

const char *where_equals(struct where_expression *where)
{
    cJSON_free(where->equals_text);
    where->equals_text =
        cJSON_GetArraySize(where->equals) ? cJSON_PrintUnformatted(where->equals) : NULL;
    return where->equals_text;
}

/* -- adding conditions ----------------------------------------------------------------------- */

static bool check_text(const char *text, size_t max_bytes, struct error *err)
{
    if (strlen(text) > max_bytes) {
        return error_set(err, ERROR_INPUT, "it is longer than %zu bytes", max_bytes);
    }
    if (utf8_length(text) == SIZE_MAX) {
        return error_set(err, ERROR_INPUT, "it is not UTF-8");
    }
    for (const char *at = text; *at; at++) {
        if (((unsigned char)*at < ' ' && !strchr("\t\r\n", *at)) || *at == 0x7f) {
            return error_set(err, ERROR_INPUT, "it contains a control character");
        }
    }
    return true;
}

static void begin_condition(struct where_expression *where)
{
    text_add(&where->path, where->path.size ? " && (" : "(");
}

static bool end_condition(struct where_expression *where, struct error *err)
{
    text_add_char(&where->path, ')');
    return !where->path.overflow || error_set(err, ERROR_INPUT, "the expression is too long");
}

bool where_add(struct where_expression *where, const char *text, struct error *err)
{
    if (!check_text(text, WHERE_BYTES, err)) {
        return false;
    }
    begin_condition(where);
    return where_parse(where, text, err) && end_condition(where, err);
}

static bool find_name(const char *name, const struct where_name **out, struct error *err)
{
    const char *near;

    *out = where_name_find(name, &near);
    return *out || error_set(err, ERROR_INTERNAL, "unknown name '%s' in a condition", name);
}

bool where_add_one_of(struct where_expression *where, const char *name, const char *lines,
                      struct error *err)
{
    struct where_value *values = arena_alloc(where->arena, WHERE_VALUES * sizeof *values);
    char *list = arena_text(where->arena, lines), *saved = NULL;
    const struct where_name *known;
    int count = 0;

    if (!find_name(name, &known, err) || !check_text(lines, (size_t)WHERE_VALUES * 100, err)) {
        return false;
    }
    for (char *line = strtok_r(list, "\r\n", &saved); line; line = strtok_r(NULL, "\r\n", &saved)) {
        if (count == WHERE_VALUES || strlen(line) > WHERE_VALUE_BYTES) {
            return error_set(err, ERROR_INPUT, "at most %d values of %d bytes are allowed",
                             WHERE_VALUES, WHERE_VALUE_BYTES);
        }
        values[count++] = (struct where_value){ .text = line };
    }
    begin_condition(where);
    return where_add_test(where, known, WHERE_IN, values, count, err) && end_condition(where, err);
}

bool where_add_compare(struct where_expression *where, const char *name, const char *op,
                       const char *value, struct error *err)
{
    const struct where_value values[] = { { .text = value } };
    const struct where_name *known;

    if (!find_name(name, &known, err) || !check_text(value, WHERE_VALUE_BYTES, err)) {
        return false;
    }
    begin_condition(where);
    return where_add_test(where, known, where_operator_of_sign(op), values, 1, err) &&
           end_condition(where, err);
}
