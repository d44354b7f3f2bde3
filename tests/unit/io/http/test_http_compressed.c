/* test_http_compressed.c - responses that a server or a gateway compresses although no request asks
 * for that. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/http_client.h"

enum { BOMB_BYTES = 64 * 1024 /* each is a thousand zeros */ };

static const char json[] = "{\"plain\":true}";
static const char gzip[] = "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xab\x56\x2a\xc8\x49\xcc"
                           "\xcc\x53\xb2\x2a\x29\x2a\x4d\xad\x05\x00\x5c\x7a\x6d\x86\x0e\x00"
                           "\x00\x00";
static const char zeros[] = "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xed\xc1\x01\x01\x00\x00"
                            "\x00\x82\x20\xff\xaf\x6e\x48\x40\x01";
static char answer[BOMB_BYTES + 1000];

static int set_up(void **state)
{
    (void)state;
    return client_set_up(&(struct http_config){ .user_agent = "test/1" });
}

/* The next answer of the server. The connection ends with it, and the client must know: otherwise
 * a POST may be sent on a connection that the server is about to close, and fail. */
static void serve(const char *encoding, const char *body, size_t size, size_t zero_bytes)
{
    int head = snprintf(answer, sizeof answer,
                        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                        "Connection: close\r\nContent-Encoding: %s\r\nContent-Length: %zu\r\n\r\n",
                        encoding, size + zero_bytes);

    memcpy(answer + head, body, size);
    memset(answer + head + size, 0, zero_bytes);
    loopback.raw = answer;
    loopback.raw_size = (size_t)head + size + zero_bytes;
}

static void post(void)
{
    client_prepare("POST", client_url("/raw"));
    client_perform();
}

static void compressed_response_is_read(void **state)
{
    (void)state;
    serve("gzip", gzip, sizeof gzip - 1, 0);
    post();
    assert_body(json);
    serve("identity", json, sizeof json - 1, 0);
    post();
    assert_body(json);
}

/* S3 keeps the encoding that a file was uploaded with, although it stores the decoded file. */
static void encoding_of_a_file_is_ignored(void **state)
{
    (void)state;
    serve("aws-chunked", json, sizeof json - 1, 0);
    client_get("/raw");
    assert_body(json);
}

static void no_request_asks_for_compression(void **state)
{
    const struct blob *body = &client.op.http_response.body;

    (void)state;
    client_get("/echo");
    assert_non_null(memmem(body->data, body->size, "GET /echo", 9));
    assert_null(memmem(body->data, body->size, "Accept-Encoding", 15));
}

static void size_limit_applies_to_the_decompressed_response(void **state)
{
    (void)state;
    serve("gzip", zeros, sizeof zeros - 1, BOMB_BYTES);
    client_prepare("POST", client_url("/raw"));
    client.op.http.max_response_bytes = 1000000;
    client_perform();
    assert_failed(ERROR_REMOTE, "more than 1000000 bytes");
}

/* Each further answer would be paid for, and unreadable too. */
static void unreadable_compression_is_a_format_that_is_not_known(void **state)
{
    (void)state;
    serve("gzip", json, sizeof json - 1, 0);
    post();
    assert_failed(ERROR_FORMAT, "compressed");
    serve("x-unknown", json, sizeof json - 1, 0);
    post();
    assert_failed(ERROR_FORMAT, "compressed");
}

int main(void)
{
#define EACH(test) cmocka_unit_test_setup_teardown(test, set_up, client_tear_down)
    const struct CMUnitTest tests[] = {
        EACH(compressed_response_is_read),
        EACH(encoding_of_a_file_is_ignored),
        EACH(no_request_asks_for_compression),
        EACH(size_limit_applies_to_the_decompressed_response),
        EACH(unreadable_compression_is_a_format_that_is_not_known),
    };

    unsetenv("http_proxy");
    unsetenv("ALL_PROXY");
    unsetenv("all_proxy");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
