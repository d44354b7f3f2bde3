/* where.c - the grammar of filters:
 *
 *   any   := all { "or" all }
 *   all   := part { "and" part }
 *   part  := "not" part | "(" any ")" | NAME OPERATOR value | NAME "in" "(" value { "," value } ")"
 *
 * Each rule writes its part of the predicate as it goes. */
#include "batch/where/where.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "batch/where/where_internal.h"

enum { PATH_BYTES = 256 << 10, NEVER_IN = 40 };

struct parser {
    struct where_expression *filter;
    const char *text, *at;
    struct token token; /* the next one */
    int depth;
};

struct where_expression *where_new(int64_t now_ms, const char *const *checks)
{
    struct where_expression *filter = calloc(1, sizeof *filter);

    if (!filter) {
        abort();
    }
    filter->arena = arena_new();
    filter->vars = cJSON_CreateObject();
    filter->now_ms = now_ms;
    filter->checks = checks;
    text_begin(&filter->path, PATH_BYTES);
    return filter;
}

void where_free(struct where_expression *filter)
{
    if (filter) {
        text_end(&filter->path);
        cJSON_Delete(filter->vars);
        cJSON_free(filter->vars_text);
        arena_free(filter->arena);
        free(filter);
    }
}

const char *where_path(const struct where_expression *filter)
{
    return filter->path.size ? filter->path.data : "true";
}

const char *where_variables(struct where_expression *filter)
{
    cJSON_free(filter->vars_text);
    filter->vars_text = cJSON_PrintUnformatted(filter->vars);
    return filter->vars_text;
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
    return token_refuse(parser->text, token, err, "'%.*s' stands where %s is expected",
                        (int)(token->size < NEVER_IN ? token->size : NEVER_IN), token->start,
                        wanted);
}

/* The words of a date belong together: 30 days ago. */
static bool more_of_date(const struct parser *parser)
{
    const struct token *token = &parser->token;

    return token->kind == TOKEN_WORD && !token_is(token, "and") && !token_is(token, "or");
}

static bool take_value(struct parser *parser, const struct where_name *name,
                       struct where_value *out, struct error *err)
{
    struct arena *arena = parser->filter->arena;
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
                    more_of_date(parser) && !out->none;
         i++) {
        out->text =
            arena_printf(arena, "%s %.*s", out->text, (int)parser->token.size, parser->token.start);
        if (!advance(parser, err)) {
            return false;
        }
    }
    return true;
}

static bool take_sign(struct parser *parser, const char *sign, const char *wanted,
                      struct error *err)
{
    return token_is(&parser->token, sign) ? advance(parser, err) : refuse(parser, err, wanted);
}

/* Of the list that comes. */
static int values_at_most(const struct parser *parser)
{
    int count = 1;

    for (const char *at = parser->at; *at; at++) {
        count += *at == ',';
    }
    return count;
}

/* "(a, b, c)" */
static bool take_list(struct parser *parser, const struct where_name *name,
                      struct where_value *values, int *count, struct error *err)
{
    if (!take_sign(parser, "(", "( and a list of values", err)) {
        return false;
    }
    do {
        if ((*count > 0 && !advance(parser, err)) || /* the comma */
            !take_value(parser, name, &values[(*count)++], err)) {
            return false;
        }
    } while (token_is(&parser->token, ","));
    return take_sign(parser, ")", "a comma or )", err);
}

/* A value that does not fit is told where it stands. */
static bool say_where(const struct parser *parser, const struct token *token, struct error *err)
{
    struct error why = *err;

    token_refuse(parser->text, token, err, "%s", why.text);
    return why.hint[0] ? error_hint(err, "%s", why.hint) : false;
}

static bool no_such_name(struct parser *parser, const char *near, struct error *err)
{
    const struct token word = parser->token;
    struct error ignored;

    token_refuse(parser->text, &word, err, "there is no name '%.*s'",
                 (int)(word.size < NEVER_IN ? word.size : NEVER_IN), word.start);
    if (near) {
        return error_hint(err, "Did you mean %s?", near);
    }
    if (!advance(parser, &ignored) || where_operator_find(&parser->token) == WHERE_OPERATORS) {
        return error_hint(err,
                          "A test is NAME OPERATOR VALUE; several values: type in (INFOGRAPHIC, "
                          "LIFESTYLE).");
    }
    return error_hint(err, "There are %s.", where_names(parser->filter->arena));
}

