/* http_socket.c - libcurl's multi_socket interface on the loop: its sockets are watched for it, its
 * timers run for it. Only the handles with news are driven, however many wait. */
#include <poll.h>
#include <stdlib.h>
#include <uv.h>

#include "base/clock.h"
#include "io/arrival.h"
#include "io/http_internal.h"

struct watch { /* one socket of curl's; lives until libuv has let go of it */
    uv_poll_t poll;
    struct http *http;
    CURLM *multi;
    struct transfer *transfer; /* that it works for */
    curl_socket_t fd;
    int64_t ready_us;  /* passed over since; 0: not */
    int64_t served_us; /* the last time */
    bool stamped;      /* the kernel notes when bytes come */
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

/* The newest byte of the answer lay there so long since it was served last: were more to come, its
 * server may have waited for us meanwhile; if it was the last, nobody did. */
static void note_arrival(struct transfer *transfer, int64_t served_us,
                         const struct arrival *arrival)
{
    int64_t since = arrival->at_us > served_us ? arrival->at_us : served_us;

    transfer->waited_us += transfer->last_wait_us;
    transfer->last_wait_us = transfer->taken_up_us - since;
}

/* What was taken just now lay there before: it came when its newest byte did, whenever it was
 * taken. */
static void date_back(struct transfer *transfer, const struct arrival *arrival, bool began,
                      bool had_event)
{
    transfer->last_us = transfer->bytes > 0 ? arrival->at_us : transfer->last_us;
    transfer->heard_us = transfer->taken_up_us - arrival->at_us;
    if (began && transfer->first_us > arrival->at_us) {
        transfer->first_us = arrival->at_us;
    }
    if (!had_event && transfer->first_event_us > arrival->at_us - transfer->began_us) {
        transfer->first_event_us = arrival->at_us - transfer->began_us;
    }
}

/* Has libcurl read and write; `measured`: notes when what it takes had come. */
static void drive(struct watch *watch, int flags, bool measured)
{
    struct transfer *transfer = watch->transfer;
    struct arrival arrival;
    size_t had;
    bool stamped, began, had_event;
    int running;

    if (!measured) {
        watch->http->driving = true;
        curl_multi_socket_action(watch->multi, watch->fd, flags, &running); /* may close it */
        watch->http->driving = false;
        return;
    }
    transfer->taken_up_us = clock_mono_us();
    stamped = watch->stamped && flags & CURL_CSELECT_IN && arrival_look(watch->fd, &arrival);
    if (stamped) {
        note_arrival(transfer, watch->served_us, &arrival);
    }
    had = transfer->head_bytes + transfer->bytes;
    began = transfer->first_us == 0;
    had_event = transfer->first_event_us >= 0;
    watch->http->driving = true;
    curl_multi_socket_action(watch->multi, watch->fd, flags, &running);
    watch->http->driving = false;
    had = transfer->head_bytes + transfer->bytes - had;
    if (had > 0) {
        transfer->last_is_stamped = stamped;
        transfer->heard_us = 0;
    }
    if (had > 0 && stamped && had <= arrival.waiting) { /* else more came just now */
        date_back(transfer, &arrival, began, had_event);
    }
    watch->served_us = clock_mono_us();
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
    struct watch *watch = poll->data;
    CURLM *multi = watch->multi;
    int flags = (events & UV_READABLE ? CURL_CSELECT_IN : 0) |
                (events & UV_WRITABLE ? CURL_CSELECT_OUT : 0) | (status < 0 ? CURL_CSELECT_ERR : 0);
    bool measured = watch->http->config.lag && watch->transfer, full = false;

    if (measured) {
        watch->ready_us = ready_since(watch);
    }
    if (flags == CURL_CSELECT_IN && turn_is_full(watch->http)) {
        return;
    }
    if (measured && (!watch->stamped || flags != CURL_CSELECT_IN)) {
        note_wait(watch->transfer, clock_mono_us() - watch->ready_us);
    }
    if (flags == CURL_CSELECT_IN && !may_read(watch)) {
        return;
    }
    do {
        drive(watch, flags, measured);
    } while (flags == CURL_CSELECT_IN && has_more(watch) && !(full = turn_is_full(watch->http)));
    if (measured) {
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
    watch->stamped = http->config.lag && arrival_stamp(fd);
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
    transfer->stamped = watch->stamped;
    if (!transfer->paused) {
        http_unhold(transfer);
    }
    uv_poll_start(&watch->poll,
                  (what != CURL_POLL_IN ? UV_WRITABLE : 0) |
                      (what != CURL_POLL_OUT ? UV_READABLE : 0),
                  on_poll);
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
