/* where_test.c - the predicate of one condition. Every value is a variable of the predicate, or a
 * pattern that SQL compares (darkroom.more_facts): none is part of its text. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "batch/where/where_internal.h"

static void need_more_facts(struct where_expression *where)
{
    if (!cJSON_HasObjectItem(where->variables, "more")) {
        cJSON_AddTrueToObject(where->variables, "more");
    }
}

static char *small_letters(struct where_expression *where, const char *text)
{
    char *out = arena_text(where->arena, text);

    for (char *at = out; *at; at++) {
        *at = (char)tolower((unsigned char)*at);
    }
    return out;
}

/* -- patterns -------------------------------------------------------------------------------- */

/* Appends the text for LIKE: literally, or as a pattern in which * and % stand for any characters
 * and _ for one. A backslash is literal in both. */
static void add_pattern(struct text *out, const char *text, bool is_pattern)
{
    for (; *text; text++) {
        if (is_pattern && *text == '*') {
            text_add_char(out, '%');
            continue;
        }
        text_add(out, *text == '\\' || (!is_pattern && (*text == '%' || *text == '_')) ? "\\" : "");
        text_add_char(out, *text);
    }
}

/* A user is found by e-mail address: ids have no meaningful parts. */
static const char *pattern_key(struct where_expression *where, const struct where_name *name)
{
    const char *key = where_name_key(name);

    if (strcmp(key, "user") == 0) {
        need_more_facts(where);
        return "email";
    }
    return key;
}

static bool add_like(struct where_expression *where, const struct where_name *name,
                     enum where_operator op, const char *text, struct error *err)
{
    struct text pattern;
    cJSON *test;

    if (!where_count_value(where, err)) {
        return false;
    }
    text_begin(&pattern, (size_t)WHERE_VALUE_BYTES * 2 + 3);
    text_add(&pattern, op == WHERE_CONTAINS || op == WHERE_ENDS ? "%" : "");
    add_pattern(&pattern, text, op == WHERE_LIKE);
    text_add(&pattern, op == WHERE_CONTAINS || op == WHERE_STARTS ? "%" : "");
    if (!where->likes) {
        where->likes = cJSON_AddArrayToObject(where->variables, "like");
    }
    text_printf(&where->path, "$.\"like\"[%d] == true", cJSON_GetArraySize(where->likes));
    test = cJSON_CreateArray();
    cJSON_AddItemToArray(test, cJSON_CreateString(pattern_key(where, name)));
    cJSON_AddItemToArray(test, cJSON_CreateString(pattern.data));
    cJSON_AddItemToArray(where->likes, test);
    text_end(&pattern);
    return true;
}

/* -- values ---------------------------------------------------------------------------------- */

/* A missing value is null, an empty text, or an empty list. */
static void add_none(struct where_expression *where, const struct where_name *name, bool equal)
{
    const char *key = where_name_key(name);

    text_add(&where->path, equal ? "(" : "(!(");
    if (name->type == NAME_LIST) {
        text_printf(&where->path, "!exists($.\"%s\"[*])", key);
    } else {
        text_printf(&where->path, "!exists($.\"%s\") || $.\"%s\" == null || $.\"%s\" == \"\"", key,
                    key, key);
    }
    text_add(&where->path, equal ? ")" : "))");
}

static const char *sign_of(enum where_operator op)
{
    return op == WHERE_LESS       ? "<"
           : op == WHERE_AT_MOST  ? "<="
           : op == WHERE_MORE     ? ">"
           : op == WHERE_AT_LEAST ? ">="
                                  : "==";
}

/* Notes a text that images must have, so that an empty selection can be explained. */
static void note_equal(struct where_expression *where, const char *key, const char *text)
{
    cJSON *pair = cJSON_CreateArray();

    cJSON_AddItemToArray(pair, cJSON_CreateString(key));
    cJSON_AddItemToArray(pair, cJSON_CreateString(text));
    cJSON_AddItemToArray(where->equals, pair);
}

/* Returns the values as an array, or NULL with *err set. */
static cJSON *read_values(struct where_expression *where, const struct where_name *name,
                          const struct where_value *values, int count, struct error *err)
{
    cJSON *list = cJSON_CreateArray();

    for (int i = 0; i < count; i++) {
        cJSON *value = where_value_read(where, name, &values[i], err);

        if (!value) {
            cJSON_Delete(list);
            return NULL;
        }
        cJSON_AddItemToArray(list, value);
    }
    return list;
}

