/* test_http_proxy.c - proxies of the environment: which requests use them, and what their failures
 * say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "io/http/http_proxy.h"
#include "lib/http_client.h"

/* -- a proxy that answers every request alike, and closes the connection ----------------------- */

static struct {
    int listener, port;
    const char *answer;
    char request[2000]; /* the last one */
    pthread_t thread;
} proxy;

static void *serve(void *unused)
{
    int peer;

    (void)unused;
    while ((peer = accept(proxy.listener, NULL, NULL)) >= 0) {
        size_t used = 0;
        ssize_t size;

        while (!memmem(proxy.request, used, "\r\n\r\n", 4) &&
               (size = read(peer, proxy.request + used, sizeof proxy.request - 1 - used)) > 0) {
            used += (size_t)size;
        }
        proxy.request[used] = '\0';
        (void)!write(peer, proxy.answer, strlen(proxy.answer));
        close(peer);
    }
    return NULL;
}

static const char *const variables[] = { "http_proxy",  "HTTP_PROXY", "https_proxy",
                                         "HTTPS_PROXY", "all_proxy",  "ALL_PROXY",
                                         "no_proxy",    "NO_PROXY",   "REQUEST_METHOD" };

static int begin(void **state)
{
    struct sockaddr_in address = { .sin_family = AF_INET };
    socklen_t size = sizeof address;

    (void)state;
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
        unsetenv(variables[i]);
    }
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    proxy.listener = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(proxy.listener, (struct sockaddr *)&address, size) != 0 ||
        listen(proxy.listener, 8) != 0 ||
        getsockname(proxy.listener, (struct sockaddr *)&address, &size) != 0) {
        return -1;
    }
    proxy.port = ntohs(address.sin_port);
    pthread_create(&proxy.thread, NULL, serve, NULL);
    return client_set_up(&(struct http_config){ 0 });
}

static int end(void **state)
{
    int result = client_tear_down(state);

    shutdown(proxy.listener, SHUT_RDWR);
    pthread_join(proxy.thread, NULL);
    close(proxy.listener);
    return result;
}

static void set_proxy(const char *variable, const char *user)
{
    char value[100];

    snprintf(value, sizeof value, "http://%s127.0.0.1:%d", user, proxy.port);
    setenv(variable, value, 1);
}

static void fetch(const char *url)
{
    client_prepare("GET", url);
    client_perform();
}

/* -- which requests ---------------------------------------------------------------------------- */

static void variables_apply_to_their_schemes(void **state)
{
    const char *variable;

    (void)state;
    setenv("HTTPS_PROXY", "http://upper:1", 1);
    setenv("HTTP_PROXY", "http://plain:1", 1);
    setenv("ALL_PROXY", "socks5://all:1", 1);
    assert_string_equal(http_proxy_of("https://a.example/", &variable), "http://upper:1");
    assert_string_equal(variable, "HTTPS_PROXY");
    assert_string_equal(http_proxy_of("http://a.example/", &variable), "http://plain:1");
    setenv("https_proxy", "http://lower:1", 1);
    assert_string_equal(http_proxy_of("https://a.example/", &variable), "http://lower:1");
    setenv("https_proxy", "", 1); /* empty is unset */
    assert_string_equal(http_proxy_of("HTTPS://a.example/", &variable), "http://upper:1");
    unsetenv("HTTPS_PROXY");
    assert_string_equal(http_proxy_of("https://a.example/", &variable), "socks5://all:1");
    assert_string_equal(variable, "ALL_PROXY");
    setenv("REQUEST_METHOD", "GET", 1); /* in a CGI program a client sets HTTP_PROXY */
    assert_string_equal(http_proxy_of("http://a.example/", &variable), "socks5://all:1");
    unsetenv("ALL_PROXY");
    assert_null(http_proxy_of("http://a.example/", &variable));
}

static void servers_on_this_machine_are_reached_directly(void **state)
{
    static const char *const urls[] = { "http://localhost:54321/", "http://127.0.0.1/",
                                        "http://127.1.2.3:8080/v1", "http://[::1]:1/" };
    const char *variable;

    (void)state;
    setenv("HTTP_PROXY", "http://plain:1", 1);
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        assert_null(http_proxy_of(urls[i], &variable));
    }
    assert_non_null(http_proxy_of("http://127.example.com/", &variable));
    client_get("/plain");
    assert_int_equal(client.op.error.kind, ERROR_NONE);
}

