/* where_operator.c - the operators of the --where language, as signs and as words. */
#include <string.h>

#include "batch/where/where_internal.h"

static const struct operator_form {
    const char *sign;
    enum where_operator op;
    bool negated;
} signs[] = {
    { "=", WHERE_EQUAL, false },
    { "==", WHERE_EQUAL, false },
    { "!=", WHERE_DIFFERENT, false },
    { "<>", WHERE_DIFFERENT, false },
    { "\xe2\x89\xa0", WHERE_DIFFERENT, false },
    { "<", WHERE_LESS, false },
    { "<=", WHERE_AT_MOST, false },
    { "\xe2\x89\xa4", WHERE_AT_MOST, false },
    { ">", WHERE_MORE, false },
    { ">=", WHERE_AT_LEAST, false },
    { "\xe2\x89\xa5", WHERE_AT_LEAST, false },
    { "~", WHERE_CONTAINS, false },
    { "!~", WHERE_CONTAINS, true },
    { "in", WHERE_IN, false },
    { "has", WHERE_HAS, false },
};

/* Of two phrases that match, the longer one is taken. */
static const struct operator_phrase {
    const char *words;
    enum where_operator op;
} phrases[] = {
    { "equal to", WHERE_EQUAL },
    { "equals", WHERE_EQUAL },
    { "equal", WHERE_EQUAL },
    { "exactly", WHERE_EQUAL },
    { "on", WHERE_EQUAL },
    { "less than or equal to", WHERE_AT_MOST },
    { "at most", WHERE_AT_MOST },
    { "no more than", WHERE_AT_MOST },
    { "up to", WHERE_AT_MOST },
    { "until", WHERE_AT_MOST },
    { "on or before", WHERE_AT_MOST },
    { "less than", WHERE_LESS },
    { "fewer than", WHERE_LESS },
    { "lower than", WHERE_LESS },
    { "smaller than", WHERE_LESS },
    { "cheaper than", WHERE_LESS },
    { "under", WHERE_LESS },
    { "below", WHERE_LESS },
    { "before", WHERE_LESS },
    { "earlier than", WHERE_LESS },
    { "greater than or equal to", WHERE_AT_LEAST },
    { "more than or equal to", WHERE_AT_LEAST },
    { "at least", WHERE_AT_LEAST },
    { "no less than", WHERE_AT_LEAST },
    { "since", WHERE_AT_LEAST },
    { "on or after", WHERE_AT_LEAST },
    { "more than", WHERE_MORE },
    { "greater than", WHERE_MORE },
    { "higher than", WHERE_MORE },
    { "larger than", WHERE_MORE },
    { "bigger than", WHERE_MORE },
    { "over", WHERE_MORE },
    { "above", WHERE_MORE },
    { "after", WHERE_MORE },
    { "later than", WHERE_MORE },
    { "older than", WHERE_OLDER },
    { "newer than", WHERE_NEWER },
    { "younger than", WHERE_NEWER },
    { "in the last", WHERE_NEWER },
    { "in the past", WHERE_NEWER },
    { "within the last", WHERE_NEWER },
    { "during the last", WHERE_NEWER },
    { "within", WHERE_NEWER },
    { "last", WHERE_NEWER },
    { "between", WHERE_BETWEEN },
    { "contains", WHERE_CONTAINS },
    { "contain", WHERE_CONTAINS },
    { "includes", WHERE_CONTAINS },
    { "include", WHERE_CONTAINS },
    { "containing", WHERE_CONTAINS },
    { "starts with", WHERE_STARTS },
    { "start with", WHERE_STARTS },
    { "begins with", WHERE_STARTS },
    { "begin with", WHERE_STARTS },
    { "ends with", WHERE_ENDS },
    { "end with", WHERE_ENDS },
    { "like", WHERE_LIKE },
    { "ilike", WHERE_LIKE },
    { "matches", WHERE_LIKE },
    { "match", WHERE_LIKE },
    { "has", WHERE_HAS },
    { "have", WHERE_HAS },
    { "in", WHERE_IN },
    { "one of", WHERE_IN },
    { "any of", WHERE_IN },
    { "none", WHERE_NONE },
    { "null", WHERE_NONE },
    { "empty", WHERE_NONE },
    { "missing", WHERE_NONE },
    { "unknown", WHERE_NONE },
    { "set", WHERE_EXISTS },
    { "known", WHERE_EXISTS },
    { "exists", WHERE_EXISTS },
};

static const char *const helpers[] = { "is", "are", "was", "were", "does", "do", "did" };
static const char *const negative_helpers[] = { "isn't",   "aren't", "wasn't", "weren't",
                                                "doesn't", "don't",  "didn't" };

