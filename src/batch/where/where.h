/* where.h - the plain language in which an operator says which images are meant:
 *
 *   type = LIFESTYLE and model = dall-e-3 and created < 30d ago
 *   (failed has white or cost > 0.10) and not product ~ 'gift card'
 *   type in (INFOGRAPHIC, LIFESTYLE) and style = none
 *
 * Tests are NAME OPERATOR VALUE; operators are = != < <= > >= ~ (contains, whatever the case), in
 * (any of these), has (a list holds it); "none" is what has no value. A value of several words is
 * quoted, '' is a quote in it. Dates are UTC: 2026-06-01, 2026-06-01T12:30, today, 30d ago. A day
 * is a whole day: `created = 2026-06-01`, and `created > 2026-06-01` begins with the second of
 * June.
 *
 * It is made into one SQL/JSON path predicate over the facts of an image. Names in it come from a
 * fixed table; values travel as variables, or, for ~, as a string literal of the path. */
#ifndef BATCH_WHERE_WHERE_H
#define BATCH_WHERE_WHERE_H
#include <stdint.h>

#include "base/error.h"

struct where_expression;

/* now_ms: what "ago" counts from, wall clock. checks: names of the image checks, to tell a
 * misspelt one; NULL-ended, borrowed; NULL where any name may be right. */
struct where_expression *where_new(int64_t now_ms, const char *const *checks);
void where_free(struct where_expression *filter); /* NULL is harmless */

/* Each call adds a condition; an image must meet all. ERROR_INPUT says what is wrong, and where;
 * the filter is then good for nothing but being freed. */
bool where_add(struct where_expression *filter, const char *text, struct error *err) MUST_CHECK;
/* NAME is one of these (of a list: holds one): `lines` has a value a line. */
bool where_add_one_of(struct where_expression *filter, const char *name, const char *lines,
                      struct error *err) MUST_CHECK;
/* NAME OPERATOR VALUE, the value as it is: no quotes. */
bool where_add_compare(struct where_expression *filter, const char *name, const char *op,
                       const char *value, struct error *err) MUST_CHECK;

/* The predicate ("true" where nothing was added), and its variables as a JSON object. Good until
 * the filter is changed or freed. */
const char *where_path(const struct where_expression *filter);
const char *where_variables(struct where_expression *filter);
#endif
