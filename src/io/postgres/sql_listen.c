/* sql_listen.c - the listen connection: first LISTEN, then a full claim, so that nothing falls
 * between; then the lock that shows us alive, and a NOTIFY to ourselves, which behind a transaction
 * pooler never comes. */
#include <stdio.h>
#include <string.h>

#include "io/postgres/sql_internal.h"

enum { HELLO_LISTEN, HELLO_LOCK, HELLO_TEST, HELLO_DONE };

void listen_begin(struct slot *slot)
{
    struct sql *sql = slot->sql;
    char text[200];
    struct error why;

    if (slot->hello == HELLO_LOCK && sql->config.lock_key == 0) {
        slot->hello++;
    }
    switch (slot->hello) {
    case HELLO_LISTEN:
        snprintf(text, sizeof text, "listen %s", sql->channel);
        break;
    case HELLO_LOCK:
        snprintf(text, sizeof text, "select pg_try_advisory_lock(%lld)",
                 (long long)sql->config.lock_key);
        break;
    case HELLO_TEST:
        snprintf(text, sizeof text, "notify %s", sql->channel);
        break;
    default:
        return;
    }
    slot->hello++;
    slot->state = SLOT_BUSY;
    if (!PQsendQuery(slot->conn, text)) {
        error_set(&why, ERROR_NETWORK, "cannot send to the database");
        slot_drop(slot, &why);
        return;
    }
    loop_socket_set_events(slot->socket, true, PQflush(slot->conn) != 0);
}

void listen_result(struct slot *slot, PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);

    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        sql_error_of(result, slot->conn, &slot->sql->trouble);
    }
    PQclear(result);
    if (slot->hello == HELLO_LISTEN + 1 && slot->sql->wake) {
        slot->sql->wake(slot->sql->wake_context);
    }
}

void listen_notified(struct slot *slot)
{
    struct sql *sql = slot->sql;
    bool any = false;
    PGnotify *notify;

    while ((notify = PQnotifies(slot->conn)) != NULL) {
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
