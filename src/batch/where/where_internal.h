/* where_internal.h - shared by the files of the filter: words, names, values, predicates. */
#ifndef BATCH_WHERE_WHERE_INTERNAL_H
#define BATCH_WHERE_WHERE_INTERNAL_H
#include <cjson/cJSON.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/text.h"
#include "batch/where/where.h"

enum {
    WHERE_BYTES = 4000, /* of one --where */
    WHERE_DEPTH = 32,   /* parentheses and nots */
    WHERE_VALUES = 2000,
    WHERE_VALUE_BYTES = 400
};

/* -- words (filter_token.c) ------------------------------------------------------------------ */

enum token_kind { TOKEN_WORD, TOKEN_QUOTED, TOKEN_OPERATOR, TOKEN_SIGN, TOKEN_END };

struct token {
    enum token_kind kind;
    const char *start; /* in the filter's text; of a quoted one: its first quote */
    size_t size;
};

/* The token at *at, which moves behind it. ERROR_INPUT: an open quote, a sign that means nothing.
 */
bool token_next(const char *text, const char **at, struct token *out, struct error *err) MUST_CHECK;
bool token_is(const struct token *token, const char *word); /* whatever the case */
/* Its value in the arena, without the quotes. */
char *token_text(const struct token *token, struct arena *arena);
/* "'modle' (character 12): " and so on; returns false. */
bool token_refuse(const char *text, const struct token *token, struct error *err, const char *fmt,
                  ...) __attribute__((format(printf, 4, 5)));

/* -- names and values (filter_value.c) ------------------------------------------------------- */

enum name_type { NAME_TEXT, NAME_CHOICE, NAME_NUMBER, NAME_DATE, NAME_LIST };

struct where_name {
    const char *name;
    enum name_type type;
    const char *(*choice)(int index); /* NAME_CHOICE; NULL: past the end */
};

/* NULL where there is none; *near gets the one that was probably meant, or NULL. */
const struct where_name *where_name_find(const char *name, const char **near);
/* "id, project, user, ..." */
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
const char *where_operator_name(enum where_operator op);
enum where_operator
where_operator_find(const struct token *token); /* WHERE_OPERATORS: it is none */

struct where_expression {
    struct arena *arena;
    struct text path;
    cJSON *vars;
    char *vars_text;
    int count; /* of variables */
    int64_t now_ms;
    const char *const *checks;
};

struct where_value {
    const char *text;
    bool none; /* the bare word */
};

/* Adds the predicate of one test. ERROR_INPUT without a place: the value does not fit the name. */
bool where_add_test(struct where_expression *filter, const struct where_name *name,
                    enum where_operator op, const struct where_value *values, int count,
                    struct error *err) MUST_CHECK;

/* -- dates (filter_date.c) ------------------------------------------------------------------- */

struct where_date { /* "2026-06-01T00:00:00Z"; from is in it, to is behind it */
    char from[25], to[25];
};
bool where_date_read(const char *text, int64_t now_ms, struct where_date *out,
                     struct error *err) MUST_CHECK;
#endif
