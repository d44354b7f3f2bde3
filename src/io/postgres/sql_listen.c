/* sql_listen.c - the listen connection.
 *
 * LISTEN comes first, and the caller claims jobs after it, so that no notification is missed. Then
 * the advisory lock that shows this process to be alive, and a NOTIFY to this process itself: if
 * it does not come back, a transaction pooler is in between. */
#include <stdio.h>
#include <string.h>

#include "io/postgres/sql_internal.h"

enum { STEP_LISTEN, STEP_LOCK, STEP_SELF_TEST, STEP_DONE };

bool listen_send_next(struct sql_connection *connection)
{
    struct sql *sql = connection->sql;
    char text[200];

    if (connection->listen_step == STEP_LOCK && sql->config.lock_key == 0) {
        connection->listen_step++;
    }
    switch (connection->listen_step) {
    case STEP_LISTEN:
        snprintf(text, sizeof text, "listen %s", sql->channel);
        break;
    case STEP_LOCK:
        snprintf(text, sizeof text, "select pg_try_advisory_lock(%lld)",
                 (long long)sql->config.lock_key);
        break;
    case STEP_SELF_TEST:
        snprintf(text, sizeof text, "notify %s", sql->channel);
        break;
    default:
        return true;
    }
    connection->listen_step++;
    connection->state = CONNECTION_BUSY;
    if (!PQsendQuery(connection->conn, text)) {
        return false;
    }
    loop_socket_set_events(connection->socket, true, PQflush(connection->conn) != 0);
    return true;
}

void listen_result(struct sql_connection *connection, PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    struct sql *sql = connection->sql;

    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        sql_error_of(result, connection->conn, &sql->last_error);
    }
    PQclear(result);
    if (connection->listen_step == STEP_LISTEN + 1 && sql->wake) {
        sql->wake(sql->wake_context);
    }
}

void listen_read_notifications(struct sql_connection *connection)
{
    struct sql *sql = connection->sql;
    bool any = false;
    PGnotify *notify;

    while ((notify = PQnotifies(connection->conn)) != NULL) {
        PQfreemem(notify);
        any = true;
    }
    if (any) {
        sql->listening = true;
        if (sql->wake) {
            sql->wake(sql->wake_context);
        }
    }
}
