/* where_value.c - what there is to ask, and one test as a predicate. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/edit_distance.h"
#include "batch/where/where_internal.h"
#include "model/kind.h"

static const char *kind_choice(int index)
{
    return index < IMAGE_KINDS ? kind_name((enum image_kind)index) : NULL;
}

static const char *status_choice(int index)
{
    static const char *const words[] = { "DRAFT", "PROCESSING", "COMPLETED", "FAILED" };

    return index < 4 ? words[index] : NULL;
}

static const char *state_choice(int index)
{
    static const char *const words[] = { "there", "failed" };

    return index < 2 ? words[index] : NULL;
}

/* As the view darkroom.selectable calls them. */
static const struct where_name names[] = {
    { "id", NAME_TEXT, NULL },
    { "project", NAME_TEXT, NULL },
    { "user", NAME_TEXT, NULL },
    { "type", NAME_CHOICE, kind_choice },
    { "style", NAME_TEXT, NULL },
    { "model", NAME_TEXT, NULL },
    { "provider", NAME_TEXT, NULL },
    { "created", NAME_DATE, NULL },
    { "width", NAME_NUMBER, NULL },
    { "height", NAME_NUMBER, NULL },
    { "bytes", NAME_NUMBER, NULL },
    { "cost", NAME_NUMBER, NULL },
    { "quality", NAME_TEXT, NULL },
    { "template", NAME_TEXT, NULL },
    { "failed", NAME_LIST, NULL },
    { "checks", NAME_NUMBER, NULL },
    { "status", NAME_CHOICE, status_choice },
    { "state", NAME_CHOICE, state_choice },
    { "product", NAME_TEXT, NULL },
    { "category", NAME_TEXT, NULL },
    { "marketplace", NAME_TEXT, NULL },
    { "brand", NAME_TEXT, NULL },
};

enum { NAMES = sizeof names / sizeof *names };

const struct where_name *where_name_find(const char *name, const char **near)
{
    char lower[WHERE_VALUE_BYTES];
    struct closest_match closest_match = { .to = lower };
    size_t size = 0;

    for (; name[size] && size + 1 < sizeof lower; size++) {
        lower[size] = (char)tolower((unsigned char)name[size]);
    }
    lower[size] = '\0';
    for (int i = 0; i < NAMES; i++) {
        if (strcmp(names[i].name, lower) == 0) {
            return &names[i];
        }
        closest_match_try(&closest_match, names[i].name);
    }
    *near = closest_match.word;
    return NULL;
}

const char *where_names(struct arena *arena)
{
    char *all = arena_text(arena, names[0].name);

    for (int i = 1; i < NAMES; i++) {
        all = arena_printf(arena, "%s, %s", all, names[i].name);
    }
    return all;
}

static const char *const operators[WHERE_OPERATORS] = { "=",  "!=", "<",  "<=", ">",
                                                        ">=", "~",  "in", "has" };

const char *where_operator_name(enum where_operator op)
{
    return operators[op];
}

enum where_operator where_operator_find(const struct token *token)
{
    int op = 0;

    if (token_is(token, "==") || token_is(token, "<>")) {
        return token->start[0] == '=' ? WHERE_EQUAL : WHERE_DIFFERENT;
    }
    while (op < WHERE_OPERATORS && !token_is(token, operators[op])) {
        op++;
    }
    return (enum where_operator)op;
}

/* Which operators a type of name takes. */
static bool takes(enum name_type type, enum where_operator op)
{
    static const bool table[][WHERE_OPERATORS] = {
        /*                =  !=  <  <= >  >= ~  in has */
        [NAME_TEXT] = { 1, 1, 0, 0, 0, 0, 1, 1, 0 },
        [NAME_CHOICE] = { 1, 1, 0, 0, 0, 0, 1, 1, 0 },
        [NAME_NUMBER] = { 1, 1, 1, 1, 1, 1, 0, 1, 0 },
        [NAME_DATE] = { 1, 1, 1, 1, 1, 1, 0, 1, 0 },
        [NAME_LIST] = { 0, 0, 0, 0, 0, 0, 0, 1, 1 },
    };

    return table[type][op];
}

static bool refuse_operator(const struct where_name *name, enum where_operator op,
                            struct error *err)
{
    static const char *const hints[] = {
        [NAME_TEXT] = "It takes = != ~ (contains) and in (a, b).",
        [NAME_CHOICE] = "It takes = != ~ (contains) and in (a, b).",
        [NAME_NUMBER] = "It takes = != < <= > >= and in (a, b).",
        [NAME_DATE] = "It takes = != < <= > >= and in (a, b).",
        [NAME_LIST] =
            "It is a list: `failed has white`, `failed in (white, fill)`, `failed = none`.",
    };

