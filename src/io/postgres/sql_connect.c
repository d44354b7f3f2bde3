/* sql_connect.c - connecting, and the meaning of errors of statements. */
#include "io/postgres/sql_connect.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/embed.h"
#include "base/memory.h"
#include "io/postgres/sql_connect_error.h"

enum { DEFAULTS = 7, CONNECT_MS = 15 * 1000, STOP_CHECK_MS = 200 };

struct connect_request {
    char *keywords[DATABASE_URL_PARAMETERS + DEFAULTS + 1];
    char *values[DATABASE_URL_PARAMETERS + DEFAULTS + 1];
    int count;
    char shown[sizeof((struct database_url *)0)->shown];
    bool asks;                         /* see connect_request_ask */
    const volatile sig_atomic_t *stop; /* borrowed; NULL: connecting cannot be stopped */
    PGconn *conn;                      /* NULL: failed */
    struct error error;
};

const char *sql_text(const char *name)
{
    char path[160];
    const struct embedded *file;

    snprintf(path, sizeof path, "sql/queries/%s.sql", name);
    file = embed_find(path);
    return file ? (const char *)file->data : NULL;
}

/* -- connecting -------------------------------------------------------------------------------- */

static void add(struct connect_request *request, const char *keyword, const char *value)
{
    request->keywords[request->count] = xstrdup(keyword);
    request->values[request->count++] = xstrdup(value);
}

struct connect_request *connect_request_new(const struct database_url *url,
                                            const char *application_name)
{
    struct connect_request *request = xcalloc(1, sizeof *request);

    /* A host that disappears is noticed after 25 s at the latest. */
    add(request, "keepalives_idle", "10");
    add(request, "keepalives_interval", "5");
    add(request, "keepalives_count", "3");
    add(request, "tcp_user_timeout", "25000");
    for (int i = 0; i < url->count; i++) { /* later keywords override the defaults above */
        add(request, url->keywords[i], url->values[i]);
    }
    add(request, "application_name", application_name ? application_name : "darkroom");
    snprintf(request->shown, sizeof request->shown, "%s", url->shown);
    return request;
}

/* Notices of statements are not shown. */
static void ignore_notice(void *context, const char *message)
{
    (void)context;
    (void)message;
}

/* The time limit of connect_timeout, which PQconnectPoll leaves to its caller. */
static int64_t time_limit_us(const struct connect_request *request)
{
    int64_t ms = CONNECT_MS;

    for (int i = 0; i < request->count; i++) {
        if (strcmp(request->keywords[i], "connect_timeout") == 0) {
            int64_t seconds = atoll(request->values[i]);

            ms = seconds > 0 && seconds < 600 ? seconds * 1000 : CONNECT_MS;
        }
    }
    return ms * 1000;
}

enum socket_wait sql_wait_for_socket(const PGconn *conn, short events, int64_t end_us,
                                     const volatile sig_atomic_t *stop)
{
    struct pollfd socket = { .fd = PQsocket(conn), .events = events };

    while (!stop || !*stop) {
        int64_t left_ms = (end_us - clock_mono_us() + 999) / 1000;
        /* A signal between the check above and poll() would not end it. */
        int slice_ms = left_ms < STOP_CHECK_MS ? (int)left_ms : STOP_CHECK_MS;

        if (left_ms <= 0) {
            return SOCKET_LATE;
        }
        if (poll(&socket, 1, slice_ms) > 0) {
            return SOCKET_READY;
        }
    }
    return SOCKET_STOPPED;
}

static enum socket_wait wait_for_server(PGconn *conn, const struct connect_request *request)
{
    int64_t end_us = clock_mono_us() + time_limit_us(request);
    PostgresPollingStatusType status = PGRES_POLLING_WRITING;
    enum socket_wait waited = SOCKET_READY;

    while (waited == SOCKET_READY &&
           (status == PGRES_POLLING_READING || status == PGRES_POLLING_WRITING)) {
        waited = sql_wait_for_socket(conn, status == PGRES_POLLING_READING ? POLLIN : POLLOUT,
                                     end_us, request->stop);
        if (waited == SOCKET_READY) {
            status = PQconnectPoll(conn);
        }
    }
    return waited;
}

void connect_request_ask(struct connect_request *request)
{
    request->asks = true;
}

/* Leaves the connection broken if the server ends it instead of answering. */
static enum socket_wait ask_server(PGconn *conn, const struct connect_request *request)
{
    int64_t end_us = clock_mono_us() + time_limit_us(request);
    enum socket_wait waited = SOCKET_READY;

    if (PQsendQuery(conn, "select 1") != 1) {
        return SOCKET_READY;
    }
    while (PQisBusy(conn)) {
        waited = sql_wait_for_socket(conn, POLLIN, end_us, request->stop);
        if (waited != SOCKET_READY || PQconsumeInput(conn) != 1) {
            return waited;
        }
    }
    for (PGresult *result; (result = PQgetResult(conn)) != NULL;) {
        PQclear(result);
    }
    return waited;
}

