/* sql_connect.c - connecting, and the meaning of errors from Postgres. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "io/postgres/sql_internal.h"

enum { EXTRA = 6 };

const char *sql_text(const char *name)
{
    char path[160];
    const struct embedded *file;

    snprintf(path, sizeof path, "sql/queries/%s.sql", name);
    file = embed_find(path);
    return file ? (const char *)file->data : NULL;
}

/* The first line of a message. Messages of libpq about connecting contain no password; those about
 * a URL that cannot be parsed do, but libpq never parses one (see database_url.c). */
static void first_line(const char *message, char *out, size_t size)
{
    const char *end = strchr(message, '\n');

    snprintf(out, size, "%.*s", (int)(end ? end - message : (long)strlen(message)), message);
}

static void connect_error(const PGconn *conn, const struct database_url *url, struct error *err)
{
    const char *message = PQerrorMessage(conn);
    char line[200];

    first_line(message, line, sizeof line);
    if (strstr(message, "password authentication failed") || strstr(message, "no password") ||
        strstr(message, "SASL") || strstr(message, "role \"")) {
        error_set(err, ERROR_CONFIG, "the database refused the user or password (%s)", url->shown);
        return;
    }
    if (strstr(message, "Tenant or user not found")) {
        error_set(err, ERROR_CONFIG, "the pooler does not know this user (%s)", url->shown);
        error_hint(err, "Through Supabase's pooler the user is postgres.PROJECT-REF.");
        return;
    }
    error_set(err, ERROR_NETWORK, "cannot connect to the database: %s", line);
    if (strstr(message, "Network is unreachable") && strstr(url->shown, ".supabase.co")) {
        error_hint(err, "The direct address is IPv6 only; use the session pooler on port 5432.");
    }
}

/* Notices of statements are not shown. */
static void ignore_notice(void *context, const char *message)
{
    (void)context;
    (void)message;
}

PGconn *sql_connect(const struct database_url *url, const char *application_name, struct error *err)
{
    const char *keywords[DATABASE_URL_PARAMETERS + EXTRA + 1] = { 0 };
    const char *values[DATABASE_URL_PARAMETERS + EXTRA + 1] = { 0 };
    int count = 0;
    PGconn *conn;

    keywords[count] = "connect_timeout";
    values[count++] = "15";
    keywords[count] = "tcp_user_timeout";
    values[count++] = "30000";
    for (int i = 0; i < url->count; i++) { /* later keywords override the defaults above */
        keywords[count] = url->keywords[i];
        values[count++] = url->values[i];
    }
    keywords[count] = "application_name";
    values[count++] = application_name ? application_name : "darkroom";
    conn = PQconnectdbParams(keywords, values, 0);
    if (PQstatus(conn) != CONNECTION_OK) {
        connect_error(conn, url, err);
        PQfinish(conn);
        return NULL;
    }
    PQsetNoticeProcessor(conn, ignore_notice, NULL);
    return conn;
}

static bool starts(const char *state, const char *with)
{
    return strncmp(state, with, strlen(with)) == 0;
}

void sql_error_of(const PGresult *result, const PGconn *conn, struct error *err)
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *primary = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    char line[240];

    first_line(primary ? primary : PQerrorMessage(conn), line, sizeof line);
    if (!state) {
        error_set(err, ERROR_NETWORK, "the connection to the database broke: %s", line);
    } else if (starts(state, "08") || starts(state, "57P") || starts(state, "53") ||
               strcmp(state, "40001") == 0 || strcmp(state, "40P01") == 0 ||
               strcmp(state, "57014") == 0 || strcmp(state, "25006") == 0) {
        error_set(err, ERROR_NETWORK, "the database cannot run the statement now: %s", line);
    } else if (starts(state, "42P01") || starts(state, "42883") || starts(state, "3F000") ||
               starts(state, "42703")) {
        error_set(err, ERROR_CONFIG, "the database is not set up for darkroom: %s", line);
        error_hint(err, "Run `darkroom migrate`.");
    } else if (starts(state, "28") || starts(state, "42501")) {
        error_set(err, ERROR_CONFIG, "the database denies access: %s", line);
    } else {
        error_set(err, ERROR_INTERNAL, "the database reports: %s (%s)", line, state);
    }
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
