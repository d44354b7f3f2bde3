/* sql_connection.c - one connection: connects on the pool, sends one statement at a time, reads
 * its result when the socket is readable, and reconnects after a loss. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "io/postgres/sql_internal.h"

enum { BACK_OFF_FIRST_MS = 100, BACK_OFF_LAST_MS = 5000, CHECK_MS = 500 };

struct connect_attempt {               /* runs on the pool; may outlive the connection */
    struct sql_connection *connection; /* NULL = the connection was ended meanwhile */
    const struct database_url *url;
    char *application_name;
    PGconn *conn;
};

static void send_first(struct sql_connection *connection);

static struct queued_statement *first_query(const struct sql_connection *connection)
{
    struct list_node *node = list_first(&connection->queue);

    return node ? LIST_ENTRY(node, struct queued_statement, node) : NULL;
}

static void finish_query(struct queued_statement *query)
{
    list_remove(&query->node);
    query->done(query->op, query->context);
    free(query);
}

static void fail_query(struct queued_statement *query, const struct error *why)
{
    query->op->error = *why;
    finish_query(query);
}

/* Closes the connection, and reconnects later. A statement that was sent fails. */
static void drop(struct sql_connection *connection, const struct error *why)
{
    struct queued_statement *sent = connection->sent;

    if (why->kind != ERROR_STOPPED) { /* a cancelled statement is no fault of the database */
        connection->sql->last_error = *why;
    }
    loop_socket_free(connection->socket); /* before libpq closes it */
    connection->socket = NULL;
    PQfinish(connection->conn);
    connection->conn = NULL;
    connection->state = CONNECTION_DOWN;
    connection->sent = NULL;
    connection->listen_step = 0;
    if (connection->listens) {
        connection->sql->listening = false;
    }
    connection->back_off_ms =
        connection->back_off_ms ? connection->back_off_ms * 2 : BACK_OFF_FIRST_MS;
    if (connection->back_off_ms > BACK_OFF_LAST_MS) {
        connection->back_off_ms = BACK_OFF_LAST_MS;
    }
    loop_timer_start(connection->timer, connection->back_off_ms, CHECK_MS);
    if (sent) {
        fail_query(sent, why);
    }
}

static void drop_broken(struct sql_connection *connection, const char *text)
{
    struct error why;

    error_set(&why, ERROR_NETWORK, "%s", text);
    drop(connection, &why);
}

/* -- results ---------------------------------------------------------------------------------- */

static void read_result(struct sql_connection *connection, PGresult *result)
{
    struct op *op = connection->sent->op;
    ExecStatusType status = PQresultStatus(result);

    if (op->error.kind == ERROR_NONE && op->sql_result.value.size == 0) {
        if (status == PGRES_TUPLES_OK) {
            if (!sql_value_of(result, &op->sql_result.value, &op->error)) {
                op->sql_result.value = (struct blob){ 0 };
            }
        } else if (status != PGRES_COMMAND_OK && status != PGRES_EMPTY_QUERY) {
            sql_error_of(result, connection->conn, &op->error);
        }
    }
    PQclear(result);
}

static void statement_done(struct sql_connection *connection)
{
    struct queued_statement *query = connection->sent;

    connection->sent = NULL;
    connection->state = CONNECTION_IDLE;
    list_remove(&query->node);
    send_first(connection); /* before the callback, which may take long or add queries */
    finish_query(query);
}

static void on_ready(void *context, bool readable, bool writable, bool broken)
{
    struct sql_connection *connection = context;

    if (writable && PQflush(connection->conn) == 0) {
        loop_socket_set_events(connection->socket, true, false);
    }
    if ((readable || broken) && !PQconsumeInput(connection->conn)) {
        drop_broken(connection, "the connection to the database broke");
        return;
    }
    if (connection->listens) {
        listen_read_notifications(connection);
    }
    while (connection->state == CONNECTION_BUSY && !PQisBusy(connection->conn)) {
        PGresult *result = PQgetResult(connection->conn);

        if (result && connection->listens) {
            listen_result(connection, result);
        } else if (result) {
            read_result(connection, result);
        } else if (PQstatus(connection->conn) != CONNECTION_OK) {
            drop_broken(connection, "the connection to the database broke");
            return;
        } else if (connection->listens) {
            connection->state = CONNECTION_IDLE;
            if (!listen_send_next(connection)) {
                drop_broken(connection, "cannot send to the database");
            }
        } else {
            statement_done(connection);
            return;
        }
    }
}

/* -- statements ------------------------------------------------------------------------------- */

/* Queries that cannot be sent end in the next iteration of the loop, since this may be called from
 * within sql_begin. */
static void send_first(struct sql_connection *connection)
{
    struct queued_statement *query = first_query(connection);
    const struct sql_request *ask;
    const char *text;

    if (connection->state != CONNECTION_IDLE || !query) {
        return;
    }
    if (query->cancelled || query->failed || query->deadline_us <= clock_mono_us()) {
        loop_timer_start(connection->timer, 0, CHECK_MS);
        return;
    }
    ask = &query->op->sql;
    text = sql_text(ask->statement);
    if (!text) {
        error_set(&query->op->error, ERROR_INTERNAL, "there is no statement '%s'", ask->statement);
        query->failed = true;
        loop_timer_start(connection->timer, 0, CHECK_MS);
        return;
    }
    connection->state = CONNECTION_BUSY;
    if (!PQsendQueryParams(connection->conn, text, ask->param_count, NULL, ask->params, NULL, NULL,
                           0)) {
        drop_broken(connection, "cannot send to the database"); /* the query is sent again */
        return;
    }
    connection->sent = query;
    loop_socket_set_events(connection->socket, true, PQflush(connection->conn) != 0);
}

