/* response_stream.c - reads an image from a stream of events: previews, then the completed image.
 */
#include <string.h>

#include "io/http/event_stream.h"
#include "providers/response/response.h"

enum event_reading { EVENT_SKIPPED, EVENT_ENDS_STREAM };

static bool is_completed(const char *name, size_t size)
{
    static const char *const names[] = { "image_generation.completed", "image_edit.completed" };

    for (int i = 0; i < 2; i++) {
        if (size == strlen(names[i]) && memcmp(name, names[i], size) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_error(const struct event *event)
{
    return event->name_size == 5 && memcmp(event->name, "error", 5) == 0;
}

static bool is_end(const struct event *event)
{
    return event->data_size == 6 && memcmp(event->data, "[DONE]", 6) == 0;
}

/* Returns the data of an event; joins it in the arena if it has several lines. */
static struct blob data_of(const struct event *event, struct arena *arena)
{
    char *joined;

    if (event->data_lines == 1) {
        return blob_view(event->data, event->data_size);
    }
    joined = arena_alloc(arena, (size_t)(event->end - event->data));
    return blob_view(joined, event_join(event, joined));
}

/* Sets *reading if the event ends the stream. */
static enum event_reading read_event(const struct event *event, const struct model_request *request,
                                     struct op *op, struct model_result *out,
                                     enum read_result *reading, struct error *err)
{
    int status = op->http_response.status;
    struct blob data = data_of(event, request->arena);
    enum event_reading result = EVENT_SKIPPED;
    struct json_long_strings longs;
    const char *type;
    const cJSON *error;
    cJSON *top;

    *reading = READ_FAILED;
    if (!json_parse_long(data.data, data.size, "an event of the response", &longs, &top, err)) {
        /* an event that is not JSON may be a keep-alive: skip it */
        return is_completed(event->name, event->name_size) || is_error(event) ? EVENT_ENDS_STREAM
                                                                              : EVENT_SKIPPED;
    }
    type = json_peek_text(top, "type");
    type = type ? type : "";
    error = cJSON_GetObjectItemCaseSensitive(top, "error");
    if (is_error(event) || strcmp(type, "error") == 0 || (error && !cJSON_IsNull(error))) {
        response_error_body(request->at, request->model, top, status, err);
        result = EVENT_ENDS_STREAM;
    } else if (is_completed(event->name, event->name_size) || is_completed(type, strlen(type))) {
        *reading = response_image_tree(request, top, &longs, op, out, err);
        result = EVENT_ENDS_STREAM;
    }
    cJSON_Delete(top);
    return result;
}

enum read_result response_stream(const struct model_request *request, struct op *op,
                                 struct model_result *out, struct error *err)
{
    const struct http_response *response = &op->http_response;
    const char *at = response->body.data ? (const char *)response->body.data : "";
    const char *end = at + response->body.size;
    enum read_result reading;
    struct event event;

    memcpy(out->request_id, response->request_id, sizeof out->request_id);
    while (event_next(&at, end, &event) && !is_end(&event)) {
        if (read_event(&event, request, op, out, &reading, err) == EVENT_ENDS_STREAM) {
            return reading;
        }
    }
    error_set(err, ERROR_REMOTE, "the stream ended before the image was complete");
    return READ_FAILED;
}
