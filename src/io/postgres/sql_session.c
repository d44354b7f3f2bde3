/* sql_session.c - one blocking connection, for commands that run a few statements.
 *
 * The connection is in libpq's non-blocking mode, so that each wait has an end: a server that holds
 * the connection open but does not answer must not stop a command for ever. */
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/thread.h"
#include "io/postgres/sql.h"
#include "io/postgres/sql_connect.h"
#include "io/postgres/sql_parameters.h"

/* After a cancel request the server has CANCEL_MS to end the statement. */
enum { STATEMENT_MS = 5 * 60 * 1000, CANCEL_MS = 2000 };

struct sql_session {
    PGconn *conn;
    uint32_t limit_ms;                 /* of a statement */
    const volatile sig_atomic_t *stop; /* borrowed; may be NULL */
    bool unusable;                     /* an answer that was not read may still arrive */
    char state[6];                     /* SQLSTATE of the last statement */
};

struct sql_session *sql_open_stoppable(const struct database_url *url, const char *application_name,
                                       const volatile sig_atomic_t *stop, struct error *err)
{
    PGconn *conn = sql_connect(url, application_name, stop, err);
    struct sql_session *session;

    if (!conn) {
        return NULL;
    }
    PQsetnonblocking(conn, 1);
    session = xcalloc(1, sizeof *session);
    session->conn = conn;
    session->limit_ms = STATEMENT_MS;
    session->stop = stop;
    return session;
}

struct sql_session *sql_open(const struct database_url *url, const char *application_name,
                             struct error *err)
{
    return sql_open_stoppable(url, application_name, NULL, err);
}

void sql_limit_statements(struct sql_session *session, uint32_t limit_ms)
{
    session->limit_ms = limit_ms;
}

void sql_close(struct sql_session *session)
{
    if (session) {
        PQfinish(session->conn);
        free(session);
    }
}

void sql_describe_encryption(const struct sql_session *session, char *out, size_t size)
{
    const char *protocol = PQsslAttribute(session->conn, "protocol");
    const char *cipher = PQsslAttribute(session->conn, "cipher");

    if (PQsslInUse(session->conn)) {
        snprintf(out, size, "%s, %s", protocol ? protocol : "TLS",
                 cipher ? cipher : "cipher unknown");
    } else {
        snprintf(out, size, "not encrypted");
    }
}

bool sql_is_encrypted(const struct sql_session *session)
{
    return PQsslInUse(session->conn);
}

/* -- waiting ----------------------------------------------------------------------------------- */

static void *send_cancel(void *cancel)
{
    char message[256];

    PQcancel(cancel, message, sizeof message);
    PQfreeCancel(cancel);
    return NULL;
}

/* On a thread, since a cancel request connects and may block. */
static void begin_cancel(const struct sql_session *session)
{
    PGcancel *cancel = PQgetCancel(session->conn);
    pthread_t thread;

    if (cancel && thread_start(&thread, NULL, send_cancel, cancel)) {
        pthread_detach(thread);
    } else {
        PQfreeCancel(cancel);
    }
}

/* Sends what is left and waits until a result can be read. */
static enum socket_wait wait_for_result(PGconn *conn, int64_t end_us,
                                        const volatile sig_atomic_t *stop)
{
    enum socket_wait waited = SOCKET_READY;

    while (waited == SOCKET_READY) {
        int unsent = PQflush(conn);

        if (unsent < 0 || !PQisBusy(conn)) {
            return SOCKET_READY; /* a broken connection has a result that says so */
        }
        waited = sql_wait_for_socket(conn, unsent ? POLLIN | POLLOUT : POLLIN, end_us, stop);
        if (waited == SOCKET_READY && !PQconsumeInput(conn)) {
            return SOCKET_READY;
        }
    }
    return waited;
}

/* Reads all results of what was sent. Returns the first failure, else the last result, in *out; the
 * caller frees it. */
