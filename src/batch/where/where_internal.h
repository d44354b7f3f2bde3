/* where_internal.h - shared by the files of the --where language: names, operators, values, dates.
 */
#ifndef BATCH_WHERE_WHERE_INTERNAL_H
#define BATCH_WHERE_WHERE_INTERNAL_H
#include <cjson/cJSON.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/text.h"
#include "batch/where/where.h"
#include "batch/where/where_token.h"

enum {
    WHERE_BYTES = 4000, /* of one --where */
    WHERE_DEPTH = 32,   /* nested parentheses and nots */
    WHERE_VALUES = 2000,
    WHERE_VALUE_BYTES = 400
};

/* -- names (where_name.c) -------------------------------------------------------------------- */

enum name_type {
    NAME_TEXT,
    NAME_CHOICE,
    NAME_NUMBER,
    NAME_DATE,
    NAME_LIST,
    NAME_AGE, /* time since the image was created */
    NAME_SIZE /* bytes, or WIDTHxHEIGHT */
};

enum where_unit { UNIT_NONE, UNIT_BYTES, UNIT_USD, UNIT_PIXELS, UNIT_SHARE };

struct where_name {
    const char *name; /* as written, in small letters; may have several words */
    const char *key;  /* of the image's facts; NULL: the same as `name` */
    enum name_type type;
    const char *(*choice)(int index); /* NAME_CHOICE: returns NULL past the end */
    enum where_unit unit;
    bool more;  /* a key of darkroom.more_facts */
    bool free;  /* NAME_LIST: the values are any texts, not names of checks */
    bool alias; /* not listed in messages */
};

/* Returns NULL if the name is unknown; *near is then the most similar name, or NULL. */
const struct where_name *where_name_find(const char *name, const char **near);
/* Advances past the longest name that the next tokens spell. Returns NULL if there is none. */
const struct where_name *where_name_read(struct token_reader *reader);
/* Returns the key of the name in the image's facts. */
const char *where_name_key(const struct where_name *name);
/* Returns "id, project, user, ...". */
const char *where_names(struct arena *arena);

/* -- operators (where_operator.c) ------------------------------------------------------------ */

enum where_operator {
    WHERE_EQUAL,
    WHERE_DIFFERENT,
    WHERE_LESS,
    WHERE_AT_MOST,
    WHERE_MORE,
    WHERE_AT_LEAST,
    WHERE_CONTAINS,
    WHERE_IN,
    WHERE_HAS,
    WHERE_LIKE,
    WHERE_STARTS,
    WHERE_ENDS,
    WHERE_BETWEEN,
    WHERE_OLDER,
    WHERE_NEWER,
    WHERE_NONE,   /* takes no value: there is none */
    WHERE_EXISTS, /* takes no value: there is one */
    WHERE_OPERATORS
};

/* Advances past an operator: a sign, or words like "is not at least". *negated says whether the
 * test is negated. Returns WHERE_OPERATORS, without advancing, if there is none. */
enum where_operator where_operator_read(struct token_reader *reader, bool *negated);
/* Returns the operator of a sign such as ">="; WHERE_OPERATORS if it is none. */
enum where_operator where_operator_of_sign(const char *sign);
const char *where_operator_name(enum where_operator op);
/* Returns whether names of this type take the operator; sets ERROR_INPUT with those it takes. */
bool where_operator_accepted(const struct where_name *name, enum where_operator op,
                             struct error *err) MUST_CHECK;

/* -- the grammar (where_parse.c) ------------------------------------------------------------- */

/* Appends the predicate of an expression. */
bool where_parse(struct where_expression *where, const char *text, struct error *err) MUST_CHECK;

/* -- values (where_value.c) ------------------------------------------------------------------ */

struct where_expression {
    struct arena *arena;
    struct text path;
    cJSON *variables;
    cJSON *likes;         /* [key, pattern] of each pattern; NULL before the first */
    cJSON *equals;        /* [key, value] of each text that an image must have */
    char *variables_text; /* what where_variables returned last */
    char *equals_text;    /* what where_equals returned last */
    int count;            /* of variables and patterns */
    int64_t now_ms;
    const char *const *checks;
};

struct where_value {
    const char *text;
    bool none; /* the unquoted word none */
};

/* Returns whether the text is a value of the choice, with '-' and ' ' for '_', ignoring case. */
bool where_is_choice(const struct where_name *name, const char *text);
/* Returns whether the word is a unit of numbers of this name. */
bool where_is_unit(const struct where_name *name, const struct token *token);
/* Reads "1024x1024". Returns false if the text does not have this form. */
bool where_size_read(const char *text, int *width, int *height);
/* Reads a value of any type but dates. Returns NULL with ERROR_INPUT. */
cJSON *where_value_read(const struct where_expression *where, const struct where_name *name,
                        const struct where_value *value, struct error *err);

/* Counts one more variable or pattern. Fails with ERROR_INPUT if there are too many. */
bool where_count_value(struct where_expression *where, struct error *err) MUST_CHECK;
/* Takes the value. The variable is v followed by where->count. */
bool where_add_variable(struct where_expression *where, cJSON *value, struct error *err) MUST_CHECK;

/* -- tests (where_test.c) -------------------------------------------------------------------- */

/* Appends the predicate of one condition. An ERROR_INPUT does not say where: the caller adds the
 * position. */
bool where_add_test(struct where_expression *where, const struct where_name *name,
                    enum where_operator op, const struct where_value *values, int count,
                    struct error *err) MUST_CHECK;

/* -- dates, ages and sizes (where_range.c) --------------------------------------------------- */

bool where_add_dates(struct where_expression *where, const char *key, enum where_operator op,
                     const struct where_value *values, int count, struct error *err) MUST_CHECK;
bool where_add_age(struct where_expression *where, const char *key, enum where_operator op,
                   const struct where_value *values, struct error *err) MUST_CHECK;
/* Returns whether all values are sizes in pixels; *good is then the result of adding them. */
bool where_add_pixels(struct where_expression *where, enum where_operator op,
                      const struct where_value *values, int count, bool *good,
                      struct error *err) MUST_CHECK;

/* -- dates (where_date.c) -------------------------------------------------------------------- */

struct where_date { /* "2026-06-01T00:00:00Z"; `from` is included, `to` is not */
    char from[25], to[25];
};
bool where_date_read(const char *text, int64_t now_ms, struct where_date *out,
                     struct error *err) MUST_CHECK;
/* Reads an age: "30d", "two weeks", "an hour", each also with "ago" or "old". `out` is the second
 * that long before now. Fails with ERROR_INPUT. */
bool where_age_read(const char *text, int64_t now_ms, struct where_date *out,
                    struct error *err) MUST_CHECK;
#endif
