/* test_http_ssrf_guard.c - which addresses are internal, and to which a socket may connect. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "io/http/http_internal.h"

static struct curl_sockaddr address_of(const char *text, int port)
{
    struct curl_sockaddr out = { .family = AF_INET, .socktype = SOCK_STREAM };
    struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };

    assert_int_equal(inet_pton(AF_INET, text, &v4.sin_addr), 1);
    memcpy(&out.addr, &v4, sizeof out.addr);
    return out;
}

static bool is_inside(const char *text)
{
    struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
    struct sockaddr_in v4 = { .sin_family = AF_INET };

    if (inet_pton(AF_INET, text, &v4.sin_addr) == 1) {
        return http_address_is_internal((const struct sockaddr *)&v4);
    }
    assert_int_equal(inet_pton(AF_INET6, text, &v6.sin6_addr), 1);
    return http_address_is_internal((const struct sockaddr *)&v6);
}

static const char *const inside[] = {
    "0.0.0.0",
    "0.255.255.255",
    "10.0.0.0",
    "10.255.255.255",
    "100.64.0.0",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.255.255",
    "169.254.0.0",
    "169.254.169.254",
    "172.16.0.0",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.0.0",
    "192.168.255.255",
    "198.18.0.0",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::a00:1",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "fc00::1",
    "fdff::1",
    "fe80::1",
    "febf::1",
    "fec0::1",
    "ff02::1",
    "4000::1",
    "e000::1",
};
static const char *const outside[] = {
    "1.0.0.0",         "9.255.255.255",   "11.0.0.0",         "100.63.255.255", "100.128.0.0",
    "126.255.255.255", "128.0.0.0",       "169.253.255.255",  "169.255.0.0",    "172.15.255.255",
    "172.32.0.0",      "192.167.255.255", "192.169.0.0",      "198.17.255.255", "198.20.0.0",
    "223.255.255.255", "::ffff:8.8.8.8",  "64:ff9b::808:808", "2600::1",        "2a00:1450::1",
    "3fff:ffff::1",
};

static void every_internal_range_is_exact(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof inside / sizeof *inside; i++) {
        if (!is_inside(inside[i])) {
            fail_msg("%s is said to be outside", inside[i]);
        }
    }
    for (size_t i = 0; i < sizeof outside / sizeof *outside; i++) {
        if (is_inside(outside[i])) {
            fail_msg("%s is said to be inside", outside[i]);
        }
    }
}

static void other_address_families_are_internal(void **state)
{
    struct sockaddr_un local = { .sun_family = AF_UNIX };

    (void)state;
    assert_true(http_address_is_internal((const struct sockaddr *)&local));
}

/* What comes of opening a socket to it: 'o' opened, 'i' inside, 'p' an odd port. */
static char opening(struct http *http, bool trusted, const char *text, int port)
{
    struct transfer transfer = { .http = http, .trusted = trusted };
    struct curl_sockaddr address = address_of(text, port);
    curl_socket_t fd = http_guard_open(&transfer, CURLSOCKTYPE_IPCXN, &address);

    if (fd != CURL_SOCKET_BAD) {
        close(fd);
        return 'o';
    }
    return transfer.port_not_allowed ? 'p' : transfer.not_allowed ? 'i' : '?';
}

static void sockets_connect_to_public_addresses_on_port_443_only(void **state)
{
    struct http strict = { .config = { .allow_loopback_fetch = false } };
    struct http loose = { .config = { .allow_loopback_fetch = true } };

    (void)state;
    assert_int_equal(opening(&strict, false, "8.8.8.8", 443), 'o');
    assert_int_equal(opening(&strict, false, "8.8.8.8", 80), 'p'); /* where a redirect led */
    assert_int_equal(opening(&strict, false, "8.8.8.8", 8443), 'p');
    assert_int_equal(opening(&strict, false, "127.0.0.1", 443), 'i');
    assert_int_equal(opening(&strict, true, "127.0.0.1", 54321), 'o');
    assert_int_equal(opening(&loose, false, "127.0.0.1", 8080), 'o');
    assert_int_equal(opening(&loose, false, "10.0.0.1", 443), 'i');
}

