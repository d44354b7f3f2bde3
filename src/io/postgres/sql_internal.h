/* sql_internal.h - shared by the files of io/postgres: connections and their queues. */
#ifndef IO_POSTGRES_SQL_INTERNAL_H
#define IO_POSTGRES_SQL_INTERNAL_H
#include <libpq-fe.h>

#include "base/list.h"
#include "io/postgres/sql.h"

struct queued_statement { /* one op, waiting or sent */
    struct list_node node;
    struct op *op;
    sql_done_fn done;
    void *context;
    int64_t deadline_us; /* clock_mono_us */
    bool cancelled;
    bool failed; /* it cannot be sent; op->error is set */
};

enum connection_state { CONNECTION_DOWN, CONNECTION_CONNECTING, CONNECTION_IDLE, CONNECTION_BUSY };

struct sql_connection {
    struct sql *sql; /* NULL = not in use */
    enum connection_state state;
    PGconn *conn;
    struct loop_socket *socket;
    struct loop_timer *timer;      /* reconnects, and checks deadlines */
    struct list queue;             /* of queued_statement; the first one is sent if `sent` is set */
    struct queued_statement *sent; /* NULL = none */
    uint32_t back_off_ms;
    bool listens;
    int listen_step; /* of the listen connection: next of LISTEN, lock and self-test */
    struct connect_attempt *attempt;
};

struct sql {
    struct loop *loop;
    struct sql_config config;
    char *channel, *application_name;
    struct sql_connection urgent, work, listen;
    struct error last_error;
    bool listening;
    void (*wake)(void *context);
    void *wake_context;
};

void connection_begin(struct sql *sql, struct sql_connection *connection, bool listens);
void connection_end(struct sql_connection *connection); /* its queries end with ERROR_STOPPED */
void connection_add(struct sql_connection *connection, struct queued_statement *query);
bool connection_cancel(struct sql_connection *connection, struct op *op);

/* Connects; blocking. Returns NULL on failure; the error contains no part of the password. */
PGconn *sql_connect(const struct database_url *url, const char *application_name,
                    struct error *err);

/* Sets *err from a failed statement. */
void sql_error_of(const PGresult *result, const PGconn *conn, struct error *err);

/* The text of sql/queries/<name>.sql. Returns NULL if there is no such file. */
const char *sql_text(const char *name);
/* Copies the first column of the first row, with a zero byte after it; empty if null or no row. */
bool sql_value_of(const PGresult *result, struct blob *out, struct error *err) MUST_CHECK;

/* sql_listen.c: LISTEN, then the advisory lock, then a NOTIFY to this process. */

/* Sends the next of these statements, if one is left. Returns false if sending failed. */
bool listen_send_next(struct sql_connection *connection) MUST_CHECK;
void listen_result(struct sql_connection *connection, PGresult *result);
void listen_read_notifications(struct sql_connection *connection);
#endif
