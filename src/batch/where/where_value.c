/* where_value.c - the values of the --where language: choices, numbers with units, check names. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/edit_distance.h"
#include "batch/where/where_internal.h"

/* -- choices --------------------------------------------------------------------------------- */

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

static const char *find_choice(const struct where_name *name, const char *text)
{
    if (strcmp(name->name, "state") == 0 && same_choice("there", text)) {
        text = "stored"; /* the alias of version 0.1.0 */
    }
    for (int i = 0; name->choice(i); i++) {
        if (same_choice(name->choice(i), text)) {
            return name->choice(i);
        }
    }
    return NULL;
}

bool where_is_choice(const struct where_name *name, const char *text)
{
    return name->choice && find_choice(name, text);
}

static cJSON *read_choice(const struct where_name *name, const char *text, struct error *err)
{
    const char *found = find_choice(name, text);
    char upper[WHERE_VALUE_BYTES + 1], all[200] = "";
    struct closest_match closest_match = { .to = upper };
    size_t size = 0;

    if (found) {
        return cJSON_CreateString(found);
    }
    for (int i = 0; name->choice(i); i++) {
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

/* -- numbers --------------------------------------------------------------------------------- */

static const struct number_unit {
    enum where_unit of;
    const char *word;
    double factor;
} units[] = {
    { UNIT_BYTES, "b", 1 },
    { UNIT_BYTES, "byte", 1 },
    { UNIT_BYTES, "bytes", 1 },
    { UNIT_BYTES, "kb", 1e3 },
    { UNIT_BYTES, "mb", 1e6 },
    { UNIT_BYTES, "gb", 1e9 },
    { UNIT_BYTES, "kib", 1024 },
    { UNIT_BYTES, "mib", 1048576 },
    { UNIT_BYTES, "gib", 1073741824 },
    { UNIT_USD, "$", 1 },
    { UNIT_USD, "usd", 1 },
    { UNIT_USD, "dollar", 1 },
    { UNIT_USD, "dollars", 1 },
    { UNIT_USD, "cent", 0.01 },
    { UNIT_USD, "cents", 0.01 },
    { UNIT_USD, "ct", 0.01 },
    { UNIT_USD, "\xc2\xa2", 0.01 },
    { UNIT_PIXELS, "px", 1 },
    { UNIT_PIXELS, "pixel", 1 },
    { UNIT_PIXELS, "pixels", 1 },
    { UNIT_SHARE, "%", 0.01 },
    { UNIT_SHARE, "percent", 0.01 },
};

static const struct number_unit *find_unit(const struct where_name *name, const char *word,
                                           size_t size)
{
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (units[i].of == name->unit && strlen(units[i].word) == size &&
            strncasecmp(units[i].word, word, size) == 0) {
            return &units[i];
        }
    }
    return NULL;
}

bool where_is_unit(const struct where_name *name, const struct token *token)
{
    return token->kind == TOKEN_WORD && find_unit(name, token->start, token->size) != NULL;
}

static cJSON *refuse_number(const struct where_name *name, const char *text, struct error *err)
{
    static const char *const forms[] = {
        [UNIT_NONE] = "1024 or 0.10",           [UNIT_BYTES] = "2 MB, 500 kB or 1048576",
        [UNIT_USD] = "0.10, $0.10 or 10 cents", [UNIT_PIXELS] = "1024 or 1024 px",
        [UNIT_SHARE] = "0.8 or 80 %",
    };

    error_set(err, ERROR_INPUT, "%s must be a number, not '%.40s'", name->name, text);
    error_hint(err, "Write it like %s.", forms[name->unit]);
    return NULL;
}

/* Returns the length of "-12.5" at the start of the text; 0 if there is no such number. */
static size_t digits_of(const char *text)
{
    const char *at = text + (*text == '-');
    size_t whole = strspn(at, "0123456789"), fraction = 0;

    if (at[whole] == '.') {
        fraction = strspn(at + whole + 1, "0123456789");
        if (fraction == 0) {
            return 0;
        }
    }
    return whole == 0 || whole > 15 || fraction > 9
               ? 0
               : (size_t)(at - text) + whole + (fraction > 0 ? fraction + 1 : 0);
}

/* Multiplies a decimal number; removes zeros at the end of the fraction. */
static void scale(const char *number, double factor, char out[40])
{
    size_t size = (size_t)snprintf(out, 40, "%.11f", strtod(number, NULL) * factor);

    while (size > 1 && out[size - 1] == '0') {
        out[--size] = '\0';
    }
    if (size > 1 && out[size - 1] == '.') {
        out[size - 1] = '\0';
    }
}

/* Without a unit the digits stay unchanged, because Postgres compares them exactly. */
static cJSON *read_number(const struct where_name *name, const char *text, struct error *err)
{
    const char *all = text, *rest, *at;
    const struct number_unit *unit = NULL;
    char number[40], scaled[40];
    size_t size;

    if (*text == '$' && name->unit == UNIT_USD) {
        text += 1 + (text[1] == ' ');
    }
    size = digits_of(text);
    rest = text + size + strspn(text + size, " ");
    if (size == 0 || (*rest && !(unit = find_unit(name, rest, strlen(rest))))) {
        return refuse_number(name, all, err);
    }
    at = text + (*text == '-');
    while (at[0] == '0' && isdigit((unsigned char)at[1])) { /* JSON does not allow leading zeros */
        at++;
    }
    snprintf(number, sizeof number, "%s%.*s", *text == '-' ? "-" : "", (int)(text + size - at), at);
    if (!unit || unit->factor == 1) {
        return cJSON_CreateRaw(number);
    }
    scale(number, unit->factor, scaled);
    return cJSON_CreateRaw(scaled);
}

bool where_size_read(const char *text, int *width, int *height)
{
    int used = 0;

    return sscanf(text, "%5d%*1[xX]%5d%n", width, height, &used) == 2 && text[used] == '\0' &&
           *width > 0 && *height > 0;
}

/* -- any value ------------------------------------------------------------------------------- */

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

cJSON *where_value_read(const struct where_expression *where, const struct where_name *name,
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
    case NAME_SIZE:
        return read_number(name, value->text, err);
    case NAME_LIST:
        return name->free ? cJSON_CreateString(value->text) : read_member(where, value->text, err);
    default:
        return cJSON_CreateString(value->text);
    }
}

/* -- variables ------------------------------------------------------------------------------- */

bool where_count_value(struct where_expression *where, struct error *err)
{
    if (where->count >= WHERE_VALUES) {
        return error_set(err, ERROR_INPUT, "an expression has at most %d values", WHERE_VALUES);
    }
    where->count++;
    return true;
}

bool where_add_variable(struct where_expression *where, cJSON *value, struct error *err)
{
    char variable[16];

    if (!where_count_value(where, err)) {
        cJSON_Delete(value);
        return false;
    }
    snprintf(variable, sizeof variable, "v%d", where->count);
    cJSON_AddItemToObject(where->variables, variable, value);
    return true;
}
