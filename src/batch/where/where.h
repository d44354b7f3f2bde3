/* where.h - the language of --where, in which an operator selects images:
 *
 *   type = LIFESTYLE and model = dall-e-3 and created < 30d ago
 *   (failed has white or cost > 0.10) and not product ~ 'gift card'
 *   type in (INFOGRAPHIC, LIFESTYLE) and style = none
 *
 * A condition is NAME OPERATOR VALUE. Operators: = != < <= > >= ~ (contains, ignoring case), in
 * (one of a list), has (a list contains the value). The word none means that there is no value. A
 * value of several words is quoted; a doubled quote inside it stands for one. Dates are UTC:
 * 2026-06-01, 2026-06-01T12:30, today, 30d ago. A date without a time is the whole day, so `created
 * = 2026-06-01` matches all of that day, and `created > 2026-06-01` starts with the following day.
 *
 * The expression is compiled to one SQL/JSON path predicate over an image's columns in the view
 * darkroom.selectable. Names come from a fixed table. Values are passed as path variables; the
 * value of ~ is an escaped string literal, because like_regex takes no variable. */
#ifndef BATCH_WHERE_WHERE_H
#define BATCH_WHERE_WHERE_H
#include <stdint.h>

#include "base/error.h"

struct where_expression;

/* now_ms: wall-clock time that "ago" counts from. checks: names of the image checks, ending with
 * NULL, to reject unknown ones; borrowed; NULL accepts any name. */
struct where_expression *where_new(int64_t now_ms, const char *const *checks);
void where_free(struct where_expression *where); /* accepts NULL */

/* Each call adds a condition; an image must match all of them. ERROR_INPUT says what is wrong and
 * at which character. After a failure the expression can only be freed. */
bool where_add(struct where_expression *where, const char *text, struct error *err) MUST_CHECK;
/* Adds "NAME in (values)"; `lines` has one value per line. */
bool where_add_one_of(struct where_expression *where, const char *name, const char *lines,
                      struct error *err) MUST_CHECK;
/* Adds "NAME OPERATOR VALUE"; the value is taken literally, without quotes. */
bool where_add_compare(struct where_expression *where, const char *name, const char *op,
                       const char *value, struct error *err) MUST_CHECK;

/* The predicate ("true" if nothing was added) and its variables as a JSON object. Both are valid
 * until the expression is changed or freed. */
const char *where_path(const struct where_expression *where);
const char *where_variables(struct where_expression *where);
#endif
