/* request.c - one request of a client: its headers, its body, its lifetime. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "standin/standin_internal.h"

enum { BODY_MAX = 256 << 20 };

const char *request_header(const struct standin_request *request, const char *name)
{
    return MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name);
}

const char *request_query(const struct standin_request *request, const char *name)
{
    return MHD_lookup_connection_value(request->connection, MHD_GET_ARGUMENT_KIND, name);
}

struct standin_request *request_new(struct standin *standin, struct MHD_Connection *connection,
                                    const char *path, const char *method)
{
    struct standin_request *request = xcalloc(1, sizeof *request);

    request->path = xstrdup(path);
    request->standin = standin;
    request->connection = connection;
    snprintf(request->record.method, sizeof request->record.method, "%s", method);
    snprintf(request->record.path, sizeof request->record.path, "%.199s", path);
    return request;
}

void request_free(struct standin_request *request)
{
    answer_free(&request->answer);
    image_request_free(&request->image_request);
    cJSON_Delete(request->tree);
    blob_free(&request->body);
    free(request->path);
    free(request);
}

static void free_body(void *data, size_t size)
{
    (void)size;
    free(data);
}

void request_append(struct standin_request *request, const char *data, size_t size)
{
    struct blob *body = &request->body;
    size_t need = body->size + size, capacity = request->capacity;
    uint8_t *grown;

    if (request->too_large || need > BODY_MAX) {
        request->too_large = true;
        return;
    }
    while (capacity < need) {
        capacity = capacity ? capacity * 2 : 4096;
    }
    grown = capacity > request->capacity ? realloc(body->data, capacity) : body->data;
    if (!grown) {
        request->too_large = true;
        return;
    }
    memcpy(grown + body->size, data, size);
    *body = (struct blob){ .data = grown, .size = need, .release = free_body };
    request->capacity = capacity;
}
