/* where_token.c - splits an expression into tokens. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "batch/where/where_internal.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool ends_word(char c)
{
    return c == '\0' || is_blank(c) || strchr("()',\"=<>~!", c);
}

/* Returns the position of a byte as a character number, from 1. */
static int position_of(const char *text, const char *at)
{
    int count = 1;

    for (; text < at; text++) {
        count += ((unsigned char)*text & 0xc0) != 0x80;
    }
    return count;
}

bool token_refuse(const char *text, const struct token *token, struct error *err, const char *fmt,
                  ...)
{
    char message[240];
    va_list list;

    va_start(list, fmt);
    vsnprintf(message, sizeof message, fmt, list);
    va_end(list);
    if (token->kind == TOKEN_END) {
        return error_set(err, ERROR_INPUT, "%s, at the end", message);
    }
    return error_set(err, ERROR_INPUT, "%s, at character %d", message,
                     position_of(text, token->start));
}

/* A doubled quote inside quotes is one quote character. */
static bool read_quoted(const char *text, const char **at, struct token *out, struct error *err)
{
    char quote = **at;
    const char *end = *at + 1;

    while (*end && (*end != quote || end[1] == quote)) {
        end += *end == quote ? 2 : 1;
    }
    out->kind = TOKEN_QUOTED;
    if (!*end) {
        return token_refuse(text, out, err, "the quote is not closed");
    }
    out->size = (size_t)(end + 1 - out->start);
    *at = end + 1;
    return true;
}

static bool read_operator(const char *text, const char **at, struct token *out, struct error *err)
{
    const char *start = *at;

    out->kind = TOKEN_OPERATOR;
    out->size = start[0] != '~' && start[1] == '=' ? 2 : 1;
    if (start[0] == '<' && start[1] == '>') {
        out->size = 2;
    }
    *at += out->size;
    if (out->size == 1 && start[0] == '!') {
        token_refuse(text, out, err, "'!' is not an operator");
        return error_hint(err, "Write `not`, or != between a name and a value.");
    }
    return true;
}

bool token_next(const char *text, const char **at, struct token *out, struct error *err)
{
    while (is_blank(**at)) {
        (*at)++;
    }
    *out = (struct token){ .kind = TOKEN_END, .start = *at };
    if (**at == '\0') {
        return true;
    }
    if (**at == '\'' || **at == '"') {
        return read_quoted(text, at, out, err);
    }
    if (strchr("=<>~!", **at)) {
        return read_operator(text, at, out, err);
    }
    if (strchr("(),", **at)) {
        out->kind = TOKEN_SIGN;
        out->size = 1;
        (*at)++;
        return true;
    }
    out->kind = TOKEN_WORD;
    while (!ends_word(**at)) {
        (*at)++;
    }
    out->size = (size_t)(*at - out->start);
    return true;
}

bool token_is(const struct token *token, const char *word)
{
    return token->kind != TOKEN_QUOTED && token->kind != TOKEN_END && token->size == strlen(word) &&
           strncasecmp(token->start, word, token->size) == 0;
}

char *token_text(const struct token *token, struct arena *arena)
{
    char *text, *to;

    if (token->kind != TOKEN_QUOTED) {
        return arena_bytes(arena, token->start, token->size);
    }
    text = to = arena_bytes(arena, token->start + 1, token->size - 2);
    for (const char *from = text; *from; from++) {
        *to++ = *from;
        from += *from == token->start[0]; /* skips the second of a doubled quote */
    }
    *to = '\0';
    return text;
}
