/* sql_listen.c - the connection that LISTENs and holds the advisory lock.
 *
 * A pooler in transaction mode accepts both and keeps neither, on whatever port it runs. So the
 * connection has to pass a proof, at its start and every minute: another connection, whose backend
 * must be a different one, sends a NOTIFY, which must arrive here, and sees in pg_locks that this
 * session holds the lock. The lock is requested only after the first proof, because behind a pooler
 * it would stay on a connection of the pool. It is requested until it is granted: the backend of a
 * lost session may hold it for a while. */
#include "io/postgres/sql_listen.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/clock.h"
#include "base/json.h"

enum {
    BACK_OFF_FIRST_MS = 100,
    BACK_OFF_LAST_MS = 2000,
    CHECK_MS = 250,
    STEP_MS = 6000,  /* of one statement */
    PROOF_MS = 10000 /* until the notification must have arrived */
};

static const struct statement_limits limits = { .lock_ms = 2000, .total_ms = 5000 };

static void send_step(struct sql_listen *listen, enum listen_step step);

static uint64_t random_number(void)
{
    uint64_t number = 0;

    if (getrandom(&number, sizeof number, 0) != sizeof number) {
        number = (uint64_t)clock_mono_us();
    }
    return number;
}

static void forget_session(struct sql_listen *listen)
{
    listen->step = LISTEN_DOWN;
    listen->backend = 0;
    listen->lock_granted = listen->lock_seen = false;
    listen->token[0] = '\0';
}

/* Opens a new connection after the pause. */
static void reopen_after(struct sql_listen *listen, uint32_t pause_ms)
{
    forget_session(listen);
    connection_close(&listen->connection, CLOSE_PLAIN);
    listen->step_deadline_us = clock_mono_us() + (int64_t)pause_ms * 1000;
}

static void back_off(struct sql_listen *listen)
{
    listen->back_off_ms = listen->back_off_ms ? listen->back_off_ms * 2 : BACK_OFF_FIRST_MS;
    if (listen->back_off_ms > BACK_OFF_LAST_MS) {
        listen->back_off_ms = BACK_OFF_LAST_MS;
    }
    reopen_after(listen, listen->back_off_ms);
}

/* -- the proof --------------------------------------------------------------------------------- */

static bool uses_lock(const struct sql_listen *listen)
{
    return listen->lock_key != 0;
}

static void wait_for_next(struct sql_listen *listen)
{
    int64_t now_us = clock_mono_us();

    listen->step = LISTEN_WAIT;
    listen->proof_due_us = now_us + (int64_t)listen->proof_ms * 1000;
    listen->step_deadline_us = listen->proof_due_us;
    if (uses_lock(listen) && !listen->lock_granted) {
        listen->step_deadline_us = now_us + (int64_t)listen->lock_retry_ms * 1000;
    }
}

/* A connection that passed an earlier proof may just be frozen: a new one decides. A new one that
 * fails shows that sessions do not last here. */
static void fail_proof(struct sql_listen *listen, const char *what)
{
    bool verified = listen->host->sessions_proven;

    listen->host->sessions_proven = false;
    if (verified) {
        reopen_after(listen, 0);
        return;
    }
    error_set(&listen->problem, ERROR_DATABASE, "%s", what);
    error_hint(&listen->problem, "A pooler in transaction mode is probably in between: set "
                                 "DIRECT_URL to a direct or session connection.");
    reopen_after(listen, listen->proof_ms);
}

static void pass_proof(struct sql_listen *listen)
{
    listen->host->sessions_proven = true;
    listen->back_off_ms = 0;
    listen->problem = (struct error){ .kind = ERROR_NONE };
    if (listen->lock_granted && !listen->lock_seen) {
        listen->lock_granted = false; /* was released */
    }
    if (uses_lock(listen) && !listen->lock_granted) {
        send_step(listen, LISTEN_LOCK);
    } else {
        wait_for_next(listen);
    }
}

static void check_proof(struct sql_listen *listen)
{
    if (listen->step == LISTEN_PROVE && listen->proof_answered && listen->token_received) {
        pass_proof(listen);
    }
}

static void read_proof(struct sql_listen *listen, cJSON *answer)
{
    bool held = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(answer, "held"));

    if (json_peek_int(answer, "backend", 0) == listen->backend) {
        fail_proof(listen, "two connections to the database share one session");
        return;
    }
    if (listen->lock_granted && !held && !listen->lock_seen) {
        fail_proof(listen, "the session does not hold the lock that it was granted");
        return;
    }
    listen->lock_seen = held && listen->lock_granted;
    listen->proof_answered = true;
    check_proof(listen);
}

