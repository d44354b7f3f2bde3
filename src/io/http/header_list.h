/* header_list.h - HTTP headers in one secret text, as in OTEL_EXPORTER_OTLP_HEADERS. */
#ifndef IO_HTTP_HEADER_LIST_H
#define IO_HTTP_HEADER_LIST_H
#include "io/op.h"

enum { LIST_HEADERS = 8 };

struct header_list {
    char *names[LIST_HEADERS];
    struct secret *values[LIST_HEADERS];
    int count;
};

/* Reads "name=value,name=value"; values may be percent-encoded. NULL or empty: no headers. Fails
 * with ERROR_CONFIG if a header cannot be sent. The text itself is in no message. */
bool header_list_read(const struct secret *text, struct header_list *out,
                      struct error *err) MUST_CHECK;
void header_list_free(struct header_list *list);
/* Adds the headers to an OP_HTTP, which borrows them. */
void header_list_add(const struct header_list *list, struct op *op);
#endif