void connection_add(struct sql_connection *connection, struct queued_statement *query)
{
    list_append(&connection->queue, &query->node);
    send_first(connection);
}

bool connection_cancel(struct sql_connection *connection, struct op *op)
{
    for (struct list_node *node = connection->sql ? list_first(&connection->queue) : NULL; node;
         node = list_next(&connection->queue, node)) {
        struct queued_statement *query = LIST_ENTRY(node, struct queued_statement, node);

        if (query->op == op) {
            query->cancelled = true;
            loop_timer_start(connection->timer, 0, CHECK_MS);
            return true;
        }
    }
    return false;
}

static void end_unsent(const struct sql_connection *connection, struct queued_statement *query)
{
    const struct error *last_error = &connection->sql->last_error;
    struct error *err = &query->op->error;

    if (query->cancelled) {
        error_set(err, ERROR_STOPPED, "the statement was stopped");
    } else if (!query->failed && last_error->kind != ERROR_NONE) {
        *err = *last_error;
    } else if (!query->failed) {
        error_set(err, ERROR_NETWORK, "the database could not be asked in time");
    }
    finish_query(query);
}

/* Queries that were not sent are removed from the queue. For the one that was sent the connection
 * is dropped, since its result would arrive later. */
static void check_deadlines(struct sql_connection *connection)
{
    int64_t now = clock_mono_us();
    struct list_node *node = list_first(&connection->queue);
    struct error why;

    while (node) {
        struct queued_statement *query = LIST_ENTRY(node, struct queued_statement, node);

        if (!query->cancelled && !query->failed && query->deadline_us > now) {
            node = list_next(&connection->queue, node);
        } else if (query == connection->sent) {
            if (query->cancelled) {
                error_set(&why, ERROR_STOPPED, "the statement was stopped");
            } else {
                error_set(&why, ERROR_NETWORK, "the database did not answer in time");
            }
            drop(connection, &why);
            return;
        } else {
            end_unsent(connection, query);
            node = list_first(&connection->queue); /* the callback may have changed the queue */
        }
    }
}

/* -- connecting ------------------------------------------------------------------------------- */

static bool connect_run(void *arg, struct error *err)
{
    struct connect_attempt *attempt = arg;

    attempt->conn = sql_connect(attempt->url, attempt->application_name, err);
    return attempt->conn != NULL;
}

static void use_connection(struct sql_connection *connection)
{
    connection->state = CONNECTION_IDLE;
    connection->back_off_ms = 0;
    connection->sql->last_error = (struct error){ .kind = ERROR_NONE };
    loop_socket_set_events(connection->socket, true, false);
    if (!connection->listens) {
        send_first(connection);
    } else if (!listen_send_next(connection)) {
        drop_broken(connection, "cannot send to the database");
    }
}

static void connect_done(void *context, const struct error *err)
{
    struct connect_attempt *attempt = context;
    struct sql_connection *connection = attempt->connection;
    PGconn *conn = attempt->conn;
    struct error why = *err;

    free(attempt->application_name);
    free(attempt);
    if (!connection) {
        PQfinish(conn);
        return;
    }
    connection->conn = conn;
    connection->attempt = NULL;
    if (conn) {
        PQsetnonblocking(conn, 1);
        connection->socket =
            loop_socket_new(connection->sql->loop, PQsocket(conn), on_ready, connection, &why);
    }
    if (connection->socket) {
        use_connection(connection);
    } else {
        drop(connection, &why);
    }
}

static void connect_soon(struct sql_connection *connection)
{
    struct connect_attempt *attempt = xcalloc(1, sizeof *attempt);

    attempt->connection = connection;
    attempt->url = connection->sql->config.url;
    attempt->application_name = xstrdup(connection->sql->application_name);
    connection->attempt = attempt;
    connection->state = CONNECTION_CONNECTING;
    loop_run_on_pool(connection->sql->loop, connect_run, attempt, connect_done, attempt);
}

static void on_timer(void *context)
{
    struct sql_connection *connection = context;

    if (connection->state == CONNECTION_DOWN) {
        connect_soon(connection);
    }
    check_deadlines(connection);
    send_first(connection); /* the first query may have ended unsent */
}

void connection_begin(struct sql *sql, struct sql_connection *connection, bool listens)
{
    *connection = (struct sql_connection){ .sql = sql, .listens = listens };
    list_init(&connection->queue);
    connection->timer = loop_timer_new(sql->loop, on_timer, connection);
    loop_timer_start(connection->timer, CHECK_MS, CHECK_MS);
    connect_soon(connection);
}

void connection_end(struct sql_connection *connection)
{
    struct error why;

    if (!connection->sql) {
        return;
    }
    error_set(&why, ERROR_STOPPED, "the database connection is closed");
    while (!list_is_empty(&connection->queue)) {
        fail_query(first_query(connection), &why);
    }
    if (connection->attempt) {
        connection->attempt->connection = NULL;
    }
    loop_socket_free(connection->socket);
    loop_timer_free(connection->timer);
    PQfinish(connection->conn);
    *connection = (struct sql_connection){ 0 };
}