    error_set(err, ERROR_INPUT, "'%s' does not take '%s'", name->name, operators[op]);
    return error_hint(err, "%s", hints[name->type]);
}

/* -- values: as JSON ------------------------------------------------------------------------- */

/* 'lifestyle' and 'main-image' are understood. */
static bool same_choice(const char *choice, const char *text)
{
    for (; *choice && *text; choice++, text++) {
        char c = *text == '-' || *text == ' ' ? '_' : *text;

        if (tolower((unsigned char)c) != tolower((unsigned char)*choice)) {
            return false;
        }
    }
    return *choice == *text;
}

static cJSON *read_choice(const struct where_name *name, const char *text, struct error *err)
{
    char upper[WHERE_VALUE_BYTES + 1], all[200] = "";
    struct closest_match closest_match = { .to = upper };
    size_t size = 0;

    for (int i = 0; name->choice(i); i++) {
        if (same_choice(name->choice(i), text)) {
            return cJSON_CreateString(name->choice(i));
        }
        size +=
            (size_t)snprintf(all + size, sizeof all - size, "%s%s", i ? ", " : "", name->choice(i));
    }
    for (size = 0; text[size] && size + 1 < sizeof upper; size++) {
        upper[size] =
            (char)(islower((unsigned char)name->choice(0)[0]) ? tolower((unsigned char)text[size])
                                                              : toupper((unsigned char)text[size]));
    }
    upper[size] = '\0';
    for (int i = 0; name->choice(i); i++) {
        closest_match_try(&closest_match, name->choice(i));
    }
    error_set(err, ERROR_INPUT, "there is no %s '%.60s'", name->name, text);
    if (closest_match.word) {
        error_hint(err, "Did you mean %s?", closest_match.word);
    } else {
        error_hint(err, "It is one of %s.", all);
    }
    return NULL;
}

/* The digits as they were written: Postgres compares them exactly. */
static cJSON *read_number(const struct where_name *name, const char *text, struct error *err)
{
    const char *at = text + (*text == '-');
    size_t whole = strspn(at, "0123456789"), part = 0;
    char digits[40];

    if (at[whole] == '.') {
        part = strspn(at + whole + 1, "0123456789");
    }
    if (whole == 0 || whole > 15 || part > 9 || at[whole + (at[whole] == '.') + part] != '\0' ||
        (at[whole] == '.' && part == 0)) {
        error_set(err, ERROR_INPUT, "'%s' is a number, and '%.40s' is none", name->name, text);
        error_hint(err, "Write it like 1024 or 0.10.");
        return NULL;
    }
    while (whole > 1 && *at == '0') { /* JSON allows no zeros in front */
        at++;
        whole--;
    }
    snprintf(digits, sizeof digits, "%s%s", *text == '-' ? "-" : "", at);
    return cJSON_CreateRaw(digits);
}

static cJSON *read_member(const struct where_expression *filter, const char *text,
                          struct error *err)
{
    struct closest_match closest_match = { .to = text };

    if (!filter->checks) {
        return cJSON_CreateString(text);
    }
    for (const char *const *check = filter->checks; *check; check++) {
        if (strcmp(*check, text) == 0) {
            return cJSON_CreateString(text);
        }
        closest_match_try(&closest_match, *check);
    }
    error_set(err, ERROR_INPUT, "there is no check '%.60s'", text);
    if (closest_match.word) {
        error_hint(err, "Did you mean %s?", closest_match.word);
    }
    return NULL;
}

static cJSON *read_value(const struct where_expression *filter, const struct where_name *name,
                         const struct where_value *value, struct error *err)
{
    if (value->none) {
        error_set(err, ERROR_INPUT, "'none' goes with = and != alone");
        return NULL;
    }
    switch (name->type) {
    case NAME_CHOICE:
        return read_choice(name, value->text, err);
    case NAME_NUMBER:
        return read_number(name, value->text, err);
    case NAME_LIST:
        return read_member(filter, value->text, err);
    default:
        return cJSON_CreateString(value->text);
    }
}

/* -- predicates ------------------------------------------------------------------------------ */

static bool add_variable(struct where_expression *filter, cJSON *value, struct error *err)
{
    char variable[16];

    if (filter->count >= WHERE_VALUES) {
        cJSON_Delete(value);
        return error_set(err, ERROR_INPUT, "a filter names at most %d values", WHERE_VALUES);
    }
    snprintf(variable, sizeof variable, "v%d", ++filter->count);
    cJSON_AddItemToObject(filter->vars, variable, value);
    return true;
}

