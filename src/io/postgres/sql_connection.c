/* sql_connection.c - one connection: connects on the pool, sends one statement at a time, reads its
 * answer when the socket says so, and starts afresh after a loss. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "io/postgres/sql_internal.h"

enum { BACK_OFF_FIRST_MS = 100, BACK_OFF_LAST_MS = 5000, CHECK_MS = 500 };

struct connecting {    /* handed to the pool; outlives the slot if it must */
    struct slot *slot; /* NULL: nobody waits for it any more */
    const struct database_url *url;
    char *application_name;
    PGconn *conn;
};

static void slot_send(struct slot *slot);
static void slot_connect(struct slot *slot);

static void finish_request(struct request *request)
{
    request->done(request->op, request->context);
    free(request);
}

static struct request *take_first(struct slot *slot)
{
    struct request *request = slot->first;

    slot->first = request->next;
    if (!slot->first) {
        slot->last = NULL;
    }
    return request;
}

static void fail_first(struct slot *slot, const struct error *why)
{
    struct request *request = take_first(slot);

    request->op->error = *why;
    finish_request(request);
}

void slot_drop(struct slot *slot, const struct error *why)
{
    bool was_busy = slot->state == SLOT_BUSY && slot->asked;

    if (why->kind != ERROR_STOPPED) { /* our own wish is no trouble */
        slot->sql->trouble = *why;
    }
    loop_socket_free(slot->socket); /* before libpq closes it */
    slot->socket = NULL;
    PQfinish(slot->conn);
    slot->conn = NULL;
    slot->state = SLOT_AWAY;
    slot->asked = NULL;
    slot->hello = 0;
    if (slot->listens) {
        slot->sql->listening = false;
    }
    slot->back_off_ms = slot->back_off_ms ? slot->back_off_ms * 2 : BACK_OFF_FIRST_MS;
    if (slot->back_off_ms > BACK_OFF_LAST_MS) {
        slot->back_off_ms = BACK_OFF_LAST_MS;
    }
    loop_timer_start(slot->timer, slot->back_off_ms, CHECK_MS);
    if (was_busy) {
        fail_first(slot, why);
    }
}

/* -- answers -------------------------------------------------------------------------------- */

static void take_result(struct slot *slot, PGresult *result)
{
    struct op *op = slot->asked->op;
    ExecStatusType status = PQresultStatus(result);

    if (op->error.kind == ERROR_NONE && op->sql_result.value.size == 0) {
        if (status == PGRES_TUPLES_OK) {
            if (!sql_value_of(result, &op->sql_result.value, &op->error)) {
                op->sql_result.value = (struct blob){ 0 };
            }
        } else if (status != PGRES_COMMAND_OK && status != PGRES_EMPTY_QUERY) {
            sql_error_of(result, slot->conn, &op->error);
        }
    }
    PQclear(result);
}

static void statement_done(struct slot *slot)
{
    struct request *request = take_first(slot);

    slot->asked = NULL;
    slot->state = SLOT_IDLE;
    slot_send(slot); /* before the callback, which may take a while or add more */
    finish_request(request);
}

static void on_ready(void *context, bool readable, bool writable, bool broken)
{
    struct slot *slot = context;
    struct error why;

    if (writable && PQflush(slot->conn) == 0) {
        loop_socket_set_events(slot->socket, true, false);
    }
    if ((readable || broken) && !PQconsumeInput(slot->conn)) {
        error_set(&why, ERROR_NETWORK, "the connection to the database broke");
        slot_drop(slot, &why);
        return;
    }
    if (slot->listens) {
        listen_notified(slot);
    }
    while (slot->state == SLOT_BUSY && !PQisBusy(slot->conn)) {
        PGresult *result = PQgetResult(slot->conn);

        if (result && slot->listens) {
            listen_result(slot, result);
        } else if (result) {
            take_result(slot, result);
        } else if (PQstatus(slot->conn) != CONNECTION_OK) {
            error_set(&why, ERROR_NETWORK, "the connection to the database broke");
            slot_drop(slot, &why);
            return;
        } else if (slot->listens) {
            slot->state = SLOT_IDLE;
            listen_begin(slot);
        } else {
            statement_done(slot);
            return;
        }
    }
}

/* -- asking --------------------------------------------------------------------------------- */

static void slot_send(struct slot *slot)
{
    struct request *request = slot->first;
    const struct sql_request *ask;
    const char *text;
    struct error why;

    if (slot->state != SLOT_IDLE || !request) {
        return;
    }
    if (request->deadline_us <= clock_mono_us()) { /* ends on the next turn of the loop */
        loop_timer_start(slot->timer, 0, CHECK_MS);
        return;
    }
    ask = &request->op->sql;
    text = sql_text(ask->statement);
    if (!text) { /* ends on the next turn of the loop: this may be within begin */
        error_set(&request->op->error, ERROR_INTERNAL, "there is no statement '%s'",
                  ask->statement);
        request->deadline_us = REQUEST_FAILED;
        loop_timer_start(slot->timer, 0, CHECK_MS);
        return;
    }
    slot->state = SLOT_BUSY;
    slot->asked = request;
    if (!PQsendQueryParams(slot->conn, text, ask->param_count, NULL, ask->params, NULL, NULL, 0)) {
        slot->asked = NULL; /* it stays first in the line, and is sent again */
        error_set(&why, ERROR_NETWORK, "cannot send to the database");
        slot_drop(slot, &why);
        return;
    }
    loop_socket_set_events(slot->socket, true, PQflush(slot->conn) != 0);
}

