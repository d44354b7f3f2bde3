/* where_internal.h - shared by the files of the --where language: tokens, names, values, dates. */
#ifndef BATCH_WHERE_WHERE_INTERNAL_H
#define BATCH_WHERE_WHERE_INTERNAL_H
#include <cjson/cJSON.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/text.h"
#include "batch/where/where.h"

enum {
    WHERE_BYTES = 4000, /* of one --where */
    WHERE_DEPTH = 32,   /* nested parentheses and nots */
    WHERE_VALUES = 2000,
    WHERE_VALUE_BYTES = 400
};

/* -- tokens (where_token.c) ------------------------------------------------------------------ */

enum token_kind { TOKEN_WORD, TOKEN_QUOTED, TOKEN_OPERATOR, TOKEN_SIGN, TOKEN_END };

struct token {
    enum token_kind kind;
    const char *start; /* in the expression's text; at the opening quote of a quoted value */
    size_t size;
};

/* Reads the token at *at, and moves *at behind it. Fails with ERROR_INPUT on an unterminated quote
 * or an unknown sign. */
bool token_next(const char *text, const char **at, struct token *out, struct error *err) MUST_CHECK;
bool token_is(const struct token *token, const char *word); /* ignores case */
/* Returns the token's value in the arena, without quotes. */
char *token_text(const struct token *token, struct arena *arena);
/* Sets ERROR_INPUT with the message and the token's position: "..., at character 12". Always
 * returns false. */
bool token_refuse(const char *text, const struct token *token, struct error *err, const char *fmt,
                  ...) __attribute__((format(printf, 4, 5)));

/* -- names and values (where_value.c) -------------------------------------------------------- */

enum name_type { NAME_TEXT, NAME_CHOICE, NAME_NUMBER, NAME_DATE, NAME_LIST };

struct where_name {
    const char *name;
    enum name_type type;
    const char *(*choice)(int index); /* NAME_CHOICE: returns NULL past the end */
};

/* Returns NULL if the name is unknown; *near is then the most similar name, or NULL. */
const struct where_name *where_name_find(const char *name, const char **near);
/* Returns "id, project, user, ...". */
const char *where_names(struct arena *arena);

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
    WHERE_OPERATORS
};
/* Returns WHERE_OPERATORS if the token is not an operator. */
enum where_operator where_operator_find(const struct token *token);

struct where_expression {
    struct arena *arena;
    struct text path;
    cJSON *variables;
    char *variables_text; /* what where_variables returned last */
    int count;            /* of variables */
    int64_t now_ms;
    const char *const *checks;
};

struct where_value {
    const char *text;
    bool none; /* the unquoted word none */
};

/* Appends the predicate of one condition. An ERROR_INPUT does not say where: the caller adds the
 * position. */
bool where_add_test(struct where_expression *where, const struct where_name *name,
                    enum where_operator op, const struct where_value *values, int count,
                    struct error *err) MUST_CHECK;

/* -- dates (where_date.c) -------------------------------------------------------------------- */

struct where_date { /* "2026-06-01T00:00:00Z"; `from` is included, `to` is not */
    char from[25], to[25];
};
bool where_date_read(const char *text, int64_t now_ms, struct where_date *out,
                     struct error *err) MUST_CHECK;
#endif
