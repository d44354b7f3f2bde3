/* test_http_late.c - a loop that is busy elsewhere makes no answer slow: what came is dated by the
 * kernel, and how late it was read is reported separately. */
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

/* When it was asked, in microseconds: again until the first half has come and the second has not;
 * on a busy machine not at the first try. */
static int64_t ask_for_halves(void)
{
    int64_t began_us = 0;

    for (int i = 0; i < 50; i++) {
        int before = client.ended;

        client_prepare("GET", client_url("/chunked")); /* its second half comes after 20 ms */
        began_us = clock_mono_us();
        client_begin(&client.op);
        while (client.op.http_response.body.size == 0 && client.ended == before) {
            loop_wait(client.loop, 100);
        }
        if (client.ended == before) {
            return began_us;
        }
    }
    fail_msg("the halves always came together");
    return began_us;
}

static void waiting_data_counts_from_its_arrival(void **state)
{
    const struct http_times *times = &client.op.http_response.times;
    int64_t half_us = 0, began_us = 0;

    (void)state;
    if (!kernel_timestamps_packets()) {
        skip();
    }
    for (int i = 0; i < 50 && times->receive_delay_us == 0; i++) { /* stamps begin late */
        began_us = ask_for_halves();
        half_us = clock_mono_us();
        usleep(BUSY_US);
        client_wait(client.ended + 1);
    }
    assert_body("plain");
    assert_true(times->receive_delay_us > 0);
    /* it came in the midst of our absence, whenever that was, and not at its end */
    assert_true(began_us + times->total_us < half_us + BUSY_US);
    assert_true(began_us + times->total_us + times->receive_delay_us >= half_us + BUSY_US - 1000);
    assert_true(times->first_byte_us >= 0 && times->first_byte_us <= times->total_us);
    assert_true(times->loop_delay_us < times->total_us);
}

/* In one piece or many, the times are in order. */
static void times_are_in_order(void **state)
{
    const struct http_times *times = &client.op.http_response.times;

    (void)state;
    client_prepare("GET", client_url("/large"));
    client_begin(&client.op);
    for (int i = 0; i < 400 && client.op.http_response.body.size == 0; i++) {
        loop_wait(client.loop, 1);
    }
    client_wait(1);
    assert_int_equal(client.op.http_response.body.size, LOOPBACK_LARGE);
    assert_true(times->first_byte_us <= times->total_us);
    assert_true(times->receive_delay_us >= 0);
    assert_true(times->loop_delay_us <= times->total_us);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(waiting_data_counts_from_its_arrival, set_up, tear_down),
        cmocka_unit_test_setup_teardown(times_are_in_order, set_up, tear_down),
    };

    unsetenv("http_proxy");
    unsetenv("ALL_PROXY");
    unsetenv("all_proxy");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
