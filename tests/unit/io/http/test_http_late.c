/* test_http_late.c - a loop that is busy elsewhere makes no response slow: data is dated by the
 * kernel's timestamp of its arrival, and the delay until it was read is reported separately. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "lib/http_client.h"
#include "lib/kernel_timestamps.h"

enum { BUSY_US = 300000 }; /* longer than the first of libcurl's timers */

static struct loop_lag *lag;

static int set_up(void **state)
{
    struct error err;

    (void)state;
    if (client_set_up(&(struct http_config){ 0 }) != 0) {
        return -1;
    }
    http_free(client.http);
    lag = loop_lag_new(client.loop, NULL, NULL, &err);
    client.http = http_new(client.loop, &(struct http_config){ .loop_lag = lag }, &err);
    return lag && client.http ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    http_free(client.http);
    loop_lag_free(lag);
    loop_free(client.loop);
    op_clear(&client.op);
    loopback_stop();
    return 0;
}

enum { HALVES_BYTES = 67 }; /* of the response of /chunked */

/* Requests /chunked until its first half has been read and the second has not arrived; on a busy
 * machine both can arrive together. Returns when the request began, in microseconds. */
static int64_t begin_and_read_first_half(void)
{
    for (int i = 0; i < 50; i++) {
        int before = client.ended;
        int64_t began_us = clock_mono_us();

        client_prepare("GET", client_url("/chunked"));
        loopback.sent = 0;
        client_begin(&client.op);
        while (client.op.http_response.body.size == 0 && client.ended == before) {
            loop_wait(client.loop, 100);
        }
        if (client.ended == before) {
            return began_us;
        }
    }
    fail_msg("both halves always arrived together");
    return 0;
}

/* Does not run the loop until the server has sent everything, and for BUSY_US after that. Returns
 * the time at the end. */
static int64_t stay_away(void)
{
    for (int i = 0; i < 30000 && loopback.sent < HALVES_BYTES; i++) {
        usleep(1000);
    }
    assert_int_equal(loopback.sent, HALVES_BYTES);
    usleep(BUSY_US);
    return clock_mono_us();
}

static void waiting_data_is_dated_by_its_arrival(void **state)
{
    const struct http_times *times = &client.op.http_response.times;
    int64_t back_us = 0, began_us = 0;

    (void)state;
    if (!kernel_timestamps_packets()) {
        skip();
    }
    for (int i = 0; i < 50 && times->receive_delay_us == 0; i++) { /* timestamps begin late */
        began_us = begin_and_read_first_half();
        back_us = stay_away();
        client_wait(client.ended + 1);
    }
    assert_body("plain");
    assert_true(times->receive_delay_us > 0);
    assert_true(began_us + times->total_us < back_us);
    assert_true(began_us + times->total_us + times->receive_delay_us >= back_us - 1000);
    assert_true(times->first_byte_us >= 0 && times->first_byte_us <= times->total_us);
    assert_true(times->loop_delay_us <= times->total_us);
}

static void times_are_in_order_for_many_reads(void **state)
{
    const struct http_times *times = &client.op.http_response.times;

    (void)state;
    client_prepare("GET", client_url("/large"));
    client_begin(&client.op);
    while (client.ended == 0 && client.op.http_response.body.size == 0) {
        loop_wait(client.loop, 1);
    }
    client_wait(1);
    assert_int_equal(client.op.http_response.body.size, LOOPBACK_LARGE);
    assert_true(times->first_byte_us <= times->total_us);
    assert_true(times->receive_delay_us >= 0);
    assert_in_range(times->loop_delay_us, 0, times->total_us);
}

/* While the loop is busy the socket's buffer fills, and the server waits for the reader. */
static void delays_of_a_busy_reader_are_part_of_the_total(void **state)
{
    const struct http_times *times = &client.op.http_response.times;

    (void)state;
    client_prepare("GET", client_url("/large"));
    client_begin(&client.op);
    while (client.ended == 0) {
        usleep(20000);
        loop_wait(client.loop, 1);
    }
    assert_int_equal(client.op.http_response.body.size, LOOPBACK_LARGE);
    assert_in_range(times->loop_delay_us, 20000, times->total_us);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(waiting_data_is_dated_by_its_arrival, set_up, tear_down),
        cmocka_unit_test_setup_teardown(times_are_in_order_for_many_reads, set_up, tear_down),
        cmocka_unit_test_setup_teardown(delays_of_a_busy_reader_are_part_of_the_total, set_up,
                                        tear_down),
    };

    unsetenv("http_proxy");
    unsetenv("ALL_PROXY");
    unsetenv("all_proxy");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