static bool add_text(struct where_expression *filter, const char *text, struct error *err)
{
    return add_variable(filter, cJSON_CreateString(text), err);
}

/* like_regex takes no variable: a string literal, and the flag q, which takes it letter by letter.
 */
static void add_contains(struct where_expression *filter, const char *name, const char *text)
{
    text_printf(&filter->path, "$.\"%s\" like_regex \"", name);
    for (; *text; text++) {
        text_add(&filter->path, *text == '"' || *text == '\\' ? "\\" : "");
        text_add_char(&filter->path, *text);
    }
    text_add(&filter->path, "\" flag \"iq\"");
}

static bool add_date(struct where_expression *filter, const char *name, enum where_operator op,
                     const char *text, struct error *err)
{
    struct where_date m;
    bool both = op == WHERE_EQUAL || op == WHERE_DIFFERENT || op == WHERE_IN;
    bool from = op == WHERE_LESS || op == WHERE_AT_LEAST;

    if (!where_date_read(text, filter->now_ms, &m, err) ||
        !add_text(filter, both || from ? m.from : m.to, err)) {
        return false;
    }
    if (both) {
        text_printf(&filter->path, "%s($.\"%s\" >= $v%d", op == WHERE_DIFFERENT ? "!" : "", name,
                    filter->count);
        if (!add_text(filter, m.to, err)) {
            return false;
        }
        text_printf(&filter->path, " && $.\"%s\" < $v%d)", name, filter->count);
    } else if (op == WHERE_LESS ||
               op == WHERE_AT_MOST) { /* one without a date is not before all others */
        text_printf(&filter->path, "($.\"%s\" != \"\" && $.\"%s\" < $v%d)", name, name,
                    filter->count);
    } else {
        text_printf(&filter->path, "$.\"%s\" >= $v%d", name, filter->count);
    }
    return true;
}

static bool test_dates(struct where_expression *filter, const char *name, enum where_operator op,
                       const struct where_value *values, int count, struct error *err)
{
    text_add_char(&filter->path, '(');
    for (int i = 0; i < count; i++) {
        text_add(&filter->path, i ? " || " : "");
        if (values[i].none) {
            return error_set(err, ERROR_INPUT, "'none' goes with = and != alone");
        }
        if (!add_date(filter, name, op, values[i].text, err)) {
            return false;
        }
    }
    text_add_char(&filter->path, ')');
    return true;
}

/* What is missing is null, an empty text, or an empty list. */
static void test_none(struct where_expression *filter, const struct where_name *name, bool is_so)
{
    text_add(&filter->path, is_so ? "(" : "(!(");
    if (name->type == NAME_LIST) {
        text_printf(&filter->path, "!exists($.\"%s\"[*])", name->name);
    } else {
        text_printf(&filter->path, "!exists($.\"%s\") || $.\"%s\" == null || $.\"%s\" == \"\"",
                    name->name, name->name, name->name);
    }
    text_add(&filter->path, is_so ? ")" : "))");
}

bool where_add_test(struct where_expression *filter, const struct where_name *name,
                    enum where_operator op, const struct where_value *values, int count,
                    struct error *err)
{
    cJSON *list;

    if ((op == WHERE_EQUAL || op == WHERE_DIFFERENT) && values[0].none) {
        test_none(filter, name, op == WHERE_EQUAL);
        return true;
    }
    if (!takes(name->type, op)) {
        return refuse_operator(name, op, err);
    }
    if (name->type == NAME_DATE) {
        return test_dates(filter, name->name, op, values, count, err);
    }
    if (op == WHERE_CONTAINS) {
        add_contains(filter, name->name, values[0].text);
        return true;
    }
    list = cJSON_CreateArray();
    for (int i = 0; i < count; i++) {
        cJSON *value = read_value(filter, name, &values[i], err);

        if (!value) {
            cJSON_Delete(list);
            return false;
        }
        cJSON_AddItemToArray(list, value);
    }
    if (!add_variable(filter, list, err)) {
        return false;
    }
    if (op == WHERE_DIFFERENT) {
        text_printf(&filter->path, "!($.\"%s\" == $v%d[*])", name->name, filter->count);
    } else { /* of two sequences any pair: that is what in and has mean */
        text_printf(&filter->path, "$.\"%s\"%s %s $v%d[*]", name->name,
                    name->type == NAME_LIST ? "[*]" : "",
                    op == WHERE_IN || op == WHERE_HAS || op == WHERE_EQUAL ? "==" : operators[op],
                    filter->count);
    }
    return true;
}
