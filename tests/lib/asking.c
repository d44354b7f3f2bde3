/* asking.c - one request at a time, waited for. */
#include "lib/asking.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"

struct asking asking;

static bool beginning;

int asking_set_up(const struct http_config *config)
{
    struct error err;

    asking.ended = 0;
    loopback.connections = loopback.requests = 0;
    loopback.sent = 0;
    asking.loop = loop_new(2, &err);
    asking.http = asking.loop ? http_new(asking.loop, config, &err) : NULL;
    return asking.http && loopback_start() ? 0 : -1;
}

int asking_tear_down(void **state)
{
    (void)state;
    http_free(asking.http);
    loop_free(asking.loop);
    op_clear(&asking.op);
    loopback_stop();
    return 0;
}

static void done(struct op *which, void *context)
{
    (void)which;
    (void)context;
    assert_false(beginning); /* never from within begin */
    asking.ended++;
}

void asking_begin(struct op *which)
{
    beginning = true;
    http_begin(asking.http, which, done, NULL);
    beginning = false;
}

void asking_wait(int count)
{
    int64_t end = clock_mono_us() + 20000000;

    while (asking.ended < count && clock_mono_us() < end) {
        loop_wait(asking.loop, 100);
    }
    assert_int_equal(asking.ended, count);
}

const char *asking_url(const char *path)
{
    static char urls[8][600];
    static int next;
    char *url = urls[next++ % 8];

    snprintf(url, sizeof urls[0], "http://127.0.0.1:%d%s", loopback.port, path);
    return url;
}

void asking_prepare(const char *method, const char *url)
{
    op_clear(&asking.op);
    asking.op.kind = OP_HTTP;
    asking.op.http.method = method;
    asking.op.http.url = url;
}

void asking_perform(void)
{
    int before = asking.ended;

    asking_begin(&asking.op);
    asking_wait(before + 1);
    assert_int_equal(http_in_flight(asking.http), 0);
}

void asking_get(const char *path)
{
    asking_prepare("GET", asking_url(path));
    asking_perform();
}

void asking_fetch(const char *url) /* as a user's URL */
{
    asking_prepare("GET", url);
    asking.op.http.foreign = true;
    asking_perform();
}

void assert_body(const char *want)
{
    assert_string_equal(asking.op.error.text, "");
    assert_int_equal(asking.op.error.kind, ERROR_NONE);
    assert_int_equal(asking.op.http_response.body.size, strlen(want));
    assert_memory_equal(asking.op.http_response.body.data, want, strlen(want));
}

void assert_failed(enum error_kind kind, const char *said)
{
    assert_string_equal(error_rule(asking.op.error.kind)->name, error_rule(kind)->name);
    if (!strstr(asking.op.error.text, said)) {
        fail_msg("wanted '%s' in '%s'", said, asking.op.error.text);
    }
    assert_int_equal(asking.op.http_response.body.size, 0);
    assert_null(asking.op.http_response.body.data);
}
