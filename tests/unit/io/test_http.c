/* test_http.c - requests to a small server on the loopback that behaves well, badly and worse. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "io/http.h"
#include "unit/io/loopback.h"

/* -- behaviours ------------------------------------------------------------------------------- */

static bool hello(struct visit *visit)
{
    return loopback_say(visit,
                        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n"
                        "X-Request-Id: r-1\r\n\r\nhello");
}

static bool chunked(struct visit *visit)
{
    loopback_say(visit, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n");
    usleep(20000);
    return loopback_say(visit, "3\r\nllo\r\n0\r\n\r\n");
}

static bool slow(struct visit *visit)
{
    loopback_wait(visit, 5000);
    return false;
}

static bool truncated(struct visit *visit)
{
    loopback_say(visit, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello");
    return false;
}

static bool half_chunked(struct visit *visit)
{
    loopback_say(visit, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel");
    return false;
}

enum { LARGE = 8 << 20 };

static bool send_large(struct visit *visit)
{
    static const char bytes[65536];

    for (int left = LARGE; left > 0; left -= (int)sizeof bytes) {
        if (!loopback_send(visit, bytes, sizeof bytes)) {
            return false;
        }
    }
    return false;
}

static bool large(struct visit *visit)
{
    loopback_say(visit, "HTTP/1.1 200 OK\r\nContent-Length: 8388608\r\n\r\n");
    return send_large(visit);
}

static bool endless(struct visit *visit)
{
    loopback_say(visit, "HTTP/1.1 200 OK\r\n\r\n");
    return send_large(visit);
}

static bool many_headers(struct visit *visit)
{
    char line[700];

    loopback_say(visit, "HTTP/1.1 200 OK\r\n");
    memset(line, 'x', sizeof line);
    memcpy(line, "content-type: ", 14);
    memcpy(line + sizeof line - 3, "\r\n", 3);
    loopback_say(visit, line); /* longer than any of ours: not taken */
    loopback_say(visit, "x-request-id: a\tb\x1b[31m\xff\r\n");
    return loopback_say(visit, "Content-Length: 2\r\n\r\nok");
}

static bool endless_headers(struct visit *visit)
{
    char line[8192];

    memset(line, 'x', sizeof line);
    memcpy(line, "x-a: ", 5);
    memcpy(line + sizeof line - 3, "\r\n", 3);
    loopback_say(visit, "HTTP/1.1 200 OK\r\n");
    for (int i = 0; i < 2000 && loopback_say(visit, line); i++) {
    }
    return false;
}

static bool limits(struct visit *visit)
{
    return loopback_say(
        visit,
        "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 7\r\nRetry-After-Ms: 1500\r\n"
        "x-should-retry: true\r\nopenai-processing-ms: 321\r\nx-ratelimit-limit-requests: 60\r\n"
        "x-ratelimit-remaining-requests: 0\r\nx-ratelimit-reset-requests: 1m2s\r\n"
        "Content-Length: 4\r\n\r\nbusy");
}

static bool drop(struct visit *visit)
{
    (void)visit;
    return false;
}

static bool dies_when_reused(struct visit *visit)
{
    return visit->number == 1 && hello(visit);
}

static bool garbage(struct visit *visit)
{
    loopback_say(visit, "\x16\x03\x01 this is no HTTP\r\n\r\n");
    return false;
}

/* "/redirect?URL" */
static bool redirect(struct visit *visit)
{
    char *to = strchr(visit->request, '?') + 1, text[600];

    *strchr(to, ' ') = '\0';
    snprintf(
        text, sizeof text,
        "HTTP/1.1 302 Found\r\nRetry-After: 9\r\nLocation: %.400s\r\nContent-Length: 0\r\n\r\n",
        to);
    return loopback_say(visit, text);
}

static bool circle(struct visit *visit)
{
    return loopback_say(visit,
                        "HTTP/1.1 302 Found\r\nLocation: /circle\r\nContent-Length: 0\r\n\r\n");
}

static bool echo(struct visit *visit)
{
    char head[100];

    snprintf(head, sizeof head, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n", visit->size);
    loopback_say(visit, head);
    return strncmp(visit->request, "HEAD", 4) == 0 ||
           loopback_send(visit, visit->request, visit->size);
}

static const struct behaviour behaviours[] = {
    { "/hello", hello },
    { "/chunked", chunked },
    { "/slow", slow },
    { "/truncated", truncated },
    { "/half-chunked", half_chunked },
    { "/large", large },
    { "/endless", endless },
    { "/many-headers", many_headers },
    { "/endless-headers", endless_headers },
    { "/limits", limits },
    { "/drop", drop },
    { "/dies-when-reused", dies_when_reused },
    { "/garbage", garbage },
    { "/redirect", redirect },
    { "/circle", circle },
    { "/echo", echo },
    { NULL, NULL },
};

/* -- asking ----------------------------------------------------------------------------------- */

static struct loop *loop;
static struct http *http;
static struct op op;
static int ended;
static bool beginning;

static int set_up_with(const struct http_config *config)
{
    struct error err;

    ended = 0;
    loopback.connections = loopback.requests = 0;
    loopback.sent = 0;
    loop = loop_new(2, &err);
    http = loop ? http_new(loop, config, &err) : NULL;
    return http && loopback_start(behaviours) ? 0 : -1;
}

static int set_up(void **state)
{
    (void)state;
    return set_up_with(&(struct http_config){ .user_agent = "test/1" });
}

static int set_up_loose(void **state)
{
    (void)state;
    return set_up_with(&(struct http_config){ .allow_loopback_fetch = true });
}

static int tear_down(void **state)
{
    (void)state;
    http_free(http);
    loop_free(loop);
    op_clear(&op);
    loopback_stop();
    return 0;
}

static void done(struct op *which, void *context)
{
    (void)which;
    (void)context;
    assert_false(beginning); /* never from within begin */
    ended++;
}

static void begin(struct op *which)
{
    beginning = true;
    http_begin(http, which, done, NULL);
    beginning = false;
}

static void wait_for(int count)
{
    int64_t end = clock_mono_us() + 20000000;

    while (ended < count && clock_mono_us() < end) {
        loop_wait(loop, 100);
    }
    assert_int_equal(ended, count);
}

static const char *url_of(const char *path)
{
    static char urls[8][600];
    static int next;
    char *url = urls[next++ % 8];

    snprintf(url, sizeof urls[0], "http://127.0.0.1:%d%s", loopback.port, path);
    return url;
}

static void prepare(const char *method, const char *url)
{
    op_clear(&op);
    op.kind = OP_HTTP;
    op.http.method = method;
    op.http.url = url;
}

static void perform(void)
{
    int before = ended;

    begin(&op);
    wait_for(before + 1);
    assert_int_equal(http_in_flight(http), 0);
}

static void get(const char *path)
{
    prepare("GET", url_of(path));
    perform();
}

static void fetch(const char *url) /* as a user's URL */
{
    prepare("GET", url);
    op.http.foreign = true;
    perform();
}

static void assert_body(const char *want)
{
    assert_string_equal(op.error.text, "");
    assert_int_equal(op.error.kind, ERROR_NONE);
    assert_int_equal(op.http_got.body.size, strlen(want));
    assert_memory_equal(op.http_got.body.data, want, strlen(want));
}

static void assert_failed(enum error_kind kind, const char *said)
{
    assert_string_equal(error_rule(op.error.kind)->name, error_rule(kind)->name);
    if (!strstr(op.error.text, said)) {
        fail_msg("wanted '%s' in '%s'", said, op.error.text);
    }
    assert_int_equal(op.http_got.body.size, 0);
    assert_null(op.http_got.body.data);
}

/* -- what went well --------------------------------------------------------------------------- */

static void answers_are_read_whole(void **state)
{
    (void)state;
    get("/hello");
    assert_body("hello");
    assert_int_equal(op.http_got.status, 200);
    assert_string_equal(op.http_got.content_type, "text/plain");
    assert_string_equal(op.http_got.request_id, "r-1");
    assert_true(op.http_got.sent);
    assert_false(op.http_got.times.reused);
    assert_true(op.http_got.times.total_us >= op.http_got.times.first_byte_us);
    assert_int_equal(op.http_got.processing_ms, -1);
    get("/chunked");
    assert_body("hello");
    assert_true(op.http_got.times.reused);
    get("/nowhere");
    assert_body("");
    assert_int_equal(op.http_got.status, 404); /* an answer like any other */
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
    prepare("POST", url_of("/echo"));
    op_header(&op, "x-plain", "yes");
    op_secret_header(&op, "authorization", "Bearer ", key);
    op.http.body = blob_text("{\"a\":1}");
    perform();
    got = (const char *)op.http_got.body.data;
    assert_non_null(memmem(got, op.http_got.body.size, "POST /echo HTTP/1.1\r\n", 21));
    assert_non_null(memmem(got, op.http_got.body.size, "User-Agent: test/1\r\n", 20));
    assert_non_null(memmem(got, op.http_got.body.size, "x-plain: yes\r\n", 14));
    assert_non_null(
        memmem(got, op.http_got.body.size, "authorization: Bearer s3cr3t-key-of-ours\r\n", 42));
    assert_non_null(memmem(got, op.http_got.body.size, "\r\n\r\n{\"a\":1}", 11));
    assert_null(memmem(got, op.http_got.body.size, "Expect:", 7));
    prepare("POST", url_of("/echo"));
    op.http.parts = parts;
    op.http.part_count = 2;
    perform();
    got = (const char *)op.http_got.body.data;
    assert_non_null(memmem(got, op.http_got.body.size, "name=\"model\"\r\n\r\nm-1\r\n", 21));
    assert_non_null(memmem(got, op.http_got.body.size, "filename=\"a.png\"\r\n", 18));
    prepare("PUT", url_of("/echo"));
    perform();
    assert_memory_equal(op.http_got.body.data, "PUT /echo", 9);
    prepare("HEAD", url_of("/echo"));
    perform();
    assert_body("");
    secret_free(key);
}

static void headers_that_matter_are_read(void **state)
{
    (void)state;
    get("/limits");
    assert_body("busy");
    assert_int_equal(op.http_got.status, 429);
    assert_int_equal(op.http_got.retry_after_ms, 1500); /* the finer one wins */
    assert_int_equal(op.http_got.should_retry, 't');
    assert_int_equal(op.http_got.processing_ms, 321);
    assert_int_equal(op.http_got.limit_requests, 60);
    assert_int_equal(op.http_got.remaining_requests, 0);
    assert_int_equal(op.http_got.reset_requests_ms, 62000);
}

static void headers_are_bounded(void **state)
{
    (void)state;
    get("/many-headers");
    assert_body("ok");
    assert_string_equal(op.http_got.content_type, "");
    assert_string_equal(op.http_got.request_id, "a?b?[31m?"); /* fit for a terminal */
    get("/endless-headers");
    assert_failed(ERROR_NETWORK, "127.0.0.1");
    assert_true(loopback.sent < 2000 * 8192L);
}

/* -- what went wrong -------------------------------------------------------------------------- */

static void half_answers_are_none(void **state)
{
    (void)state;
    get("/truncated");
    assert_failed(ERROR_NETWORK, "broke");
    assert_true(op.http_got.sent);
    get("/half-chunked");
    assert_failed(ERROR_NETWORK, "broke");
    get("/drop");
    assert_failed(ERROR_NETWORK, "broke");
    assert_true(op.http_got.sent);
    get("/garbage");
    assert_failed(op.error.kind, "127.0.0.1");
    assert_int_not_equal(op.error.kind, ERROR_NONE);
}

static void too_long_an_answer_is_refused_while_it_comes(void **state)
{
    (void)state;
    prepare("GET", url_of("/hello"));
    op.http.answer_limit = 5;
    perform();
    assert_body("hello");
    prepare("GET", url_of("/hello"));
    op.http.answer_limit = 4;
    perform();
    assert_failed(ERROR_REMOTE, "more than 4 bytes");
    loopback.sent = 0;
    prepare("GET", url_of("/large"));
    op.http.answer_limit = 100000;
    perform();
    assert_failed(ERROR_REMOTE, "more than 100000 bytes");
    prepare("GET", url_of("/endless"));
    op.http.answer_limit = 100000;
    perform();
    assert_failed(ERROR_REMOTE, "more than 100000 bytes");
    assert_true(loopback.sent < 2L * LARGE); /* nobody read it to the end */
    get("/large");
    assert_int_equal(op.http_got.body.size, LARGE);
}

static void timeouts_are_of_the_network(void **state)
{
    int64_t began = clock_mono_us();

    (void)state;
    prepare("GET", url_of("/slow"));
    op.timeout_ms = 200;
    perform();
    assert_failed(ERROR_NETWORK, "did not answer in time");
    assert_true(op.http_got.sent); /* it may have been done */
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
    prepare("GET", url);
    perform();
    assert_failed(ERROR_NETWORK, "cannot reach '127.0.0.1'");
    assert_false(op.http_got.sent);
    close(fd);
    prepare("GET", "http://");
    perform();
    assert_failed(ERROR_INPUT, "cannot fetch");
    prepare("GET", "file:///etc/passwd");
    perform();
    assert_failed(ERROR_INPUT, "cannot fetch");
}

static void secrets_are_in_no_error(void **state)
{
    struct secret *key = secret_new("s3cr3t-key-of-ours");
    static const char *const paths[] = { "/drop?key=s3cr3t-key-of-ours",
                                         "/truncated?key=s3cr3t-key-of-ours" };

    (void)state;
    for (int i = 0; i < 2; i++) {
        prepare("GET", url_of(paths[i]));
        op_secret_header(&op, "authorization", "Bearer ", key);
        perform();
        assert_int_equal(op.error.kind, ERROR_NETWORK);
        assert_null(strstr(op.error.text, "s3cr3t"));
        assert_null(strstr(op.error.hint, "s3cr3t"));
    }
    prepare("GET", url_of("/hello"));
    op_header(&op, "x-a", "b\r\nx-injected: 1"); /* no line of its own */
    perform();
    assert_failed(ERROR_INTERNAL, "cannot make the request");
    assert_int_equal(loopback.requests, 2);
    secret_free(key);
}

static void what_is_billed_is_never_sent_again(void **state)
{
    (void)state;
    get("/dies-when-reused");
    get("/dies-when-reused"); /* libcurl sends it again by itself */
    assert_body("hello");
    assert_int_equal(loopback.requests, 3);
    loopback.requests = loopback.connections = 0;
    for (int i = 0; i < 3; i++) {
        prepare("POST", url_of("/dies-when-reused"));
        op.http.once = true;
        perform();
        assert_body("hello");
        assert_false(op.http_got.times.reused);
    }
    assert_int_equal(loopback.requests, 3);
    assert_int_equal(loopback.connections, 3);
    prepare("POST", url_of("/drop"));
    op.http.once = true;
    perform();
    assert_failed(ERROR_NETWORK, "broke");
    assert_int_equal(loopback.requests, 4);
}

static void cancelling_ends_it_soon(void **state)
{
    (void)state;
    prepare("GET", url_of("/slow"));
    begin(&op);
    loop_wait(loop, 50);
    http_cancel(http, &op);
    http_cancel(http, &op); /* twice does not hurt */
    assert_int_equal(ended, 0);
    wait_for(1);
    assert_failed(ERROR_STOPPED, "stopped");
    http_cancel(http, &op); /* nor when it is over */
    begin(&op);
    http_free(http); /* what is left ends with it */
    assert_int_equal(ended, 2);
    assert_failed(ERROR_STOPPED, "stopped");
    http = NULL;
}

static int set_up_narrow(void **state)
{
    (void)state;
    return set_up_with(&(struct http_config){ .answers_in_transit = 100000 });
}

static void answers_in_transit_are_bounded_and_all_come(void **state)
{
    struct op ops[5] = { 0 };

    (void)state;
    for (int i = 0; i < 5; i++) {
        ops[i] =
            (struct op){ .kind = OP_HTTP, .http = { .method = "GET", .url = url_of("/large") } };
        begin(&ops[i]);
    }
    assert_int_equal(http_in_flight(http), 5);
    wait_for(5);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(ops[i].error.kind, ERROR_NONE);
        assert_int_equal(ops[i].http_got.body.size, LARGE);
        op_clear(&ops[i]);
    }
}

/* -- URLs of users ---------------------------------------------------------------------------- */

static void users_urls_reach_nothing_inside(void **state)
{
    static const char *const inside[] = {
        "https://127.0.0.1/",   "https://localhost/", "https://0x7f.1/",
        "https://2130706433/",  "https://[::1]/",     "https://[::ffff:127.0.0.1]/",
        "https://10.0.0.1/",    "https://0.0.0.0/",   "https://169.254.169.254/latest/meta-data/",
        "https://192.168.0.1/", "https://[fd00::1]/", "https://[64:ff9b::7f00:1]/",
    };

    (void)state;
    for (size_t i = 0; i < sizeof inside / sizeof *inside; i++) {
        fetch(inside[i]);
        assert_failed(ERROR_INPUT, "is inside a network");
        assert_false(op.http_got.sent);
    }
    assert_int_equal(loopback.connections, 0);
}

static void users_urls_are_https_on_the_usual_port(void **state)
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
        fetch(odd[i]);
        assert_failed(ERROR_INPUT, "the address of the photo");
        assert_null(strstr(op.error.text, "u:p"));
    }
    fetch(url_of("/hello"));
    assert_failed(ERROR_INPUT, "the address of the photo");
    assert_int_equal(loopback.connections, 0);
}

static void redirects_are_followed_for_users_only(void **state)
{
    char path[200];

    (void)state;
    snprintf(path, sizeof path, "/redirect?%s", url_of("/hello"));
    get(path);
    assert_int_equal(op.http_got.status, 302); /* ours is not led anywhere */
    fetch(url_of(path));
    assert_body("hello");
    assert_int_equal(op.http_got.status, 200);
    assert_int_equal(op.http_got.retry_after_ms, 0); /* was the redirect's */
    loopback.requests = 0;
    fetch(url_of("/circle"));
    assert_failed(ERROR_INPUT, "cannot fetch");
    assert_int_equal(loopback.requests, 4); /* the first, and three more */
    fetch(url_of("/redirect?http://10.0.0.1/"));
    assert_failed(ERROR_INPUT, "is inside a network");
    fetch(url_of("/redirect?file:///etc/passwd"));
    assert_failed(ERROR_INPUT, "cannot fetch");
    fetch(url_of("/redirect?ftp://127.0.0.1/"));
    assert_failed(ERROR_INPUT, "cannot fetch");
}

static void too_long_a_photo_is_the_users_mistake(void **state)
{
    (void)state;
    prepare("GET", url_of("/hello"));
    op.http.foreign = true;
    op.http.answer_limit = 4;
    perform();
    assert_failed(ERROR_INPUT, "more than 4 bytes");
}

static void the_trusted_origin_may_be_inside(void **state)
{
    char origin[60], path[120];

    (void)state;
    http_free(http);
    snprintf(origin, sizeof origin, "http://127.0.0.1:%d", loopback.port);
    http = http_new(loop, &(struct http_config){ .trusted_origin = origin }, &op.error);
    fetch(url_of("/hello"));
    assert_body("hello");
    fetch(url_of("/hello")); /* a connection that was not guarded is for nobody else */
    assert_body("hello");
    assert_false(op.http_got.times.reused);
    snprintf(path, sizeof path, "/redirect?%s/hello", origin);
    fetch(url_of(path));
    assert_int_equal(op.http_got.status, 302); /* nor may it lead elsewhere */
    snprintf(path, sizeof path, "%s.example.com/", origin);
    fetch(path);
    assert_failed(ERROR_INPUT, "the address of the photo");
}

/* -- proxies ---------------------------------------------------------------------------------- */

static void proxies_of_the_environment_are_for_ours_only(void **state)
{
    char proxy[60];

    (void)state;
    snprintf(proxy, sizeof proxy, "http://127.0.0.1:%d", loopback.port);
    setenv("http_proxy", proxy, 1);
    prepare("GET", "http://api.example.invalid/hello");
    perform();
    assert_body("hello");
    loopback.connections = 0;
    fetch("http://10.1.2.3/hello"); /* through a proxy it would be out of sight */
    assert_failed(ERROR_INPUT, "is inside a network");
    assert_int_equal(loopback.connections, 0);
    unsetenv("http_proxy");
}

int main(void)
{
#define EACH(test, begin) cmocka_unit_test_setup_teardown(test, begin, tear_down)
    const struct CMUnitTest tests[] = {
        EACH(answers_are_read_whole, set_up),
        EACH(requests_are_sent_as_asked, set_up),
        EACH(headers_that_matter_are_read, set_up),
        EACH(headers_are_bounded, set_up),
        EACH(half_answers_are_none, set_up),
        EACH(too_long_an_answer_is_refused_while_it_comes, set_up),
        EACH(timeouts_are_of_the_network, set_up),
        EACH(what_was_never_sent_is_known, set_up),
        EACH(secrets_are_in_no_error, set_up),
        EACH(what_is_billed_is_never_sent_again, set_up),
        EACH(cancelling_ends_it_soon, set_up),
        EACH(answers_in_transit_are_bounded_and_all_come, set_up_narrow),
        EACH(users_urls_reach_nothing_inside, set_up),
        EACH(users_urls_are_https_on_the_usual_port, set_up),
        EACH(redirects_are_followed_for_users_only, set_up_loose),
        EACH(too_long_a_photo_is_the_users_mistake, set_up_loose),
        EACH(the_trusted_origin_may_be_inside, set_up),
        EACH(proxies_of_the_environment_are_for_ours_only, set_up_loose),
    };

    unsetenv("http_proxy");
    unsetenv("https_proxy");
    unsetenv("HTTPS_PROXY");
    unsetenv("ALL_PROXY");
    unsetenv("all_proxy");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
