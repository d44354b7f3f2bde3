/* database_url_internal.h - shared by the files that read DATABASE_URL. */
#ifndef IO_POSTGRES_DATABASE_URL_INTERNAL_H
#define IO_POSTGRES_DATABASE_URL_INTERNAL_H
#include <stddef.h>

#include "io/postgres/database_url.h"

/* Fails with "the database URL <what>", and a hint that shows a valid URL. */
bool database_url_refuse(struct error *err, const char *what);

/* Adds a keyword for libpq. If it was added before, the new value replaces the old one. */
bool database_url_add(struct database_url *url, const char *keyword, const char *value,
                      struct error *err) MUST_CHECK;

/* True if `name` (of `size` bytes) is a parameter of libpq or of an ORM. */
bool database_url_knows(const char *name, size_t size);

/* Keeps, translates or drops one parameter, and adds a note if it was changed. */
bool database_url_parameter(struct database_url *url, const char *name, const char *value,
                            struct error *err) MUST_CHECK;
/* Value of a keyword, or `fallback` if the URL does not give it. */
const char *database_url_value(const struct database_url *url, const char *keyword,
                               const char *fallback);

/* database_tls.c: adds sslmode=require unless the server is on this machine or an sslmode is given,
 * by the URL, PGSSLMODE or the service file. Without sslmode libpq would also send the password and
 * all data unencrypted. */
bool database_url_require_tls(struct database_url *url, struct error *err) MUST_CHECK;
#endif
