/* sql_parameters.c - overwrites secrets in the parameters of a statement. */
#include "io/postgres/sql_parameters.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/secret.h"

void sql_parameters_init(struct sql_parameters *parameters, int count, const char *const *params)
{
    parameters->count = count;
    parameters->values = xcalloc((size_t)count + 1, sizeof *parameters->values);
    parameters->copies = xcalloc((size_t)count + 1, sizeof *parameters->copies);
    for (int i = 0; i < count; i++) {
        parameters->copies[i] = params[i] ? secret_scrubbed_data(params[i]) : NULL;
        parameters->values[i] = parameters->copies[i] ? parameters->copies[i] : params[i];
    }
}

void sql_parameters_free(struct sql_parameters *parameters)
{
    for (int i = 0; i < parameters->count; i++) {
        free(parameters->copies[i]);
    }
    free(parameters->values);
    free(parameters->copies);
}