void slot_add(struct slot *slot, struct request *request)
{
    request->next = NULL;
    if (slot->last) {
        slot->last->next = request;
    } else {
        slot->first = request;
    }
    slot->last = request;
    slot_send(slot);
}

bool slot_cancel(struct slot *slot, struct op *op)
{
    for (struct request *request = slot->first; request; request = request->next) {
        if (request->op == op) {
            request->deadline_us = 0; /* the next check ends it */
            loop_timer_start(slot->timer, 0, CHECK_MS);
            return true;
        }
    }
    return false;
}

static void not_asked(const struct slot *slot, struct request *request)
{
    const struct error *trouble = &slot->sql->trouble;
    struct error *err = &request->op->error;

    if (request->deadline_us == 0) {
        error_set(err, ERROR_STOPPED, "the statement was stopped");
    } else if (request->deadline_us != REQUEST_FAILED && trouble->kind != ERROR_NONE) {
        *err = *trouble;
    } else if (request->deadline_us != REQUEST_FAILED) {
        error_set(err, ERROR_NETWORK, "the database could not be asked in time");
    }
}

/* Those that were not sent may be dropped from the line; the one that was takes the connection
 * with it, since its answer would come later. */
static void check_deadlines(struct slot *slot)
{
    int64_t now = clock_mono_us();
    struct request **at = &slot->first, *last = NULL;
    struct error why;

    while (*at) {
        struct request *request = *at;

        if (request->deadline_us > now) {
            last = request;
            at = &request->next;
        } else if (request == slot->asked) {
            if (request->deadline_us) {
                error_set(&why, ERROR_NETWORK, "the database did not answer in time");
            } else {
                error_set(&why, ERROR_STOPPED, "the statement was stopped");
            }
            slot_drop(slot, &why);
            return;
        } else {
            *at = request->next;
            not_asked(slot, request);
            if (slot->last == request) {
                slot->last = last;
            }
            finish_request(request);
            at = &slot->first; /* the line may have changed */
            last = NULL;
        }
    }
}

/* -- connecting ----------------------------------------------------------------------------- */

static bool connect_run(void *arg, struct error *err)
{
    struct connecting *connecting = arg;

    connecting->conn = sql_connect(connecting->url, connecting->application_name, err);
    return connecting->conn != NULL;
}

static void connect_done(void *context, const struct error *err)
{
    struct connecting *connecting = context;
    struct slot *slot = connecting->slot;
    struct error why = *err;

    if (!slot) {
        PQfinish(connecting->conn);
        free(connecting->application_name);
        free(connecting);
        return;
    }
    slot->conn = connecting->conn;
    slot->connecting = NULL;
    free(connecting->application_name);
    free(connecting);
    if (slot->conn) {
        PQsetnonblocking(slot->conn, 1);
        slot->socket = loop_socket_new(slot->sql->loop, PQsocket(slot->conn), on_ready, slot, &why);
    }
    if (!slot->socket) {
        slot_drop(slot, &why);
        return;
    }
    slot->state = SLOT_IDLE;
    slot->back_off_ms = 0;
    slot->sql->trouble = (struct error){ .kind = ERROR_NONE };
    loop_socket_set_events(slot->socket, true, false);
    if (slot->listens) {
        listen_begin(slot);
    } else {
        slot_send(slot);
    }
}

static void slot_connect(struct slot *slot)
{
    struct connecting *connecting = calloc(1, sizeof *connecting);

    if (!connecting) {
        abort();
    }
    connecting->slot = slot;
    connecting->url = slot->sql->config.url;
    connecting->application_name = strdup(slot->sql->application_name);
    slot->connecting = connecting;
    slot->state = SLOT_CONNECTING;
    loop_run_on_pool(slot->sql->loop, connect_run, connecting, connect_done, connecting);
}

static void on_timer(void *context)
{
    struct slot *slot = context;

    if (slot->state == SLOT_AWAY) {
        slot_connect(slot);
    }
    check_deadlines(slot);
    slot_send(slot); /* the first in the line may have ended unsent */
}

void slot_begin(struct sql *sql, struct slot *slot, const char *name, bool listens)
{
    *slot = (struct slot){ .sql = sql, .name = name, .listens = listens };
    slot->timer = loop_timer_new(sql->loop, on_timer, slot);
    loop_timer_start(slot->timer, CHECK_MS, CHECK_MS);
    slot_connect(slot);
}

void slot_end(struct slot *slot)
{
    struct error why;

    if (!slot->sql) {
        return;
    }
    error_set(&why, ERROR_STOPPED, "the database connection is closed");
    while (slot->first) {
        fail_first(slot, &why);
    }
    if (slot->connecting) {
        slot->connecting->slot = NULL;
    }
    loop_socket_free(slot->socket);
    loop_timer_free(slot->timer);
    PQfinish(slot->conn);
    *slot = (struct slot){ 0 };
}
