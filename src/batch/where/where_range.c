/* where_range.c - the predicates of dates, ages, and sizes in pixels. */
#include "batch/where/where_internal.h"

static bool add_text(struct where_expression *where, const char *text, struct error *err)
{
    return where_add_variable(where, cJSON_CreateString(text), err);
}

/* -- dates ----------------------------------------------------------------------------------- */

/* An image without a date is not before every date. */
static bool add_before(struct where_expression *where, const char *key, const char *date,
                       struct error *err)
{
    if (!add_text(where, date, err)) {
        return false;
    }
    text_printf(&where->path, "($.\"%s\" != \"\" && $.\"%s\" < $v%d)", key, key, where->count);
    return true;
}

static bool add_from(struct where_expression *where, const char *key, const char *date,
                     struct error *err)
{
    if (!add_text(where, date, err)) {
        return false;
    }
    text_printf(&where->path, "$.\"%s\" >= $v%d", key, where->count);
    return true;
}

static bool add_within(struct where_expression *where, const char *key, const char *from,
                       const char *to, struct error *err)
{
    if (!add_text(where, from, err)) {
        return false;
    }
    text_printf(&where->path, "($.\"%s\" >= $v%d", key, where->count);
    if (!add_text(where, to, err)) {
        return false;
    }
    text_printf(&where->path, " && $.\"%s\" < $v%d)", key, where->count);
    return true;
}

/* Reads the value of older than and newer than: an age or a date. */
static bool read_age_or_date(const char *text, int64_t now_ms, struct where_date *out,
                             struct error *err)
{
    struct error ignored;

    return where_age_read(text, now_ms, out, &ignored) || where_date_read(text, now_ms, out, err);
}

static bool add_date(struct where_expression *where, const char *key, enum where_operator op,
                     const char *text, struct error *err)
{
    struct where_date range;

    if (!(op == WHERE_OLDER || op == WHERE_NEWER
              ? read_age_or_date(text, where->now_ms, &range, err)
              : where_date_read(text, where->now_ms, &range, err))) {
        return false;
    }
    switch (op) {
    case WHERE_LESS:
    case WHERE_OLDER:
        return add_before(where, key, range.from, err);
    case WHERE_AT_MOST:
        return add_before(where, key, range.to, err);
    case WHERE_MORE:
        return add_from(where, key, range.to, err);
    case WHERE_AT_LEAST:
    case WHERE_NEWER:
        return add_from(where, key, range.from, err);
    default:
        text_add(&where->path, op == WHERE_DIFFERENT ? "!" : "");
        return add_within(where, key, range.from, range.to, err);
    }
}

bool where_add_dates(struct where_expression *where, const char *key, enum where_operator op,
                     const struct where_value *values, int count, struct error *err)
{
    struct where_date from, to;

    if (op == WHERE_BETWEEN) { /* both days are included */
        return where_date_read(values[0].text, where->now_ms, &from, err) &&
               where_date_read(values[1].text, where->now_ms, &to, err) &&
               add_within(where, key, from.from, to.to, err);
    }
    text_add_char(&where->path, '(');
    for (int i = 0; i < count; i++) {
        text_add(&where->path, i ? " || " : "");
        if (values[i].none) {
            return error_set(err, ERROR_INPUT, "'none' is only allowed with = and !=");
        }
        if (!add_date(where, key, op, values[i].text, err)) {
            return false;
        }
    }
    text_add_char(&where->path, ')');
    return true;
}

/* A greater age is an earlier date. */
bool where_add_age(struct where_expression *where, const char *key, enum where_operator op,
                   const struct where_value *values, struct error *err)
{
    struct where_date age, oldest;

    if (!where_age_read(values[0].text, where->now_ms, &age, err)) {
        return false;
    }
    if (op == WHERE_BETWEEN) {
        return where_age_read(values[1].text, where->now_ms, &oldest, err) &&
               add_within(where, key, oldest.from, age.to, err);
    }
    return op == WHERE_MORE || op == WHERE_AT_LEAST || op == WHERE_OLDER
               ? add_before(where, key, op == WHERE_AT_LEAST ? age.to : age.from, err)
               : add_from(where, key, age.from, err);
}

/* -- sizes ----------------------------------------------------------------------------------- */

/* "size = 2000x2000", "size at least 1600x1600": both edges meet the condition. */
static bool add_edges(struct where_expression *where, enum where_operator op, int width, int height,
                      struct error *err)
{
    const int edges[] = { width, height };
    const char *sign = op == WHERE_AT_LEAST ? ">=" : op == WHERE_AT_MOST ? "<=" : "==";

    if (op != WHERE_EQUAL && op != WHERE_DIFFERENT && op != WHERE_IN && op != WHERE_AT_LEAST &&
        op != WHERE_AT_MOST) {
        error_set(err, ERROR_INPUT, "a size of %dx%d pixels cannot be compared with '%s'", width,
                  height, where_operator_name(op));
        return error_hint(err, "Use =, !=, at least or at most, or compare width and height.");
    }
    text_add(&where->path, op == WHERE_DIFFERENT ? "!(" : "(");
    for (int i = 0; i < 2; i++) {
        if (!where_add_variable(where, cJSON_CreateNumber(edges[i]), err)) {
            return false;
        }
        text_printf(&where->path, "%s$.\"%s\" %s $v%d", i ? " && " : "", i ? "height" : "width",
                    sign, where->count);
    }
    text_add_char(&where->path, ')');
    return true;
}

bool where_add_pixels(struct where_expression *where, enum where_operator op,
                      const struct where_value *values, int count, bool *good, struct error *err)
{
    int width, height;

    for (int i = 0; i < count; i++) {
        if (!where_size_read(values[i].text, &width, &height)) {
            return false;
        }
    }
    text_add_char(&where->path, '(');
    *good = true;
    for (int i = 0; i < count && *good; i++) {
        (void)where_size_read(values[i].text, &width, &height);
        text_add(&where->path, i ? " || " : "");
        *good = add_edges(where, op, width, height, err);
    }
    text_add_char(&where->path, ')');
    return true;
}
