/* where_value.c - the names and their values, and the predicate of one condition. */
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
    static const char *const words[] = { "stored", "failed" };

    return index < 2 ? words[index] : NULL;
}

/* The columns of the view darkroom.selectable. */
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
    { "plate", NAME_TEXT, NULL },
    { "language", NAME_TEXT, NULL },
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

/* Returns true if names of this type accept the operator. */
static bool accepts(enum name_type type, enum where_operator op)
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

/* -- values as JSON -------------------------------------------------------------------------- */

/* Compares ignoring case, and with '-' and ' ' for '_': 'main-image' is MAIN_IMAGE. */
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

    if (name->choice == state_choice && same_choice("there", text)) {
        text = "stored"; /* the alias of version 0.1.0 */
    }
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
    error_set(err, ERROR_INPUT, "unknown %s '%.60s'", name->name, text);
    if (closest_match.word) {
        error_hint(err, "Did you mean %s?", closest_match.word);
    } else {
        error_hint(err, "It must be one of %s.", all);
    }
    return NULL;
}

/* Keeps the digits unchanged, because Postgres compares them exactly. */
static cJSON *read_number(const struct where_name *name, const char *text, struct error *err)
{
    const char *at = text + (*text == '-');
    size_t int_digits = strspn(at, "0123456789"), fraction_digits = 0;
    char digits[40];

    if (at[int_digits] == '.') {
        fraction_digits = strspn(at + int_digits + 1, "0123456789");
    }
    if (int_digits == 0 || int_digits > 15 || fraction_digits > 9 ||
        at[int_digits + (at[int_digits] == '.') + fraction_digits] != '\0' ||
        (at[int_digits] == '.' && fraction_digits == 0)) {
        error_set(err, ERROR_INPUT, "%s must be a number, not '%.40s'", name->name, text);
        error_hint(err, "Write it like 1024 or 0.10.");
        return NULL;
    }
    while (int_digits > 1 && *at == '0') { /* JSON does not allow leading zeros */
        at++;
        int_digits--;
    }
    snprintf(digits, sizeof digits, "%s%s", *text == '-' ? "-" : "", at);
    return cJSON_CreateRaw(digits);
}

static cJSON *read_member(const struct where_expression *where, const char *text, struct error *err)
{
    struct closest_match closest_match = { .to = text };

    if (!where->checks) {
        return cJSON_CreateString(text);
    }
    for (const char *const *check = where->checks; *check; check++) {
        if (strcmp(*check, text) == 0) {
            return cJSON_CreateString(text);
        }
        closest_match_try(&closest_match, *check);
    }
    error_set(err, ERROR_INPUT, "unknown check '%.60s'", text);
    if (closest_match.word) {
        error_hint(err, "Did you mean %s?", closest_match.word);
    }
    return NULL;
}

static cJSON *read_value(const struct where_expression *where, const struct where_name *name,
                         const struct where_value *value, struct error *err)
{
    if (value->none) {
        error_set(err, ERROR_INPUT, "'none' is only allowed with = and !=");
        return NULL;
    }
    switch (name->type) {
    case NAME_CHOICE:
        return read_choice(name, value->text, err);
    case NAME_NUMBER:
        return read_number(name, value->text, err);
    case NAME_LIST:
        return read_member(where, value->text, err);
    default:
        return cJSON_CreateString(value->text);
    }
}

/* -- predicates ------------------------------------------------------------------------------ */

static bool add_variable(struct where_expression *where, cJSON *value, struct error *err)
{
    char variable[16];

    if (where->count >= WHERE_VALUES) {
        cJSON_Delete(value);
        return error_set(err, ERROR_INPUT, "an expression has at most %d values", WHERE_VALUES);
    }
    snprintf(variable, sizeof variable, "v%d", ++where->count);
    cJSON_AddItemToObject(where->variables, variable, value);
    return true;
}

static bool add_text(struct where_expression *where, const char *text, struct error *err)
{
    return add_variable(where, cJSON_CreateString(text), err);
}

/* like_regex takes no variable, so the value is a string literal; flag q disables patterns in it.
 */