static void on_proof_done(struct op *op, void *context)
{
    struct sql_listen *listen = context;
    cJSON *answer = NULL;
    struct error err = op->error;

    listen->proof_in_flight = false;
    if (err.kind == ERROR_STOPPED || listen->step != LISTEN_PROVE ||
        strcmp(listen->token, op->sql.params[3]) != 0) {
        return; /* the connection was replaced meanwhile */
    }
    if (err.kind != ERROR_NONE || !json_parse(op->sql_result.value.data, op->sql_result.value.size,
                                              "the reply of the database", &answer, &err)) {
        wait_for_next(listen); /* says nothing about this connection */
        listen->step_deadline_us = clock_mono_us() + (int64_t)BACK_OFF_LAST_MS * 1000;
        return;
    }
    read_proof(listen, answer);
    cJSON_Delete(answer);
}

static void begin_proof(struct sql_listen *listen)
{
    struct op *op = &listen->proof;

    if (listen->proof_in_flight) { /* of the connection before: its end is awaited */
        wait_for_next(listen);
        listen->step_deadline_us = clock_mono_us() + (int64_t)CHECK_MS * 1000;
        return;
    }
    listen->step = LISTEN_PROVE;
    listen->step_deadline_us = clock_mono_us() + (int64_t)PROOF_MS * 1000;
    listen->proof_answered = listen->token_received = false;
    snprintf(listen->token, sizeof listen->token, "%016" PRIx64, random_number());
    snprintf(listen->proof_token, sizeof listen->proof_token, "%s", listen->token);
    snprintf(listen->proof_backend, sizeof listen->proof_backend, "%d", listen->backend);
    snprintf(listen->proof_key, sizeof listen->proof_key, "%" PRId64, listen->lock_key);
    op_clear(op);
    op->kind = OP_SQL;
    op->sql.statement = "prove_session";
    op->sql.urgent = true;
    op_param(op, listen->proof_backend);
    op_param(op, listen->proof_key);
    op_param(op, listen->own_channel);
    op_param(op, listen->proof_token);
    listen->proof_in_flight = true;
    lane_perform(listen->urgent, op, STEP_MS, on_proof_done, listen);
}

/* -- statements of the connection -------------------------------------------------------------- */

static void send_step(struct sql_listen *listen, enum listen_step step)
{
    char text[300];

    switch (step) {
    case LISTEN_SUBSCRIBE:
        snprintf(text, sizeof text, "listen %s", listen->channel);
        break;
    case LISTEN_OWN:
        snprintf(text, sizeof text, "listen %s", listen->own_channel);
        break;
    case LISTEN_IDENTIFY:
        snprintf(text, sizeof text, "select pg_backend_pid(), true");
        break;
    case LISTEN_LOCK:
        /* idle_session_timeout of the role would end this session, which only waits */
        snprintf(text, sizeof text,
                 "select pg_backend_pid(), pg_try_advisory_lock(%" PRId64 "), (select "
                 "set_config(name, '0', false) from pg_settings where name = "
                 "'idle_session_timeout')",
                 listen->lock_key);
        break;
    case LISTEN_DOWN:
    case LISTEN_PROVE:
    case LISTEN_WAIT:
        return;
    }
    listen->step = step;
    listen->step_deadline_us = clock_mono_us() + (int64_t)STEP_MS * 1000;
    if (!connection_send(&listen->connection, NULL, text, 0, NULL, limits)) {
        back_off(listen);
    }
}

static void on_up(struct sql_connection *connection)
{
    send_step(connection->owner, LISTEN_SUBSCRIBE);
}

static void on_result(struct sql_connection *connection, const PGresult *result)
{
    struct sql_listen *listen = connection->owner;
    struct error err;

    if (PQresultStatus(result) == PGRES_TUPLES_OK) {
        listen->answered_backend = atoi(PQgetvalue(result, 0, 0));
        listen->answered_yes = PQgetvalue(result, 0, 1)[0] == 't';
    } else if (PQresultStatus(result) != PGRES_COMMAND_OK) {
        connection->failure = sql_error_of(result, connection->conn, &err);
    }
}

