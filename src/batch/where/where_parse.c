/* where_parse.c - a recursive-descent parser for the --where language:
 *
 *   or    := and { "or" and }
 *   and   := unary { "and" unary }
 *   unary := "not" unary | "(" or ")" | test
 *   test  := [ NAME ] OPERATOR [ value | value "and" value | list ]
 *
 * Without a name the test is about the date: "older than 30d". Each rule appends its part of the
 * predicate while it parses. */
#include <string.h>

#include "batch/where/where_internal.h"

enum { SHOWN_BYTES = 40 };

struct parser {
    struct where_expression *where;
    struct token_reader reader;
    int depth;
};

/* -- values ---------------------------------------------------------------------------------- */

static bool advance(struct parser *parser, struct error *err)
{
    return token_advance(&parser->reader, err);
}

static const struct token *next(const struct parser *parser)
{
    return &parser->reader.token;
}

static bool refuse(const struct parser *parser, struct error *err, const char *wanted)
{
    const struct token *token = next(parser);

    if (token->kind == TOKEN_END) {
        return token_refuse(parser->reader.text, token, err, "%s is missing", wanted);
    }
    return token_refuse(parser->reader.text, token, err, "expected %s instead of '%.*s'", wanted,
                        (int)(token->size < SHOWN_BYTES ? token->size : SHOWN_BYTES), token->start);
}

/* Returns whether the next word belongs to the value: "30 days ago", "2 MB", "main image", "red
 * shoes". */
static bool continues(const struct parser *parser, const struct where_name *name, const char *value)
{
    const struct token *token = next(parser);
    char *longer;

    if (!token_continues_value(token)) {
        return false;
    }
    switch (name->type) {
    case NAME_TEXT:
        return true;
    case NAME_LIST:
        return name->free;
    case NAME_DATE:
    case NAME_AGE:
        return !token_is(token, "to") && !token_is(token, "not");
    case NAME_CHOICE:
        longer =
            arena_printf(parser->where->arena, "%s %.*s", value, (int)token->size, token->start);
        return where_is_choice(name, longer);
    default:
        return where_is_unit(name, token) || (strcmp(value, "$") == 0 && name->unit == UNIT_USD);
    }
}

static bool parse_value(struct parser *parser, const struct where_name *name,
                        struct where_value *out, struct error *err)
{
    struct arena *arena = parser->where->arena;
    struct token first = *next(parser);
    size_t size = first.size;

    if (first.kind == TOKEN_QUOTED ? false : !token_continues_value(&first)) {
        return refuse(parser, err, "a value");
    }
    out->none = first.kind == TOKEN_WORD && token_is(&first, "none");
    out->text = token_text(&first, arena);
    if (!advance(parser, err)) {
        return false;
    }
    while (first.kind == TOKEN_WORD && !out->none && size <= WHERE_VALUE_BYTES &&
           continues(parser, name, out->text)) {
        size += next(parser)->size + 1;
        out->text =
            arena_printf(arena, "%s %.*s", out->text, (int)next(parser)->size, next(parser)->start);
        if (!advance(parser, err)) {
            return false;
        }
    }
    return size <= WHERE_VALUE_BYTES ||
           token_refuse(parser->reader.text, &first, err, "a value is longer than %d bytes",
                        WHERE_VALUE_BYTES);
}

static bool expect_sign(struct parser *parser, const char *sign, const char *wanted,
                        struct error *err)
{
    return token_is(next(parser), sign) ? advance(parser, err) : refuse(parser, err, wanted);
}

/* Returns an upper bound of the number of values in the list that follows. */
static int max_values(const struct parser *parser)
{
    int count = 2;

    for (const char *at = parser->reader.at; *at; at++) {
        count += *at == ',';
    }
    return count;
}

/* "(a, b, c)"; the parentheses may be missing. */
static bool parse_list(struct parser *parser, const struct where_name *name,
                       struct where_value *values, int *count, struct error *err)
{
    bool open = token_is(next(parser), "(");

    if (open && !advance(parser, err)) {
        return false;
    }
    do {
        if ((*count > 0 && !advance(parser, err)) || /* the comma */
            !parse_value(parser, name, &values[(*count)++], err)) {
            return false;
        }
    } while (token_is(next(parser), ","));
    return !open || expect_sign(parser, ")", "a comma or )", err);
}

