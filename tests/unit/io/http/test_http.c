/* test_http.c - successful requests: what is sent, and what is read of a response. */
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

static void responses_are_read_completely(void **state)
{
    (void)state;
    client_get("/plain");
    assert_body("plain");
    assert_int_equal(client.op.http_response.status, 200);
    assert_string_equal(client.op.http_response.content_type, "text/plain");
    assert_string_equal(client.op.http_response.request_id, "r-1");
    assert_true(client.op.http_response.request_sent);
    assert_false(client.op.http_response.times.reused);
    assert_true(client.op.http_response.times.total_us >=
                client.op.http_response.times.first_byte_us);
    assert_int_equal(client.op.http_response.processing_ms, -1);
    client_get("/chunked");
    assert_body("plain");
    assert_true(client.op.http_response.times.reused);
    client_get("/nowhere");
    assert_body("");
    assert_int_equal(client.op.http_response.status, 404); /* an answer like any other */
}

static void requests_are_sent_unchanged(void **state)
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
    client_prepare("POST", client_url("/echo"));
    op_header(&client.op, "x-plain", "yes");
    op_secret_header(&client.op, "authorization", "Bearer ", key);
    client.op.http.body = blob_text("{\"a\":1}");
    client_perform();
    got = (const char *)client.op.http_response.body.data;
    assert_non_null(memmem(got, client.op.http_response.body.size, "POST /echo HTTP/1.1\r\n", 21));
    assert_non_null(memmem(got, client.op.http_response.body.size, "User-Agent: test/1\r\n", 20));
    assert_non_null(memmem(got, client.op.http_response.body.size, "x-plain: yes\r\n", 14));
    assert_non_null(memmem(got, client.op.http_response.body.size,
                           "authorization: Bearer s3cr3t-key-of-ours\r\n", 42));
    assert_non_null(memmem(got, client.op.http_response.body.size, "\r\n\r\n{\"a\":1}", 11));
    assert_null(memmem(got, client.op.http_response.body.size, "Expect:", 7));
    client_prepare("POST", client_url("/echo"));
    client.op.http.parts = parts;
    client.op.http.part_count = 2;
    client_perform();
    got = (const char *)client.op.http_response.body.data;
    assert_non_null(
        memmem(got, client.op.http_response.body.size, "name=\"model\"\r\n\r\nm-1\r\n", 21));
    assert_non_null(memmem(got, client.op.http_response.body.size, "filename=\"a.png\"\r\n", 18));
    assert_int_equal(client.op.http_response.http_version, 11);
    client_prepare("PUT", client_url("/echo"));
    client_perform();
    assert_memory_equal(client.op.http_response.body.data, "PUT /echo", 9);
    client_prepare("HEAD", client_url("/echo"));
    client_perform();
    assert_body("");
    secret_free(key);
}

static void response_headers_are_read(void **state)
{
    (void)state;
    client_get("/limits");
    assert_body("busy");
    assert_int_equal(client.op.http_response.status, 429);
    assert_int_equal(client.op.http_response.retry_after_ms, 1500); /* the finer one wins */
    assert_int_equal(client.op.http_response.should_retry, 't');
    assert_int_equal(client.op.http_response.processing_ms, 321);
    assert_int_equal(client.op.http_response.limit_requests, 60);
    assert_int_equal(client.op.http_response.remaining_requests, 0);
    assert_int_equal(client.op.http_response.reset_requests_ms, 62000);
}

static void headers_are_bounded(void **state)
{
    (void)state;
    client_get("/many-headers");
    assert_body("ok");
    assert_string_equal(client.op.http_response.content_type, "");
    assert_string_equal(client.op.http_response.request_id, "a?b?[31m?"); /* fit for a terminal */
    client_get("/endless-headers");
    assert_failed(ERROR_NETWORK, "127.0.0.1");
    assert_true(loopback.sent < 2000 * 8192L);
}

int main(void)
{
#define EACH(test, begin) cmocka_unit_test_setup_teardown(test, begin, client_tear_down)
    const struct CMUnitTest tests[] = {
        EACH(responses_are_read_completely, set_up),
        EACH(requests_are_sent_unchanged, set_up),
        EACH(response_headers_are_read, set_up),
        EACH(headers_are_bounded, set_up),
    };

    unsetenv("http_proxy");
    unsetenv("ALL_PROXY");
    unsetenv("all_proxy");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
