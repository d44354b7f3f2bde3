/* select_sql.h - selects images by an SQL condition on the view darkroom.images (--sql).
 *
 * The condition is analysed by PostgreSQL before it runs, and rejected if it uses anything besides
 * that view, built-in operators and immutable built-in functions
 * (sql/queries/sql_dependencies.sql). It then runs in a read-only transaction with a time limit. */
#ifndef BATCH_SELECT_SQL_H
#define BATCH_SELECT_SQL_H
#include "base/arena.h"
#include "io/postgres/sql.h"

/* Sets *ids to the matching images, the newest of each kind, as a Postgres array, and *count to
 * their number. Fails with ERROR_INPUT if the condition is wrong or matches nothing. */
bool select_sql(struct sql_session *session, const char *expression, struct arena *arena,
                const char **ids, int *count, struct error *err) MUST_CHECK;
#endif