/* "between 1 and 5", "between 2026-06-01 to 2026-06-30" */
static bool parse_range(struct parser *parser, const struct where_name *name,
                        struct where_value *values, int *count, struct error *err)
{
    *count = 2;
    if (!parse_value(parser, name, &values[0], err)) {
        return false;
    }
    if (!token_is(next(parser), "and") && !token_is(next(parser), "to")) {
        return refuse(parser, err, "`and` between two values");
    }
    return advance(parser, err) && parse_value(parser, name, &values[1], err);
}

static bool parse_values(struct parser *parser, const struct where_name *name,
                         enum where_operator op, struct where_value *values, int *count,
                         struct error *err)
{
    switch (op) {
    case WHERE_NONE:
    case WHERE_EXISTS:
        return true;
    case WHERE_IN:
        return parse_list(parser, name, values, count, err);
    case WHERE_BETWEEN:
        return parse_range(parser, name, values, count, err);
    default:
        return parse_value(parser, name, &values[(*count)++], err);
    }
}

/* -- the grammar ----------------------------------------------------------------------------- */

/* Adds the token's position to an error about its value. */
static bool add_position(const struct parser *parser, const struct token *token, struct error *err)
{
    struct error why = *err;

    token_refuse(parser->reader.text, token, err, "%s", why.text);
    return why.hint[0] ? error_hint(err, "%s", why.hint) : false;
}

static bool refuse_name(struct parser *parser, struct error *err)
{
    const struct token word = *next(parser);
    struct error ignored;
    const char *near = NULL;
    bool negated;

    if (word.kind != TOKEN_WORD) {
        return refuse(parser, err, "a name");
    }
    (void)where_name_find(token_text(&word, parser->where->arena), &near);
    token_refuse(parser->reader.text, &word, err, "unknown name '%.*s'",
                 (int)(word.size < SHOWN_BYTES ? word.size : SHOWN_BYTES), word.start);
    if (near) {
        return error_hint(err, "Did you mean %s?", near);
    }
    if (!advance(parser, &ignored) ||
        where_operator_read(&parser->reader, &negated) == WHERE_OPERATORS) {
        return error_hint(
            err, "A condition is NAME OPERATOR VALUE; for several values: type in (INFOGRAPHIC, "
                 "LIFESTYLE).");
    }
    return error_hint(err, "The names are: %s.", where_names(parser->where->arena));
}

/* Returns whether the test has no name and is about the date: "older than 30d", "yesterday". */
static bool is_about_date(const struct parser *parser)
{
    static const char *const first[] = { "older", "newer", "younger",   "before", "after",
                                         "since", "until", "within",    "in",     "during",
                                         "last",  "today", "yesterday", "on",     "between" };

    for (size_t i = 0; i < sizeof first / sizeof *first; i++) {
        if (token_is(next(parser), first[i])) {
            return next(parser)->kind == TOKEN_WORD;
        }
    }
    return false;
}

/* "reviewed by Maria" needs no operator. */
static bool takes_value(const struct where_name *name)
{
    size_t size = strlen(name->name);

    return size > 3 && strcmp(name->name + size - 3, " by") == 0;
}

static bool ends_test(const struct token *token)
{
    return token->kind == TOKEN_END || token_is(token, ")") ||
           (token->kind == TOKEN_WORD && !token_continues_value(token));
}

/* Reads the operator. A list needs none: "failed", "failed white", "reason 'wrong colour'". */
static bool parse_operator(struct parser *parser, const struct where_name *name, bool has_name,
                           enum where_operator *op, bool *negated, struct error *err)
{
    *op = where_operator_read(&parser->reader, negated);
    if (*op != WHERE_OPERATORS) {
        return true;
    }
    if (name->type == NAME_LIST && ends_test(next(parser))) {
        *op = WHERE_EXISTS;
        return true;
    }
    if (name->type == NAME_LIST &&
        (next(parser)->kind == TOKEN_WORD || next(parser)->kind == TOKEN_QUOTED)) {
        *op = WHERE_HAS;
        return true;
    }
    if (!has_name || (takes_value(name) && !ends_test(next(parser))) ||
        (name->type == NAME_DATE && is_about_date(parser))) { /* "created today" */
        *op = WHERE_EQUAL;
        return true;
    }
    return refuse(parser, err, "an operator (=, !=, <, >, is, contains, in, between)");
}

