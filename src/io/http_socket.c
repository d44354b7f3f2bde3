/* http_socket.c - libcurl's multi_socket interface on the loop: its sockets are watched for it, its
 * timers run for it. Only the handles with news are driven, however many wait. */
#include <poll.h>
#include <stdlib.h>
#include <uv.h>

#include "base/clock.h"
#include "io/http_internal.h"

struct watch { /* one socket of curl's; lives until libuv has let go of it */
    uv_poll_t poll;
    struct http *http;
    CURLM *multi;
    struct transfer *transfer; /* that it works for */
    curl_socket_t fd;
    int64_t ready_us;  /* passed over since; 0: not */
    int64_t served_us; /* the last time */
};

/* Answers of megabytes that come at once are taken one after the other: the first is done when it
 * has come, not when all have. And no more in one turn of the loop than half a millisecond's worth,
 * so that whoever waits for the database or a timer does not wait for them. A socket that is passed
 * over reports again at the next turn, behind the one that was not done. */
enum { TURN_BYTES = 512 * 1024 };

static bool turn_is_full(struct http *http)
{
    uint64_t turn = loop_turn(http->loop);

    if (turn != http->turn) {
        http->turn = turn;
        http->turn_bytes = 0;
    }
    return http->turn_bytes >= TURN_BYTES;
}

static bool has_more(const struct watch *watch)
{
    struct pollfd look = { .fd = watch->fd, .events = POLLIN };

    return !uv_is_closing((const uv_handle_t *)&watch->poll) && poll(&look, 1, 0) > 0;
}

/* Since when there can have been news: not before it was served last, and had none. */
static int64_t ready_since(const struct watch *watch)
{
    int64_t ready_us = lag_ready_us(watch->http->config.lag);

    return watch->ready_us > 0           ? watch->ready_us
           : watch->served_us > ready_us ? watch->served_us
                                         : ready_us;
}

static bool may_read(struct watch *watch)
{
    struct transfer *transfer = watch->transfer;

    if (!transfer || transfer->op->http.progress || http_admit(transfer)) {
        return true;
    }
    transfer->watch = watch;
    watch->ready_us = 0; /* what it waits from here on is counted with the holding */
    http_hold(transfer, false);
    return false;
}

/* Until the answer begins, all waiting makes it later. From then on only the last: before that,
 * more comes while what came waits. */
static void note_wait(struct transfer *transfer, int64_t us)
{
    if (transfer->first_us == 0) {
        transfer->waited_us += us;
    } else {
        transfer->last_wait_us = us;
    }
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
    struct watch *watch = poll->data;
    CURLM *multi = watch->multi;
    int flags = (events & UV_READABLE ? CURL_CSELECT_IN : 0) |
                (events & UV_WRITABLE ? CURL_CSELECT_OUT : 0) | (status < 0 ? CURL_CSELECT_ERR : 0);
    bool measured = watch->http->config.lag && watch->transfer, full = false;
    int running;

    if (measured) {
        watch->ready_us = ready_since(watch);
    }
    if (flags == CURL_CSELECT_IN && turn_is_full(watch->http)) {
        return;
    }
    if (measured) {
        note_wait(watch->transfer, clock_mono_us() - watch->ready_us);
    }
    if (flags == CURL_CSELECT_IN && !may_read(watch)) {
        return;
    }
    do {
        if (measured) { /* what came while earlier bytes were copied waited for no one else */
            watch->transfer->taken_up_us = clock_mono_us();
        }
        curl_multi_socket_action(multi, watch->fd, flags, &running); /* may close the watch */
    } while (flags == CURL_CSELECT_IN && has_more(watch) && !(full = turn_is_full(watch->http)));
    if (measured) {
        watch->served_us = clock_mono_us();
        watch->ready_us = full ? watch->served_us : 0;
    }
    http_reap(multi);
}

void watch_pause(struct watch *watch)
{
    uv_poll_stop(&watch->poll);
}

void watch_go_on(struct watch *watch)
{
    uv_poll_start(&watch->poll, UV_READABLE, on_poll);
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
        multi = http->multi[transfer->op->http.foreign];
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
    if (!transfer->paused) {
        http_unhold(transfer);
    }
    uv_poll_start(&watch->poll,
                  (what != CURL_POLL_IN ? UV_WRITABLE : 0) |
                      (what != CURL_POLL_OUT ? UV_READABLE : 0),
                  on_poll);
    return 0;
}

static void on_timeout(struct http *http, int which)
{
    int running;

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
    struct loop_timer *timer = http->timers[multi == http->multi[1]];

    if (after_ms < 0) {
        loop_timer_stop(timer);
    } else {
        loop_timer_start(timer, (uint64_t)after_ms, 0);
    }
    return 0;
}
