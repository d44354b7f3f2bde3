/* http_backpressure.c - responses wait in their sockets while too many bytes are in flight.
 *
 * A response that is being read is read to its end, so the limit is applied before its first byte,
 * to the size that it is expected to have. A response that is not admitted is not read: it takes
 * no memory here, and TCP makes its server wait. Of a stream only the final event is kept, so a
 * stream is paused when that event begins. */
#include "base/clock.h"
#include "io/http/http_watch.h"

enum { USUAL_BYTES = 2 << 20, TICK_MS = 500 };

static struct transfer *first_paused(const struct http *http)
{
    return LIST_ENTRY(list_first(&http->paused), struct transfer, pause_node);
}

/* Bytes that are buffered, or soon will be, without those of the transfer that asks: libcurl's
 * timers can read a part of a response before it is admitted, which must not block itself. */
static size_t bytes_of_others(const struct transfer *asking)
{
    const struct http *http = asking->http;
    size_t bytes = 0;

    for (struct list_node *node = list_first(&http->transfers); node;
         node = list_next(&http->transfers, node)) {
        const struct transfer *transfer = LIST_ENTRY(node, struct transfer, node);
        size_t have = transfer->op->http_response.body.size;

        if (transfer != asking) {
            bytes += transfer->expected > have ? transfer->expected : have;
        }
    }
    return bytes;
}

static void admit(struct transfer *transfer)
{
    transfer->admitted = true;
    transfer->expected = USUAL_BYTES; /* until the content length is known */
}

/* Untrusted transfers are never paused: libcurl gives up slow servers by itself. */
bool http_admit(struct transfer *transfer)
{
    struct http *http = transfer->http;

    if (!transfer->admitted && !transfer->op->http.untrusted_url) {
        if (!list_is_empty(&http->paused) ||
            bytes_of_others(transfer) >= http->config.max_buffered_bytes) {
            return false;
        }
        admit(transfer);
    }
    return true;
}

void http_pause_reading(struct transfer *transfer, bool by_curl)
{
    struct http *http = transfer->http;

    if (list_is_empty(&http->paused)) {
        http->received_before = http->received;
        loop_timer_start(http->pause_timer, TICK_MS, TICK_MS);
    }
    list_append(&http->paused, &transfer->pause_node);
    transfer->paused_by_curl = by_curl;
    transfer->paused_since_us = clock_mono_us();
    if (!by_curl) {
        watch_pause(transfer->watch);
    }
}

void http_cancel_pause(struct transfer *transfer)
{
    struct http *http = transfer->http;

    if (!list_node_is_linked(&transfer->pause_node)) {
        return;
    }
    /* With timestamps the delay is measured when the data is read, unless libcurl has read it. */
    if (!transfer->timing.has_timestamps || transfer->paused_by_curl) {
        transfer->paused_us += clock_mono_us() - transfer->paused_since_us;
    }
    transfer->paused_by_curl = false;
    list_remove(&transfer->pause_node);
    if (list_is_empty(&http->paused)) {
        loop_timer_stop(http->pause_timer);
    }
}

static void resume(struct transfer *transfer)
{
    bool by_curl = transfer->paused_by_curl;

    http_cancel_pause(transfer);
    admit(transfer);
    if (by_curl) {
        curl_easy_pause(transfer->easy, CURLPAUSE_CONT);
    } else {
        watch_resume(transfer->watch);
    }
}

void http_resume_reading(struct http *http)
{
    while (!list_is_empty(&http->paused) &&
           bytes_of_others(first_paused(http)) < http->config.max_buffered_bytes) {
        resume(first_paused(http));
    }
}

/* If no admitted response receives anything, one more is admitted, so that silent servers do not
 * block all others. */
void http_on_pause_tick(void *context)
{
    struct http *http = context;

    if (!list_is_empty(&http->paused) && http->received == http->received_before) {
        resume(first_paused(http));
    }
    http->received_before = http->received;
}