static const char *const labels[WHERE_OPERATORS] = {
    "=",       "!=",         "<",          "<=",   ">",           ">=",
    "~",       "in",         "has",        "like", "starts with", "ends with",
    "between", "older than", "newer than", "none", "exists",
};

const char *where_operator_name(enum where_operator op)
{
    return labels[op];
}

static const struct operator_form *find_sign(const struct token *token)
{
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        if (token_is(token, signs[i].sign)) {
            return &signs[i];
        }
    }
    return NULL;
}

enum where_operator where_operator_of_sign(const char *sign)
{
    const struct token token = { TOKEN_OPERATOR, sign, strlen(sign) };
    const struct operator_form *form = find_sign(&token);

    return form ? form->op : WHERE_OPERATORS;
}

static bool skip_any(struct token_reader *reader, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (token_skip_phrase(reader, words[i])) {
            return true;
        }
    }
    return false;
}

static const struct operator_phrase *read_phrase(struct token_reader *reader)
{
    const struct operator_phrase *found = NULL;

    for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++) {
        struct token_reader ahead = *reader;

        if (token_skip_phrase(&ahead, phrases[i].words) &&
            (!found || strlen(phrases[i].words) > strlen(found->words))) {
            found = &phrases[i];
        }
    }
    if (found) {
        (void)token_skip_phrase(reader, found->words);
    }
    return found;
}

enum where_operator where_operator_read(struct token_reader *reader, bool *negated)
{
    const struct operator_form *form = find_sign(&reader->token);
    const struct operator_phrase *phrase;
    struct error ignored;
    bool helped, not ;

    *negated = false;
    if (form && reader->token.kind == TOKEN_OPERATOR) {
        *negated = form->negated;
        return token_advance(reader, &ignored) ? form->op : WHERE_OPERATORS;
    }
    helped = skip_any(reader, helpers, sizeof helpers / sizeof *helpers);
    not = !helped &&
          skip_any(reader, negative_helpers, sizeof negative_helpers / sizeof *negative_helpers);
    not = token_skip_phrase(reader, "not") || not ;
    phrase = read_phrase(reader);
    if (!phrase && !helped && !not ) {
        return WHERE_OPERATORS;
    }
    if (phrase && phrase->op == WHERE_IN) {
        (void)token_skip_phrase(reader, "one of"); /* "is in one of" */
    }
    if (!phrase || phrase->op == WHERE_EQUAL) {
        return not ? WHERE_DIFFERENT : WHERE_EQUAL;
    }
    *negated = not ;
    return phrase->op;
}

bool where_operator_accepted(const struct where_name *name, enum where_operator op,
                             struct error *err)
{
    static const bool table[][WHERE_OPERATORS] = {
        /*                = != < <= > >= ~ in has like starts ends between older newer none exists
         */
        [NAME_TEXT] = { 1, 1, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1 },
        [NAME_CHOICE] = { 1, 1, 0, 0, 0, 0, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 1 },
        [NAME_NUMBER] = { 1, 1, 1, 1, 1, 1, 0, 1, 0, 0, 0, 0, 1, 0, 0, 1, 1 },
        [NAME_DATE] = { 1, 1, 1, 1, 1, 1, 0, 1, 0, 0, 0, 0, 1, 1, 1, 1, 1 },
        [NAME_LIST] = { 1, 1, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 1, 1 },
        [NAME_AGE] = { 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0 },
        [NAME_SIZE] = { 1, 1, 1, 1, 1, 1, 0, 1, 0, 0, 0, 0, 1, 0, 0, 1, 1 },
    };
    static const char *const hints[] = {
        [NAME_TEXT] = "It takes =, !=, in (a, b), contains, like, starts with and ends with.",
        [NAME_CHOICE] = "It takes =, !=, in (a, b), contains, like, starts with and ends with.",
        [NAME_NUMBER] = "It takes = != < <= > >=, between and in (a, b).",
        [NAME_DATE] =
            ("It takes = != < <= > >=, before, after, between, older than, newer than and "
             "in the last."),
        [NAME_LIST] =
            "It is a list: `failed has white`, `failed in (white, fill)`, `failed is none`.",
        [NAME_AGE] = "It takes < <= > >= and between: age > 30d.",
        [NAME_SIZE] = "It takes = != < <= > >=, between and in (a, b).",
    };

    if (table[name->type][op]) {
        return true;
    }
    error_set(err, ERROR_INPUT, "'%s' does not take '%s'", name->name, labels[op]);
    return error_hint(err, "%s", hints[name->type]);
}
