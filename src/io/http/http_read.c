/* http_read.c - answers are taken in: who is read when, how much at once, and when it had come. */
#include <poll.h>

#include "base/clock.h"
#include "base/receive_timestamp.h"
#include "io/http/http_watch.h"

/* Whoever has something to send, and timers and the database, come first in each turn of the loop;
 * answers are taken when all of these were heard. Those of megabytes that come at once are taken
 * one after the other: the first is done when it has come, not when all have. And no more in one
 * turn than half a millisecond's worth, or what libcurl takes at once, where that is more: what is
 * begun in answer to them is waiting to be sent. */
enum { TURN_BYTES = 512 * 1024, TURN_US = 500 };

static bool turn_is_full(struct http *http)
{
    uint64_t turn = loop_iteration(http->loop);

    if (turn != http->turn) {
        http->turn = turn;
        http->turn_bytes = 0;
        http->turn_began_us = clock_mono_us();
    }
    return http->turn_bytes >= TURN_BYTES || clock_mono_us() - http->turn_began_us >= TURN_US;
}

static bool has_more(const struct watch *watch)
{
    struct pollfd look = { .fd = watch->fd, .events = POLLIN };

    return !uv_is_closing((const uv_handle_t *)&watch->poll) && poll(&look, 1, 0) > 0;
}

/* Since when there can have been news: not before it was served last, and had none. */
static int64_t ready_since(const struct watch *watch)
{
    int64_t ready_us = loop_lag_ready_us(watch->http->config.lag);

    return watch->ready_us > 0           ? watch->ready_us
           : watch->served_us > ready_us ? watch->served_us
                                         : ready_us;
}

static bool may_read(struct watch *watch)
{
    struct transfer *transfer = watch->transfer;

    if (!transfer || transfer->op->http.progress_suffix || http_admit(transfer)) {
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
                         const struct receive_timestamp *receive_timestamp)
{
    int64_t since = receive_timestamp->at_us > served_us ? receive_timestamp->at_us : served_us;

    transfer->waited_us += transfer->last_wait_us;
    transfer->last_wait_us = transfer->taken_up_us - since;
}

/* What was taken just now lay there before: it came when its newest byte did, whenever it was
 * taken. */
static void backdate_to_arrival(struct transfer *transfer,
                                const struct receive_timestamp *receive_timestamp, bool began,
                                bool had_event)
{
    transfer->last_us = transfer->bytes > 0 ? receive_timestamp->at_us : transfer->last_us;
    transfer->receive_delay_us = transfer->taken_up_us - receive_timestamp->at_us;
    if (began && transfer->first_us > receive_timestamp->at_us) {
        transfer->first_us = receive_timestamp->at_us;
    }
    if (!had_event && transfer->first_event_us > receive_timestamp->at_us - transfer->began_us) {
        transfer->first_event_us = receive_timestamp->at_us - transfer->began_us;
    }
}

/* Stamps are of the wall clock, which may be set while the request is on its way. */
static bool look_at(const struct watch *watch, struct receive_timestamp *out)
{
    const struct transfer *transfer = watch->transfer;

    if (!watch->stamped || !receive_timestamp_peek(watch->fd, out)) {
        return false;
    }
    if (out->at_us < transfer->began_us) {
        out->at_us = transfer->began_us;
    } else if (out->at_us > transfer->taken_up_us) {
        out->at_us = transfer->taken_up_us;
    }
    return true;
}

static void act(struct watch *watch, int flags)
{
    struct http *http = watch->http;
    int running;

    http->driving = true;
    http->driven = watch->transfer;
    curl_multi_socket_action(watch->multi, watch->fd, flags, &running); /* may close the watch */
    http->driving = false;
    http->driven = NULL;
}

/* Has libcurl read and write; `measured`: notes when what it takes had come. */
static void drive(struct watch *watch, int flags, bool measured)
{
    struct transfer *transfer = watch->transfer;
    struct receive_timestamp receive_timestamp;
    size_t had;
    bool stamped, began, had_event;

    if (!measured) {
        act(watch, flags);
        return;
    }
    transfer->taken_up_us = clock_mono_us();
    stamped = flags & CURL_CSELECT_IN && look_at(watch, &receive_timestamp);
    if (stamped) {
        note_arrival(transfer, watch->served_us, &receive_timestamp);
    }
    had = transfer->head_bytes + transfer->bytes;
    began = transfer->first_us == 0;
    had_event = transfer->first_event_us >= 0;
    act(watch, flags);
    had = transfer->head_bytes + transfer->bytes - had;
    if (had > 0) {
        transfer->last_is_stamped = stamped;
        transfer->receive_delay_us = 0;
    }
    if (had > 0 && stamped && had <= receive_timestamp.waiting) { /* else more came just now */
        backdate_to_arrival(transfer, &receive_timestamp, began, had_event);
    }
    watch->served_us = clock_mono_us();
}

/* -- in line --------------------------------------------------------------------------------- */

static void join_line(struct watch *watch)
{
    struct http *http = watch->http;

    if (watch->in_line) {
        return;
    }
    watch->in_line = true;
    watch->behind = NULL;
    if (http->line_last) {
        http->line_last->behind = watch;
    } else {
        http->line = watch;
    }
    http->line_last = watch;
}

void watch_leave_line(struct watch *watch)
{
    struct http *http = watch->http;
    struct watch *before = NULL;

    if (!watch->in_line) {
        return;
    }
    watch->in_line = false;
    for (struct watch *at = http->line; at != watch; at = at->behind) {
        before = at;
    }
    if (before) {
        before->behind = watch->behind;
    } else {
        http->line = watch->behind;
    }
    if (http->line_last == watch) {
        http->line_last = before;
    }
}

/* Until it has no more, and leaves the line, or the turn is full. */
static void take_in(struct watch *watch)
{
    struct http *http = watch->http;
    CURLM *multi = watch->multi;
    bool measured = http->config.lag && watch->transfer;

    if (measured && !watch->stamped) {
        note_wait(watch->transfer, clock_mono_us() - watch->ready_us);
    }
    watch->ready_us = 0;
    if (!may_read(watch)) {
        watch_leave_line(watch);
        return;
    }
    do {
        drive(watch, CURL_CSELECT_IN, measured); /* may close the watch: it is freed later */
    } while (has_more(watch) && !turn_is_full(http));
    if (watch->in_line && !has_more(watch)) {
        watch_leave_line(watch);
    } else if (measured) {
        watch->ready_us = watch->served_us;
    }
    http_reap(multi);
}

void watches_on_check(uv_check_t *check)
{
    struct http *http = check->data;

    while (http->line && !turn_is_full(http)) {
        take_in(http->line);
    }
}

void watch_on_poll(uv_poll_t *poll, int status, int events)
{
    struct watch *watch = poll->data;
    CURLM *multi = watch->multi;
    int flags = (events & UV_READABLE ? CURL_CSELECT_IN : 0) |
                (events & UV_WRITABLE ? CURL_CSELECT_OUT : 0) | (status < 0 ? CURL_CSELECT_ERR : 0);
    bool measured = watch->http->config.lag && watch->transfer;

    if (measured) {
        watch->ready_us = ready_since(watch);
    }
    if (flags == CURL_CSELECT_IN) {
        join_line(watch);
        return;
    }
    if (measured) {
        note_wait(watch->transfer, clock_mono_us() - watch->ready_us);
        watch->ready_us = 0;
    }
    drive(watch, flags, measured);
    http_reap(multi);
}
