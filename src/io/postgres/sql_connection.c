/* sql_connection.c - one connection: connects on a thread of its own, sends one statement at a
 * time, reads its results when the socket is readable, and closes without blocking. */
#include "io/postgres/sql_connection.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "io/postgres/sql_parameters.h"

void connection_init(struct sql_connection *connection, struct connection_host *host,
                     const struct connection_events *events, void *owner)
{
    *connection = (struct sql_connection){ .host = host, .events = events, .owner = owner };
}

/* -- closing ----------------------------------------------------------------------------------- */

/* A cancel request waits for the server, and for ever if a host between is frozen: more threads
 * than this are not started. The server then ends the statement at its statement_timeout. */
enum { CLOSINGS_MAX = 8 };
static atomic_int closings;

struct closing {
    PGconn *conn;
    PGcancel *cancel; /* NULL: nothing is cancelled */
    bool terminate;
};

static void closing_run(void *arg)
{
    struct closing *closing = arg;
    char message[256];

    if (closing->cancel) {
        PQcancel(closing->cancel, message, sizeof message);
        PQfreeCancel(closing->cancel);
    }
    if (closing->terminate && PQexitPipelineMode(closing->conn) == 1 &&
        PQsetnonblocking(closing->conn, 0) == 0) {
        PQclear(PQexec(closing->conn, "select pg_terminate_backend(pg_backend_pid())"));
    }
    PQfinish(closing->conn);
}

static void closing_discard(void *arg)
{
    free(arg);
    atomic_fetch_sub(&closings, 1);
}

static bool close_on_thread(const struct sql_connection *connection, enum connection_close_how how)
{
    struct closing *closing;
    struct blocking_call *call;

    if (atomic_fetch_add(&closings, 1) >= CLOSINGS_MAX) {
        atomic_fetch_sub(&closings, 1);
        return false;
    }
    closing = xcalloc(1, sizeof *closing);
    *closing = (struct closing){ .conn = connection->conn, .terminate = how == CLOSE_TERMINATE };
    closing->cancel = how == CLOSE_CANCEL ? PQgetCancel(connection->conn) : NULL;
    call = blocking_call_start(connection->host->loop, closing_run, closing_discard,
                               closing_discard, closing);
    if (!call) {
        PQfreeCancel(closing->cancel);
        closing_discard(closing);
        return false;
    }
    blocking_call_abandon(call);
    return true;
}

void connection_close(struct sql_connection *connection, enum connection_close_how how)
{
    if (connection->connecting) {
        blocking_call_abandon(connection->connecting);
        connection->connecting = NULL;
    }
    loop_socket_free(connection->socket); /* before libpq closes it */
    connection->socket = NULL;
    if (how == CLOSE_PLAIN || !connection->conn || PQstatus(connection->conn) != CONNECTION_OK ||
        !close_on_thread(connection, how)) {
        PQfinish(connection->conn);
    }
    connection->conn = NULL;
    connection->state = CONNECTION_DOWN;
}

static void lose(struct sql_connection *connection, const char *fallback)
{
    const char *text = PQerrorMessage(connection->conn);
    struct error why;

    error_set(&why, ERROR_DATABASE, "the connection to the database broke: %.200s",
              text[0] ? text : fallback);
    connection_close(connection, CLOSE_PLAIN);
    connection->events->down(connection, &why);
}

/* -- results ----------------------------------------------------------------------------------- */

/* The session keeps a prepared statement even if executing it fails. */
static void note_prepared(struct sql_connection *connection)
{
    connection->prepared[connection->prepared_count++] = connection->preparing;
    connection->preparing = NULL;
}

/* Of the parts before the statement itself, only failures are results for the owner. */
static void read_result(struct sql_connection *connection, PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);

    if (connection->part == PART_PREPARE && status == PGRES_COMMAND_OK) {
        note_prepared(connection);
    } else if (status != PGRES_PIPELINE_ABORTED &&
               !(connection->part == PART_LIMITS && status == PGRES_TUPLES_OK)) {
        connection->events->result(connection, result);
    }
    PQclear(result);
}

static void read_next_part(struct sql_connection *connection, enum pipeline_part after)
{
    connection->part =
        after == PART_LIMITS && connection->preparing ? PART_PREPARE : PART_STATEMENT;
}

static void read_notifications(struct sql_connection *connection)
{
    PGnotify *notify;

    while ((notify = PQnotifies(connection->conn)) != NULL) {
        if (connection->events->notified) {
            connection->events->notified(connection, notify);
        }
        PQfreemem(notify);
    }
}

static void read_results(struct sql_connection *connection)
{
    while (connection->state == CONNECTION_BUSY && !PQisBusy(connection->conn)) {
        PGresult *result = PQgetResult(connection->conn);

        if (result && PQresultStatus(result) == PGRES_PIPELINE_SYNC) {
            PQclear(result);
            connection->state = CONNECTION_IDLE;
            connection->idle_since_us = clock_mono_us();
            if (!connection->failure) { /* otherwise the setting was rolled back */
                connection->limits = connection->new_limits;
            }
            connection->events->complete(connection);
            return;
        }
        if (result) {
            read_result(connection, result);
        } else if (PQstatus(connection->conn) != CONNECTION_OK) {
            lose(connection, "it was closed");
            return;
        } else {
            read_next_part(connection, connection->part);
        }
    }
}

/* Watches the socket for writing while something is left to send. A change costs system calls. */
static void flush(struct sql_connection *connection)
{
    bool sends = PQflush(connection->conn) != 0;

    if (sends != connection->sends) {
        connection->sends = sends;
        loop_socket_set_events(connection->socket, true, sends);
    }
}

