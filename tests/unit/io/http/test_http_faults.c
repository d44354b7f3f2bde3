/* test_http_faults.c - servers that stop responding, send wrong lengths or never end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "lib/http_client.h"

/* Long enough to connect and send a request on a loaded machine. */
enum { TIMEOUT_MS = 2000 };

static int set_up(void **state)
{
    (void)state;
    return client_set_up(&(struct http_config){ .user_agent = "test/1" });
}

static void truncated_response_fails(void **state)
{
    (void)state;
    client_get("/truncated");
    assert_failed(ERROR_NETWORK, "broke");
    assert_true(client.op.http_response.request_sent);
    client_get("/half-chunked");
    assert_failed(ERROR_NETWORK, "broke");
    client_get("/drop");
    assert_failed(ERROR_NETWORK, "broke");
    assert_true(client.op.http_response.request_sent);
    client_get("/garbage");
    assert_failed(client.op.error.kind, "127.0.0.1");
    assert_int_not_equal(client.op.error.kind, ERROR_NONE);
}

static void too_long_response_is_rejected_while_received(void **state)
{
    (void)state;
    client_prepare("GET", client_url("/plain"));
    client.op.http.max_response_bytes = 5;
    client_perform();
    assert_body("plain");
    client_prepare("GET", client_url("/plain"));
    client.op.http.max_response_bytes = 4;
    client_perform();
    assert_failed(ERROR_REMOTE, "more than 4 bytes");
    loopback.sent = 0;
    client_prepare("GET", client_url("/large"));
    client.op.http.max_response_bytes = 100000;
    client_perform();
    assert_failed(ERROR_REMOTE, "more than 100000 bytes");
    client_prepare("GET", client_url("/endless"));
    client.op.http.max_response_bytes = 100000;
    client_perform();
    assert_failed(ERROR_REMOTE, "more than 100000 bytes");
    assert_true(loopback.sent < 2L * LOOPBACK_LARGE); /* was not read to the end */
    client_get("/large");
    assert_int_equal(client.op.http_response.body.size, LOOPBACK_LARGE);
}

static void timeout_is_a_network_error(void **state)
{
    int64_t began = clock_mono_us();

    (void)state;
    client_prepare("GET", client_url("/slow"));
    client.op.timeout_ms = TIMEOUT_MS;
    client_perform();
    assert_failed(ERROR_NETWORK, "did not answer in time");
    assert_true(client.op.http_response.request_sent); /* the server may have executed it */
    assert_in_range(clock_mono_us() - began, (TIMEOUT_MS - 50) * 1000, 50000000);
}

static void unsent_request_is_reported_as_unsent(void **state)
{
    char url[60];
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof address;

    (void)state;
    assert_int_equal(bind(fd, (struct sockaddr *)&address, size), 0); /* bound, but not listening */
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    snprintf(url, sizeof url, "http://127.0.0.1:%d/", ntohs(address.sin_port));
    client_prepare("GET", url);
    client_perform();
    assert_failed(ERROR_NETWORK, "cannot reach '127.0.0.1'");
    assert_false(client.op.http_response.request_sent);
    close(fd);
    client_prepare("GET", "http://");
    client_perform();
    assert_failed(ERROR_CONFIG, "cannot fetch");
    client_prepare("GET", "file:///etc/passwd");
    client_perform();
    assert_failed(ERROR_CONFIG, "cannot fetch");
}

static void secrets_are_in_no_error(void **state)
{
    struct secret *key = secret_new("s3cr3t-key-of-ours");
    static const char *const paths[] = { "/drop?key=s3cr3t-key-of-ours",
                                         "/truncated?key=s3cr3t-key-of-ours" };

    (void)state;
    for (int i = 0; i < 2; i++) {
        client_prepare("GET", client_url(paths[i]));
        op_secret_header(&client.op, "authorization", "Bearer ", key);
        client_perform();
        assert_int_equal(client.op.error.kind, ERROR_NETWORK);
        assert_null(strstr(client.op.error.text, "s3cr3t"));
        assert_null(strstr(client.op.error.hint, "s3cr3t"));
    }
    client_prepare("GET", client_url("/plain"));
    op_header(&client.op, "x-a", "b\r\nx-injected: 1"); /* must not add a header */
    client_perform();
    assert_failed(ERROR_INTERNAL, "cannot build the request");
    assert_int_equal(loopback.requests, 2);
    secret_free(key);
}

static void billed_request_is_never_sent_twice(void **state)
{
    (void)state;
    client_get("/dies-when-reused");
    client_get("/dies-when-reused"); /* libcurl sends the request again by itself */
    assert_body("plain");
    assert_int_equal(loopback.requests, 3);
    loopback.requests = loopback.connections = 0;
    for (int i = 0; i < 3; i++) {
        client_prepare("POST", client_url("/dies-when-reused"));
        client.op.http.new_connection = true;
        client_perform();
        assert_body("plain");
        assert_false(client.op.http_response.times.reused);
    }
    assert_int_equal(loopback.requests, 3);
    assert_int_equal(loopback.connections, 3);
    client_prepare("POST", client_url("/drop"));
    client.op.http.new_connection = true;
    client_perform();
    assert_failed(ERROR_NETWORK, "broke");
    assert_int_equal(loopback.requests, 4);
}

