/* test_http_file.c - responses are written to files, and files are sent in forms. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io/file.h"
#include "lib/http_client.h"

static char folder[64], path[80], meanwhile[90];
static struct error err;

static int set_up(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/darkroom-http-XXXXXX");
    if (!mkdtemp(folder)) {
        return -1;
    }
    snprintf(path, sizeof path, "%s/answer", folder);
    snprintf(meanwhile, sizeof meanwhile, "%s.part", path);
    return client_set_up(&(struct http_config){ .max_buffered_bytes = 1 << 20 });
}

static int tear_down(void **state)
{
    return client_tear_down(state) == 0 && folder_remove(folder, &err) ? 0 : -1;
}

static void get_into(const char *from, size_t limit)
{
    client_prepare("GET", client_url(from));
    client.op.http.body_path = path;
    client.op.http.max_response_bytes = limit;
    client_perform();
}

static void nothing_is_there(void)
{
    assert_int_equal(access(path, F_OK), -1);
    assert_int_equal(access(meanwhile, F_OK), -1);
}

static void successful_body_is_written_to_the_file(void **state)
{
    struct blob got;

    (void)state;
    get_into("/plain", 0);
    assert_body("");
    assert_int_equal(client.op.http_response.body_bytes, 5);
    assert_true(file_read(path, 0, &got, NULL, &err));
    assert_memory_equal(got.data, "plain", 5);
    blob_free(&got);
    get_into("/large", 0); /* larger than what may be in transit: none of it is in memory */
    assert_body("");
    assert_true(file_read(path, 0, &got, NULL, &err));
    assert_int_equal(got.size, LOOPBACK_LARGE);
    blob_free(&got);
    assert_int_equal(access(meanwhile, F_OK), -1);
}

static void error_body_stays_in_memory(void **state)
{
    (void)state;
    get_into("/nowhere", 0);
    assert_int_equal(client.op.http_response.status, 404);
    nothing_is_there();
}

static void truncated_body_leaves_no_file(void **state)
{
    (void)state;
    get_into("/truncated", 0);
    assert_failed(ERROR_NETWORK, "127.0.0.1");
    nothing_is_there();
    get_into("/endless", 100000);
    assert_failed(ERROR_REMOTE, "more than 100000 bytes");
    nothing_is_there();
    snprintf(path, sizeof path, "%s/none/answer", folder);
    get_into("/plain", 0);
    assert_failed(ERROR_INTERNAL, "cannot write");
}

static void file_is_sent_as_a_part(void **state)
{
    struct http_part part = {
        .name = "file", .filename = "input.jsonl", .content_type = "application/jsonl", .path = path
    };
    const struct blob *got = &client.op.http_response.body;

    (void)state;
    assert_true(file_write(path, "{\"a\":1}\n", 8, &err));
    client_prepare("POST", client_url("/echo"));
    client.op.http.parts = &part;
    client.op.http.part_count = 1;
    client_perform();
    assert_non_null(memmem(got->data, got->size, "filename=\"input.jsonl\"\r\n", 24));
    assert_non_null(memmem(got->data, got->size, "\r\n\r\n{\"a\":1}\n\r\n", 13));
    assert_true(file_remove(path, &err));
    client_prepare("POST", client_url("/echo"));
    client.op.http.parts = &part;
    client.op.http.part_count = 1;
    client_perform();
    assert_failed(ERROR_INTERNAL, "request"); /* there is no such file */
}

int main(void)
{
#define EACH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        EACH(successful_body_is_written_to_the_file),
        EACH(error_body_stays_in_memory),
        EACH(truncated_body_leaves_no_file),
        EACH(file_is_sent_as_a_part),
    };

    unsetenv("http_proxy");
    unsetenv("ALL_PROXY");
    unsetenv("all_proxy");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