static void on_ready(void *context, bool readable, bool writable, bool broken)
{
    struct sql_connection *connection = context;

    if (writable) {
        flush(connection);
    }
    if ((readable || broken) && !PQconsumeInput(connection->conn)) {
        lose(connection, "it was closed");
        return;
    }
    read_results(connection);
    if (connection->conn) { /* last, since libpq finds those that follow a result only after it */
        read_notifications(connection);
    }
}

/* -- sending ----------------------------------------------------------------------------------- */

static bool send_limits(const struct sql_connection *connection, struct statement_limits limits,
                        bool session)
{
    static const char set_limits[] = "select set_config('lock_timeout', $1, $3), "
                                     "set_config('statement_timeout', $2, $3)";
    char lock_ms[16], total_ms[16];
    const char *values[] = { lock_ms, total_ms, session ? "false" : "true" };

    snprintf(lock_ms, sizeof lock_ms, "%u", limits.lock_ms);
    snprintf(total_ms, sizeof total_ms, "%u", limits.total_ms);
    return PQsendQueryParams(connection->conn, set_limits, 3, NULL, values, NULL, NULL, 0);
}

static bool is_prepared(const struct sql_connection *connection, const char *name)
{
    for (int i = 0; i < connection->prepared_count; i++) {
        if (strcmp(connection->prepared[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/* Sends the statement itself; by its name if `name` is not NULL, prepared before if necessary. The
 * name on the server is that of the statement, so that it could stand for no other one even if the
 * session were shared. */
static bool send_statement(struct sql_connection *connection, const char *name, const char *text,
                           int param_count, const char *const *values)
{
    PGconn *conn = connection->conn;
    char own_name[64];

    connection->preparing = NULL;
    if (!name) {
        return PQsendQueryParams(conn, text, param_count, NULL, values, NULL, NULL, 0);
    }
    snprintf(own_name, sizeof own_name, "darkroom_%s", name);
    if (!is_prepared(connection, name)) {
        connection->preparing = name;
        if (!PQsendPrepare(conn, own_name, text, param_count, NULL)) {
            return false;
        }
    }
    return PQsendQueryPrepared(conn, own_name, param_count, values, NULL, NULL, 0);
}

bool connection_send(struct sql_connection *connection, const char *name, const char *text,
                     int param_count, const char *const *params, struct statement_limits limits)
{
    bool session = connection->host->sessions_proven, sent;
    struct sql_parameters parameters;
    bool known = session && connection->limits.lock_ms == limits.lock_ms &&
                 connection->limits.total_ms == limits.total_ms;
    bool prepares = session && connection->prepared_count < PREPARED_MAX;

    sql_parameters_init(&parameters, param_count, params);
    sent =
        (known || send_limits(connection, limits, session)) &&
        send_statement(connection, prepares ? name : NULL, text, param_count, parameters.values) &&
        PQpipelineSync(connection->conn);
    sql_parameters_free(&parameters);
    if (!sent) {
        return false;
    }
    connection->new_limits = session ? limits : (struct statement_limits){ 0 };
    connection->state = CONNECTION_BUSY;
    connection->part = PART_LIMITS;
    if (known) {
        read_next_part(connection, PART_LIMITS);
    }
    flush(connection);
    return true;
}

/* -- connecting -------------------------------------------------------------------------------- */

struct opening { /* the argument of the connecting thread; outlives the connection if necessary */
    struct sql_connection *connection;
    struct connect_request *request;
};

static void opening_run(void *arg)
{
    connect_request_run(((struct opening *)arg)->request);
}

static void opening_discard(void *arg)
{
    struct opening *opening = arg;

    connect_request_discard(opening->request);
    free(opening);
}

static void opening_done(void *arg)
{
    struct opening *opening = arg;
    struct sql_connection *connection = opening->connection;
    struct error why;

    connection->connecting = NULL;
    connection->conn = connect_request_finish(opening->request, &why);
    free(opening);
    if (connection->conn && PQsetnonblocking(connection->conn, 1) == 0 &&
        PQenterPipelineMode(connection->conn) == 1) {
        connection->socket = loop_socket_new(connection->host->loop, PQsocket(connection->conn),
                                             on_ready, connection, &why);
    } else if (connection->conn) {
        error_set(&why, ERROR_INTERNAL, "cannot use the connection to the database");
    }
    if (!connection->socket) {
        connection_close(connection, CLOSE_PLAIN);
        connection->events->down(connection, &why);
        return;
    }
    connection->state = CONNECTION_IDLE;
    connection->idle_since_us = clock_mono_us();
    connection->sends = false;
    loop_socket_set_events(connection->socket, true, false);
    connection->events->up(connection);
}

void connection_open(struct sql_connection *connection)
{
    struct opening *opening = xcalloc(1, sizeof *opening);
    const struct connection_host *host = connection->host;

    opening->connection = connection;
    opening->request = connect_request_new(host->url, host->application_name);
    connect_request_ask(opening->request);
    connection->failure = NULL;
    connection->limits = connection->new_limits = (struct statement_limits){ 0 };
    connection->prepared_count = 0;
    connection->connecting =
        blocking_call_start(host->loop, opening_run, opening_done, opening_discard, opening);
    if (connection->connecting) {
        connection->state = CONNECTION_CONNECTING;
    } else { /* no thread: tried again later */
        opening_discard(opening);
    }
}
