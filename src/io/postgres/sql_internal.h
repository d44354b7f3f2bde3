/* sql_internal.h - shared by the files of io/postgres.
 *
 * Calls go one way: sql.c -> sql_listen.c -> sql_lane.c -> sql_connection.c -> sql_connect.c. The
 * way back is a callback of struct connection_events. */
#ifndef IO_POSTGRES_SQL_INTERNAL_H
#define IO_POSTGRES_SQL_INTERNAL_H
#include <libpq-fe.h>

#include "base/list.h"
#include "io/blocking_call.h"
#include "io/postgres/sql.h"
#include "io/postgres/sqlstate.h"

/* -- sql_connection.c: one connection, which executes one statement at a time ------------------ */

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

struct sql_connection {
    struct sql *sql;
    const struct connection_events *events;
    void *owner; /* the lane, or the sql_listen */
    enum connection_state state;
    PGconn *conn;
    struct loop_socket *socket;
    struct blocking_call *connecting;
    struct queued_statement *sent;       /* of a lane; NULL: none */
    const struct sqlstate_rule *failure; /* of the statement that was sent; NULL: none */
    int results;                         /* statements of the pipeline whose results were read */
    struct statement_limits limits;      /* that the session has; 0: none */
    struct statement_limits new_limits;  /* that it has after the statement that was sent */
    int64_t idle_since_us;
};

void connection_init(struct sql_connection *connection, struct sql *sql,
                     const struct connection_events *events, void *owner);
void connection_open(struct sql_connection *connection);
/* Sends the statement, after one that sets its limits: for the transaction of both, so that they
 * hold behind a transaction pooler too; or, where sessions are proven, once for the session.
 * Returns false if the connection is broken. */
bool connection_send(struct sql_connection *connection, const char *text, int param_count,
                     const char *const *params, struct statement_limits limits) MUST_CHECK;

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

/* -- sql_lane.c: a queue of statements and the connections that execute them ------------------- */

struct queued_statement { /* one op, waiting or sent */
    struct list_node node;
    struct op *op;
    sql_done_fn done;
    void *context;
    int64_t deadline_us; /* clock_mono_us */
    int64_t sent_us;     /* when it was sent last */
    bool cancelled;
    bool failed; /* it cannot be sent; op->error is set */
};

enum { LANE_CONNECTIONS = 64 };

struct sql_lane {
    struct sql *sql;
    struct list queue; /* of queued_statement; those that are not sent */
    struct sql_connection connections[LANE_CONNECTIONS];
    int most;  /* connections that may be open */
    int least; /* connections that stay open without work: 0 or 1 */
    struct statement_limits limits;
    struct sql_lane *patient; /* takes over statements that wait for a lock; NULL: none */
    bool retries_locked;      /* repeats a statement that waits for a lock until its deadline */
    bool fails_when_down;     /* statements end when the connection is lost, and do not wait */
    struct loop_timer *timer;
    uint32_t back_off_ms;
    int64_t retry_at_us; /* no connection is opened before */
};

void lane_begin(struct sql_lane *lane, struct sql *sql);
void lane_end(struct sql_lane *lane); /* its statements end with ERROR_STOPPED */
void lane_add(struct sql_lane *lane, struct queued_statement *statement);
bool lane_cancel(struct sql_lane *lane, const struct op *op);
bool lane_is_up(const struct sql_lane *lane);

/* -- sql_listen.c: the connection that LISTENs and holds the advisory lock --------------------- */

enum listen_step {
    LISTEN_DOWN,      /* not connected */
    LISTEN_SUBSCRIBE, /* LISTEN on the channel */
    LISTEN_OWN,       /* LISTEN on a channel of this process, for the proof */
    LISTEN_IDENTIFY,  /* ask for the backend's process id */
    LISTEN_PROVE,     /* another connection sends a NOTIFY, and looks the lock up */
    LISTEN_LOCK,      /* request the advisory lock */
    LISTEN_WAIT       /* until the next request of the lock, or the next proof */
};

struct sql_listen {
    struct sql *sql; /* NULL: there is no listen connection */
    struct sql_connection connection;
    enum listen_step step;
    struct loop_timer *timer;
    int64_t step_deadline_us, proof_due_us;
    uint32_t back_off_ms;
    char own_channel[40];
    char token[20];       /* of the proof in progress */
    int backend;          /* process id of the session; 0: unknown */
    int answered_backend; /* what the last statement of this connection returned */
    bool answered_yes;
    struct op proof; /* the statement of the other connection, and its parameters */
    char proof_backend[16], proof_key[24], proof_token[20];
    bool proof_in_flight;
    bool proof_answered, token_received;
    bool lock_granted;    /* pg_try_advisory_lock returned true */
    bool lock_seen;       /* the other connection has seen that this session holds it */
    bool verified;        /* this connection has passed a proof */
    struct error problem; /* why notifications and lock do not work; ERROR_NONE: they may */
};

void listen_begin(struct sql_listen *listen, struct sql *sql);
void listen_end(struct sql_listen *listen);

/* -- sql.c ------------------------------------------------------------------------------------- */

struct sql {
    struct loop *loop;
    struct sql_config config;
    char *channel, *application_name;
    struct sql_lane urgent, work, patient;
    struct sql_listen listen;
    struct error last_error;
    void (*wake)(void *context);
    void *wake_context;
};

/* -- sql_connect.c ----------------------------------------------------------------------------- */

struct connect_request; /* owns copies of all it needs, so that it may outlive the sql */
struct connect_request *connect_request_new(const struct database_url *url,
                                            const char *application_name);
void connect_request_run(void *request); /* blocking */
/* Frees the request. Returns the connection, or NULL with *err set. */
PGconn *connect_request_finish(struct connect_request *request, struct error *err);
void connect_request_discard(void *request); /* also closes the connection */

/* Connects; blocking. Returns NULL on failure; the error contains no part of the password. */
PGconn *sql_connect(const struct database_url *url, const char *application_name,
                    struct error *err);

/* Sets *err from a failed statement of a command, and returns the rule that applies. */
const struct sqlstate_rule *sql_error_of(const PGresult *result, const PGconn *conn,
                                         struct error *err);

/* The text of sql/queries/<name>.sql. Returns NULL if there is no such file. */
const char *sql_text(const char *name);
/* Copies the first column of the first row, with a zero byte after it; empty if null or no row. */
bool sql_value_of(const PGresult *result, struct blob *out, struct error *err) MUST_CHECK;
#endif