static void add_contains(struct where_expression *where, const char *name, const char *text)
{
    text_printf(&where->path, "$.\"%s\" like_regex \"", name);
    for (; *text; text++) {
        text_add(&where->path, *text == '"' || *text == '\\' ? "\\" : "");
        text_add_char(&where->path, *text);
    }
    text_add(&where->path, "\" flag \"iq\"");
}

static bool add_date(struct where_expression *where, const char *name, enum where_operator op,
                     const char *text, struct error *err)
{
    struct where_date range;
    bool is_range = op == WHERE_EQUAL || op == WHERE_DIFFERENT || op == WHERE_IN;
    bool use_start = op == WHERE_LESS || op == WHERE_AT_LEAST;

    if (!where_date_read(text, where->now_ms, &range, err) ||
        !add_text(where, is_range || use_start ? range.from : range.to, err)) {
        return false;
    }
    if (is_range) {
        text_printf(&where->path, "%s($.\"%s\" >= $v%d", op == WHERE_DIFFERENT ? "!" : "", name,
                    where->count);
        if (!add_text(where, range.to, err)) {
            return false;
        }
        text_printf(&where->path, " && $.\"%s\" < $v%d)", name, where->count);
    } else if (op == WHERE_LESS ||
               op == WHERE_AT_MOST) { /* an image without a date is not before every date */
        text_printf(&where->path, "($.\"%s\" != \"\" && $.\"%s\" < $v%d)", name, name,
                    where->count);
    } else {
        text_printf(&where->path, "$.\"%s\" >= $v%d", name, where->count);
    }
    return true;
}

static bool add_dates(struct where_expression *where, const char *name, enum where_operator op,
                      const struct where_value *values, int count, struct error *err)
{
    text_add_char(&where->path, '(');
    for (int i = 0; i < count; i++) {
        text_add(&where->path, i ? " || " : "");
        if (values[i].none) {
            return error_set(err, ERROR_INPUT, "'none' is only allowed with = and !=");
        }
        if (!add_date(where, name, op, values[i].text, err)) {
            return false;
        }
    }
    text_add_char(&where->path, ')');
    return true;
}

/* A missing value is null, an empty text, or an empty list. */
static void add_none(struct where_expression *where, const struct where_name *name, bool equal)
{
    text_add(&where->path, equal ? "(" : "(!(");
    if (name->type == NAME_LIST) {
        text_printf(&where->path, "!exists($.\"%s\"[*])", name->name);
    } else {
        text_printf(&where->path, "!exists($.\"%s\") || $.\"%s\" == null || $.\"%s\" == \"\"",
                    name->name, name->name, name->name);
    }
    text_add(&where->path, equal ? ")" : "))");
}

bool where_add_test(struct where_expression *where, const struct where_name *name,
                    enum where_operator op, const struct where_value *values, int count,
                    struct error *err)
{
    cJSON *list;

    if ((op == WHERE_EQUAL || op == WHERE_DIFFERENT) && values[0].none) {
        add_none(where, name, op == WHERE_EQUAL);
        return true;
    }
    if (!accepts(name->type, op)) {
        return refuse_operator(name, op, err);
    }
    if (name->type == NAME_DATE) {
        return add_dates(where, name->name, op, values, count, err);
    }
    if (op == WHERE_CONTAINS) {
        add_contains(where, name->name, values[0].text);
        return true;
    }
    list = cJSON_CreateArray();
    for (int i = 0; i < count; i++) {
        cJSON *value = read_value(where, name, &values[i], err);

        if (!value) {
            cJSON_Delete(list);
            return false;
        }
        cJSON_AddItemToArray(list, value);
    }
    if (!add_variable(where, list, err)) {
        return false;
    }
    if (op == WHERE_DIFFERENT) {
        text_printf(&where->path, "!($.\"%s\" == $v%d[*])", name->name, where->count);
    } else { /* == of two sequences is true if any pair is equal, which is what in and has mean */
        text_printf(&where->path, "$.\"%s\"%s %s $v%d[*]", name->name,
                    name->type == NAME_LIST ? "[*]" : "",
                    op == WHERE_IN || op == WHERE_HAS || op == WHERE_EQUAL ? "==" : operators[op],
                    where->count);
    }
    return true;
}
