/* where_token.c - splits an expression into tokens. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "batch/where/where_token.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Signs of several bytes that stand for an operator. */
static const char *const wide_signs[] = { "\xe2\x89\xa5", "\xe2\x89\xa4", "\xe2\x89\xa0" };

static bool is_wide_sign(const char *at)
{
    for (size_t i = 0; i < sizeof wide_signs / sizeof *wide_signs; i++) {
        if (strncmp(at, wide_signs[i], 3) == 0) {
            return true;
        }
    }
    return false;
}

/* The apostrophe of isn't and doesn't belongs to the word. */
static bool ends_word(const char *start, const char *at)
{
    if (*at == '\'' && at > start && (at[-1] == 'n' || at[-1] == 'N') &&
        (at[1] == 't' || at[1] == 'T') && (is_blank(at[2]) || at[2] == '\0')) {
        return false;
    }
    return *at == '\0' || is_blank(*at) || strchr("()',\"=<>~!", *at) || is_wide_sign(at);
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
    out->size = is_wide_sign(start) ? 3 : start[0] != '~' && start[1] == '=' ? 2 : 1;
    if ((start[0] == '<' && start[1] == '>') || (start[0] == '!' && start[1] == '~')) {
        out->size = 2;
    }
    *at += out->size;
    if (out->size == 1 && start[0] == '!') {
        token_refuse(text, out, err, "'!' is not an operator");
        return error_hint(err, "Write `not`, or != between a name and a value.");
    }
    return true;
}

bool token_advance(struct token_reader *reader, struct error *err)
{
    const char **at = &reader->at;
    struct token *out = &reader->token;

    while (is_blank(**at)) {
        (*at)++;
    }
    *out = (struct token){ .kind = TOKEN_END, .start = *at };
    if (**at == '\0') {
        return true;
    }
    if (**at == '\'' || **at == '"') {
        return read_quoted(reader->text, at, out, err);
    }
    if (strchr("=<>~!", **at) || is_wide_sign(*at)) {
        return read_operator(reader->text, at, out, err);
    }
    if (strchr("(),", **at)) {
        out->kind = TOKEN_SIGN;
        out->size = 1;
        (*at)++;
        return true;
    }
    out->kind = TOKEN_WORD;
    while (!ends_word(out->start, *at)) {
        (*at)++;
    }
    out->size = (size_t)(*at - out->start);
    return true;
}

bool token_skip_phrase(struct token_reader *reader, const char *phrase)
{
    struct token_reader ahead = *reader;
    struct error ignored;

    while (*phrase) {
        size_t size = strcspn(phrase, " ");

        if (ahead.token.kind != TOKEN_WORD || ahead.token.size != size ||
            strncasecmp(ahead.token.start, phrase, size) != 0 || !token_advance(&ahead, &ignored)) {
            return false;
        }
        phrase += size + (phrase[size] == ' ');
    }
    *reader = ahead;
    return true;
}

bool token_continues_value(const struct token *token)
{
    return token->kind == TOKEN_WORD && !token_is(token, "and") && !token_is(token, "or") &&
           !token_is(token, "&&") && !token_is(token, "||");
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
