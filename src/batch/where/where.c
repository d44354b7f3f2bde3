/* where.c - a recursive-descent parser for the --where language:
 *
 *   or    := and { "or" and }
 *   and   := unary { "and" unary }
 *   unary := "not" unary | "(" or ")" | NAME OPERATOR value | NAME "in" "(" value { "," value } ")"
 *
 * Each rule appends its part of the predicate while it parses. */
#include "batch/where/where.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "batch/where/where_internal.h"

enum { PATH_MAX_BYTES = 256 << 10, SHOWN_BYTES = 40 };

struct parser {
    struct where_expression *where;
    const char *text, *at;
    struct token token; /* the next one */
    int depth;
};

struct where_expression *where_new(int64_t now_ms, const char *const *checks)
{
    struct where_expression *where = xcalloc(1, sizeof *where);

    where->arena = arena_new();
    where->variables = cJSON_CreateObject();
    where->now_ms = now_ms;
    where->checks = checks;
    text_begin(&where->path, PATH_MAX_BYTES);
    return where;
}

void where_free(struct where_expression *where)
{
    if (where) {
        text_end(&where->path);
        cJSON_Delete(where->variables);
        cJSON_free(where->variables_text);
        arena_free(where->arena);
        free(where);
    }
}

const char *where_path(const struct where_expression *where)
{
    return where->path.size ? where->path.data : "true";
}

const char *where_variables(struct where_expression *where)
{
    cJSON_free(where->variables_text);
    where->variables_text = cJSON_PrintUnformatted(where->variables);
    return where->variables_text;
}

/* -- the grammar ----------------------------------------------------------------------------- */

static bool advance(struct parser *parser, struct error *err)
{
    return token_next(parser->text, &parser->at, &parser->token, err);
}

static bool refuse(struct parser *parser, struct error *err, const char *wanted)
{
    const struct token *token = &parser->token;

    if (token->kind == TOKEN_END) {
        return token_refuse(parser->text, token, err, "%s is missing", wanted);
    }
    return token_refuse(parser->text, token, err, "expected %s instead of '%.*s'", wanted,
                        (int)(token->size < SHOWN_BYTES ? token->size : SHOWN_BYTES), token->start);
}

/* A date may have several words: 30 days ago. */
static bool continues_date(const struct parser *parser)
{
    const struct token *token = &parser->token;

    return token->kind == TOKEN_WORD && !token_is(token, "and") && !token_is(token, "or");
}

static bool parse_value(struct parser *parser, const struct where_name *name,
                        struct where_value *out, struct error *err)
{
    struct arena *arena = parser->where->arena;
    struct token first = parser->token;

    if (first.kind != TOKEN_WORD && first.kind != TOKEN_QUOTED) {
        return refuse(parser, err, "a value");
    }
    if (first.size > WHERE_VALUE_BYTES) {
        return token_refuse(parser->text, &first, err, "a value is longer than %d bytes",
                            WHERE_VALUE_BYTES);
    }
    out->none = first.kind == TOKEN_WORD && token_is(&first, "none");
    out->text = token_text(&first, arena);
    if (!advance(parser, err)) {
        return false;
    }
    for (int i = 0; i < 2 && name->type == NAME_DATE && first.kind == TOKEN_WORD &&
                    continues_date(parser) && !out->none;
         i++) {
        out->text =
            arena_printf(arena, "%s %.*s", out->text, (int)parser->token.size, parser->token.start);
        if (!advance(parser, err)) {
            return false;
        }
    }
    return true;
}

static bool expect_sign(struct parser *parser, const char *sign, const char *wanted,
                        struct error *err)
{
    return token_is(&parser->token, sign) ? advance(parser, err) : refuse(parser, err, wanted);
}

/* Returns an upper bound of the number of values in the list that follows. */
static int max_values(const struct parser *parser)
{
    int count = 1;

    for (const char *at = parser->at; *at; at++) {
        count += *at == ',';
    }
    return count;
}

/* "(a, b, c)" */
static bool parse_list(struct parser *parser, const struct where_name *name,
                       struct where_value *values, int *count, struct error *err)
{
    if (!expect_sign(parser, "(", "( and a list of values", err)) {
        return false;
    }
    do {
        if ((*count > 0 && !advance(parser, err)) || /* the comma */
            !parse_value(parser, name, &values[(*count)++], err)) {
            return false;
        }
    } while (token_is(&parser->token, ","));
    return expect_sign(parser, ")", "a comma or )", err);
}

/* Adds the token's position to an error about its value. */
static bool add_position(const struct parser *parser, const struct token *token, struct error *err)
{
    struct error why = *err;

    token_refuse(parser->text, token, err, "%s", why.text);
    return why.hint[0] ? error_hint(err, "%s", why.hint) : false;
}

static bool refuse_name(struct parser *parser, const char *near, struct error *err)
{
    const struct token word = parser->token;
    struct error ignored;

    token_refuse(parser->text, &word, err, "unknown name '%.*s'",
                 (int)(word.size < SHOWN_BYTES ? word.size : SHOWN_BYTES), word.start);
    if (near) {
        return error_hint(err, "Did you mean %s?", near);
    }
    if (!advance(parser, &ignored) || where_operator_find(&parser->token) == WHERE_OPERATORS) {
        return error_hint(
            err, "A condition is NAME OPERATOR VALUE; for several values: type in (INFOGRAPHIC, "
                 "LIFESTYLE).");
    }
    return error_hint(err, "The names are: %s.", where_names(parser->where->arena));
}