static void descriptions_contain_no_credentials(void **state)
{
    char out[100];

    (void)state;
    http_proxy_describe("http://me:secret@proxy.corp:3128/", out, sizeof out);
    assert_string_equal(out, "proxy.corp:3128");
    http_proxy_describe("proxy.corp:3128", out, sizeof out);
    assert_string_equal(out, "proxy.corp:3128");
    http_proxy_describe("socks5h://me:secret@[::1]:1080", out, sizeof out);
    assert_string_equal(out, "[::1]:1080");
}

static void request_goes_through_the_proxy(void **state)
{
    (void)state;
    proxy.answer = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok";
    set_proxy("HTTP_PROXY", "");
    fetch("http://api.example/v1/models");
    assert_int_equal(client.op.error.kind, ERROR_NONE);
    assert_body("ok");
    assert_non_null(strstr(proxy.request, "GET http://api.example/v1/models"));
    proxy.request[0] = '\0';
    setenv("NO_PROXY", "other.example,.example", 1);
    client.op.timeout_ms = 5000;
    fetch("http://api.example/v1/models"); /* a reserved name: cannot be resolved directly */
    assert_int_equal(client.op.error.kind, ERROR_NETWORK);
    assert_null(strstr(client.op.error.text, "proxy"));
    assert_string_equal(proxy.request, "");
}

/* -- failures ---------------------------------------------------------------------------------- */

static void proxy_that_wants_a_user_is_named(void **state)
{
    static const char *const urls[] = { "http://api.example/v1", "https://api.example/v1" };

    (void)state;
    proxy.answer = "HTTP/1.1 407 Proxy Authentication Required\r\n"
                   "Proxy-Authenticate: Basic realm=\"x\"\r\nConnection: close\r\n"
                   "Content-Length: 4\r\n\r\nno!\n";
    set_proxy("ALL_PROXY", "me:hunter2hunter2@");
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        char named[40];

        fetch(urls[i]);
        snprintf(named, sizeof named, "'127.0.0.1:%d'", proxy.port);
        assert_failed(ERROR_CONFIG, named);
        assert_non_null(strstr(client.op.error.text, "ALL_PROXY"));
        assert_non_null(strstr(client.op.error.text, "407"));
        assert_non_null(strstr(client.op.error.hint, "ALL_PROXY"));
        assert_null(strstr(client.op.error.text, "hunter2"));
        assert_null(strstr(client.op.error.hint, "hunter2"));
        op_clear(&client.op);
    }
}

static void proxy_that_refuses_the_server_is_named(void **state)
{
    (void)state;
    proxy.answer = "HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    set_proxy("HTTPS_PROXY", "");
    fetch("https://api.example/v1");
    assert_failed(ERROR_NETWORK, "HTTPS_PROXY");
    assert_non_null(strstr(client.op.error.text, "403"));
    assert_non_null(strstr(client.op.error.hint, "NO_PROXY"));
    assert_false(client.op.http_response.request_sent);
}

static void proxy_that_cannot_be_reached_is_named(void **state)
{
    (void)state;
    setenv("HTTPS_PROXY", "http://me:hunter2hunter2@127.0.0.1:9", 1);
    fetch("https://api.example/v1");
    assert_failed(ERROR_NETWORK, "'127.0.0.1:9' (HTTPS_PROXY)");
    assert_null(strstr(client.op.error.text, "hunter2"));
    op_clear(&client.op);
    setenv("HTTPS_PROXY", "http://proxy.invalid:3128", 1);
    fetch("https://api.example/v1");
    assert_failed(ERROR_NETWORK, "'proxy.invalid:3128' (HTTPS_PROXY)");
}

#define EACH(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(variables_apply_to_their_schemes),
        EACH(servers_on_this_machine_are_reached_directly),
        EACH(descriptions_contain_no_credentials),
        EACH(request_goes_through_the_proxy),
        EACH(proxy_that_wants_a_user_is_named),
        EACH(proxy_that_refuses_the_server_is_named),
        EACH(proxy_that_cannot_be_reached_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
