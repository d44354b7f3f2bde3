/* live_stream.c - /api/live: the snapshot and its changes as server-sent events. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "dashboard/dashboard_internal.h"

/* A comment is sent when nothing happens, so that a closed connection is noticed. */
enum { HEARTBEAT_MS = 10 * 1000, BLOCK_BYTES = 32 * 1024, EVENT_BYTES = 8 << 20 };

struct live_stream {
    struct live_feed *feed;
    uint64_t position;
    struct text pending; /* of the events that are being sent */
    size_t sent;
};

/* Called by the connection's own thread, so it may wait. */
static ssize_t read_stream(void *context, uint64_t at, char *out, size_t most)
{
    struct live_stream *stream = context;
    size_t size;

    (void)at;
    if (stream->sent == stream->pending.size) {
        text_clear(&stream->pending);
        stream->sent = 0;
        if (!live_feed_next(stream->feed, &stream->position, HEARTBEAT_MS, &stream->pending) ||
            stream->pending.overflow) {
            return MHD_CONTENT_READER_END_OF_STREAM;
        }
    }
    size = stream->pending.size - stream->sent;
    size = size < most ? size : most;
    memcpy(out, stream->pending.data + stream->sent, size);
    stream->sent += size;
    return (ssize_t)size;
}

static void close_stream(void *context)
{
    struct live_stream *stream = context;

    live_feed_close(stream->feed);
    text_end(&stream->pending);
    free(stream);
}

void serve_live(struct dashboard_request *request, struct reply *reply)
{
    struct live_stream *stream;
    uint64_t position;

    if (strcmp(request->method, "GET") != 0) {
        reply_text(reply, MHD_HTTP_METHOD_NOT_ALLOWED, "This method is not allowed here.\n");
        return;
    }
    if (!live_feed_open(request->dashboard->feed, dashboard_header(request, "Last-Event-ID"),
                        &position)) {
        reply_error(reply, MHD_HTTP_SERVICE_UNAVAILABLE,
                    "Too many pages are open. Close one of them.");
        return;
    }
    stream = xcalloc(1, sizeof *stream);
    stream->feed = request->dashboard->feed;
    stream->position = position;
    text_begin(&stream->pending, EVENT_BYTES);
    text_add(&stream->pending, "retry: 2000\n\n");
    reply->type = "text/event-stream";
    reply->stream = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK_BYTES, read_stream,
                                                      stream, close_stream);
    if (!reply->stream) {
        close_stream(stream);
        reply_error(reply, MHD_HTTP_INTERNAL_SERVER_ERROR, "No memory.");
    }
}
