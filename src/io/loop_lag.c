/* loop_lag.c - when events became ready, and the lag of the loop. */
#include "io/loop_lag.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>
#include <uv.h>

#include "base/clock.h"
#include "base/memory.h"

/* A wait shorter than MIN_SLEEP_US did not sleep: the events were ready before it. */
enum { BEAT_US = 2000, MIN_SLEEP_US = 10, HANDLES = 3 };

struct loop_lag {
    uv_prepare_t prepare; /* before the loop waits for events */
    uv_check_t check;     /* after it has handled them */
    uv_poll_t poll;       /* of the kernel timer */
    int open_handles;
    loop_lag_fn sample;
    void *context;
    int beat_fd, schedule_fd;
    int64_t beat_us;            /* when the next expiry is due */
    int64_t entered_us;         /* when the wait for events began */
    uint64_t idle_ns;           /* how long the loop had slept before that */
    int64_t woke_us;            /* when the last wait ended */
    int64_t ready_us;           /* the result for this iteration, if `asked` */
    bool asked;                 /* in this iteration */
    int64_t run_queue_us;       /* when last read */
    int64_t run_queue_start_us; /* when the measurement began */
};

/* /proc/thread-self/schedstat: nanoseconds on a processor, nanoseconds waiting for one, time
 * slices. */
static int64_t read_run_queue_us(const struct loop_lag *lag)
{
    char text[80];
    ssize_t size = lag->schedule_fd >= 0 ? pread(lag->schedule_fd, text, sizeof text - 1, 0) : -1;
    char *second;

    if (size <= 0) {
        return -1;
    }
    text[size] = '\0';
    second = strchr(text, ' ');
    return second ? strtoll(second, NULL, 10) / 1000 : -1;
}

static void on_prepare(uv_prepare_t *handle)
{
    struct loop_lag *lag = handle->data;

    lag->idle_ns = uv_metrics_idle_time(handle->loop);
    lag->entered_us = clock_mono_us();
    lag->asked = false;
}

int64_t loop_lag_ready_us(struct loop_lag *lag)
{
    int64_t slept, woke, run_queue;

    if (lag->asked) {
        return lag->ready_us;
    }
    slept = (int64_t)(uv_metrics_idle_time(lag->prepare.loop) - lag->idle_ns) / 1000;
    woke = lag->entered_us + slept;
    if (slept >= MIN_SLEEP_US) {
        run_queue = read_run_queue_us(lag);
        lag->ready_us = woke - (run_queue - lag->run_queue_us);
        lag->run_queue_us = run_queue;
    } else { /* what came while it was awake can have come at any moment since it last looked */
        lag->ready_us = lag->woke_us;
    }
    lag->woke_us = woke;
    lag->asked = true;
    return lag->ready_us;
}

static void on_check(uv_check_t *handle)
{
    loop_lag_ready_us(handle->data);
}

static void on_beat(uv_poll_t *poll, int status, int events)
{
    struct loop_lag *lag = poll->data;
    int64_t now = clock_mono_us();
    uint64_t beats;

    (void)status;
    (void)events;
    if (read(lag->beat_fd, &beats, sizeof beats) != sizeof beats) {
        return;
    }
    for (; beats > 0; beats--) { /* the first of several is the latest */
        lag->sample(now > lag->beat_us ? now - lag->beat_us : 0, lag->context);
        lag->beat_us += BEAT_US;
    }
}

static bool begin_beat(struct loop_lag *lag, struct loop *loop)
{
    struct itimerspec every = { .it_interval = { .tv_nsec = BEAT_US * 1000 } };

    lag->beat_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    lag->beat_us = clock_mono_us() + BEAT_US;
    every.it_value.tv_sec = lag->beat_us / 1000000;
    every.it_value.tv_nsec = lag->beat_us % 1000000 * 1000;
    if (lag->beat_fd < 0 || timerfd_settime(lag->beat_fd, TFD_TIMER_ABSTIME, &every, NULL) != 0 ||
        uv_poll_init(loop_uv(loop), &lag->poll, lag->beat_fd) != 0) {
        return false;
    }
    lag->open_handles++;
    uv_poll_start(&lag->poll, UV_READABLE, on_beat);
    uv_unref((uv_handle_t *)&lag->poll);
    return true;
}

struct loop_lag *loop_lag_new(struct loop *loop, loop_lag_fn sample, void *context,
                              struct error *err)
{
    struct loop_lag *lag = xcalloc(1, sizeof *lag);
    uv_loop_t *uv = loop_uv(loop);

    *lag = (struct loop_lag){ .sample = sample, .context = context, .beat_fd = -1 };
    lag->schedule_fd = open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);
    lag->run_queue_us = lag->run_queue_start_us = read_run_queue_us(lag);
    lag->woke_us = lag->entered_us = clock_mono_us();
    uv_loop_configure(uv, UV_METRICS_IDLE_TIME);
    uv_prepare_init(uv, &lag->prepare);
    uv_check_init(uv, &lag->check);
    uv_prepare_start(&lag->prepare, on_prepare);
    uv_check_start(&lag->check, on_check);
    uv_unref((uv_handle_t *)&lag->prepare);
    uv_unref((uv_handle_t *)&lag->check);
    lag->open_handles = HANDLES - 1;
    lag->prepare.data = lag->check.data = lag->poll.data = lag;
    if (sample && !begin_beat(lag, loop)) {
        loop_lag_free(lag);
        error_set(err, ERROR_INTERNAL, "cannot measure the loop: the timer cannot be created");
        return NULL;
    }
    return lag;
}

static void on_closed(uv_handle_t *handle)
{
    struct loop_lag *lag = handle->data;

    if (--lag->open_handles == 0) {
        free(lag);
    }
}

void loop_lag_free(struct loop_lag *lag)
{
    if (!lag) {
        return;
    }
    if (lag->open_handles == HANDLES) {
        uv_poll_stop(&lag->poll);
        uv_close((uv_handle_t *)&lag->poll, on_closed);
    }
    if (lag->beat_fd >= 0) {
        close(lag->beat_fd);
    }
    if (lag->schedule_fd >= 0) {
        close(lag->schedule_fd);
    }
    uv_close((uv_handle_t *)&lag->prepare, on_closed);
    uv_close((uv_handle_t *)&lag->check, on_closed);
}

int64_t loop_lag_run_queue_us(struct loop_lag *lag)
{
    int64_t now = read_run_queue_us(lag);

    return now < 0 ? -1 : now - lag->run_queue_start_us;
}
