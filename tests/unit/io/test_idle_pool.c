/* test_idle_pool.c - tasks on threads of low priority, and the measurement of the loop's lag. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sched.h>
#include <stdatomic.h>
#include <unistd.h>

#include "base/clock.h"
#include "io/idle_pool.h"
#include "io/loop_lag.h"

static struct loop *loop;
static struct idle_pool *background;
static atomic_int idle, running, most;
static int done, failed;

static int set_up(void **state)
{
    struct error err;

    (void)state;
    loop = loop_new(1, &err);
    background = loop ? idle_pool_new(loop, 3, &err) : NULL;
    done = failed = 0;
    return background ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    idle_pool_free(background);
    loop_free(loop);
    return 0;
}

static bool take_a_while(void *arg, struct error *err)
{
    int now = atomic_fetch_add(&running, 1) + 1;

    (void)err;
    if (now > atomic_load(&most)) {
        atomic_store(&most, now);
    }
    atomic_fetch_add(&idle, sched_getscheduler(0) == SCHED_IDLE);
    usleep(2000);
    atomic_fetch_sub(&running, 1);
    return arg == NULL;
}

static void ended(void *context, const struct error *err)
{
    int *left = context;

    done++;
    failed += err->kind != ERROR_NONE;
    if (left && --*left > 0) { /* the thread that was busy takes the next */
        assert_true(idle_pool_submit(background, take_a_while, NULL, ended, left));
    }
}

static void wait_for(int count)
{
    int64_t end = clock_mono_us() + 60 * 1000000;

    while (done < count && clock_mono_us() < end) {
        loop_wait(loop, 50);
    }
    assert_int_equal(done, count);
}

static void each_thread_takes_one_at_a_time(void **state)
{
    int left = 10;

    (void)state;
    assert_int_equal(idle_pool_threads(background), 3);
    assert_true(idle_pool_submit(background, take_a_while, NULL, ended, &left));
    assert_true(idle_pool_submit(background, take_a_while, &left, ended, NULL)); /* fails */
    assert_true(idle_pool_submit(background, take_a_while, NULL, ended, NULL));
    assert_false(idle_pool_submit(background, take_a_while, NULL, ended, NULL)); /* none is free */
    wait_for(12);
    assert_int_equal(failed, 1);
    assert_in_range(atomic_load(&most), 1, 3);
    assert_int_equal(atomic_load(&idle), 12);
}

static int beats;
static int64_t latest;

static void beat(int64_t late_us, void *context)
{
    (void)context;
    beats++;
    latest = late_us > latest ? late_us : latest;
}

/* A loop that is busy for 60 ms hears of it in every beat that passed meanwhile. */
static void missed_expiries_are_counted(void **state)
{
    struct error err;
    struct loop_lag *lag = loop_lag_new(loop, beat, NULL, &err);
    int64_t end = clock_mono_us() + 60 * 1000000;

    (void)state;
    assert_non_null(lag);
    usleep(60000);
    while (beats < 29 && clock_mono_us() < end) {
        loop_wait(loop, 10);
    }
    assert_true(beats >= 29); /* one each 2 ms */
    assert_true(latest >= 57000);
    assert_true(loop_lag_run_queue_us(lag) >= -1);
    loop_lag_free(lag);
}

static struct loop_lag *asked;
static int64_t ready_us, handled_us;

static void on_ready(void *context, bool readable, bool writable, bool broken)
{
    char byte;

    (void)writable;
    (void)broken;
    if (readable && read(*(int *)context, &byte, 1) == 1) {
        ready_us = loop_lag_ready_us(asked);
        handled_us = clock_mono_us();
    }
}

/* What came while the loop was busy was ready then, and not when it was heard. On a machine that
 * is slow to answer the loop may be taken to have slept a moment: not fifty times in a row. */
static void waiting_event_was_ready_before(void **state)
{
    struct error err;
    struct loop_socket *socket;
    int ends[2];
    bool seen = false;

    (void)state;
    asked = loop_lag_new(loop, NULL, NULL, &err);
    assert_int_equal(pipe(ends), 0);
    socket = loop_socket_new(loop, ends[0], on_ready, &ends[0], &err);
    loop_socket_set_events(socket, true, false);
    for (int i = 0; i < 50 && !seen; i++) {
        int64_t began;

        loop_wait(loop, 1);
        handled_us = 0;
        began = clock_mono_us();
        assert_int_equal(write(ends[1], "x", 1), 1);
        usleep(30000); /* the loop is elsewhere */
        while (handled_us == 0 && clock_mono_us() < began + 60 * 1000000) {
            loop_wait(loop, 10);
        }
        assert_true(handled_us > 0 && ready_us <= handled_us);
        seen = ready_us <= began && handled_us - ready_us >= 30000;
    }
    assert_true(seen);
    loop_socket_free(socket);
    loop_lag_free(asked);
    close(ends[0]);
    close(ends[1]);
}

static void loop_wait_until_never_returns_early(void **state)
{
    (void)state;
    for (int i = 1; i < 20; i++) {
        int64_t at = clock_mono_us() + i * 300;

        while (clock_mono_us() < at) {
            loop_wait_until(loop, at);
        }
    }
    loop_wait_until(loop, clock_mono_us() - 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_thread_takes_one_at_a_time, set_up, tear_down),
        cmocka_unit_test_setup_teardown(missed_expiries_are_counted, set_up, tear_down),
        cmocka_unit_test_setup_teardown(waiting_event_was_ready_before, set_up, tear_down),
        cmocka_unit_test_setup_teardown(loop_wait_until_never_returns_early, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