static void cancelled_request_ends_soon(void **state)
{
    (void)state;
    client_prepare("GET", client_url("/slow"));
    client_begin(&client.op);
    loop_wait(client.loop, 50);
    http_cancel(client.http, &client.op);
    http_cancel(client.http, &client.op); /* a second time has no effect */
    assert_int_equal(client.ended, 0);
    client_wait(1);
    assert_failed(ERROR_STOPPED, "stopped");
    http_cancel(client.http, &client.op); /* no effect after its end */
    client_begin(&client.op);
    http_free(client.http); /* ends the remaining requests */
    assert_int_equal(client.ended, 2);
    assert_failed(ERROR_STOPPED, "stopped");
    client.http = NULL;
}

static int set_up_narrow(void **state)
{
    (void)state;
    return client_set_up(&(struct http_config){ .max_buffered_bytes = 100000 });
}

static void buffered_bytes_are_limited_and_all_responses_arrive(void **state)
{
    struct op ops[5] = { 0 };

    (void)state;
    for (int i = 0; i < 5; i++) {
        ops[i] = (struct op){ .kind = OP_HTTP,
                              .http = { .method = "GET", .url = client_url("/large") } };
        client_begin(&ops[i]);
    }
    assert_int_equal(http_in_flight(client.http), 5);
    client_wait(5);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(ops[i].error.kind, ERROR_NONE);
        assert_int_equal(ops[i].http_response.body.size, LOOPBACK_LARGE);
        op_clear(&ops[i]);
    }
}

static int set_up_at_once(void **state)
{
    (void)state;
    return client_set_up(&(struct http_config){ .max_buffered_bytes = 50000 });
}

static void stalled_response_does_not_block_others(void **state)
{
    struct op stalled = { .kind = OP_HTTP,
                          .http = { .method = "GET", .url = client_url("/stalls") } };

    (void)state;
    client_begin(&stalled);
    while (stalled.http_response.body.size < 65536) {
        loop_wait(client.loop, 20);
    }
    client_prepare("GET", client_url("/plain"));
    client_begin(&client.op); /* waits for the stalled response, which may continue; then runs */
    client_wait(1);
    assert_body("plain");
    assert_true(client.op.http_response.times.loop_delay_us > 0);
    assert_int_equal(client.ended, 1);
    http_cancel(client.http, &stalled);
    client_wait(2);
    assert_int_equal(stalled.error.kind, ERROR_STOPPED);
    client_get("/large"); /* a single transfer is not paused */
    assert_int_equal(client.op.http_response.body.size, LOOPBACK_LARGE);
    assert_int_equal(client.op.http_response.times.loop_delay_us, 0);
}

static void paused_response_can_be_cancelled(void **state)
{
    struct op stalled = { .kind = OP_HTTP,
                          .http = { .method = "GET", .url = client_url("/stalls") } };

    (void)state;
    client_begin(&stalled);
    while (stalled.http_response.body.size < 65536) {
        loop_wait(client.loop, 20);
    }
    client_prepare("GET", client_url("/large"));
    client_begin(&client.op);
    loop_wait(client.loop, 50);
    http_cancel(client.http, &client.op);
    client_wait(1);
    assert_failed(ERROR_STOPPED, "stopped");
    client_prepare("GET", client_url("/large"));
    client_begin(&client.op);
    loop_wait(client.loop, 50);
    http_free(client.http); /* ends both, in any order */
    assert_int_equal(client.ended, 3);
    client.http = NULL;
}

static int set_up_impatient(void **state)
{
    (void)state;
    return client_set_up(&(struct http_config){ .connect_timeout_ms = TIMEOUT_MS / 2 });
}

/* A listener that accepts no connection: once its backlog is full, connecting does not end. */
static void connecting_times_out(void **state)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0), waiting[4];
    char url[60];

    (void)state;
    assert_int_equal(bind(fd, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(fd, 0), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    for (int i = 0; i < 4; i++) {
        waiting[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        (void)!connect(waiting[i], (struct sockaddr *)&address, size);
    }
    snprintf(url, sizeof url, "http://127.0.0.1:%d/", ntohs(address.sin_port));
    client_prepare("GET", url);
    client_perform();
    assert_failed(ERROR_NETWORK, "did not answer in time");
    assert_false(client.op.http_response.request_sent);
    for (int i = 0; i < 4; i++) {
        close(waiting[i]);
    }
    close(fd);
}

static void established_connection_outlives_the_connect_timeout(void **state)
{
    (void)state;
    client_prepare("GET", client_url("/slow"));
    client.op.timeout_ms = TIMEOUT_MS;
    client_perform();
    assert_failed(ERROR_NETWORK, "did not answer in time");
    assert_true(client.op.http_response.request_sent);
    assert_in_range(client.op.http_response.times.total_us, (TIMEOUT_MS - 50) * 1000, 50000000);
}

int main(void)
{
#define EACH(test, begin) cmocka_unit_test_setup_teardown(test, begin, client_tear_down)
    const struct CMUnitTest tests[] = {
        EACH(truncated_response_fails, set_up),
        EACH(too_long_response_is_rejected_while_received, set_up),
        EACH(timeout_is_a_network_error, set_up),
        EACH(unsent_request_is_reported_as_unsent, set_up),
        EACH(secrets_are_in_no_error, set_up),
        EACH(billed_request_is_never_sent_twice, set_up),
        EACH(cancelled_request_ends_soon, set_up),
        EACH(buffered_bytes_are_limited_and_all_responses_arrive, set_up_narrow),
        EACH(stalled_response_does_not_block_others, set_up_at_once),
        EACH(paused_response_can_be_cancelled, set_up_at_once),
        EACH(connecting_times_out, set_up_impatient),
        EACH(established_connection_outlives_the_connect_timeout, set_up_impatient),
    };

    unsetenv("http_proxy");
    unsetenv("ALL_PROXY");
    unsetenv("all_proxy");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
