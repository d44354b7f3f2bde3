/* http_socket.c - libcurl's multi_socket interface: the loop polls its sockets and runs its timers.
 * Only transfers with an event cost time, however many are waiting. */
#include "io/http/http_watch.h"

static void close_watch(struct watch *watch)
{
    struct transfer *transfer = watch->transfer;

    /* the transfer may have another watch already, while libcurl tries two addresses */
    if (transfer && transfer->watch == watch) {
        if (!transfer->paused_by_curl) {
            http_cancel_pause(transfer);
        }
        transfer->watch = NULL;
    }
    curl_multi_assign(watch->multi, watch->fd, NULL);
    watch_close(watch);
}

int http_on_socket(CURL *easy, curl_socket_t fd, int what, void *context, void *assigned)
{
    struct http *http = context;
    struct watch *watch = assigned;
    struct transfer *transfer = NULL;
    bool opened = !watch;

    if (what == CURL_POLL_REMOVE) {
        if (watch) {
            close_watch(watch);
        }
        return 0;
    }
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &transfer);
    if (!watch) {
        watch = watch_new(http, http->multi[transfer->op->http.untrusted_url], fd);
        if (!watch) {
            return -1;
        }
        curl_multi_assign(watch->multi, fd, watch);
    }
    watch->transfer = transfer;
    transfer->watch = watch;
    measure_socket(watch, opened);
    if (!transfer->paused_by_curl) {
        http_cancel_pause(transfer);
    }
    uv_poll_start(&watch->poll,
                  (what != CURL_POLL_IN ? UV_WRITABLE : 0) |
                      (what != CURL_POLL_OUT ? UV_READABLE : 0),
                  http->on_poll);
    return 0;
}

/* When libcurl handles a timer it also reads from sockets, out of order and without a timestamp.
 * So a timer that is due is delayed once by a millisecond: the loop, which may have been busy,
 * first reads the sockets that have data. */
static void on_timeout(struct http *http, int which)
{
    int running;

    if (http->timer_is_new[which]) {
        http->timer_is_new[which] = false;
        loop_timer_start(http->timers[which], 1, 0);
        return;
    }
    curl_multi_socket_action(http->multi[which], CURL_SOCKET_TIMEOUT, 0, &running);
    http_reap(http->multi[which]);
}

void http_on_timeout_trusted(void *context)
{
    on_timeout(context, 0);
}

void http_on_timeout_untrusted(void *context)
{
    on_timeout(context, 1);
}

int http_on_timer(CURLM *multi, long after_ms, void *context)
{
    struct http *http = context;
    int which = multi == http->multi[1];
    struct loop_timer *timer = http->timers[which];

    if (after_ms == 0 && http->driving) { /* libcurl stops reading: the socket still has data */
        after_ms = 1;
    }
    http->timer_is_new[which] = after_ms > 0;
    if (after_ms < 0) {
        loop_timer_stop(timer);
    } else {
        loop_timer_start(timer, (uint64_t)after_ms, 0);
    }
    return 0;
}
