/* http_backpressure.c - answers that wait in their sockets while too much of others is in transit.
 *
 * What was begun is read to its end, so the ceiling holds before the first byte, by what an answer
 * is expected to bring. Whoever is not admitted is not read: that costs nothing here, and its
 * server waits. Of a stream only the end is kept, so it is held when that begins. */
#include "base/clock.h"
#include "io/http/http_internal.h"

enum { USUAL_BYTES = 2 << 20, TICK_MS = 500 };

/* Bytes that are in transit, or soon will be. */
static size_t expected_of(const struct http *http)
{
    size_t expected = 0;

    for (const struct transfer *at = http->transfers; at; at = at->next) {
        size_t have = at->op->http_response.body.size;

        expected += at->expected > have ? at->expected : have;
    }
    return expected;
}

static void admit(struct transfer *transfer)
{
    transfer->admitted = true;
    transfer->expected = USUAL_BYTES; /* until its headers tell */
}

/* Photos of users come from slow servers, which libcurl gives up: they are never held. */
bool http_admit(struct transfer *transfer)
{
    struct http *http = transfer->http;

    if (!transfer->admitted && !transfer->op->http.untrusted_url) {
        if (http->held || expected_of(http) >= http->config.max_buffered_bytes) {
            return false;
        }
        admit(transfer);
    }
    return true;
}

void http_hold(struct transfer *transfer, bool paused)
{
    struct http *http = transfer->http;
    struct transfer **at = &http->held;

    if (!http->held) {
        http->came_before = http->came;
        loop_timer_start(http->hold_timer, TICK_MS, TICK_MS);
    }
    while (*at) {
        at = &(*at)->held_next;
    }
    *at = transfer;
    transfer->held_next = NULL;
    transfer->held = true;
    transfer->paused = paused;
    transfer->held_since_us = clock_mono_us();
    if (!paused) {
        watch_pause(transfer->watch);
    }
}

void http_unhold(struct transfer *transfer)
{
    struct http *http = transfer->http;

    if (!transfer->held) {
        return;
    }
    if (!transfer->stamped ||
        transfer->paused) { /* else its bytes' receive_timestamp says it better */
        transfer->waited_us += clock_mono_us() - transfer->held_since_us;
    }
    transfer->held = transfer->paused = false;
    for (struct transfer **at = &http->held; *at; at = &(*at)->held_next) {
        if (*at == transfer) {
            *at = transfer->held_next;
            break;
        }
    }
    if (!http->held) {
        loop_timer_stop(http->hold_timer);
    }
}

static void let_first_go(struct http *http)
{
    struct transfer *transfer = http->held;
    bool paused = transfer->paused;

    http_unhold(transfer);
    admit(transfer);
    if (paused) {
        curl_easy_pause(transfer->easy, CURLPAUSE_CONT);
    } else {
        watch_go_on(transfer->watch);
    }
}

void http_let_go(struct http *http)
{
    while (http->held && expected_of(http) < http->config.max_buffered_bytes) {
        let_first_go(http);
    }
}

/* Where all that were admitted have fallen silent, others do not wait for them. */
void http_on_hold_tick(void *context)
{
    struct http *http = context;

    if (http->held && http->came == http->came_before) {
        let_first_go(http);
    }
    http->came_before = http->came;
}
