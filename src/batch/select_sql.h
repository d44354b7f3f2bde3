/* select_sql.h - selects rows of a view by an SQL condition of an operator (--sql).
 *
 * The condition is analysed by PostgreSQL before it runs, and rejected if it uses anything besides
 * darkroom's views for operators, built-in operators and immutable built-in functions
 * (sql/queries/sql_dependencies.sql). It then runs in a read-only transaction with a time limit. */
#ifndef BATCH_SELECT_SQL_H
#define BATCH_SELECT_SQL_H
#include <cjson/cJSON.h>

#include "base/arena.h"
#include "io/postgres/sql.h"

struct sql_selection {
    const char *view;           /* has a column id; the condition names its columns */
    const char *example;        /* of a condition, for the hint */
    const char *before, *after; /* the statement around the condition; it returns JSON */
};

/* Runs the statement of a selection. `param` is $1 of the statement, or NULL if it has none. The
 * caller deletes *answer. Fails with ERROR_INPUT if the condition is wrong. */
bool select_sql_query(struct sql_session *session, const struct sql_selection *selection,
                      const char *expression, const char *param, cJSON **answer,
                      struct error *err) MUST_CHECK;

/* Sets *ids to the matching images of darkroom.images, the newest of each kind, as a Postgres
 * array, and *count to their number. Fails with ERROR_INPUT if the condition is wrong or matches
 * nothing. */
bool select_sql(struct sql_session *session, const char *expression, struct arena *arena,
                const char **ids, int *count, struct error *err) MUST_CHECK;
#endif
