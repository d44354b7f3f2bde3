/* database_url.h - parses DATABASE_URL for libpq.
 *
 * libpq rejects the parameters that ORMs add (pgbouncer, connection_limit, pool_timeout, schema,
 * sslaccept, statement_cache_size, socket_timeout, sslmode=no-verify), and its parse errors print
 * parts of the password. So the URL is parsed here: surrounding quotes and spaces are removed, the
 * authority ends at its last '@', ORM parameters are translated or dropped, and prisma:// and
 * placeholders are rejected with a hint. No error contains any part of a password.
 *
 * TLS is required for hosts that are not local, unless the URL, PGSSLMODE or the service file names
 * an sslmode. */
#ifndef IO_POSTGRES_DATABASE_URL_H
#define IO_POSTGRES_DATABASE_URL_H
#include "base/error.h"

enum { DATABASE_URL_PARAMETERS = 24 };

struct database_url {
    char *keywords[DATABASE_URL_PARAMETERS + 1]; /* for PQconnectdbParams; NULL-ended */
    char *values[DATABASE_URL_PARAMETERS + 1];
    int count;
    bool transaction_pooler; /* port 6543, pgbouncer=true or a pooler host: no LISTEN, no locks */
    bool local;              /* a Unix socket or the loopback interface */
    char notes[400];         /* what was dropped or translated, to be shown; may be empty */
    char shown[200];         /* "postgres@db.example.com:5432/postgres": safe to log */
};

/* `text` may be a URL or a libpq keyword string ("host=... dbname=..."). Fails with ERROR_CONFIG.
 */
bool database_url_read(const char *text, struct database_url *out, struct error *err) MUST_CHECK;
/* With sslmode verify-ca or verify-full, trusts the authorities of a PEM file, unless others are
 * given: by sslrootcert, PGSSLROOTCERT or ~/.postgresql/root.crt. `ca_file` may be NULL. */
bool database_url_trust(struct database_url *url, const char *ca_file,
                        struct error *err) MUST_CHECK;
bool database_url_has_password(const struct database_url *url);
void database_url_free(struct database_url *url); /* overwrites the values first */
#endif
