/* response_read.c - reads a response of any task and status. */
#include <string.h>

#include "image/image.h"
#include "io/http/event_stream.h"
#include "providers/response/response.h"

/* The address of an image answers with something else. A passing fault keeps the paid response, and
 * the download is repeated; an address that has expired does not. */
static enum read_result download_failed(const struct http_response *response, struct error *err)
{
    int status = response->status;
    bool passing = status == 408 || status == 429 || status >= 500;

    error_set(err, passing ? ERROR_NETWORK : ERROR_REMOTE,
              "the URL of the image returned no image (HTTP %d)", status);
    err->retry_ms = response->retry_after_ms;
    return READ_FAILED;
}

static bool is_stream(const struct http_response *response)
{
    const struct blob *body = &response->body;

    /* JSON may come with the type of a stream that was asked for. */
    return (event_stream_is(response->content_type) && (body->size == 0 || body->data[0] != '{')) ||
           (body->size > 6 &&
            (memcmp(body->data, "event:", 6) == 0 || memcmp(body->data, "data: ", 6) == 0));
}

static enum read_result read_image(const struct model_request *request, struct op *op,
                                   struct model_result *out, struct error *err)
{
    struct http_response *response = &op->http_response;
    bool succeeded = response_succeeded(response->status);
    enum read_result reading;
    struct json_long_strings longs;
    cJSON *top;

    memcpy(out->request_id, response->request_id, sizeof out->request_id);
    /* A file is recognized by its bytes: after a restart it is read from the spool, without the
     * request that fetched it. */
    if (succeeded && image_format_of(&response->body) != FORMAT_UNKNOWN) {
        out->content = blob_move(&response->body);
        return READ_DONE;
    }
    if (op->http.untrusted_url) {
        return download_failed(response, err);
    }
    if (!succeeded) {
        response_error(request->at, request->model, response, err);
        return READ_FAILED;
    }
    if (is_stream(response)) {
        return response_stream(request, op, out, err);
    }
    if (!response_parse(request->at, &response->body, &longs, &top, err)) {
        return READ_FAILED;
    }
    reading = response_image_tree(request, top, &longs, op, out, err);
    cJSON_Delete(top);
    return reading;
}

enum read_result response_read(const struct model_request *request, struct op *op,
                               struct model_result *out, struct error *err)
{
    if (request->task != TASK_TEXT) {
        return read_image(request, op, out, err);
    }
    if (!response_succeeded(op->http_response.status)) {
        response_error(request->at, request->model, &op->http_response, err);
        return READ_FAILED;
    }
    return response_text(request, op, out, err) ? READ_DONE : READ_FAILED;
}