static void set_late(struct connect_request *request, bool accepted)
{
    if (accepted) {
        error_set(&request->error, ERROR_DATABASE,
                  "the pooler or database accepts connections, and answers no statement (%s)",
                  request->shown);
        error_hint(&request->error, "Give this role more connections in the pool, or end others.");
    } else {
        error_set(&request->error, ERROR_DATABASE, "the database does not answer (%s)",
                  request->shown);
        error_hint(&request->error, "Check host, port and firewall.");
    }
}

void connect_request_run(void *arg)
{
    struct connect_request *request = arg;
    enum socket_wait waited = SOCKET_READY;
    bool accepted = false;
    PGconn *conn = PQconnectStartParams((const char *const *)request->keywords,
                                        (const char *const *)request->values, 0);

    if (conn && PQstatus(conn) != CONNECTION_BAD) {
        PQsetErrorVerbosity(conn, PQERRORS_VERBOSE); /* includes the SQLSTATE */
        waited = wait_for_server(conn, request);
        accepted = waited == SOCKET_READY && PQstatus(conn) == CONNECTION_OK;
        if (accepted && request->asks) {
            waited = ask_server(conn, request);
        }
    }
    if (waited == SOCKET_STOPPED) {
        error_set(&request->error, ERROR_STOPPED, "stopped while connecting to the database");
    } else if (waited == SOCKET_LATE) {
        set_late(request, accepted);
    } else if (PQstatus(conn) != CONNECTION_OK) {
        sql_connect_error(PQerrorMessage(conn), request->shown, &request->error);
    } else {
        PQsetErrorVerbosity(conn, PQERRORS_DEFAULT);
        PQsetNoticeProcessor(conn, ignore_notice, NULL);
        request->conn = conn;
        return;
    }
    PQfinish(conn);
}

static void request_free(struct connect_request *request)
{
    for (int i = 0; i < request->count; i++) {
        free(request->keywords[i]);
        explicit_bzero(request->values[i], strlen(request->values[i]));
        free(request->values[i]);
    }
    free(request);
}

PGconn *connect_request_finish(struct connect_request *request, struct error *err)
{
    PGconn *conn = request->conn;

    if (!conn) {
        *err = request->error;
    }
    request_free(request);
    return conn;
}

void connect_request_discard(void *arg)
{
    struct connect_request *request = arg;

    PQfinish(request->conn);
    request_free(request);
}

PGconn *sql_connect(const struct database_url *url, const char *application_name,
                    const volatile sig_atomic_t *stop, struct error *err)
{
    struct connect_request *request = connect_request_new(url, application_name);

    request->stop = stop;
    connect_request_run(request);
    return connect_request_finish(request, err);
}

/* -- errors of statements ---------------------------------------------------------------------- */

/* A command's session is new, so it has no stale plan: the tables are older than the command. */
static bool is_missing_column(const char *state)
{
    return state && strcmp(state, "42703") == 0;
}

static enum error_kind kind_of(const struct sqlstate_rule *rule, const char *state)
{
    if (rule->remedy == SQL_FIX_SETUP || is_missing_column(state)) {
        return ERROR_CONFIG;
    }
    /* Without a row, the error is one of the statement's own text or of a `raise` in it. */
    return state && (rule->remedy == SQL_FIX_DATA || rule->prefix[0] == '\0') ? ERROR_INTERNAL
                                                                              : ERROR_DATABASE;
}

const struct sqlstate_rule *sql_error_of(const PGresult *result, const PGconn *conn,
                                         struct error *err)
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *primary = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    const struct sqlstate_rule *rule = sqlstate_rule(state);
    char line[200];

    sql_copy_line(primary ? primary : PQerrorMessage(conn), line, sizeof line);
    if (state) {
        error_set(err, kind_of(rule, state), "%s: %s (%s)", rule->what, line, state);
    } else {
        error_set(err, ERROR_DATABASE, "the connection to the database broke: %s", line);
    }
    if (rule->hint) {
        error_hint(err, "%s", rule->hint);
    }
    return rule;
}

bool sql_value_of(const PGresult *result, struct blob *out, struct error *err)
{
    size_t size;

    *out = (struct blob){ 0 };
    if (PQntuples(result) < 1 || PQnfields(result) < 1 || PQgetisnull(result, 0, 0)) {
        return true;
    }
    size = (size_t)PQgetlength(result, 0, 0);
    if (!blob_copy(out, PQgetvalue(result, 0, 0), size + 1, err)) {
        return false; /* libpq ends each value with a zero byte, which is copied too */
    }
    out->size = size;
    return true;
}
