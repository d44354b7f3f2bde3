/* sql.h - Postgres over libpq on the loop: three connections, whatever is in flight.
 *
 *   listen   LISTEN, and the advisory lock that shows this process to be alive
 *   urgent   claims and heartbeats, which work must not starve
 *   work     everything else, in line (libpq pipeline mode where it helps)
 *
 * Connections are made on the pool (name resolution blocks) and made again after a loss, with
 * back-off. Statements are files of sql/queries, prepared once per connection; in
 * transaction-pooler mode they are sent unprepared, and there is no listening. Every statement has
 * a deadline: past it the connection is dropped and the op fails as ERROR_NETWORK (done or not is
 * not known; every statement may be repeated). */
#ifndef IO_POSTGRES_SQL_H
#define IO_POSTGRES_SQL_H
#include "io/loop.h"
#include "io/op.h"
#include "io/postgres/database_url.h"

struct sql_config {
    const struct database_url *url; /* borrowed for the life of the sql */
    const char *application_name;   /* shown in pg_stat_activity */
    const char *channel;            /* LISTEN channel; NULL: no listen connection at all */
    int64_t lock_key;               /* advisory lock held by the listen connection; 0 = none */
    uint32_t deadline_ms;           /* of a statement; 0 = 30 s */
};

struct sql;
typedef void (*sql_done_fn)(struct op *op, void *context);

struct sql *sql_new(struct loop *loop, const struct sql_config *config,
                    struct error *err) MUST_CHECK;
/* Statements in flight end with ERROR_STOPPED. Not from within a done. */
void sql_free(struct sql *sql);

void sql_begin(struct sql *sql, struct op *op, sql_done_fn done, void *context);
void sql_cancel(struct sql *sql, struct op *op);

/* wake: after each notification, and after each (re)connect of the listen connection (LISTEN
 * first, then a full claim). */
void sql_on_notify(struct sql *sql, void (*wake)(void *context), void *context);
bool sql_listening(const struct sql *sql); /* a NOTIFY to ourselves came back */
bool sql_connected(const struct sql *sql); /* the urgent connection is usable */
/* The last reason for not being connected; kind ERROR_NONE when all is well. */
const struct error *sql_last_error(const struct sql *sql);

/* For one-shot commands: connects and runs one statement of sql/queries, or plain SQL text, and
 * waits for it. `value` gets the first column of the first row (zero byte behind), empty if none.
 */
struct pg_conn; /* libpq's PGconn */
struct sql_session;
struct sql_session *sql_open(const struct database_url *url, const char *application_name,
                             struct error *err) MUST_CHECK;
void sql_close(struct sql_session *session);
bool sql_query(struct sql_session *session, const char *statement, int param_count,
               const char *const *params, struct blob *value, struct error *err) MUST_CHECK;
bool sql_script(struct sql_session *session, const char *script, struct error *err) MUST_CHECK;
#endif
