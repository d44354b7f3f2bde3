/* test_http_events.c - responses that are event streams: progress events are counted, timed and
 * dropped; everything else is kept like any response. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "lib/http_client.h"

static int set_up(void **state)
{
    (void)state;
    return client_set_up(&(struct http_config){ .user_agent = "test/1" });
}

static const struct http_response *got(void)
{
    return &client.op.http_response;
}

static void ask(const char *path)
{
    client_prepare("POST", client_url(path));
    client.op.http.progress_suffix = ".partial";
    client.op.http.new_connection = true;
}

/* The event is complete with the third piece, 40 ms after the first and 40 ms before the last. */
static bool is_timed_between(const struct http_times *times)
{
    return times->first_event_us >= times->first_byte_us + 30000 &&
           times->first_event_us <= times->total_us - 30000;
}

static void progress_is_counted_and_timed(void **state)
{
    bool timed = false;

    (void)state;
    /* On a loaded machine several pieces can arrive at once, so that one try shows nothing. */
    for (int i = 0; i < 50 && !timed; i++) {
        ask("/events");
        client_perform();
        assert_body(": plain\n\nevent: x.completed\ndata: {\"b\":2}\n\n");
        assert_int_equal(got()->progress_events, 2);
        assert_true(got()->body_bytes > got()->body.size);
        timed = is_timed_between(&got()->times);
    }
    assert_true(timed);
}

static void response_that_is_not_a_stream_is_kept(void **state)
{
    (void)state;
    ask("/plain");
    client_perform();
    assert_body("plain");
    assert_int_equal(got()->body_bytes, 5);
    assert_int_equal(got()->progress_events, 0);
    assert_int_equal(got()->times.first_event_us, -1);
    client_get("/events"); /* no suffix: progress events are kept */
    assert_int_equal(got()->progress_events, 0);
    assert_int_equal(got()->body_bytes, got()->body.size);
    assert_non_null(memmem(got()->body.data, got()->body.size, "x.partial", 9));
}

static void silent_stream_times_out(void **state)
{
    (void)state;
    ask("/events-silent");
    client.op.timeout_ms = 2000; /* long enough to connect on a loaded machine */
    client_perform();
    assert_failed(ERROR_NETWORK, "did not answer in time");
    assert_true(got()->request_sent);
    assert_int_equal(got()->progress_events, 1); /* counted although it failed */
    assert_true(got()->times.first_event_us > 0);
}

static void stream_can_be_cancelled(void **state)
{
    (void)state;
    ask("/events-silent");
    client_begin(&client.op);
    while (loopback.sent == 0) {
        loop_wait(client.loop, 20);
    }
    loop_wait(client.loop, 20);
    http_cancel(client.http, &client.op);
    client_wait(1);
    assert_failed(ERROR_STOPPED, "stopped");
    assert_int_equal(http_in_flight(client.http), 0);
}

static void endless_stream_is_rejected(void **state)
{
    (void)state;
    ask("/events-endless");
    client.op.http.max_response_bytes = 100000; /* although none of its events is kept */
    client_perform();
    assert_failed(ERROR_REMOTE, "more than 100000 bytes");
    assert_in_range(got()->body_bytes, 400001, 600000);
    ask("/events");
    client.op.http.max_response_bytes = 20; /* the end of the stream is longer */
    client_perform();
    assert_failed(ERROR_REMOTE, "more than 20 bytes");
}

static void truncated_stream_fails(void **state)
{
    (void)state;
    ask("/events-truncated");
    client_perform();
    assert_failed(ERROR_NETWORK, "broke");
    assert_int_equal(got()->progress_events, 0);
    assert_int_equal(got()->times.first_event_us, -1);
}

static int set_up_narrow(void **state)
{
    (void)state;
    return client_set_up(&(struct http_config){ .max_buffered_bytes = 10 });
}

/* Discarded events of a stream are subtracted from the bytes in flight: otherwise the sum would
 * grow until every response is paused. */
static void discarded_events_do_not_count_as_bytes_in_flight(void **state)
{
    (void)state;
    for (int round = 0; round < 2; round++) {
        struct op ops[4] = { 0 };
        int before = client.ended;

        for (int i = 0; i < 4; i++) {
            ops[i] = (struct op){ .kind = OP_HTTP,
                                  .http = { .method = "GET",
                                            .url = client_url("/events"),
                                            .progress_suffix = ".partial" } };
            client_begin(&ops[i]);
        }
        client_wait(before + 4);
        for (int i = 0; i < 4; i++) {
            assert_int_equal(ops[i].error.kind, ERROR_NONE);
            assert_int_equal(ops[i].http_response.progress_events, 2);
            op_clear(&ops[i]);
        }
    }
}

int main(void)
{
#define EACH(test, begin) cmocka_unit_test_setup_teardown(test, begin, client_tear_down)
    const struct CMUnitTest tests[] = {
        EACH(progress_is_counted_and_timed, set_up),
        EACH(response_that_is_not_a_stream_is_kept, set_up),
        EACH(silent_stream_times_out, set_up),
        EACH(stream_can_be_cancelled, set_up),
        EACH(endless_stream_is_rejected, set_up),
        EACH(truncated_stream_fails, set_up),
        EACH(discarded_events_do_not_count_as_bytes_in_flight, set_up_narrow),
    };

    unsetenv("http_proxy");
    unsetenv("ALL_PROXY");
    unsetenv("all_proxy");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
