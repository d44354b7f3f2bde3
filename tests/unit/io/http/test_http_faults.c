/* test_http_faults.c - servers that fall silent, lie or never end. */
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
#include "lib/asking.h"

static int set_up(void **state)
{
    (void)state;
    return asking_set_up(&(struct http_config){ .user_agent = "test/1" });
}

static void half_answers_are_none(void **state)
{
    (void)state;
    asking_get("/truncated");
    assert_failed(ERROR_NETWORK, "broke");
    assert_true(asking.op.http_response.sent);
    asking_get("/half-chunked");
    assert_failed(ERROR_NETWORK, "broke");
    asking_get("/drop");
    assert_failed(ERROR_NETWORK, "broke");
    assert_true(asking.op.http_response.sent);
    asking_get("/garbage");
    assert_failed(asking.op.error.kind, "127.0.0.1");
    assert_int_not_equal(asking.op.error.kind, ERROR_NONE);
}

static void too_long_an_answer_is_refused_while_it_comes(void **state)
{
    (void)state;
    asking_prepare("GET", asking_url("/hello"));
    asking.op.http.answer_limit = 5;
    asking_perform();
    assert_body("hello");
    asking_prepare("GET", asking_url("/hello"));
    asking.op.http.answer_limit = 4;
    asking_perform();
    assert_failed(ERROR_REMOTE, "more than 4 bytes");
    loopback.sent = 0;
    asking_prepare("GET", asking_url("/large"));
    asking.op.http.answer_limit = 100000;
    asking_perform();
    assert_failed(ERROR_REMOTE, "more than 100000 bytes");
    asking_prepare("GET", asking_url("/endless"));
    asking.op.http.answer_limit = 100000;
    asking_perform();
    assert_failed(ERROR_REMOTE, "more than 100000 bytes");
    assert_true(loopback.sent < 2L * LOOPBACK_LARGE); /* nobody read it to the end */
    asking_get("/large");
    assert_int_equal(asking.op.http_response.body.size, LOOPBACK_LARGE);
}

static void timeouts_are_of_the_network(void **state)
{
    int64_t began = clock_mono_us();

    (void)state;
    asking_prepare("GET", asking_url("/slow"));
    asking.op.timeout_ms = 200;
    asking_perform();
    assert_failed(ERROR_NETWORK, "did not answer in time");
    assert_true(asking.op.http_response.sent); /* it may have been done */
    assert_in_range(clock_mono_us() - began, 150000, 4000000);
}

static void what_was_never_sent_is_known(void **state)
{
    char url[60];
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof address;

    (void)state;
    assert_int_equal(bind(fd, (struct sockaddr *)&address, size), 0); /* bound: nobody listens */
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    snprintf(url, sizeof url, "http://127.0.0.1:%d/", ntohs(address.sin_port));
    asking_prepare("GET", url);
    asking_perform();
    assert_failed(ERROR_NETWORK, "cannot reach '127.0.0.1'");
    assert_false(asking.op.http_response.sent);
    close(fd);
    asking_prepare("GET", "http://");
    asking_perform();
    assert_failed(ERROR_INPUT, "cannot fetch");
    asking_prepare("GET", "file:///etc/passwd");
    asking_perform();
    assert_failed(ERROR_INPUT, "cannot fetch");
}

static void secrets_are_in_no_error(void **state)
{
    struct secret *key = secret_new("s3cr3t-key-of-ours");
    static const char *const paths[] = { "/drop?key=s3cr3t-key-of-ours",
                                         "/truncated?key=s3cr3t-key-of-ours" };

    (void)state;
    for (int i = 0; i < 2; i++) {
        asking_prepare("GET", asking_url(paths[i]));
        op_secret_header(&asking.op, "authorization", "Bearer ", key);
        asking_perform();
        assert_int_equal(asking.op.error.kind, ERROR_NETWORK);
        assert_null(strstr(asking.op.error.text, "s3cr3t"));
        assert_null(strstr(asking.op.error.hint, "s3cr3t"));
    }
    asking_prepare("GET", asking_url("/hello"));
    op_header(&asking.op, "x-a", "b\r\nx-injected: 1"); /* no line of its own */
    asking_perform();
    assert_failed(ERROR_INTERNAL, "cannot make the request");
    assert_int_equal(loopback.requests, 2);
    secret_free(key);
}

static void what_is_billed_is_never_sent_again(void **state)
{
    (void)state;
    asking_get("/dies-when-reused");
    asking_get("/dies-when-reused"); /* libcurl sends it again by itself */
    assert_body("hello");
    assert_int_equal(loopback.requests, 3);
    loopback.requests = loopback.connections = 0;
    for (int i = 0; i < 3; i++) {
        asking_prepare("POST", asking_url("/dies-when-reused"));
        asking.op.http.once = true;
        asking_perform();
        assert_body("hello");
        assert_false(asking.op.http_response.times.reused);
    }
    assert_int_equal(loopback.requests, 3);
    assert_int_equal(loopback.connections, 3);
    asking_prepare("POST", asking_url("/drop"));
    asking.op.http.once = true;
    asking_perform();
    assert_failed(ERROR_NETWORK, "broke");
    assert_int_equal(loopback.requests, 4);
}

