/* database_url.h - DATABASE_URL as people really write it, made fit for libpq.
 *
 * libpq refuses what ORMs put into the URL (pgbouncer, connection_limit, pool_timeout, schema,
 * sslaccept, statement_cache_size, socket_timeout, sslmode=no-verify), and its parse errors print
 * pieces of the password. So we read it ourselves: quotes and blanks around it are dropped, the
 * authority is split at its last '@', ORM parameters are translated or dropped and named, prisma://
 * and placeholders are refused with a sentence that helps. No error shows any part of a password.
 */
#ifndef IO_POSTGRES_DATABASE_URL_H
#define IO_POSTGRES_DATABASE_URL_H
#include "base/error.h"

enum { DATABASE_URL_PARAMETERS = 24 };

struct database_url {
    char *keywords[DATABASE_URL_PARAMETERS + 1]; /* for PQconnectdbParams; NULL-ended */
    char *values[DATABASE_URL_PARAMETERS + 1];
    int count;
    bool transaction_pooler; /* port 6543, pgbouncer=true or a pooler host: no LISTEN, no locks */
    char notes[400];         /* what was dropped or translated, for people; may be empty */
    char shown[200];         /* "postgres@db.example.com:5432/postgres": fit for a log */
};

/* Text may be a URL or a libpq keyword string ("host=... dbname=..."). Fails with ERROR_CONFIG. */
bool database_url_read(const char *text, struct database_url *out, struct error *err) MUST_CHECK;
void database_url_free(struct database_url *url); /* wipes */
#endif
