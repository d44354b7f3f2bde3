/* where_internal.h - shared by the files of the filter: words, names, values, predicates. */
#ifndef BATCH_WHERE_WHERE_INTERNAL_H
#define BATCH_WHERE_WHERE_INTERNAL_H
#include <cjson/cJSON.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/text.h"
#include "batch/where/where.h"

enum {
    FILTER_BYTES = 4000, /* of one --where */
    FILTER_DEPTH = 32,   /* parentheses and nots */
    FILTER_VALUES = 2000,
    FILTER_VALUE_BYTES = 400
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

struct filter_name {
    const char *name;
    enum name_type type;
    const char *(*choice)(int index); /* NAME_CHOICE; NULL: past the end */
};

/* NULL where there is none; *near gets the one that was probably meant, or NULL. */
const struct filter_name *filter_name_find(const char *name, const char **near);
/* "id, project, user, ..." */
const char *filter_names(struct arena *arena);

enum relation {
    RELATION_EQUAL,
    RELATION_DIFFERENT,
    RELATION_LESS,
    RELATION_AT_MOST,
    RELATION_MORE,
    RELATION_AT_LEAST,
    RELATION_CONTAINS,
    RELATION_IN,
    RELATION_HAS,
    RELATIONS
};
const char *relation_name(enum relation op);
enum relation relation_find(const struct token *token); /* RELATIONS: it is none */

struct filter {
    struct arena *arena;
    struct text path;
    cJSON *vars;
    char *vars_text;
    int count; /* of variables */
    int64_t now_ms;
    const char *const *checks;
};

struct filter_value {
    const char *text;
    bool none; /* the bare word */
};

/* Adds the predicate of one test. ERROR_INPUT without a place: the value does not fit the name. */
bool filter_test(struct filter *filter, const struct filter_name *name, enum relation op,
                 const struct filter_value *values, int count, struct error *err) MUST_CHECK;

/* -- dates (filter_date.c) ------------------------------------------------------------------- */

struct moment { /* "2026-06-01T00:00:00Z"; from is in it, to is behind it */
    char from[25], to[25];
};
bool moment_read(const char *text, int64_t now_ms, struct moment *out,
                 struct error *err) MUST_CHECK;
#endif
