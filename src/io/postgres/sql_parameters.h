/* sql_parameters.h - the parameters of a statement, without secrets.
 *
 * A server may quote a key in a text that is stored, such as the reason of a failure. So every text
 * that goes into the database passes here. */
#ifndef IO_POSTGRES_SQL_PARAMETERS_H
#define IO_POSTGRES_SQL_PARAMETERS_H

struct sql_parameters {
    const char **values; /* for PQsendQueryParams; NULL elements are SQL null */
    char **copies;       /* of those in which a secret was overwritten; others are NULL */
    int count;
};

/* The parameters are borrowed until sql_parameters_free. */
void sql_parameters_init(struct sql_parameters *parameters, int count, const char *const *params);
void sql_parameters_free(struct sql_parameters *parameters);
#endif
