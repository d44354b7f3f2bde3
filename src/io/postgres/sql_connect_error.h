/* sql_connect_error.h - why a connection to Postgres failed, from the message of libpq. */
#ifndef IO_POSTGRES_SQL_CONNECT_ERROR_H
#define IO_POSTGRES_SQL_CONNECT_ERROR_H
#include <stddef.h>

#include "base/error.h"

/* Sets *err from PQerrorMessage of a failed connection, with verbose messages; `shown` is the
 * address without its password. Every error has a hint. */
void sql_connect_error(const char *message, const char *shown, struct error *err);

/* Copies the first line of a message, without secrets. */
void sql_copy_line(const char *message, char *out, size_t size);
#endif
