/* sql_session.c - one blocking connection, for commands that run a few statements. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "io/postgres/sql.h"
#include "io/postgres/sql_connect.h"
#include "io/postgres/sql_parameters.h"

struct sql_session {
    PGconn *conn;
    char state[6]; /* SQLSTATE of the last statement */
};

struct sql_session *sql_open(const struct database_url *url, const char *application_name,
                             struct error *err)
{
    PGconn *conn = sql_connect(url, application_name, err);
    struct sql_session *session;

    if (!conn) {
        return NULL;
    }
    session = xcalloc(1, sizeof *session);
    session->conn = conn;
    return session;
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

static bool finish(struct sql_session *session, PGresult *result, struct blob *value,
                   struct error *err)
{
    ExecStatusType status = PQresultStatus(result);
    bool good = status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;
    const char *state = good ? NULL : PQresultErrorField(result, PG_DIAG_SQLSTATE);

    snprintf(session->state, sizeof session->state, "%s", state ? state : "");
    if (!good) {
        sql_error_of(result, session->conn, err);
    } else if (value) {
        good = sql_value_of(result, value, err);
    }
    PQclear(result);
    return good;
}

bool sql_query(struct sql_session *session, const char *statement, int param_count,
               const char *const *params, struct blob *value, struct error *err)
{
    /* SQL text contains spaces, the name of a statement does not */
    const char *text = strpbrk(statement, " \n") ? statement : sql_text(statement);
    struct sql_parameters parameters;
    PGresult *result;

    if (value) {
        *value = (struct blob){ 0 };
    }
    if (!text) {
        return error_set(err, ERROR_INTERNAL, "there is no statement '%.60s'", statement);
    }
    sql_parameters_init(&parameters, param_count, params);
    result = PQexecParams(session->conn, text, param_count, NULL, parameters.values, NULL, NULL, 0);
    sql_parameters_free(&parameters);
    return finish(session, result, value, err);
}

bool sql_script(struct sql_session *session, const char *script, struct error *err)
{
    return finish(session, PQexec(session->conn, script), NULL, err);
}

const char *sql_last_state(const struct sql_session *session)
{
    return session->state;
}
