/* openai_stream.c - reads an image from a stream of events: previews, then the completed image. */
#include <string.h>

#include "io/http/event_stream.h"
#include "providers/openai.h"

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
static struct json_span data_of(const struct event *event, struct arena *arena)
{
    char *joined;

    if (event->data_lines == 1) {
        return (struct json_span){ event->data, event->data_size };
    }
    joined = arena_alloc(arena, (size_t)(event->end - event->data));
    return (struct json_span){ joined, event_join(event, joined) };
}

static bool read_completed(const cJSON *top, const struct json_long_strings *longs,
                           const struct model_request *request, struct model_result *out,
                           struct error *err)
{
    const cJSON *base64 = cJSON_GetObjectItemCaseSensitive(top, "b64_json");
    const char *text;

    openai_image_read_usage(top, &out->usage);
    return json_text(top, "b64_json", &text, err) &&
           openai_image_decode(json_span_of(longs, base64), request->arena, out, err);
}

/* Returns READ_POLL_AGAIN if the event does not end the stream. */
static enum read_result read_event(const struct event *event, const struct model_request *request,
                                   int status, struct model_result *out, struct error *err)
{
    struct json_span data = data_of(event, request->arena);
    enum read_result reading = READ_POLL_AGAIN;
    struct json_long_strings longs;
    const char *type;
    const cJSON *error;
    cJSON *top;

    if (!json_parse_long(data.text, data.size, "an event of the response", &longs, &top, err)) {
        /* an event that is not JSON may be a keep-alive: skip it */
        return is_completed(event->name, event->name_size) || is_error(event) ? READ_FAILED
                                                                              : reading;
    }
    type = json_peek_text(top, "type");
    type = type ? type : "";
    error = cJSON_GetObjectItemCaseSensitive(top, "error");
    if (is_error(event) || strcmp(type, "error") == 0 || (error && !cJSON_IsNull(error))) {
        openai_error_object(request->at, request->model, cJSON_IsObject(error) ? error : top,
                            status, err);
        reading = READ_FAILED;
    } else if (is_completed(event->name, event->name_size) || is_completed(type, strlen(type))) {
        reading = read_completed(top, &longs, request, out, err) ? READ_DONE : READ_FAILED;
    }
    cJSON_Delete(top);
    return reading;
}

enum read_result openai_stream_read(const struct model_request *request, struct op *op,
                                    struct model_result *out, struct error *err)
{
    const struct http_response *response = &op->http_response;
    const char *at = response->body.data ? (const char *)response->body.data : "";
    const char *end = at + response->body.size;
    enum read_result reading = READ_POLL_AGAIN;
    struct event event;

    memcpy(out->request_id, response->request_id, sizeof out->request_id);
    while (reading == READ_POLL_AGAIN && event_next(&at, end, &event) && !is_end(&event)) {
        reading = read_event(&event, request, response->status, out, err);
    }
    if (reading == READ_POLL_AGAIN) {
        error_set(err, ERROR_REMOTE, "the stream ended before the image was complete");
        reading = READ_FAILED;
    }
    return reading;
}