static enum socket_wait read_results(PGconn *conn, int64_t end_us,
                                     const volatile sig_atomic_t *stop, PGresult **out)
{
    bool failed = false;

    *out = NULL;
    for (;;) {
        enum socket_wait waited = wait_for_result(conn, end_us, stop);
        PGresult *result = waited == SOCKET_READY ? PQgetResult(conn) : NULL;
        ExecStatusType status = PQresultStatus(result);

        if (!result) {
            return waited;
        }
        if (failed) {
            PQclear(result);
            continue;
        }
        PQclear(*out);
        *out = result;
        failed =
            status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK && status != PGRES_EMPTY_QUERY;
    }
}

/* Cancels the statement. The session stays usable if the server confirms the end. */
static void give_up(struct sql_session *session, enum socket_wait waited, PGresult **result,
                    struct error *err)
{
    int64_t end_us = clock_mono_us() + (int64_t)CANCEL_MS * 1000;

    PQclear(*result);
    begin_cancel(session);
    session->unusable = read_results(session->conn, end_us, NULL, result) != SOCKET_READY;
    snprintf(session->state, sizeof session->state, "%s", session->unusable ? "" : "57014");
    if (waited == SOCKET_STOPPED) {
        error_set(err, ERROR_STOPPED, "stopped while waiting for the database");
        return;
    }
    error_set(err, ERROR_DATABASE, "the database did not execute a statement within %u s",
              session->limit_ms / 1000);
    error_hint(err, "Another session may hold a lock that it needs, or server or network do not "
                    "answer.");
}

/* -- statements -------------------------------------------------------------------------------- */

static bool read_outcome(struct sql_session *session, const PGresult *result, struct blob *value,
                         struct error *err)
{
    ExecStatusType status = PQresultStatus(result);
    bool good =
        status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK || status == PGRES_EMPTY_QUERY;
    const char *state = good ? NULL : PQresultErrorField(result, PG_DIAG_SQLSTATE);

    snprintf(session->state, sizeof session->state, "%s", state ? state : "");
    if (!good) {
        sql_error_of(result, session->conn, err);
        return false;
    }
    return !value || sql_value_of(result, value, err);
}

/* `sent`: whether libpq accepted the statement. */
static bool finish(struct sql_session *session, int sent, struct blob *value, struct error *err)
{
    int64_t end_us = clock_mono_us() + (int64_t)session->limit_ms * 1000;
    PGresult *result = NULL;
    enum socket_wait waited = SOCKET_READY;
    bool good = false;

    if (sent) {
        waited = read_results(session->conn, end_us, session->stop, &result);
    }
    if (waited == SOCKET_READY) {
        good = read_outcome(session, result, value, err);
    } else {
        give_up(session, waited, &result, err);
    }
    PQclear(result);
    return good;
}

static bool is_usable(const struct sql_session *session, struct error *err)
{
    return !session->unusable ||
           error_set(err, ERROR_DATABASE, "the database did not answer an earlier statement");
}

bool sql_query(struct sql_session *session, const char *statement, int param_count,
               const char *const *params, struct blob *value, struct error *err)
{
    /* SQL text contains spaces, the name of a statement does not */
    const char *text = strpbrk(statement, " \n") ? statement : sql_text(statement);
    struct sql_parameters parameters;
    int sent;

    if (value) {
        *value = (struct blob){ 0 };
    }
    if (!text) {
        return error_set(err, ERROR_INTERNAL, "there is no statement '%.60s'", statement);
    }
    if (!is_usable(session, err)) {
        return false;
    }
    sql_parameters_init(&parameters, param_count, params);
    sent =
        PQsendQueryParams(session->conn, text, param_count, NULL, parameters.values, NULL, NULL, 0);
    sql_parameters_free(&parameters);
    return finish(session, sent, value, err);
}

bool sql_script(struct sql_session *session, const char *script, struct error *err)
{
    return is_usable(session, err) &&
           finish(session, PQsendQuery(session->conn, script), NULL, err);
}

const char *sql_last_state(const struct sql_session *session)
{
    return session->state;
}
