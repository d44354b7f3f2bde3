/* database_url_internal.h - shared by the two files that read DATABASE_URL. */
#ifndef IO_POSTGRES_DATABASE_URL_INTERNAL_H
#define IO_POSTGRES_DATABASE_URL_INTERNAL_H
#include <stddef.h>

#include "io/postgres/database_url.h"

/* Fails with "the database URL <what>", and says what one looks like. */
bool database_url_refuse(struct error *err, const char *what);

/* Hands a keyword to libpq; said twice, the later word wins. */
bool database_url_add(struct database_url *url, const char *keyword, const char *value,
                      struct error *err) MUST_CHECK;

/* Is `name` (of `size` bytes) a parameter that libpq or an ORM knows? */
bool database_url_knows(const char *name, size_t size);

/* One parameter: kept, translated or dropped, with a note. */
bool database_url_parameter(struct database_url *url, const char *name, const char *value,
                            struct error *err) MUST_CHECK;
#endif