static bool add_test(struct parser *parser, const struct token *start, bool has_name,
                     const struct where_name *name, struct error *err)
{
    struct where_expression *where = parser->where;
    struct where_value *values;
    enum where_operator op;
    bool negated = false;
    int count = 0;

    if (!parse_operator(parser, name, has_name, &op, &negated, err)) {
        return false;
    }
    values = arena_alloc(where->arena, (size_t)max_values(parser) * sizeof *values);
    if (!parse_values(parser, name, op, values, &count, err)) {
        return false;
    }
    text_add(&where->path, negated ? "!(" : "");
    if (!where_add_test(where, name, op, values, count, err)) {
        return add_position(parser, start, err);
    }
    text_add(&where->path, negated ? ")" : "");
    return true;
}

static bool parse_test(struct parser *parser, struct error *err)
{
    const struct token start = *next(parser);
    const struct where_name *name;
    const char *ignored;

    if (is_about_date(parser)) {
        return add_test(parser, &start, false, where_name_find("created", &ignored), err);
    }
    name = where_name_read(&parser->reader);
    return name ? add_test(parser, &start, true, name, err) : refuse_name(parser, err);
}

static bool parse_or(struct parser *parser, struct error *err);

static bool parse_unary(struct parser *parser, struct error *err)
{
    struct text *path = &parser->where->path;
    bool is_not = token_is(next(parser), "not"), good;

    if (!is_not && !token_is(next(parser), "(")) {
        return parse_test(parser, err);
    }
    if (++parser->depth > WHERE_DEPTH) {
        return token_refuse(parser->reader.text, next(parser), err,
                            "the expression is nested deeper than %d", WHERE_DEPTH);
    }
    text_add(path, is_not ? "!(" : "(");
    good = advance(parser, err) &&
           (is_not ? parse_unary(parser, err)
                   : parse_or(parser, err) && expect_sign(parser, ")", "`and`, `or` or )", err));
    text_add_char(path, ')');
    parser->depth--;
    return good;
}

static bool parse_and(struct parser *parser, struct error *err)
{
    struct text *path = &parser->where->path;

    text_add_char(path, '(');
    if (!parse_unary(parser, err)) {
        return false;
    }
    while (token_is(next(parser), "and") || token_is(next(parser), "&&")) {
        text_add(path, " && ");
        if (!advance(parser, err) || !parse_unary(parser, err)) {
            return false;
        }
    }
    text_add_char(path, ')');
    return true;
}

static bool parse_or(struct parser *parser, struct error *err)
{
    if (!parse_and(parser, err)) {
        return false;
    }
    while (token_is(next(parser), "or") || token_is(next(parser), "||")) {
        text_add(&parser->where->path, " || ");
        if (!advance(parser, err) || !parse_and(parser, err)) {
            return false;
        }
    }
    return true;
}

/* -- the whole expression -------------------------------------------------------------------- */

/* Reads all tokens once, so that a quote that is not closed is reported as such. */
static bool check_tokens(const char *text, struct error *err)
{
    struct token_reader reader = { .text = text, .at = text };

    do {
        if (!token_advance(&reader, err)) {
            return false;
        }
    } while (reader.token.kind != TOKEN_END);
    return true;
}

bool where_parse(struct where_expression *where, const char *text, struct error *err)
{
    struct parser parser = { .where = where, .reader = { .text = text, .at = text } };

    if (!check_tokens(text, err) || !advance(&parser, err)) {
        return false;
    }
    if (next(&parser)->kind == TOKEN_END) {
        error_set(err, ERROR_INPUT, "the expression is empty");
        return error_hint(err, "Example: type = LIFESTYLE and created < 30d ago.");
    }
    if (!parse_or(&parser, err)) {
        return false;
    }
    if (next(&parser)->kind != TOKEN_END) {
        refuse(&parser, err, "`and` or `or`");
        return error_hint(err,
                          "Quote a value that contains a sign: product contains 'red (large)'.");
    }
    return true;
}
