/* test_http.c - requests that go well: what is sent, and what is read of an answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "lib/asking.h"

static int set_up(void **state)
{
    (void)state;
    return asking_set_up(&(struct http_config){ .user_agent = "test/1" });
}

static void answers_are_read_whole(void **state)
{
    (void)state;
    asking_get("/hello");
    assert_body("hello");
    assert_int_equal(asking.op.http_response.status, 200);
    assert_string_equal(asking.op.http_response.content_type, "text/plain");
    assert_string_equal(asking.op.http_response.request_id, "r-1");
    assert_true(asking.op.http_response.sent);
    assert_false(asking.op.http_response.times.reused);
    assert_true(asking.op.http_response.times.total_us >=
                asking.op.http_response.times.first_byte_us);
    assert_int_equal(asking.op.http_response.processing_ms, -1);
    asking_get("/chunked");
    assert_body("hello");
    assert_true(asking.op.http_response.times.reused);
    asking_get("/nowhere");
    assert_body("");
    assert_int_equal(asking.op.http_response.status, 404); /* an answer like any other */
}

static void requests_are_sent_as_asked(void **state)
{
    struct secret *key = secret_new("s3cr3t-key-of-ours");
    struct http_part parts[] = {
        { .name = "model", .content = blob_text("m-1") },
        { .name = "image",
          .filename = "a.png",
          .content_type = "image/png",
          .content = blob_text("\x89PNG") },
    };
    const char *got;

    (void)state;
    asking_prepare("POST", asking_url("/echo"));
    op_header(&asking.op, "x-plain", "yes");
    op_secret_header(&asking.op, "authorization", "Bearer ", key);
    asking.op.http.body = blob_text("{\"a\":1}");
    asking_perform();
    got = (const char *)asking.op.http_response.body.data;
    assert_non_null(memmem(got, asking.op.http_response.body.size, "POST /echo HTTP/1.1\r\n", 21));
    assert_non_null(memmem(got, asking.op.http_response.body.size, "User-Agent: test/1\r\n", 20));
    assert_non_null(memmem(got, asking.op.http_response.body.size, "x-plain: yes\r\n", 14));
    assert_non_null(memmem(got, asking.op.http_response.body.size,
                           "authorization: Bearer s3cr3t-key-of-ours\r\n", 42));
    assert_non_null(memmem(got, asking.op.http_response.body.size, "\r\n\r\n{\"a\":1}", 11));
    assert_null(memmem(got, asking.op.http_response.body.size, "Expect:", 7));
    asking_prepare("POST", asking_url("/echo"));
    asking.op.http.parts = parts;
    asking.op.http.part_count = 2;
    asking_perform();
    got = (const char *)asking.op.http_response.body.data;
    assert_non_null(
        memmem(got, asking.op.http_response.body.size, "name=\"model\"\r\n\r\nm-1\r\n", 21));
    assert_non_null(memmem(got, asking.op.http_response.body.size, "filename=\"a.png\"\r\n", 18));
    assert_int_equal(asking.op.http_response.http_version, 11);
    asking_prepare("PUT", asking_url("/echo"));
    asking_perform();
    assert_memory_equal(asking.op.http_response.body.data, "PUT /echo", 9);
    asking_prepare("HEAD", asking_url("/echo"));
    asking_perform();
    assert_body("");
    secret_free(key);
}

static void headers_that_matter_are_read(void **state)
{
    (void)state;
    asking_get("/limits");
    assert_body("busy");
    assert_int_equal(asking.op.http_response.status, 429);
    assert_int_equal(asking.op.http_response.retry_after_ms, 1500); /* the finer one wins */
    assert_int_equal(asking.op.http_response.should_retry, 't');
    assert_int_equal(asking.op.http_response.processing_ms, 321);
    assert_int_equal(asking.op.http_response.limit_requests, 60);
    assert_int_equal(asking.op.http_response.remaining_requests, 0);
    assert_int_equal(asking.op.http_response.reset_requests_ms, 62000);
}

static void headers_are_bounded(void **state)
{
    (void)state;
    asking_get("/many-headers");
    assert_body("ok");
    assert_string_equal(asking.op.http_response.content_type, "");
    assert_string_equal(asking.op.http_response.request_id, "a?b?[31m?"); /* fit for a terminal */
    asking_get("/endless-headers");
    assert_failed(ERROR_NETWORK, "127.0.0.1");
    assert_true(loopback.sent < 2000 * 8192L);
}

int main(void)
{
#define EACH(test, begin) cmocka_unit_test_setup_teardown(test, begin, asking_tear_down)
    const struct CMUnitTest tests[] = {
        EACH(answers_are_read_whole, set_up),
        EACH(requests_are_sent_as_asked, set_up),
        EACH(headers_that_matter_are_read, set_up),
        EACH(headers_are_bounded, set_up),
    };

    unsetenv("http_proxy");
    unsetenv("ALL_PROXY");
    unsetenv("all_proxy");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
