/* where_token.h - the tokens of the --where language. */
#ifndef BATCH_WHERE_WHERE_TOKEN_H
#define BATCH_WHERE_WHERE_TOKEN_H
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"

enum token_kind { TOKEN_WORD, TOKEN_QUOTED, TOKEN_OPERATOR, TOKEN_SIGN, TOKEN_END };

struct token {
    enum token_kind kind;
    const char *start; /* in the expression's text; at the opening quote of a quoted value */
    size_t size;
};

struct token_reader { /* may be copied, to go back to a token */
    const char *text, *at;
    struct token token; /* the next one */
};

/* Reads the next token. Fails with ERROR_INPUT on an unterminated quote or an unknown sign. */
bool token_advance(struct token_reader *reader, struct error *err) MUST_CHECK;
bool token_is(const struct token *token, const char *word); /* ignores case */
/* Advances past a phrase of words separated by one space, ignoring case. Returns false, without
 * advancing, if the next tokens are not this phrase. */
bool token_skip_phrase(struct token_reader *reader, const char *phrase);
/* Returns true for a word that can continue a value: not `and`, `or`, && and ||. */
bool token_continues_value(const struct token *token);
/* Returns the token's value in the arena, without quotes. */
char *token_text(const struct token *token, struct arena *arena);
/* Sets ERROR_INPUT with the message and the token's position: "..., at character 12". Always
 * returns false. */
bool token_refuse(const char *text, const struct token *token, struct error *err, const char *fmt,
                  ...) __attribute__((format(printf, 4, 5)));
#endif
