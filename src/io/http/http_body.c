/* http_body.c - receiving bodies: kept up to a limit, and without the progress events of a stream.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "io/http/http_internal.h"

enum { FIRST_BYTES = 4096, STREAM_FACTOR = 4 };

static bool body_grow(struct transfer *transfer, size_t need)
{
    struct blob *body = &transfer->op->http_response.body;
    curl_off_t announced = -1;
    size_t capacity = transfer->capacity ? transfer->capacity * 2 : FIRST_BYTES;
    void *data;

    if (transfer->capacity == 0 && !transfer->is_stream &&
        curl_easy_getinfo(transfer->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &announced) ==
            CURLE_OK &&
        announced > 0 && (size_t)announced <= transfer->limit) {
        capacity = (size_t)announced; /* unused pages cost nothing, if the header is wrong */
        transfer->expected = transfer->admitted ? capacity : 0;
    } else if (transfer->capacity > 0 &&
               capacity < transfer->expected) { /* the final event of a stream */
        capacity = transfer->expected;
    }
    capacity = capacity < need ? need : capacity;
    capacity = capacity > transfer->limit ? transfer->limit : capacity;
    data = realloc(body->data, capacity);
    if (!data) {
        transfer->no_memory = true;
        return false;
    }
    *body = (struct blob){ .data = data,
                           .size = body->size,
                           .release = blob_from_malloc(NULL, 0).release };
    transfer->capacity = capacity;
    return true;
}

static bool body_keep(struct transfer *transfer, const char *data, size_t size)
{
    struct blob *body = &transfer->op->http_response.body;

    if (size > transfer->limit - body->size) {
        transfer->too_long = true;
        return false;
    }
    if (body->size + size > transfer->capacity && !body_grow(transfer, body->size + size)) {
        return false;
    }
    memcpy(body->data + body->size, data, size);
    body->size += size;
    return true;
}

/* Keeps all events except progress events, and records when the first of those was complete. The
 * whole stream may be STREAM_FACTOR times as long as what is kept of it. */
static bool stream_keep(struct transfer *transfer, const char *data, size_t size)
{
    struct event_stream *stream = &transfer->stream;
    struct blob *body = &transfer->op->http_response.body;

    if (transfer->bytes / STREAM_FACTOR > transfer->limit) {
        transfer->too_long = true;
        return false;
    }
    for (size_t at = 0; at < size;) {
        struct event_step step = event_stream_step(stream, data + at, size - at);

        body->size -= step.discard;
        if (step.keep && !body_keep(transfer, data + at, step.used)) {
            return false;
        }
        at += step.used;
    }
    if (stream->progress_events > 0 && transfer->first_event_us < 0) {
        transfer->first_event_us = clock_mono_us() - transfer->began_us;
    }
    return true;
}

size_t http_body_receive(char *data, size_t size, size_t count, void *context)
{
    struct transfer *transfer = context;
    struct http *http = transfer->http;
    size_t length = size * count;
    bool good;

    if (transfer->bytes == 0) {
        transfer->is_stream = transfer->stream.progress_suffix != NULL &&
                              event_stream_is(transfer->op->http_response.content_type);
    }
    if (transfer->op->http.progress_suffix && transfer->op->http_response.body.size > FIRST_BYTES &&
        !http_admit(transfer)) {
        http_pause_reading(transfer, true);
        return CURL_WRITEFUNC_PAUSE;
    }
    transfer->last_us = clock_mono_us();
    measure_body(transfer, http->driven != transfer);
    http->iteration_bytes += length;
    http->received += length;
    transfer->bytes += length;
    good = http_file_is_wanted(transfer) ? http_file_write(transfer, data, length)
           : transfer->is_stream         ? stream_keep(transfer, data, length)
                                         : body_keep(transfer, data, length);
    return good ? length : 0;
}
