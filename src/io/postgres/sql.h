/* sql.h - Postgres over libpq on the loop: a process has three connections, however many
 * statements are in flight.
 *
 *   listen   LISTEN, and the advisory lock that shows this process to be alive
 *   urgent   claims and heartbeats, which must not wait behind the work of jobs
 *   work     everything else
 *
 * Each connection sends one statement at a time, and queues the others. Connecting runs on the
 * pool, since name resolution blocks; a lost connection is made again, with back-off. Statements
 * are files of sql/queries, sent unprepared, so they also work through a transaction pooler;
 * LISTEN does not. Every statement has a deadline: if it passes, the connection is dropped and the
 * op fails with ERROR_NETWORK. Whether the statement was executed is then unknown, so every
 * statement can be repeated safely. */
#ifndef IO_POSTGRES_SQL_H
#define IO_POSTGRES_SQL_H
#include "io/loop.h"
#include "io/op.h"
#include "io/postgres/database_url.h"

struct sql_config {
    const struct database_url *url; /* borrowed for the life of the sql */
    const char *application_name;   /* shown in pg_stat_activity */
    const char *channel;            /* for LISTEN; NULL = no listen connection */
    int64_t lock_key;               /* advisory lock held by the listen connection; 0 = none */
    uint32_t deadline_ms;           /* of a statement; 0 = 30 s */
};

struct sql;
typedef void (*sql_done_fn)(struct op *op, void *context);

struct sql *sql_new(struct loop *loop, const struct sql_config *config);
/* Statements in flight end with ERROR_STOPPED. Must not be called from within a `done`. */
void sql_free(struct sql *sql);

/* Begins op->sql. `done` is called later, never from within sql_begin. */
void sql_begin(struct sql *sql, struct op *op, sql_done_fn done, void *context);
/* Ends the op in the next iteration of the loop, with ERROR_STOPPED. */
void sql_cancel(struct sql *sql, struct op *op);

/* `wake` is called after each notification, and after each LISTEN: claim jobs then, since
 * notifications sent before it were missed. */
void sql_on_notify(struct sql *sql, void (*wake)(void *context), void *context);
bool sql_listening(const struct sql *sql); /* a NOTIFY was received */
bool sql_connected(const struct sql *sql); /* the urgent connection is usable */
/* Why the last connection failed or was lost; ERROR_NONE if connected since. */
const struct error *sql_last_error(const struct sql *sql);

/* A blocking connection, for commands. sql_query runs one statement of sql/queries, or SQL text.
 * `value` receives the first column of the first row, with a zero byte after it; empty if none; the
 * caller frees it. */
struct sql_session;
struct sql_session *sql_open(const struct database_url *url, const char *application_name,
                             struct error *err) MUST_CHECK;
void sql_close(struct sql_session *session);
bool sql_query(struct sql_session *session, const char *statement, int param_count,
               const char *const *params, struct blob *value, struct error *err) MUST_CHECK;
bool sql_script(struct sql_session *session, const char *script, struct error *err) MUST_CHECK;
/* SQLSTATE of the last statement; "" if it succeeded or the connection broke. */
const char *sql_last_state(const struct sql_session *session);
#endif
