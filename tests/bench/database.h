/* database.h - statements of a program that measures. */
#ifndef TESTS_DATABASE_H
#define TESTS_DATABASE_H
#include <libpq-fe.h>

#include "bench/fatal.h"

/* Executes a statement of a preparation or a cleanup. */
static inline void execute(PGconn *database, const char *statement)
{
    PGresult *result = PQexec(database, statement);
    ExecStatusType status = PQresultStatus(result);

    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        fatal(statement, PQerrorMessage(database));
    }
    PQclear(result);
}
#endif