/* == of two sequences is true if any pair is equal, which is what in and has mean. */
static bool add_comparison(struct where_expression *where, const struct where_name *name,
                           enum where_operator op, cJSON *list, struct error *err)
{
    if (!where_add_variable(where, list, err)) {
        return false;
    }
    text_printf(&where->path,
                op == WHERE_DIFFERENT ? "!($.\"%s\"%s %s $v%d[*])" : "$.\"%s\"%s %s $v%d[*]",
                where_name_key(name), name->type == NAME_LIST ? "[*]" : "", sign_of(op),
                where->count);
    return true;
}

/* A user is named by id or e-mail address; letters of an address may be small or large. */
static bool add_address(struct where_expression *where, const struct where_name *name,
                        enum where_operator op, const struct where_value *values, int count,
                        struct error *err)
{
    const char *key = where_name_key(name);
    cJSON *list = cJSON_CreateArray();
    bool user = strcmp(key, "user") == 0;

    for (int i = 0; i < count; i++) {
        char *small = small_letters(where, values[i].text);

        cJSON_AddItemToArray(list, cJSON_CreateString(small));
        if (user) {
            cJSON_AddItemToArray(list, cJSON_CreateString(values[i].text));
        }
        if (op != WHERE_DIFFERENT) {
            note_equal(where, strchr(small, '@') ? "email" : key,
                       strchr(small, '@') ? small : values[i].text);
        }
    }
    if (!where_add_variable(where, list, err)) {
        return false;
    }
    need_more_facts(where);
    text_add(&where->path, op == WHERE_DIFFERENT ? "!(" : "(");
    text_printf(&where->path, "$.\"email\" == $v%d[*]", where->count);
    if (user) {
        text_printf(&where->path, " || $.\"user\" == $v%d[*]", where->count);
    }
    text_add_char(&where->path, ')');
    return true;
}

static bool is_address(const struct where_name *name, const struct where_value *values, int count)
{
    const char *key = where_name_key(name);

    for (int i = 0; i < count; i++) {
        if (values[i].none) {
            return false;
        }
        if (strcmp(key, "user") == 0 && strchr(values[i].text, '@')) {
            return true;
        }
    }
    return strcmp(key, "email") == 0;
}

static bool add_between(struct where_expression *where, const struct where_name *name,
                        const struct where_value *values, struct error *err)
{
    for (int i = 0; i < 2; i++) {
        cJSON *list = read_values(where, name, &values[i], 1, err);

        text_add(&where->path, i ? " && " : "(");
        if (!list || !add_comparison(where, name, i ? WHERE_AT_MOST : WHERE_AT_LEAST, list, err)) {
            return false;
        }
    }
    text_add_char(&where->path, ')');
    return true;
}

static bool add_values(struct where_expression *where, const struct where_name *name,
                       enum where_operator op, const struct where_value *values, int count,
                       struct error *err)
{
    cJSON *list;

    if (is_address(name, values, count)) {
        return add_address(where, name, op, values, count, err);
    }
    list = read_values(where, name, values, count, err);
    if (!list) {
        return false;
    }
    for (int i = 0;
         i < count && op != WHERE_DIFFERENT && (name->type == NAME_TEXT || name->type == NAME_LIST);
         i++) {
        note_equal(where, where_name_key(name), values[i].text);
    }
    return add_comparison(where, name, op, list, err);
}

/* Lists contain whole values, texts contain parts. */
static enum where_operator adapt(const struct where_name *name, enum where_operator op)
{
    if (name->type == NAME_LIST) {
        return op == WHERE_CONTAINS || op == WHERE_EQUAL ? WHERE_HAS : op;
    }
    return op == WHERE_HAS ? WHERE_CONTAINS : op;
}

bool where_add_test(struct where_expression *where, const struct where_name *name,
                    enum where_operator op, const struct where_value *values, int count,
                    struct error *err)
{
    bool none = (op == WHERE_EQUAL || op == WHERE_DIFFERENT) && values[0].none;
    bool good;

    if (name->more) {
        need_more_facts(where);
    }
    if (none || op == WHERE_NONE || op == WHERE_EXISTS) {
        add_none(where, name, none ? op == WHERE_EQUAL : op == WHERE_NONE);
        return true;
    }
    if (!where_operator_accepted(name, op, err)) {
        return false;
    }
    op = adapt(name, op);
    if (name->type == NAME_AGE) {
        return where_add_age(where, where_name_key(name), op, values, err);
    }
    if (name->type == NAME_DATE) {
        return where_add_dates(where, where_name_key(name), op, values, count, err);
    }
    if (op == WHERE_CONTAINS || op == WHERE_LIKE || op == WHERE_STARTS || op == WHERE_ENDS) {
        return add_like(where, name, op, values[0].text, err);
    }
    if (name->type == NAME_SIZE && where_add_pixels(where, op, values, count, &good, err)) {
        return good;
    }
    return op == WHERE_BETWEEN ? add_between(where, name, values, err)
                               : add_values(where, name, op, values, count, err);
}