static void durations_are_read(void **state)
{
    static const struct {
        const char *text;
        int64_t ms;
    } cases[] = {
        { "1s", 1000 },      { "6m0s", 360000 },    { "12ms", 12 },   { "1.5s", 1500 },
        { "1h2m", 3720000 }, { "2d", 172800000 },   { "0s", 0 },      { "", -1 },
        { "s", -1 },         { "5", -1 },           { "-1s", -1 },    { "1s2", -1 },
        { "1 s", -1 },       { "1sx", -1 },         { "1e300s", -1 }, { "1sinfs", -1 },
        { "1snans", -1 },    { "9999999999d", -1 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (http_duration_ms(cases[i].text) != cases[i].ms) {
            fail_msg("'%s' is %lld", cases[i].text, (long long)http_duration_ms(cases[i].text));
        }
    }
}

static struct http_response headers(const char *line)
{
    struct op op = { .http_response = { .processing_ms = -1 } };
    struct transfer transfer = { .op = &op };
    char copy[1000];

    strcpy(copy, line);
    assert_int_equal(http_headers_receive(copy, 1, strlen(copy), &transfer), strlen(line));
    return op.http_response;
}

static void retry_after_is_read_in_each_form_and_is_at_most_a_day(void **state)
{
    time_t now = time(NULL), at = now + 90;
    char line[100];
    uint32_t delay;

    (void)state;
    assert_int_equal(headers("Retry-After: 86400\r\n").retry_after_ms, 86400000);
    assert_int_equal(headers("Retry-After: 86401\r\n").retry_after_ms, 86400000);
    assert_int_equal(headers("Retry-After: 99999999999999999999\r\n").retry_after_ms, 86400000);
    assert_int_equal(headers("Retry-After: 1e300\r\n").retry_after_ms, 86400000);
    assert_int_equal(headers("retry-after-ms: 1e300\r\n").retry_after_ms, 86400000);
    assert_int_equal(headers("Retry-After: 1.5\r\n").retry_after_ms, 1500);
    assert_int_equal(headers("Retry-After: 0.25\r\n").retry_after_ms, 250);
    assert_int_equal(headers("Retry-After: -5\r\n").retry_after_ms, 0);
    assert_int_equal(headers("Retry-After: 0\r\n").retry_after_ms, 0);
    assert_int_equal(headers("Retry-After: nan\r\n").retry_after_ms, 0);
    assert_int_equal(headers("Retry-After: inf\r\n").retry_after_ms, 0);
    assert_int_equal(headers("Retry-After: 5 minutes\r\n").retry_after_ms, 0);
    assert_int_equal(headers("Retry-After:\r\n").retry_after_ms, 0);
    assert_int_equal(headers("Retry-After: soon\r\n").retry_after_ms, 0);
    assert_int_equal(headers("Retry-After: Wed, 21 Oct 2015 07:28:00 GMT\r\n").retry_after_ms, 0);
    assert_int_equal(headers("Retry-After: Wed, 21 Oct 2099 07:28:00 GMT\r\n").retry_after_ms,
                     86400000);
    strftime(line, sizeof line, "Retry-After: %a, %d %b %Y %H:%M:%S GMT\r\n", gmtime(&at));
    delay = headers(line).retry_after_ms;
    assert_true(delay > 30000 && delay <= 90000);
    assert_int_equal(headers("retry-after-ms:250").retry_after_ms, 250);
    assert_int_equal(headers("retry-after-ms:250.5").retry_after_ms, 250);
    assert_int_equal(headers("openai-processing-ms: 99999999999\r\n").processing_ms, -1);
    assert_int_equal(headers("x-should-retry: maybe\r\n").should_retry, 0);
    assert_int_equal(headers("no colon at all\r\n").retry_after_ms, 0);
    assert_int_equal(headers(":\r\n").retry_after_ms, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_internal_range_is_exact),
        cmocka_unit_test(other_address_families_are_internal),
        cmocka_unit_test(sockets_connect_to_public_addresses_on_port_443_only),
        cmocka_unit_test(durations_are_read),
        cmocka_unit_test(retry_after_is_read_in_each_form_and_is_at_most_a_day),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
