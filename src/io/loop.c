/* loop.c - the event loop over libuv. */
#include "io/loop.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/timerfd.h>
#include <unistd.h>
#include <uv.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/thread.h"

enum { SIGNALS = 8 };

struct signal_slot {
    uv_signal_t handle;
    loop_signal_fn fire;
    void *context;
};

struct loop {
    uv_loop_t uv;
    uv_timer_t bound;    /* ends loop_wait after max_wait_ms */
    uv_poll_t *deadline; /* ends loop_wait_until; NULL = not created yet */
    int deadline_fd;
    int64_t deadline_us; /* the time it is set to */
    struct signal_slot signals[SIGNALS];
    int signal_count;
    uint64_t iteration;
};

struct loop_timer {
    uv_timer_t handle;
    loop_fn fire;
    void *context;
};

struct loop_socket {
    uv_poll_t handle;
    loop_ready_fn ready;
    void *context;
};

/* libuv reads this variable once, when its pool is first used. */
static void set_pool_size(int threads)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    char text[16];

    if (threads <= 0) {
        threads = processors > 0 && processors < 64 ? 2 * (int)processors : 2;
    }
    snprintf(text, sizeof text, "%d", threads);
    setenv("UV_THREADPOOL_SIZE", text, 0);
}

struct loop *loop_new(int pool_threads, struct error *err)
{
    struct loop *loop = xcalloc(1, sizeof *loop);

    set_pool_size(pool_threads);
    loop->deadline_fd = -1;
    if (uv_loop_init(&loop->uv) != 0) {
        error_set(err, ERROR_INTERNAL, "cannot create the event loop");
        free(loop);
        return NULL;
    }
    uv_timer_init(&loop->uv, &loop->bound);
    return loop;
}

static void close_handle(uv_handle_t *handle, void *arg)
{
    (void)arg;
    if (!uv_is_closing(handle)) {
        uv_close(handle, NULL);
    }
}

static void free_handle(uv_handle_t *handle)
{
    free(handle);
}

static void free_deadline(struct loop *loop)
{
    if (loop->deadline) {
        uv_poll_stop(loop->deadline);
        uv_close((uv_handle_t *)loop->deadline, free_handle);
        close(loop->deadline_fd);
    }
}

void loop_free(struct loop *loop)
{
    if (!loop) {
        return;
    }
    uv_close((uv_handle_t *)&loop->bound, NULL);
    free_deadline(loop);
    for (int i = 0; i < loop->signal_count; i++) {
        uv_close((uv_handle_t *)&loop->signals[i].handle, NULL);
    }
    uv_run(&loop->uv, UV_RUN_DEFAULT);
    if (uv_loop_close(&loop->uv) == UV_EBUSY) { /* a handle was not closed */
        uv_walk(&loop->uv, close_handle, NULL);
        uv_run(&loop->uv, UV_RUN_DEFAULT);
        uv_loop_close(&loop->uv);
    }
    free(loop);
}

void *loop_uv(struct loop *loop)
{
    return &loop->uv;
}

/* Without uv_stop, libuv would continue to wait after this timer. */
static void on_bound(uv_timer_t *timer)
{
    uv_stop(timer->loop);
}

bool loop_wait(struct loop *loop, int64_t max_wait_ms)
{
    int alive;

    if (max_wait_ms >= 0) {
        uv_update_time(&loop->uv); /* timers are relative to the loop's cached time */
        uv_timer_start(&loop->bound, on_bound, (uint64_t)max_wait_ms, 0);
    }
    loop->iteration++;
    alive = uv_run(&loop->uv, UV_RUN_ONCE);
    uv_timer_stop(&loop->bound);
    return alive != 0 || max_wait_ms >= 0;
}

static void on_deadline(uv_poll_t *poll, int status, int events)
{
    uint64_t times;

    (void)status;
    (void)events;
    (void)!read(((struct loop *)poll->data)->deadline_fd, &times, sizeof times);
}

/* Uses a timerfd, since libuv's timers have a resolution of milliseconds. */
static bool has_deadline(struct loop *loop)
{
    if (loop->deadline) {
        return true;
    }
    loop->deadline_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    loop->deadline = loop->deadline_fd >= 0 ? xcalloc(1, sizeof *loop->deadline) : NULL;
    if (!loop->deadline || uv_poll_init(&loop->uv, loop->deadline, loop->deadline_fd) != 0) {
        free(loop->deadline);
        loop->deadline = NULL;
        if (loop->deadline_fd >= 0) {
            close(loop->deadline_fd);
        }
        return false;
    }
    loop->deadline->data = loop;
    uv_poll_start(loop->deadline, UV_READABLE, on_deadline);
    uv_unref((uv_handle_t *)loop->deadline);
    return true;
}