static void cancelling_ends_it_soon(void **state)
{
    (void)state;
    asking_prepare("GET", asking_url("/slow"));
    asking_begin(&asking.op);
    loop_wait(asking.loop, 50);
    http_cancel(asking.http, &asking.op);
    http_cancel(asking.http, &asking.op); /* twice does not hurt */
    assert_int_equal(asking.ended, 0);
    asking_wait(1);
    assert_failed(ERROR_STOPPED, "stopped");
    http_cancel(asking.http, &asking.op); /* nor when it is over */
    asking_begin(&asking.op);
    http_free(asking.http); /* what is left ends with it */
    assert_int_equal(asking.ended, 2);
    assert_failed(ERROR_STOPPED, "stopped");
    asking.http = NULL;
}

static int set_up_narrow(void **state)
{
    (void)state;
    return asking_set_up(&(struct http_config){ .answers_in_transit = 100000 });
}

static void answers_in_transit_are_bounded_and_all_come(void **state)
{
    struct op ops[5] = { 0 };

    (void)state;
    for (int i = 0; i < 5; i++) {
        ops[i] = (struct op){ .kind = OP_HTTP,
                              .http = { .method = "GET", .url = asking_url("/large") } };
        asking_begin(&ops[i]);
    }
    assert_int_equal(http_in_flight(asking.http), 5);
    asking_wait(5);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(ops[i].error.kind, ERROR_NONE);
        assert_int_equal(ops[i].http_response.body.size, LOOPBACK_LARGE);
        op_clear(&ops[i]);
    }
}

static int set_up_at_once(void **state)
{
    (void)state;
    return asking_set_up(&(struct http_config){ .answers_in_transit = 50000 });
}

static void an_answer_that_stalls_does_not_hold_others_for_ever(void **state)
{
    struct op stalled = { .kind = OP_HTTP,
                          .http = { .method = "GET", .url = asking_url("/stalls") } };

    (void)state;
    asking_begin(&stalled);
    while (stalled.http_response.body.size < 65536) {
        loop_wait(asking.loop, 20);
    }
    asking_prepare("GET", asking_url("/hello"));
    asking_begin(&asking.op); /* it waits, since the other may go on any moment; then it goes */
    asking_wait(1);
    assert_body("hello");
    assert_true(asking.op.http_response.times.loop_us > 0);
    assert_int_equal(asking.ended, 1);
    http_cancel(asking.http, &stalled);
    asking_wait(2);
    assert_int_equal(stalled.error.kind, ERROR_STOPPED);
    asking_get("/large"); /* alone nobody is held */
    assert_int_equal(asking.op.http_response.body.size, LOOPBACK_LARGE);
    assert_int_equal(asking.op.http_response.times.loop_us, 0);
}

static void what_is_held_can_be_cancelled(void **state)
{
    struct op stalled = { .kind = OP_HTTP,
                          .http = { .method = "GET", .url = asking_url("/stalls") } };

    (void)state;
    asking_begin(&stalled);
    while (stalled.http_response.body.size < 65536) {
        loop_wait(asking.loop, 20);
    }
    asking_prepare("GET", asking_url("/large"));
    asking_begin(&asking.op);
    loop_wait(asking.loop, 50);
    http_cancel(asking.http, &asking.op);
    asking_wait(1);
    assert_failed(ERROR_STOPPED, "stopped");
    asking_prepare("GET", asking_url("/large"));
    asking_begin(&asking.op);
    loop_wait(asking.loop, 50);
    http_free(asking.http); /* in whatever order */
    assert_int_equal(asking.ended, 3);
    asking.http = NULL;
}

static int set_up_impatient(void **state)
{
    (void)state;
    return asking_set_up(&(struct http_config){ .connect_timeout_ms = 200 });
}

/* A listener that accepts nobody: once its line is full, connecting has no end. */
static void a_connection_that_is_not_made_is_given_up(void **state)
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
    asking_prepare("GET", url);
    asking_perform();
    assert_failed(ERROR_NETWORK, "did not answer in time");
    assert_false(asking.op.http_response.sent);
    for (int i = 0; i < 4; i++) {
        close(waiting[i]);
    }
    close(fd);
    asking_prepare("GET", asking_url("/chunked")); /* a connection that was made is let alone */
    asking_perform();
    assert_body("hello");
}

int main(void)
{
#define EACH(test, begin) cmocka_unit_test_setup_teardown(test, begin, asking_tear_down)
    const struct CMUnitTest tests[] = {
        EACH(half_answers_are_none, set_up),
        EACH(too_long_an_answer_is_refused_while_it_comes, set_up),
        EACH(timeouts_are_of_the_network, set_up),
        EACH(what_was_never_sent_is_known, set_up),
        EACH(secrets_are_in_no_error, set_up),
        EACH(what_is_billed_is_never_sent_again, set_up),
        EACH(cancelling_ends_it_soon, set_up),
        EACH(answers_in_transit_are_bounded_and_all_come, set_up_narrow),
        EACH(an_answer_that_stalls_does_not_hold_others_for_ever, set_up_at_once),
        EACH(what_is_held_can_be_cancelled, set_up_at_once),
        EACH(a_connection_that_is_not_made_is_given_up, set_up_impatient),
    };

    unsetenv("http_proxy");
    unsetenv("ALL_PROXY");
    unsetenv("all_proxy");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
