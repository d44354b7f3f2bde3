/* http_socket.c - libcurl's multi_socket interface on the loop: its sockets are watched for it, its
 * timers run for it. Only the handles with news are driven, however many wait. */
#include <stdlib.h>

#include "base/clock.h"
#include "base/receive_timestamp.h"
#include "io/http/http_watch.h"

void watch_pause(struct watch *watch)
{
    uv_poll_stop(&watch->poll);
}

void watch_go_on(struct watch *watch)
{
    uv_poll_start(&watch->poll, UV_READABLE, watch_on_poll);
}

void watch_forget(struct watch *watch)
{
    if (watch) {
        watch->transfer = NULL;
    }
}

static void free_watch(uv_handle_t *handle)
{
    free(handle->data);
}

static struct watch *watch_new(struct http *http, CURLM *multi, curl_socket_t fd)
{
    struct watch *watch = calloc(1, sizeof *watch);

    if (!watch || uv_poll_init(loop_uv(http->loop), &watch->poll, fd) != 0) {
        free(watch);
        return NULL;
    }
    *watch = (struct watch){ .poll = watch->poll, .http = http, .multi = multi, .fd = fd };
    watch->poll.data = watch;
    watch->stamped = http->config.lag && receive_timestamp_enable(fd);
    return watch;
}

static void watch_close(struct watch *watch)
{
    struct transfer *transfer = watch->transfer;

    if (transfer && transfer->watch == watch) { /* it may have another: two addresses are tried */
        if (!transfer->paused) {
            http_unhold(transfer);
        }
        transfer->watch = NULL;
    }
    watch_leave_line(watch);
    curl_multi_assign(watch->multi, watch->fd, NULL);
    uv_poll_stop(&watch->poll);
    uv_close((uv_handle_t *)&watch->poll, free_watch);
}

int http_on_socket(CURL *easy, curl_socket_t fd, int what, void *context, void *assigned)
{
    struct http *http = context;
    struct watch *watch = assigned;
    struct transfer *transfer = NULL;
    CURLM *multi = NULL;

    if (what == CURL_POLL_REMOVE) {
        if (watch) {
            watch_close(watch);
        }
        return 0;
    }
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &transfer);
    if (!watch) {
        multi = http->multi[transfer->op->http.untrusted_url];
        watch = watch_new(http, multi, fd);
        if (!watch) {
            return -1;
        }
        curl_multi_assign(multi, fd, watch);
        if (http->config.lag && transfer->taken_up_us == 0) { /* its first socket: it is begun */
            transfer->taken_up_us = clock_mono_us();
            transfer->waited_us = transfer->taken_up_us - transfer->began_us;
        }
    }
    watch->transfer = transfer;
    transfer->watch = watch;
    transfer->stamped = watch->stamped;
    if (!transfer->paused) {
        http_unhold(transfer);
    }
    uv_poll_start(&watch->poll,
                  (what != CURL_POLL_IN ? UV_WRITABLE : 0) |
                      (what != CURL_POLL_OUT ? UV_READABLE : 0),
                  watch_on_poll);
    return 0;
}

/* libcurl's timers read from sockets too, out of turn and without a stamp. So sockets with news
 * come first: the loop, which was busy, hears them before the next millisecond's timers. */
static void on_timeout(struct http *http, int which)
{
    int running;

    if (http->timer_waits[which]) {
        http->timer_waits[which] = false;
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

void http_on_timeout_foreign(void *context)
{
    on_timeout(context, 1);
}

int http_on_timer(CURLM *multi, long after_ms, void *context)
{
    struct http *http = context;
    int which = multi == http->multi[1];
    struct loop_timer *timer = http->timers[which];

    if (after_ms == 0 &&
        http->driving) { /* it has read enough at once: its socket still has news */
        after_ms = 1;
    }
    http->timer_waits[which] = after_ms > 0;
    if (after_ms < 0) {
        loop_timer_stop(timer);
    } else {
        loop_timer_start(timer, (uint64_t)after_ms, 0);
    }
    return 0;
}
