/* op.c - adding headers and parameters to an op, and clearing it. */
#include "io/op.h"

void op_clear(struct op *op)
{
    blob_free(&op->http_response.body);
    blob_free(&op->sql_result.value);
    blob_free(&op->file_result.content);
    *op = (struct op){ .kind = OP_NONE };
}

void op_header(struct op *op, const char *name, const char *value)
{
    op_secret_header(op, name, value, NULL);
}

void op_secret_header(struct op *op, const char *name, const char *prefix,
                      const struct secret *secret)
{
    if (op->http.header_count < OP_HEADERS) {
        op->http.headers[op->http.header_count++] =
            (struct http_header){ .name = name, .value = prefix, .secret = secret };
    }
}

void op_param(struct op *op, const char *value)
{
    if (op->sql.param_count < OP_PARAMS) {
        op->sql.params[op->sql.param_count++] = value;
    }
}
