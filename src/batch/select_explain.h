/* select_explain.h - why a filter selects nothing. */
#ifndef BATCH_SELECT_EXPLAIN_H
#define BATCH_SELECT_EXPLAIN_H
#include "batch/where/where.h"
#include "io/postgres/sql.h"

/* Looks for the first value of the filter that no image has, or with `batch` no candidate of that
 * batch. Sets ERROR_INPUT (ERROR_CAUSE_EMPTY) that names it, and a hint with the values that exist.
 * Returns false, without an error, if each value exists or the database cannot be asked. */
bool select_explain_empty(struct sql_session *session, struct where_expression *where,
                          const char *batch, struct error *err);
#endif