static void on_lock_answered(struct sql_listen *listen)
{
    if (listen->answered_backend != listen->backend) {
        fail_proof(listen, "the session has changed between two statements");
    } else if (listen->answered_yes) {
        listen->lock_granted = true;
        begin_proof(listen); /* that the lock is seen */
    } else {
        wait_for_next(listen);
    }
}

static void on_complete(struct sql_connection *connection)
{
    struct sql_listen *listen = connection->owner;

    if (connection->failure) {
        connection->failure = NULL;
        back_off(listen);
        return;
    }
    switch (listen->step) {
    case LISTEN_SUBSCRIBE:
        if (listen->wake) { /* what was sent before is not notified */
            listen->wake(listen->wake_context);
        }
        send_step(listen, LISTEN_OWN);
        break;
    case LISTEN_OWN:
        send_step(listen, LISTEN_IDENTIFY);
        break;
    case LISTEN_IDENTIFY:
        if (listen->backend != 0 && listen->backend != listen->answered_backend) {
            fail_proof(listen, "the session has changed between two statements");
            return;
        }
        listen->backend = listen->answered_backend;
        begin_proof(listen);
        break;
    case LISTEN_LOCK:
        on_lock_answered(listen);
        break;
    case LISTEN_DOWN:
    case LISTEN_PROVE:
    case LISTEN_WAIT:
        break;
    }
}

static void on_notified(struct sql_connection *connection, const PGnotify *notify)
{
    struct sql_listen *listen = connection->owner;

    if (strcmp(notify->relname, listen->own_channel) != 0) {
        if (listen->wake) {
            listen->wake(listen->wake_context);
        }
        return;
    }
    if (strcmp(notify->extra, listen->token) == 0) {
        listen->token_received = true;
        loop_timer_start(listen->timer, 0, CHECK_MS); /* not from within the reading of results */
    }
}

static void on_down(struct sql_connection *connection, const struct error *why)
{
    struct sql_listen *listen = connection->owner;

    listen->host->last_error = *why;
    listen->host->sessions_proven = false;
    back_off(listen);
}

static const struct connection_events listen_events = { .up = on_up,
                                                        .result = on_result,
                                                        .complete = on_complete,
                                                        .notified = on_notified,
                                                        .down = on_down };

/* -- time -------------------------------------------------------------------------------------- */

static void step_is_late(struct sql_listen *listen)
{
    switch (listen->step) {
    case LISTEN_DOWN:
        /* The urgent lane first: there may be one connection only. */
        if (lane_is_up(listen->urgent)) {
            connection_open(&listen->connection);
        }
        break;
    case LISTEN_PROVE:
        if (listen->proof_answered) {
            fail_proof(listen, "a notification of another connection did not arrive");
        } else {
            wait_for_next(listen);
        }
        break;
    case LISTEN_WAIT:
        if (clock_mono_us() >= listen->proof_due_us || listen->lock_granted) {
            send_step(listen, LISTEN_IDENTIFY);
        } else {
            send_step(listen, listen->host->sessions_proven ? LISTEN_LOCK : LISTEN_IDENTIFY);
        }
        break;
    case LISTEN_SUBSCRIBE:
    case LISTEN_OWN:
    case LISTEN_IDENTIFY:
    case LISTEN_LOCK: /* the session is frozen */
        listen->host->sessions_proven = false;
        connection_close(&listen->connection, CLOSE_CANCEL);
        reopen_after(listen, 0);
        break;
    }
}

static void on_timer(void *context)
{
    struct sql_listen *listen = context;

    check_proof(listen);
    if (clock_mono_us() >= listen->step_deadline_us &&
        listen->connection.state != CONNECTION_CONNECTING) {
        step_is_late(listen);
    }
}

void listen_begin(struct sql_listen *listen, struct connection_host *host)
{
    listen->host = host;
    snprintf(listen->own_channel, sizeof listen->own_channel, "darkroom_proof_%016" PRIx64,
             random_number());
    connection_init(&listen->connection, host, &listen_events, listen);
    listen->timer = loop_timer_new(host->loop, on_timer, listen);
    loop_timer_start(listen->timer, CHECK_MS, CHECK_MS);
}

void listen_end(struct sql_listen *listen)
{
    if (listen->host) {
        forget_session(listen);
        connection_close(&listen->connection, CLOSE_PLAIN);
        loop_timer_free(listen->timer);
    }
}
