/* test_loop.c - the event loop reports timers, signals, sockets and pool work. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include "base/clock.h"
#include "io/loop.h"

static struct loop *loop;
static char trace[64]; /* one letter per event */

static int set_up(void **state)
{
    struct error err;

    (void)state;
    trace[0] = '\0';
    loop = loop_new(1, &err);
    return loop ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    loop_free(loop);
    return 0;
}

static void append_to_trace(void *letter)
{
    size_t used = strlen(trace);

    if (used + 1 < sizeof trace) {
        trace[used] = *(const char *)letter;
        trace[used + 1] = '\0';
    }
}

/* Runs the loop until `trace` has this many letters; at most a minute. */
static void wait_for_events(size_t count)
{
    int64_t end = clock_mono_us() + 60000000;

    while (strlen(trace) < count && clock_mono_us() < end) {
        loop_wait(loop, 50);
    }
}

static void do_nothing(void *context)
{
    (void)context;
}

/* libuv runs timers that are due before it waits. If the timer that limits the wait is among them,
 * the wait would last until the next event. */
static void wait_respects_its_limit(void **state)
{
    struct loop_timer *far = loop_timer_new(loop, do_nothing, NULL);
    int64_t began = clock_mono_us();

    (void)state;
    loop_timer_start(far, 600000, 0);
    loop_wait(loop, 0);
    assert_true(clock_mono_us() - began < 60000000);
    usleep(20000); /* the loop's cached time stays behind */
    loop_wait(loop, 5);
    assert_true(clock_mono_us() - began < 60000000);
    loop_timer_free(far);
}

static void timers_fire_in_order_of_their_time(void **state)
{
    struct loop_timer *late = loop_timer_new(loop, append_to_trace, "l");
    struct loop_timer *soon = loop_timer_new(loop, append_to_trace, "s");
    struct loop_timer *stopped = loop_timer_new(loop, append_to_trace, "n");

    (void)state;
    loop_timer_start(late, 30, 0);
    loop_timer_start(soon, 5, 0);
    loop_timer_start(stopped, 10, 0);
    loop_timer_stop(stopped);
    wait_for_events(2);
    assert_string_equal(trace, "sl");
    loop_timer_start(stopped, 0, 1); /* repeats */
    wait_for_events(5);
    assert_string_equal(trace, "slnnn");
    loop_timer_free(late);
    loop_timer_free(soon);
    loop_timer_free(stopped);
}

static struct loop_timer *self_freeing;

static void free_timer(void *letter)
{
    append_to_trace(letter);
    loop_timer_free(self_freeing);
}

static void timer_can_be_freed_in_its_callback(void **state)
{
    (void)state;
    self_freeing = loop_timer_new(loop, free_timer, "f");
    loop_timer_start(self_freeing, 0, 1);
    wait_for_events(1);
    loop_wait(loop, 20);
    assert_string_equal(trace, "f");
    loop_timer_free(NULL);
}

static void wait_ends_after_its_limit(void **state)
{
    struct loop_timer *timer = loop_timer_new(loop, append_to_trace, "x");
    int64_t began = clock_mono_us();

    (void)state;
    loop_timer_start(timer, 600000, 0);
    assert_true(loop_wait(loop, 20));
    assert_in_range(clock_mono_us() - began, 15000, 60000000);
    assert_string_equal(trace, "");
    loop_timer_free(timer);
}

static void wait_ends_if_nothing_is_left(void **state)
{
    (void)state;
    assert_false(loop_wait(loop, -1));
}

static void on_signal(int number, void *letter)
{
    assert_int_equal(number, SIGUSR1);
    append_to_trace(letter);
}

static void signals_arrive_on_the_loop(void **state)
{
    (void)state;
    loop_on_signal(loop, SIGUSR1, on_signal, "u");
    kill(getpid(), SIGUSR1);
    assert_string_equal(trace, ""); /* not in the signal handler, but in the next iteration */
    wait_for_events(1);
    assert_string_equal(trace, "u");
    kill(getpid(), SIGUSR1);
    wait_for_events(2);
    assert_string_equal(trace, "uu");
}

static int pipe_ends[2];

static void on_ready(void *context, bool readable, bool writable, bool broken)
{
    char byte;

    (void)context;
    assert_false(broken);
    if (readable && read(pipe_ends[0], &byte, 1) == 1) {
        append_to_trace(&byte);
    }
    if (writable) {
        append_to_trace("w");
    }
}

static void socket_events_are_reported_while_enabled(void **state)
{
    struct loop_socket *socket;
    struct error err;

    (void)state;
    assert_int_equal(pipe(pipe_ends), 0);
    socket = loop_socket_new(loop, pipe_ends[0], on_ready, NULL, &err);
    assert_non_null(socket);
    loop_socket_set_events(socket, true, false);
    assert_int_equal(write(pipe_ends[1], "a", 1), 1);
    wait_for_events(1);
    assert_string_equal(trace, "a");
    loop_socket_set_events(socket, false, false);
    assert_int_equal(write(pipe_ends[1], "b", 1), 1);
    loop_wait(loop, 20);
    assert_string_equal(trace, "a");
    loop_socket_set_events(socket, true, false);
    wait_for_events(2);
    assert_string_equal(trace, "ab");
    loop_socket_free(socket);
    loop_socket_free(NULL);
    close(pipe_ends[0]);
    close(pipe_ends[1]);
    assert_null(loop_socket_new(loop, -1, on_ready, NULL, &err));
    assert_int_equal(err.kind, ERROR_INTERNAL);
}

static pthread_t loop_thread;
static char tasks_run[64]; /* one letter per task */

static bool run_task(void *arg, struct error *err)
{
    size_t used = strlen(tasks_run); /* one thread in the pool: no lock is needed */

    assert_false(pthread_equal(pthread_self(), loop_thread));
    tasks_run[used] = *(const char *)arg;
    if (tasks_run[used] == 'e') {
        return error_set(err, ERROR_OUTPUT, "no good");
    }
    return tasks_run[used] != 'q'; /* returns false without an error */
}

static void task_done(void *context, const struct error *err)
{
    assert_true(pthread_equal(pthread_self(), loop_thread));
    append_to_trace(context);
    if (*(const char *)context == 'e') {
        assert_int_equal(err->kind, ERROR_OUTPUT);
        assert_string_equal(err->text, "no good");
    } else if (*(const char *)context == 'q') {
        assert_int_equal(err->kind, ERROR_INTERNAL);
    } else {
        assert_int_equal(err->kind, ERROR_NONE);
    }
}

static void pool_work_reports_on_the_loop(void **state)
{
    static char letters[] = "abceqd";

    (void)state;
    memset(tasks_run, 0, sizeof tasks_run);
    loop_thread = pthread_self();
    for (char *at = letters; *at; at++) {
        loop_run_on_pool(loop, run_task, at, task_done, at);
    }
    assert_string_equal(trace, "");
    wait_for_events(6);
    assert_string_equal(tasks_run, "abceqd");
    assert_string_equal(trace, "abceqd");
}

int main(void)
{
#define EACH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        EACH(wait_respects_its_limit),
        EACH(timers_fire_in_order_of_their_time),
        EACH(timer_can_be_freed_in_its_callback),
        EACH(wait_ends_after_its_limit),
        EACH(wait_ends_if_nothing_is_left),
        EACH(signals_arrive_on_the_loop),
        EACH(socket_events_are_reported_while_enabled),
        EACH(pool_work_reports_on_the_loop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