static bool take_test(struct parser *parser, struct error *err)
{
    struct where_expression *filter = parser->filter;
    const struct token word = parser->token;
    const struct where_name *name;
    struct where_value *values;
    const char *near = NULL;
    enum where_operator op;
    int count = 0;

    if (word.kind != TOKEN_WORD) {
        return refuse(parser, err, "a name");
    }
    name = where_name_find(token_text(&word, filter->arena), &near);
    if (!name) {
        return no_such_name(parser, near, err);
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
    values = arena_alloc(filter->arena, (size_t)values_at_most(parser) * sizeof *values);
    if (op == WHERE_IN ? !take_list(parser, name, values, &count, err)
                       : !take_value(parser, name, &values[count++], err)) {
        return false;
    }
    return where_add_test(filter, name, op, values, count, err) || say_where(parser, &word, err);
}

static bool take_any(struct parser *parser, struct error *err);

static bool take_part(struct parser *parser, struct error *err)
{
    struct text *path = &parser->filter->path;
    bool is_not = token_is(&parser->token, "not"), good;

    if (!is_not && !token_is(&parser->token, "(")) {
        return take_test(parser, err);
    }
    if (++parser->depth > WHERE_DEPTH) {
        return token_refuse(parser->text, &parser->token, err,
                            "the filter is nested deeper than %d", WHERE_DEPTH);
    }
    text_add(path, is_not ? "!(" : "(");
    good = advance(parser, err) &&
           (is_not ? take_part(parser, err)
                   : take_any(parser, err) && take_sign(parser, ")", "`and`, `or` or )", err));
    text_add_char(path, ')');
    parser->depth--;
    return good;
}

static bool take_all(struct parser *parser, struct error *err)
{
    struct text *path = &parser->filter->path;

    text_add_char(path, '(');
    if (!take_part(parser, err)) {
        return false;
    }
    while (token_is(&parser->token, "and")) {
        text_add(path, " && ");
        if (!advance(parser, err) || !take_part(parser, err)) {
            return false;
        }
    }
    text_add_char(path, ')');
    return true;
}

static bool take_any(struct parser *parser, struct error *err)
{
    if (!take_all(parser, err)) {
        return false;
    }
    while (token_is(&parser->token, "or")) {
        text_add(&parser->filter->path, " || ");
        if (!advance(parser, err) || !take_all(parser, err)) {
            return false;
        }
    }
    return true;
}

/* -- adding conditions ----------------------------------------------------------------------- */

static bool is_plain(const char *text, size_t most, struct error *err)
{
    if (strlen(text) > most) {
        return error_set(err, ERROR_INPUT, "it is longer than %zu bytes", most);
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

static void open_part(struct where_expression *filter)
{
    text_add(&filter->path, filter->path.size ? " && (" : "(");
}

static bool close_part(struct where_expression *filter, struct error *err)
{
    text_add_char(&filter->path, ')');
    return !filter->path.overflow || error_set(err, ERROR_INPUT, "the filter is too long");
}

bool where_add(struct where_expression *filter, const char *text, struct error *err)
{
    struct parser parser = { .filter = filter, .text = text, .at = text };

    if (!is_plain(text, WHERE_BYTES, err) || !advance(&parser, err)) {
        return false;
    }
    if (parser.token.kind == TOKEN_END) {
        error_set(err, ERROR_INPUT, "the filter is empty");
        return error_hint(err, "A filter is like: type = LIFESTYLE and created < 30d ago.");
    }
    open_part(filter);
    if (!take_any(&parser, err)) {
        return false;
    }
    if (parser.token.kind != TOKEN_END) {
        refuse(&parser, err, "`and` or `or`");
        return error_hint(err, "A value of several words is quoted: product ~ 'red shoes'.");
    }
    return close_part(filter, err);
}

static bool known_name(const char *name, const struct where_name **out, struct error *err)
{
    const char *near;

    *out = where_name_find(name, &near);
    return *out || error_set(err, ERROR_INTERNAL, "no filter is called '%s'", name);
}

bool where_add_one_of(struct where_expression *filter, const char *name, const char *lines,
                      struct error *err)
{
    struct where_value *values = arena_alloc(filter->arena, WHERE_VALUES * sizeof *values);
    char *list = arena_text(filter->arena, lines), *saved = NULL;
    const struct where_name *known;
    int count = 0;

    if (!known_name(name, &known, err) || !is_plain(lines, (size_t)WHERE_VALUES * 100, err)) {
        return false;
    }
    for (char *line = strtok_r(list, "\r\n", &saved); line; line = strtok_r(NULL, "\r\n", &saved)) {
        if (count == WHERE_VALUES || strlen(line) > WHERE_VALUE_BYTES) {
            return error_set(err, ERROR_INPUT, "at most %d values of %d bytes can be named",
                             WHERE_VALUES, WHERE_VALUE_BYTES);
        }
        values[count++] = (struct where_value){ .text = line };
    }
    open_part(filter);
    return where_add_test(filter, known, WHERE_IN, values, count, err) && close_part(filter, err);
}

bool where_add_compare(struct where_expression *filter, const char *name, const char *op,
                       const char *value, struct error *err)
{
    const struct token token = { TOKEN_OPERATOR, op, strlen(op) };
    const struct where_value values[] = { { .text = value } };
    const struct where_name *known;

    if (!known_name(name, &known, err) || !is_plain(value, WHERE_VALUE_BYTES, err)) {
        return false;
    }
    open_part(filter);
    return where_add_test(filter, known, where_operator_find(&token), values, 1, err) &&
           close_part(filter, err);
}
