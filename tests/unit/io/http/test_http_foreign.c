/* test_http_foreign.c - URLs of users reach no internal address, also not by redirects or proxies.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/http_client.h"

static int set_up(void **state)
{
    (void)state;
    return client_set_up(&(struct http_config){ .user_agent = "test/1" });
}

static int set_up_loose(void **state)
{
    (void)state;
    return client_set_up(&(struct http_config){ .allow_loopback_fetch = true });
}

static void untrusted_url_cannot_reach_internal_addresses(void **state)
{
    static const char *const inside[] = {
        "https://127.0.0.1/",   "https://localhost/", "https://0x7f.1/",
        "https://2130706433/",  "https://[::1]/",     "https://[::ffff:127.0.0.1]/",
        "https://10.0.0.1/",    "https://0.0.0.0/",   "https://169.254.169.254/latest/meta-data/",
        "https://192.168.0.1/", "https://[fd00::1]/", "https://[64:ff9b::7f00:1]/",
    };

    (void)state;
    for (size_t i = 0; i < sizeof inside / sizeof *inside; i++) {
        client_fetch_untrusted(inside[i]);
        assert_failed(ERROR_INPUT, "belongs to an internal network");
        assert_false(client.op.http_response.request_sent);
    }
    assert_int_equal(loopback.connections, 0);
}

static void untrusted_url_must_be_https_on_port_443(void **state)
{
    static const char *const odd[] = {
        "http://example.com/a.jpg",
        "https://example.com:8443/a.jpg",
        "https://u:p@example.com/a.jpg",
        "ftp://example.com/a.jpg",
        "file:///etc/passwd",
        "gopher://example.com/",
        "data:,x",
        "",
        "https://",
    };

    (void)state;
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        client_fetch_untrusted(odd[i]);
        assert_failed(ERROR_INPUT, "the address of the image");
        assert_null(strstr(client.op.error.text, "u:p"));
    }
    client_fetch_untrusted(client_url("/plain"));
    assert_failed(ERROR_INPUT, "the address of the image");
    assert_int_equal(loopback.connections, 0);
}

static void redirects_are_followed_for_untrusted_urls_only(void **state)
{
    char path[200];

    (void)state;
    snprintf(path, sizeof path, "/redirect?%s", client_url("/plain"));
    client_get(path);
    assert_int_equal(client.op.http_response.status, 302); /* ours is not led anywhere */
    client_fetch_untrusted(client_url(path));
    assert_body("plain");
    assert_int_equal(client.op.http_response.status, 200);
    assert_int_equal(client.op.http_response.retry_after_ms, 0); /* was the redirect's */
    loopback.requests = 0;
    client_fetch_untrusted(client_url("/circle"));
    assert_failed(ERROR_INPUT, "cannot fetch");
    assert_int_equal(loopback.requests, 4); /* the first, and three more */
    client_fetch_untrusted(client_url("/redirect?http://10.0.0.1/"));
    assert_failed(ERROR_INPUT, "belongs to an internal network");
    client_fetch_untrusted(client_url("/redirect?file:///etc/passwd"));
    assert_failed(ERROR_INPUT, "cannot fetch");
    client_fetch_untrusted(client_url("/redirect?ftp://127.0.0.1/"));
    assert_failed(ERROR_INPUT, "cannot fetch");
}

static void too_large_photo_is_an_input_error(void **state)
{
    (void)state;
    client_prepare("GET", client_url("/plain"));
    client.op.http.untrusted_url = true;
    client.op.http.max_response_bytes = 4;
    client_perform();
    assert_failed(ERROR_INPUT, "more than 4 bytes");
}

static void trusted_origin_may_be_internal(void **state)
{
    char origin[60], path[120];

    (void)state;
    http_free(client.http);
    snprintf(origin, sizeof origin, "http://127.0.0.1:%d", loopback.port);
    client.http =
        http_new(client.loop, &(struct http_config){ .trusted_origin = origin }, &client.op.error);
    client_fetch_untrusted(client_url("/plain"));
    assert_body("plain");
    client_fetch_untrusted(client_url("/plain")); /* an unguarded connection is not reused */
    assert_body("plain");
    assert_false(client.op.http_response.times.reused);
    snprintf(path, sizeof path, "/redirect?%s/plain", origin);
    client_fetch_untrusted(client_url(path));
    assert_int_equal(client.op.http_response.status, 302); /* nor may it lead elsewhere */
    snprintf(path, sizeof path, "%s.example.com/", origin);
    client_fetch_untrusted(path);
    assert_failed(ERROR_INPUT, "the address of the image");
}

static void proxy_settings_apply_to_trusted_requests_only(void **state)
{
    char proxy[60];

    (void)state;
    snprintf(proxy, sizeof proxy, "http://127.0.0.1:%d", loopback.port);
    setenv("http_proxy", proxy, 1);
    client_prepare("GET", "http://api.example.invalid/plain");
    client_perform();
    assert_body("plain");
    loopback.connections = 0;
    client_fetch_untrusted("http://10.1.2.3/plain"); /* through a proxy it would be out of sight */
    assert_failed(ERROR_INPUT, "belongs to an internal network");
    assert_int_equal(loopback.connections, 0);
    unsetenv("http_proxy");
}

int main(void)
{
#define EACH(test, begin) cmocka_unit_test_setup_teardown(test, begin, client_tear_down)
    const struct CMUnitTest tests[] = {
        EACH(untrusted_url_cannot_reach_internal_addresses, set_up),
        EACH(untrusted_url_must_be_https_on_port_443, set_up),
        EACH(redirects_are_followed_for_untrusted_urls_only, set_up_loose),
        EACH(too_large_photo_is_an_input_error, set_up_loose),
        EACH(trusted_origin_may_be_internal, set_up),
        EACH(proxy_settings_apply_to_trusted_requests_only, set_up_loose),
    };

    unsetenv("http_proxy");
    unsetenv("ALL_PROXY");
    unsetenv("all_proxy");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