static bool parse_test(struct parser *parser, struct error *err)
{
    struct where_expression *where = parser->where;
    const struct token word = parser->token;
    const struct where_name *name;
    struct where_value *values;
    const char *near = NULL;
    enum where_operator op;
    int count = 0;

    if (word.kind != TOKEN_WORD) {
        return refuse(parser, err, "a name");
    }
    name = where_name_find(token_text(&word, where->arena), &near);
    if (!name) {
        return refuse_name(parser, near, err);
    }
    if (!advance(parser, err)) {
        return false;
    }
    op = where_operator_find(&parser->token);
    if (op == WHERE_OPERATORS) {
        return refuse(parser, err, "one of = != < <= > >= ~ in has");
    }
    if (!advance(parser, err)) {
        return false;
    }
    values = arena_alloc(where->arena, (size_t)max_values(parser) * sizeof *values);
    if (op == WHERE_IN ? !parse_list(parser, name, values, &count, err)
                       : !parse_value(parser, name, &values[count++], err)) {
        return false;
    }
    return where_add_test(where, name, op, values, count, err) || add_position(parser, &word, err);
}

static bool parse_or(struct parser *parser, struct error *err);

static bool parse_unary(struct parser *parser, struct error *err)
{
    struct text *path = &parser->where->path;
    bool is_not = token_is(&parser->token, "not"), good;

    if (!is_not && !token_is(&parser->token, "(")) {
        return parse_test(parser, err);
    }
    if (++parser->depth > WHERE_DEPTH) {
        return token_refuse(parser->text, &parser->token, err,
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
    while (token_is(&parser->token, "and")) {
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
    while (token_is(&parser->token, "or")) {
        text_add(&parser->where->path, " || ");
        if (!advance(parser, err) || !parse_and(parser, err)) {
            return false;
        }
    }
    return true;
}

/* -- adding conditions ----------------------------------------------------------------------- */

static bool check_text(const char *text, size_t max_bytes, struct error *err)
{
    if (strlen(text) > max_bytes) {
        return error_set(err, ERROR_INPUT, "it is longer than %zu bytes", max_bytes);
    }
    if (utf8_length(text) == SIZE_MAX) {
        return error_set(err, ERROR_INPUT, "it is not UTF-8");
    }
    for (const char *at = text; *at; at++) {
        if (((unsigned char)*at < ' ' && !strchr("\t\r\n", *at)) || *at == 0x7f) {
            return error_set(err, ERROR_INPUT, "it contains a control character");
        }
    }
    return true;
}

static void begin_condition(struct where_expression *where)
{
    text_add(&where->path, where->path.size ? " && (" : "(");
}

static bool end_condition(struct where_expression *where, struct error *err)
{
    text_add_char(&where->path, ')');
    return !where->path.overflow || error_set(err, ERROR_INPUT, "the expression is too long");
}

bool where_add(struct where_expression *where, const char *text, struct error *err)
{
    struct parser parser = { .where = where, .text = text, .at = text };

    if (!check_text(text, WHERE_BYTES, err) || !advance(&parser, err)) {
        return false;
    }
    if (parser.token.kind == TOKEN_END) {
        error_set(err, ERROR_INPUT, "the expression is empty");
        return error_hint(err, "Example: type = LIFESTYLE and created < 30d ago.");
    }
    begin_condition(where);
    if (!parse_or(&parser, err)) {
        return false;
    }
    if (parser.token.kind != TOKEN_END) {
        refuse(&parser, err, "`and` or `or`");
        return error_hint(err, "Quote a value of several words: product ~ 'red shoes'.");
    }
    return end_condition(where, err);
}

static bool find_name(const char *name, const struct where_name **out, struct error *err)
{
    const char *near;

    *out = where_name_find(name, &near);
    return *out || error_set(err, ERROR_INTERNAL, "unknown name '%s' in a condition", name);
}

bool where_add_one_of(struct where_expression *where, const char *name, const char *lines,
                      struct error *err)
{
    struct where_value *values = arena_alloc(where->arena, WHERE_VALUES * sizeof *values);
    char *list = arena_text(where->arena, lines), *saved = NULL;
    const struct where_name *known;
    int count = 0;

    if (!find_name(name, &known, err) || !check_text(lines, (size_t)WHERE_VALUES * 100, err)) {
        return false;
    }
    for (char *line = strtok_r(list, "\r\n", &saved); line; line = strtok_r(NULL, "\r\n", &saved)) {
        if (count == WHERE_VALUES || strlen(line) > WHERE_VALUE_BYTES) {
            return error_set(err, ERROR_INPUT, "at most %d values of %d bytes are allowed",
                             WHERE_VALUES, WHERE_VALUE_BYTES);
        }
        values[count++] = (struct where_value){ .text = line };
    }
    begin_condition(where);
    return where_add_test(where, known, WHERE_IN, values, count, err) && end_condition(where, err);
}

bool where_add_compare(struct where_expression *where, const char *name, const char *op,
                       const char *value, struct error *err)
{
    const struct token token = { TOKEN_OPERATOR, op, strlen(op) };
    const struct where_value values[] = { { .text = value } };
    const struct where_name *known;

    if (!find_name(name, &known, err) || !check_text(value, WHERE_VALUE_BYTES, err)) {
        return false;
    }
    begin_condition(where);
    return where_add_test(where, known, where_operator_find(&token), values, 1, err) &&
           end_condition(where, err);
}
