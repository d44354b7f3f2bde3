/* http_measure.c - waiting times of transfers, from the lag of the loop and kernel timestamps. */
#include "io/http/http_measure.h"

#include "base/clock.h"
#include "io/http/http_watch.h"

static bool is_measured(const struct watch *watch)
{
    return watch->http->config.loop_lag && watch->transfer;
}

void measure_socket(struct watch *watch, bool opened)
{
    struct transfer *transfer = watch->transfer;

    if (!is_measured(watch)) {
        return;
    }
    if (opened) {
        watch->timing.has_timestamps = receive_timestamp_enable(watch->fd);
        watch->timing.handled_us = clock_mono_us();
    }
    if (watch->timing.handled_us < transfer->began_us) { /* earlier waits are not this transfer's */
        watch->timing.handled_us = transfer->began_us;
    }
    transfer->timing.has_timestamps = watch->timing.has_timestamps;
    if (opened &&
        transfer->timing.handled_us == 0) { /* its first socket: this is when it is begun */
        transfer->timing.handled_us = clock_mono_us();
        transfer->timing.waited_us = transfer->timing.handled_us - transfer->began_us;
    }
}

/* The event cannot be older than the last time the socket was handled: no event was left then. */
void measure_event(struct watch *watch)
{
    struct watch_timing *timing = &watch->timing;
    int64_t ready_us;

    if (!is_measured(watch)) {
        return;
    }
    ready_us = loop_lag_ready_us(watch->http->config.loop_lag);
    if (timing->ready_us == 0) {
        timing->ready_us = timing->handled_us > ready_us ? timing->handled_us : ready_us;
    }
}

/* Until the response begins, every wait delays it. From then on only the last wait does: during
 * earlier ones, more data arrives. */
void measure_wait_end(struct watch *watch, bool read_only)
{
    if (!is_measured(watch)) {
        return;
    }
    if (watch->timing.ready_us > 0 &&
        (!read_only || !watch->timing.has_timestamps)) { /* else the timestamps are more exact */
        int64_t now_us = clock_mono_us(), us = now_us - watch->timing.ready_us;

        watch->timing.handled_us = now_us; /* so that this wait is not counted again */
        if (watch->transfer->first_us == 0) {
            watch->transfer->timing.waited_us += us;
        } else {
            watch->transfer->timing.last_wait_us = us;
        }
    }
    watch->timing.ready_us = 0;
}

void measure_wait_again(struct watch *watch)
{
    if (is_measured(watch)) {
        watch->timing.ready_us = watch->timing.handled_us;
    }
}

/* Reads the timestamp of the newest data. It is of the wall clock, which may be changed during the
 * request, so it is limited to the time since the request began. */
static bool read_timestamp(const struct watch *watch, struct receive_timestamp *out)
{
    const struct transfer *transfer = watch->transfer;

    if (!watch->timing.has_timestamps || !receive_timestamp_peek(watch->fd, out)) {
        return false;
    }
    if (out->at_us < transfer->began_us) {
        out->at_us = transfer->began_us;
    } else if (out->at_us > transfer->timing.handled_us) {
        out->at_us = transfer->timing.handled_us;
    }
    return true;
}

struct read_timing measure_read_begin(struct watch *watch, bool readable)
{
    struct transfer *transfer = watch->transfer;
    struct read_timing timing = { .active = is_measured(watch) };
    int64_t since_us, looked_us = transfer ? transfer->timing.handled_us : 0;

    if (!timing.active) {
        return timing;
    }
    transfer->timing.handled_us = clock_mono_us();
    timing.has_timestamp = readable && read_timestamp(watch, &timing.timestamp);
    if (timing.has_timestamp) {
        since_us = timing.timestamp.at_us > watch->timing.handled_us ? timing.timestamp.at_us
                                                                     : watch->timing.handled_us;
        /* Waits after the last data arrived are not part of total_us, so they are kept apart.
         * When newer data arrives, its sender may have been waiting for them. */
        if (timing.timestamp.at_us > looked_us) {
            transfer->timing.waited_us += transfer->timing.last_wait_us;
            transfer->timing.last_wait_us = 0;
        }
        transfer->timing.last_wait_us += transfer->timing.handled_us - since_us;
    }
    timing.bytes = transfer->header_bytes + transfer->bytes;
    timing.response_had_begun = transfer->first_us != 0;
    timing.had_event = transfer->first_event_us >= 0;
    return timing;
}

/* The data lay in the socket before it was read: it arrived when its newest byte did. */
static void backdate_to_arrival(struct transfer *transfer, const struct read_timing *timing)
{
    int64_t at_us = timing->timestamp.at_us;

    transfer->last_us = transfer->bytes > 0 ? at_us : transfer->last_us;
    transfer->timing.receive_delay_us = transfer->timing.handled_us - at_us;
    if (!timing->response_had_begun && transfer->first_us > at_us) {
        transfer->first_us = at_us;
    }
    if (!timing->had_event && transfer->first_event_us > at_us - transfer->began_us) {
        transfer->first_event_us = at_us - transfer->began_us;
    }
}

void measure_read_end(struct watch *watch, struct transfer *transfer,
                      const struct read_timing *timing)
{
    size_t bytes;

    if (!timing->active) {
        return;
    }
    bytes = transfer->header_bytes + transfer->bytes - timing->bytes;
    if (bytes > 0) {
        transfer->timing.last_has_timestamp = timing->has_timestamp;
        transfer->timing.receive_delay_us = 0;
        /* if more was read than waited, some of it arrived only during the read */
        if (timing->has_timestamp && bytes <= timing->timestamp.waiting) {
            backdate_to_arrival(transfer, timing);
        }
    }
    watch->timing.handled_us = clock_mono_us();
}

void measure_body(struct transfer *transfer, bool by_timer)
{
    if (by_timer) { /* its arrival is unknown: it counts as arrived just now */
        transfer->timing.handled_us = transfer->last_us;
    }
}

void measure_end(const struct transfer *transfer, bool complete, int64_t last_us,
                 struct http_times *times)
{
    const struct transfer_timing *timing = &transfer->timing;

    times->loop_delay_us = transfer->paused_us + timing->waited_us;
    if (complete && timing->last_has_timestamp) {
        times->receive_delay_us = timing->receive_delay_us;
        return;
    }
    times->loop_delay_us += timing->last_wait_us;
    if (transfer->http->config.loop_lag && timing->handled_us > 0 && last_us > timing->handled_us) {
        times->loop_delay_us += last_us - timing->handled_us;
    }
}
