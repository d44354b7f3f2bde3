/* http_body.c - what comes of an answer: kept up to its limit, and without the events of a stream
 * that only tell of progress. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "io/http/http_internal.h"

enum { FIRST_ROOM = 4096, STREAM_PARTS = 4 };

static bool body_grow(struct transfer *transfer, size_t need)
{
    struct blob *body = &transfer->op->http_response.body;
    curl_off_t told = -1;
    size_t room = transfer->room ? transfer->room * 2 : FIRST_ROOM;
    void *data;

    if (transfer->room == 0 && !transfer->is_stream &&
        curl_easy_getinfo(transfer->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &told) == CURLE_OK &&
        told > 0 && (size_t)told <= transfer->limit) {
        room = (size_t)told; /* pages are only touched as bytes come: a lie costs nothing */
        transfer->expected = transfer->admitted ? room : 0;
    } else if (transfer->room > 0 && room < transfer->expected) { /* of a stream, its end */
        room = transfer->expected;
    }
    room = room < need ? need : room;
    room = room > transfer->limit ? transfer->limit : room;
    data = realloc(body->data, room);
    if (!data) {
        transfer->no_memory = true;
        return false;
    }
    *body = (struct blob){ .data = data,
                           .size = body->size,
                           .release = blob_from_malloc(NULL, 0).release };
    transfer->room = room;
    return true;
}

static bool body_keep(struct transfer *transfer, const char *data, size_t size)
{
    struct blob *body = &transfer->op->http_response.body;

    if (size > transfer->limit - body->size) {
        transfer->too_long = true;
        return false;
    }
    if (body->size + size > transfer->room && !body_grow(transfer, body->size + size)) {
        return false;
    }
    memcpy(body->data + body->size, data, size);
    body->size += size;
    return true;
}

/* Keeps all but progress; notes when the first event of that sort was whole. A stream may be longer
 * than what is kept of it, but not without end. */
static bool stream_keep(struct transfer *transfer, const char *data, size_t size)
{
    struct event_stream *stream = &transfer->stream;
    struct blob *body = &transfer->op->http_response.body;

    if (transfer->bytes / STREAM_PARTS > transfer->limit) {
        transfer->too_long = true;
        return false;
    }
    for (size_t at = 0; at < size;) {
        struct event_step step = event_stream_step(stream, data + at, size - at);

        body->size -= step.take_back;
        if (step.keep && !body_keep(transfer, data + at, step.used)) {
            return false;
        }
        at += step.used;
    }
    if (stream->passed > 0 && transfer->first_event_us < 0) {
        transfer->first_event_us = clock_mono_us() - transfer->began_us;
    }
    return true;
}

size_t http_body_take(char *data, size_t size, size_t count, void *context)
{
    struct transfer *transfer = context;
    struct http *http = transfer->http;
    size_t length = size * count;
    bool good;

    if (transfer->bytes == 0) {
        transfer->is_stream = transfer->stream.progress != NULL &&
                              event_stream_is(transfer->op->http_response.content_type);
    }
    if (transfer->op->http.progress_suffix && transfer->op->http_response.body.size > FIRST_ROOM &&
        !http_admit(transfer)) {
        http_hold(transfer, true);
        return CURL_WRITEFUNC_PAUSE;
    }
    transfer->last_us = clock_mono_us();
    if (http->driven != transfer) { /* by a timer of libcurl's: came then, for all we know */
        transfer->taken_up_us = transfer->last_us;
    }
    http->turn_bytes += length;
    http->came += length;
    transfer->bytes += length;
    good = http_file_wanted(transfer) ? http_file_take(transfer, data, length)
           : transfer->is_stream      ? stream_keep(transfer, data, length)
                                      : body_keep(transfer, data, length);
    return good ? length : 0;
}