void loop_wait_until(struct loop *loop, int64_t at_us)
{
    int64_t left_us = at_us - clock_mono_us();
    struct itimerspec at = { .it_value = { .tv_sec = at_us / 1000000,
                                           .tv_nsec = at_us % 1000000 * 1000 } };

    if (left_us <= 0 || !has_deadline(loop)) {
        loop_wait(loop, left_us > 0 ? left_us / 1000 + 1 : 0);
        return;
    }
    if (loop->deadline_us !=
        at_us) { /* an earlier time that was not reached causes one needless wake-up */
        timerfd_settime(loop->deadline_fd, TFD_TIMER_ABSTIME, &at, NULL);
        loop->deadline_us = at_us;
    }
    uv_ref((uv_handle_t *)loop->deadline);
    loop->iteration++;
    uv_run(&loop->uv, UV_RUN_ONCE);
    uv_unref((uv_handle_t *)loop->deadline);
}

uint64_t loop_iteration(const struct loop *loop)
{
    return loop->iteration;
}

static void on_timer(uv_timer_t *handle)
{
    struct loop_timer *timer = handle->data;

    timer->fire(timer->context);
}

struct loop_timer *loop_timer_new(struct loop *loop, loop_fn fire, void *context)
{
    struct loop_timer *timer = xcalloc(1, sizeof *timer);

    timer->fire = fire;
    timer->context = context;
    uv_timer_init(&loop->uv, &timer->handle);
    timer->handle.data = timer;
    return timer;
}

void loop_timer_start(struct loop_timer *timer, uint64_t after_ms, uint64_t repeat_ms)
{
    uv_update_time(timer->handle.loop);
    uv_timer_start(&timer->handle, on_timer, after_ms, repeat_ms);
}

void loop_timer_stop(struct loop_timer *timer)
{
    uv_timer_stop(&timer->handle);
}

static void free_timer(uv_handle_t *handle)
{
    free(handle->data);
}

void loop_timer_free(struct loop_timer *timer)
{
    if (timer) {
        uv_close((uv_handle_t *)&timer->handle, free_timer);
    }
}

static void on_signal(uv_signal_t *handle, int number)
{
    struct signal_slot *slot = handle->data;

    slot->fire(number, slot->context);
}

void loop_on_signal(struct loop *loop, int number, loop_signal_fn fire, void *context)
{
    struct signal_slot *slot = &loop->signals[loop->signal_count];

    if (loop->signal_count == SIGNALS) {
        return;
    }
    loop->signal_count++;
    slot->fire = fire;
    slot->context = context;
    uv_signal_init(&loop->uv, &slot->handle);
    slot->handle.data = slot;
    uv_signal_start(&slot->handle, on_signal, number);
    uv_unref((uv_handle_t *)&slot->handle);
}

static void on_poll(uv_poll_t *handle, int status, int events)
{
    struct loop_socket *socket = handle->data;

    socket->ready(socket->context, events & UV_READABLE, events & UV_WRITABLE, status < 0);
}

struct loop_socket *loop_socket_new(struct loop *loop, int fd, loop_ready_fn ready, void *context,
                                    struct error *err)
{
    struct loop_socket *socket = xcalloc(1, sizeof *socket);

    if (uv_poll_init(&loop->uv, &socket->handle, fd) != 0) {
        free(socket);
        error_set(err, ERROR_INTERNAL, "cannot watch a socket");
        return NULL;
    }
    socket->ready = ready;
    socket->context = context;
    socket->handle.data = socket;
    return socket;
}

void loop_socket_set_events(struct loop_socket *socket, bool readable, bool writable)
{
    int events = (readable ? UV_READABLE : 0) | (writable ? UV_WRITABLE : 0);

    if (events) {
        uv_poll_start(&socket->handle, events, on_poll);
    } else {
        uv_poll_stop(&socket->handle);
    }
}

static void free_socket(uv_handle_t *handle)
{
    free(handle->data);
}

void loop_socket_free(struct loop_socket *socket)
{
    if (socket) {
        uv_poll_stop(&socket->handle);
        uv_close((uv_handle_t *)&socket->handle, free_socket);
    }
}

struct work {
    uv_work_t request;
    bool (*run)(void *arg, struct error *err);
    void *arg;
    void (*done)(void *context, const struct error *err);
    void *context;
    struct error error;
};

static void work_run(uv_work_t *request)
{
    struct work *work = request->data;

    if (!work->run(work->arg, &work->error) && work->error.kind == ERROR_NONE) {
        error_set(&work->error, ERROR_INTERNAL, "work failed without a reason");
    }
}

static void work_done(uv_work_t *request, int status)
{
    struct work *work = request->data;

    (void)status;
    work->done(work->context, &work->error);
    free(work);
}

void loop_run_on_pool(struct loop *loop, bool (*run)(void *arg, struct error *err), void *arg,
                      void (*done)(void *context, const struct error *err), void *context)
{
    struct work *work = xcalloc(1, sizeof *work);
    sigset_t before;

    *work = (struct work){ .run = run, .arg = arg, .done = done, .context = context };
    work->request.data = work;
    signals_block(&before); /* the first call starts the threads of the pool */
    uv_queue_work(&loop->uv, &work->request, work_run, work_done);
    signals_restore(&before);
}
