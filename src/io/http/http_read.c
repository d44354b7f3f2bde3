/* http_read.c - reading responses: in which order, and how much in each iteration of the loop.
 *
 * Reads run last in each iteration, after writes, timers and database replies, so that these are
 * not delayed. Large responses that arrive together are read one after the other, so that the
 * first is complete early instead of all of them late. An iteration reads for at most half a
 * millisecond, or one call of libcurl if that is longer: what the caller starts in reaction to a
 * response must not wait for the others. */
#include <poll.h>

#include "base/clock.h"
#include "io/http/http_watch.h"

enum { ITERATION_BYTES = 512 * 1024, ITERATION_US = 500 };

static bool iteration_is_full(struct http *http)
{
    uint64_t iteration = loop_iteration(http->loop);

    if (iteration != http->iteration) {
        http->iteration = iteration;
        http->iteration_bytes = 0;
        http->iteration_began_us = clock_mono_us();
    }
    return http->iteration_bytes >= ITERATION_BYTES ||
           clock_mono_us() - http->iteration_began_us >= ITERATION_US;
}

static bool has_more(const struct watch *watch)
{
    struct pollfd poll_fd = { .fd = watch->fd, .events = POLLIN };

    return !uv_is_closing((const uv_handle_t *)&watch->poll) && poll(&poll_fd, 1, 0) > 0;
}

/* False, and reading is paused, if too many bytes are in flight. Streams are checked later: see
 * http_body_receive. */
static bool may_read(struct watch *watch)
{
    struct transfer *transfer = watch->transfer;

    if (!transfer || transfer->op->http.progress_suffix || http_admit(transfer)) {
        return true;
    }
    transfer->watch = watch;
    http_pause_reading(transfer, false);
    return false;
}

/* Lets libcurl read and write. May close the watch, which is freed later. */
static void drive(struct watch *watch, int flags)
{
    struct http *http = watch->http;
    struct transfer *transfer = watch->transfer;
    struct read_timing timing = measure_read_begin(watch, flags & CURL_CSELECT_IN);
    int running;

    http->driving = true;
    http->driven = transfer;
    curl_multi_socket_action(watch->multi, watch->fd, flags, &running);
    http->driving = false;
    http->driven = NULL;
    measure_read_end(watch, transfer, &timing);
}

/* Reads until there is no more data, or the iteration is full. */
static void read_response(struct watch *watch)
{
    struct http *http = watch->http;
    CURLM *multi = watch->multi;

    measure_wait_end(watch, true);
    if (!may_read(watch)) {
        list_remove(&watch->node);
        return;
    }
    do {
        drive(watch, CURL_CSELECT_IN);
    } while (has_more(watch) && !iteration_is_full(http));
    if (has_more(watch)) {
        measure_wait_again(watch); /* stays first in http->readable */
    } else {
        list_remove(&watch->node);
    }
    http_reap(multi);
}

void watches_on_check(uv_check_t *check)
{
    struct http *http = check->data;

    while (!list_is_empty(&http->readable) && !iteration_is_full(http)) {
        read_response(LIST_ENTRY(list_first(&http->readable), struct watch, node));
    }
}

void watch_on_poll(uv_poll_t *poll, int status, int events)
{
    struct watch *watch = poll->data;
    CURLM *multi = watch->multi;
    int flags = (events & UV_READABLE ? CURL_CSELECT_IN : 0) |
                (events & UV_WRITABLE ? CURL_CSELECT_OUT : 0) | (status < 0 ? CURL_CSELECT_ERR : 0);

    measure_event(watch);
    if (flags == CURL_CSELECT_IN) {
        if (!list_node_is_linked(&watch->node)) {
            list_append(&watch->http->readable, &watch->node);
        }
        return;
    }
    measure_wait_end(watch, false);
    drive(watch, flags);
    http_reap(multi);
}
