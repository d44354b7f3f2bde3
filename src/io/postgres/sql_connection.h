/* sql_connection.h - one connection, which executes one statement at a time. */
#ifndef IO_POSTGRES_SQL_CONNECTION_H
#define IO_POSTGRES_SQL_CONNECTION_H
#include "io/blocking_call.h"
#include "io/postgres/sql_connect.h"

/* Statements that a connection keeps prepared: more than there are urgent ones. */
enum { PREPARED_MAX = 16 };

enum connection_state { CONNECTION_DOWN, CONNECTION_CONNECTING, CONNECTION_IDLE, CONNECTION_BUSY };

struct sql_connection;

struct connection_events {
    void (*up)(struct sql_connection *connection); /* connected, and idle */
    /* A result of the statement that was sent. */
    void (*result)(struct sql_connection *connection, const PGresult *result);
    void (*complete)(struct sql_connection *connection); /* the statement has ended; idle again */
    void (*notified)(struct sql_connection *connection, const PGnotify *notify); /* may be NULL */
    void (*down)(struct sql_connection *connection, const struct error *why); /* failed or lost */
};

struct statement_limits { /* milliseconds, enforced by the server */
    uint32_t lock_ms;     /* lock_timeout */
    uint32_t total_ms;    /* statement_timeout */
};

/* What one use of the connection sends, in this order. */
enum pipeline_part { PART_LIMITS, PART_PREPARE, PART_STATEMENT };

struct connection_host { /* what the connections of a process share; outlives them */
    struct loop *loop;
    const struct database_url *url; /* borrowed */
    char *application_name;
    bool sessions_proven;    /* proven: no pooler in transaction mode is in between */
    struct error last_error; /* why the last connection failed or was lost */
};

struct sql_connection {
    struct connection_host *host;
    const struct connection_events *events;
    void *owner; /* the lane, or the sql_listen */
    enum connection_state state;
    PGconn *conn;
    struct loop_socket *socket;
    bool sends; /* the socket is watched for writing: libpq has data that is not sent */
    struct blocking_call *connecting;
    struct queued_statement *sent;       /* of a lane; NULL: none */
    const struct sqlstate_rule *failure; /* of the statement that was sent; NULL: none */
    enum pipeline_part part;             /* of the pipeline, whose result is read next */
    const char *preparing;               /* name of the statement that is being prepared, or NULL */
    const char *prepared[PREPARED_MAX];  /* names of those that the session has prepared */
    int prepared_count;
    struct statement_limits limits;     /* that the session has; 0: none */
    struct statement_limits new_limits; /* that it has after the statement that was sent */
    int64_t idle_since_us;
};

void connection_init(struct sql_connection *connection, struct connection_host *host,
                     const struct connection_events *events, void *owner);
void connection_open(struct sql_connection *connection);
/* Sends the statement, after one that sets its limits: for the transaction of both, so that they
 * hold behind a transaction pooler too; or, where sessions are proven, once for the session. Where
 * sessions are proven, a statement with a `name` is prepared under it at its first use, which saves
 * 0.05 to 0.1 ms at each later one; `name` stands for one text and lives as long as the
 * connection. NULL: it is not prepared. Returns false if the connection is broken. */
bool connection_send(struct sql_connection *connection, const char *name, const char *text,
                     int param_count, const char *const *params,
                     struct statement_limits limits) MUST_CHECK;

enum connection_close_how {
    CLOSE_PLAIN,
    CLOSE_CANCEL,   /* cancels the statement first, so that no backend keeps waiting for us */
    CLOSE_TERMINATE /* ends the backend: a pooler would give it to the next client */
};
/* Closes without calling `down`. Blocking parts run on a thread of their own. */
void connection_close(struct sql_connection *connection, enum connection_close_how how);
static inline bool connection_usable(const struct sql_connection *connection)
{
    return connection->state == CONNECTION_IDLE || connection->state == CONNECTION_BUSY;
}
#endif
