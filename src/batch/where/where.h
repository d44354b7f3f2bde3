/* where.h - the language of --where, in which an operator selects images:
 *
 *   type is LIFESTYLE and model is not dall-e-3 and created in the last 3 days
 *   (failed white or cost more than 10 cents) and product does not contain 'gift card'
 *   user like '%@example.com' and size at least 2 MB and width between 1000 and 2000
 *   older than 30d and error is none
 *
 * A condition is NAME OPERATOR VALUE; where_operator.c lists the operators, as signs and as words,
 * and where_name.c the names. A condition about the date needs no name. The word none means that
 * there is no value. A value with signs or with the words and, or is quoted; a doubled quote inside
 * it stands for one. Dates are UTC: 2026-06-01, 2026-06-01T12:30, 2026-06, today, 30d ago. A date
 * without a time is the whole day, so `created = 2026-06-01` matches all of that day, and `created
 * > 2026-06-01` starts with the following day.
 *
 * The expression is compiled to one SQL/JSON path predicate over an image's facts
 * (darkroom.select_images). Names come from a fixed table. Values are passed as path variables, and
 * patterns as parameters of LIKE: no part of a value is in the predicate. */
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
/* Returns the texts that images must have, as a JSON array of [key, value], for the statement
 * field_values. NULL if there are none. Valid until the next call. */
const char *where_equals(struct where_expression *where);
#endif
