/* http_client.c - begins requests and waits for them. */
#include "lib/http_client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"

struct http_client client;

static bool beginning;

int client_set_up(const struct http_config *config)
{
    struct error err;

    client.ended = 0;
    loopback.connections = loopback.requests = 0;
    loopback.sent = 0;
    client.loop = loop_new(2, &err);
    client.http = client.loop ? http_new(client.loop, config, &err) : NULL;
    return client.http && loopback_start() ? 0 : -1;
}

int client_tear_down(void **state)
{
    (void)state;
    http_free(client.http);
    loop_free(client.loop);
    op_clear(&client.op);
    loopback_stop();
    return 0;
}

static void done(struct op *which, void *context)
{
    (void)which;
    (void)context;
    assert_false(beginning); /* must not be called within begin */
    client.ended++;
}

void client_begin(struct op *which)
{
    beginning = true;
    http_begin(client.http, which, done, NULL);
    beginning = false;
}

void client_wait(int count)
{
    int64_t end = clock_mono_us() + 60000000;

    while (client.ended < count && clock_mono_us() < end) {
        loop_wait(client.loop, 100);
    }
    assert_int_equal(client.ended, count);
}

const char *client_url(const char *path)
{
    static char urls[8][600];
    static int next;
    char *url = urls[next++ % 8];

    snprintf(url, sizeof urls[0], "http://127.0.0.1:%d%s", loopback.port, path);
    return url;
}

void client_prepare(const char *method, const char *url)
{
    op_clear(&client.op);
    client.op.kind = OP_HTTP;
    client.op.http.method = method;
    client.op.http.url = url;
}

void client_perform(void)
{
    int before = client.ended;

    client_begin(&client.op);
    client_wait(before + 1);
    assert_int_equal(http_in_flight(client.http), 0);
}

void client_get(const char *path)
{
    client_prepare("GET", client_url(path));
    client_perform();
}

void client_fetch_untrusted(const char *url)
{
    client_prepare("GET", url);
    client.op.http.untrusted_url = true;
    client_perform();
}

void assert_body(const char *want)
{
    assert_string_equal(client.op.error.text, "");
    assert_int_equal(client.op.error.kind, ERROR_NONE);
    assert_int_equal(client.op.http_response.body.size, strlen(want));
    assert_memory_equal(client.op.http_response.body.data, want, strlen(want));
}

void assert_failed(enum error_kind kind, const char *said)
{
    if (client.op.error.kind != kind) {
        fail_msg("wanted '%s', not '%s': %s", error_rule(kind)->name,
                 error_rule(client.op.error.kind)->name, client.op.error.text);
    }
    if (!strstr(client.op.error.text, said)) {
        fail_msg("wanted '%s' in '%s'", said, client.op.error.text);
    }
    assert_int_equal(client.op.http_response.body.size, 0);
    assert_null(client.op.http_response.body.data);
}
