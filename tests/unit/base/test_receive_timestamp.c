/* test_receive_timestamp.c - the arrival of data is known however late it is read, and a peek
 * leaves it in the socket. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/receive_timestamp.h"
#include "lib/kernel_timestamps.h"

static int prepared;
static int pair[2]; /* the one who sends; the one who reads */

static int set_up(void **state)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof at;
    int door = socket(AF_INET, SOCK_STREAM, 0);

    (void)state;
    assert_int_equal(bind(door, (struct sockaddr *)&at, size), 0);
    assert_int_equal(listen(door, 1), 0);
    assert_int_equal(getsockname(door, (struct sockaddr *)&at, &size), 0);
    pair[1] = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(pair[1], (struct sockaddr *)&at, size), 0);
    pair[0] = accept(door, NULL, NULL);
    assert_true(pair[0] >= 0);
    close(door);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    close(pair[0]);
    close(pair[1]);
    return 0;
}

static void send_bytes(char c, size_t size)
{
    static char bytes[50000];

    memset(bytes, c, size);
    assert_int_equal(write(pair[0], bytes, size), size);
}

static void wait_for(size_t bytes)
{
    struct receive_timestamp receive_timestamp = { 0 };

    for (int i = 0; i < 1000 && !(receive_timestamp_peek(pair[1], &receive_timestamp) &&
                                  receive_timestamp.waiting >= bytes);
         i++) {
        usleep(1000);
    }
    assert_int_equal(receive_timestamp.waiting, bytes);
}

/* The kernel takes its time to begin. */
static void wait_for_stamps(void)
{
    struct receive_timestamp receive_timestamp;
    char byte;
    bool stamped = false;

    for (int i = 0; i < 2000 && !stamped; i++) {
        send_bytes('x', 1);
        usleep(1000);
        stamped = receive_timestamp_peek(pair[1], &receive_timestamp);
        assert_int_equal(recv(pair[1], &byte, 1, MSG_WAITALL), 1);
    }
    assert_true(stamped);
}

static void timestamp_is_the_one_of_the_newest_byte(void **state)
{
    struct receive_timestamp first, both, rest;
    char read_back[60000];
    int64_t before;

    (void)state;
    if (!kernel_timestamps_packets()) {
        skip();
    }
    assert_true(prepared >= 0);
    assert_true(receive_timestamp_enable(pair[1]));
    wait_for_stamps();
    assert_false(receive_timestamp_peek(pair[1], &first)); /* nothing waits */
    before = clock_mono_us();
    send_bytes('a', 1000);
    wait_for(1000);
    assert_true(receive_timestamp_peek(pair[1], &first));
    assert_true(first.at_us >= before - 1000); /* the clocks are read one after the other */
    assert_true(first.at_us <= clock_mono_us());
    usleep(30000);
    send_bytes('b', 50000);
    wait_for(51000);
    usleep(30000); /* busy elsewhere */
    assert_true(receive_timestamp_peek(pair[1], &both));
    assert_true(both.at_us - first.at_us >= 29000);
    assert_true(clock_mono_us() - both.at_us >= 29000);
    /* and all is there still, in order */
    assert_int_equal(recv(pair[1], read_back, 1500, MSG_WAITALL), 1500);
    assert_int_equal(read_back[999], 'a');
    assert_int_equal(read_back[1000], 'b');
    assert_true(receive_timestamp_peek(pair[1], &rest));
    assert_int_equal(rest.waiting, 49500);
    assert_int_equal(recv(pair[1], read_back, sizeof read_back, 0), 49500);
    assert_int_equal(read_back[49499], 'b');
    assert_false(receive_timestamp_peek(pair[1], &rest));
}

static void socket_without_timestamps_gives_none(void **state)
{
    struct receive_timestamp receive_timestamp;
    char byte;

    (void)state;
    send_bytes('a', 1);
    usleep(1000);
    assert_false(receive_timestamp_peek(pair[1], &receive_timestamp));
    assert_int_equal(recv(pair[1], &byte, 1, 0), 1);
    assert_int_equal(byte, 'a');
    assert_false(receive_timestamp_peek(-1, &receive_timestamp));
    assert_false(receive_timestamp_enable(-1));
}

int main(void)
{
    int result;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(timestamp_is_the_one_of_the_newest_byte, set_up, tear_down),
        cmocka_unit_test_setup_teardown(socket_without_timestamps_gives_none, set_up, tear_down),
    };

    prepared = receive_timestamp_prepare();
    result = cmocka_run_group_tests(tests, NULL, NULL);
    close(prepared);
    return result;
}
