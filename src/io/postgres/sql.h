/* sql.h - Postgres over libpq on the loop, for any number of statements in flight.
 *
 *   urgent   claims and heartbeats, on connections that jobs do not use (1 or 2)
 *   work     statements of jobs (1 to sql_config.connections)
 *   patient  statements of jobs that wait for a lock of another session (0 or 1)
 *   listen   LISTEN, and the advisory lock that shows this process to be alive (0 or 1)
 *
 * Each connection executes one statement at a time; the others wait in a queue. The server limits
 * each statement by lock_timeout and statement_timeout. A statement that waits for a lock moves to
 * the patient connection and is repeated there until its deadline. If server or network do not
 * answer, the statement is cancelled and its connection closed. Connecting, cancelling and closing
 * run on threads of their own, since they may block. A lost connection is opened again, with
 * back-off.
 *
 * Statements are files of sql/queries. The urgent ones are prepared once it is proven that sessions
 * last; all others are sent unprepared, so they also work through a transaction pooler. Every
 * failure that the statement's values do not cause is ERROR_DATABASE (see sqlstate.h). Whether the
 * statement was executed is then unknown, so every statement can be repeated safely. */
#ifndef IO_POSTGRES_SQL_H
#define IO_POSTGRES_SQL_H
#include <signal.h>

#include "io/loop.h"
#include "io/op.h"
#include "io/postgres/database_url.h"

struct sql_config {
    const struct database_url *url; /* borrowed for the life of the sql */
    const char *application_name;   /* shown in pg_stat_activity */
    const char *channel;            /* for LISTEN; NULL = no listen connection */
    int64_t lock_key;               /* advisory lock held by the listen connection; 0 = none */
    uint32_t connections;           /* for statements of jobs, at most; 0 = 4 */
    uint32_t deadline_ms;           /* of a statement that is not urgent; 0 = 30 s */
    uint32_t proof_ms;              /* between proofs of the listen connection; 0 = 60 s */
    uint32_t lock_retry_ms;         /* between requests of the lock; 0 = 1 s */
};

struct sql;
typedef void (*sql_done_fn)(struct op *op, void *context);

struct sql *sql_new(struct loop *loop, const struct sql_config *config);
/* Statements in flight end with ERROR_STOPPED. Must not be called from within a `done`. */
void sql_free(struct sql *sql);

/* Begins op->sql. `done` is called later, never from within sql_begin. */
void sql_begin(struct sql *sql, struct op *op, sql_done_fn done, void *context);
/* Ends the op in the next iteration of the loop, with ERROR_STOPPED. */
void sql_cancel(struct sql *sql, const struct op *op);

/* `wake` is called after each notification, and after each LISTEN: claim jobs then, since
 * notifications sent before it were missed. */
void sql_on_notify(struct sql *sql, void (*wake)(void *context), void *context);
/* Notifications arrive: a NOTIFY of another connection was received. */
bool sql_listening(const struct sql *sql);
/* The listen connection holds the lock, as another connection has seen. */
bool sql_lock_held(const struct sql *sql);
/* Why sql_listening stays false although the database can be reached, with a hint; ERROR_NONE while
 * that is not known. */
const struct error *sql_session_problem(const struct sql *sql);
bool sql_connected(const struct sql *sql); /* the urgent connection is usable */
/* Why the last connection failed or was lost; ERROR_NONE if connected since. */
const struct error *sql_last_error(const struct sql *sql);

/* A blocking connection, for commands. No function of it blocks for ever: a statement that does not
 * end within the limit is cancelled. sql_query runs one statement of sql/queries, or SQL text.
 * `value` receives the first column of the first row, with a zero byte after it; empty if none; the
 * caller frees it. */
struct sql_session;
struct sql_session *sql_open(const struct database_url *url, const char *application_name,
                             struct error *err) MUST_CHECK;
/* The same; a value of *stop that is not 0, set by a signal handler, ends each wait with
 * ERROR_STOPPED. `stop` is borrowed for the life of the session. */
struct sql_session *sql_open_stoppable(const struct database_url *url, const char *application_name,
                                       const volatile sig_atomic_t *stop,
                                       struct error *err) MUST_CHECK;
void sql_limit_statements(struct sql_session *session, uint32_t limit_ms); /* default: 5 min */
void sql_close(struct sql_session *session);
/* Writes how the connection is protected: "TLSv1.3, TLS_AES_256_GCM_SHA384" or "not encrypted". */
void sql_describe_encryption(const struct sql_session *session, char *out, size_t size);
bool sql_is_encrypted(const struct sql_session *session);
bool sql_query(struct sql_session *session, const char *statement, int param_count,
               const char *const *params, struct blob *value, struct error *err) MUST_CHECK;
bool sql_script(struct sql_session *session, const char *script, struct error *err) MUST_CHECK;
/* SQLSTATE of the last statement; "" if it succeeded or the connection broke. */
const char *sql_last_state(const struct sql_session *session);
#endif
