/* test_live_feed.c - streams get a snapshot first, then every change once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "dashboard/live_feed.h"
#include "dashboard/snapshot_change.h"

/* The JSON of the change between two snapshots; "none" if they are equal. */
static void assert_change(const char *before, const char *after, const char *expected)
{
    cJSON *old = cJSON_Parse(before), *new = cJSON_Parse(after);
    cJSON *change = snapshot_change(old, new);
    char *text = change ? cJSON_PrintUnformatted(change) : xstrdup("none");

    assert_string_equal(text, expected);
    free(text);
    cJSON_Delete(change);
    cJSON_Delete(old);
    cJSON_Delete(new);
}

static void only_what_differs_is_sent(void **state)
{
    (void)state;
    assert_change("{\"a\":1,\"b\":{\"c\":2}}", "{\"a\":1,\"b\":{\"c\":2}}", "none");
    assert_change("{\"a\":1,\"b\":2}", "{\"a\":1,\"b\":3}", "{\"set\":{\"b\":3},\"rows\":{}}");
    assert_change("{\"a\":1,\"b\":2}", "{\"a\":1}", "{\"set\":{\"b\":null},\"rows\":{}}");
    assert_change("{\"a\":[1,2]}", "{\"a\":[1]}", "{\"set\":{\"a\":[1]},\"rows\":{}}");
}

static void rows_are_compared_by_their_id(void **state)
{
    static const char two[] = "{\"w\":[{\"id\":\"a\",\"n\":1},{\"id\":\"b\",\"n\":1}]}";

    (void)state;
    assert_change(two, "{\"w\":[{\"id\":\"a\",\"n\":1},{\"id\":\"b\",\"n\":2}]}",
                  "{\"set\":{},\"rows\":{\"w\":{\"rows\":[{\"id\":\"b\",\"n\":2}]}}}");
    assert_change(two, "{\"w\":[{\"id\":\"c\",\"n\":1},{\"id\":\"a\",\"n\":1}]}",
                  "{\"set\":{},\"rows\":{\"w\":{\"rows\":[{\"id\":\"c\",\"n\":1}],\"ids\":[\"c\","
                  "\"a\"]}}}");
    assert_change(two, "{\"w\":[{\"id\":\"b\",\"n\":1},{\"id\":\"a\",\"n\":1}]}",
                  "{\"set\":{},\"rows\":{\"w\":{\"rows\":[],\"ids\":[\"b\",\"a\"]}}}");
    assert_change(two, "{\"w\":[]}", "{\"set\":{},\"rows\":{\"w\":{\"rows\":[],\"ids\":[]}}}");
    assert_change("{\"w\":[]}", "{\"w\":[{\"id\":\"a\"}]}",
                  "{\"set\":{},\"rows\":{\"w\":{\"rows\":[{\"id\":\"a\"}],\"ids\":[\"a\"]}}}");
}

static void publish(struct live_feed *feed, const char *json)
{
    live_feed_publish(feed, cJSON_Parse(json), 1000);
}

/* Reads what a stream gets. Returns the id of its last event in `id`. */
static void assert_next(struct live_feed *feed, uint64_t *position, const char *expected, char *id)
{
    struct text out;
    const char *at;

    text_begin(&out, 1 << 20);
    assert_true(live_feed_next(feed, position, 1, &out));
    if (!strstr(out.data, expected)) {
        fail_msg("'%s' is not in '%s'", expected, out.data);
    }
    for (at = out.data; id && (at = strstr(at, "id: ")); at++) {
        snprintf(id, 40, "%.*s", (int)strcspn(at + 4, "\n"), at + 4);
    }
    text_end(&out);
}

static void a_stream_gets_a_snapshot_then_changes(void **state)
{
    struct live_feed *feed = live_feed_new();
    uint64_t position, resumed;
    char id[40] = "";

    (void)state;
    assert_true(live_feed_open(feed, NULL, &position));
    publish(feed, "{\"a\":1}");
    assert_next(feed, &position, "event: snapshot\ndata: {\"now\":1000,\"snapshot\":{\"a\":1}}\n\n",
                id);
    assert_next(feed, &position, ": still here\n\n", NULL);
    publish(feed, "{\"a\":2}");
    assert_next(feed, &position, "event: change\ndata: {\"now\":1000,\"change\":{\"set\":{\"a\":2}",
                NULL);
    publish(feed, "{\"a\":2}"); /* nothing has changed */
    assert_next(feed, &position, ": still here\n\n", NULL);
    /* a stream that continues after the snapshot gets the change it missed */
    assert_true(live_feed_open(feed, id, &resumed));
    assert_next(feed, &resumed, "event: change", NULL);
    live_feed_close(feed);
    live_feed_close(feed);
    live_feed_free(feed);
}

static void a_stream_that_missed_too_much_gets_a_snapshot(void **state)
{
    struct live_feed *feed = live_feed_new();
    uint64_t position, other;
    char id[40] = "", json[40];

    (void)state;
    assert_true(live_feed_open(feed, NULL, &position));
    publish(feed, "{\"a\":0}");
    assert_next(feed, &position, "event: snapshot", id);
    for (int i = 1; i < 100; i++) {
        snprintf(json, sizeof json, "{\"a\":%d}", i);
        publish(feed, json);
    }
    assert_next(feed, &position, "event: snapshot\ndata: {\"now\":1000,\"snapshot\":{\"a\":99}}",
                NULL);
    assert_true(live_feed_open(feed, "00000000-5", &other)); /* of another process */
    assert_next(feed, &other, "event: snapshot", NULL);
    assert_true(live_feed_open(feed, "nonsense", &other));
    assert_next(feed, &other, "event: snapshot", NULL);
    live_feed_free(feed);
}

static void an_old_snapshot_is_not_sent(void **state)
{
    struct live_feed *feed = live_feed_new();
    uint64_t position;

    (void)state;
    assert_true(live_feed_open(feed, NULL, &position));
    publish(feed, "{\"a\":1}");
    live_feed_close(feed); /* nothing is published while no stream is open */
    assert_true(live_feed_open(feed, NULL, &position));
    assert_next(feed, &position, ": still here", NULL);
    publish(feed, "{\"a\":5}");
    assert_next(feed, &position, "\"snapshot\":{\"a\":5}", NULL);
    live_feed_close(feed);
    live_feed_free(feed);
}

static void streams_are_limited_and_end_with_the_feed(void **state)
{
    struct live_feed *feed = live_feed_new();
    uint64_t position = 0;
    struct text out;
    int open = 0;

    (void)state;
    while (open < 1000 && live_feed_open(feed, NULL, &position)) {
        open++;
    }
    assert_in_range(open, 8, 100);
    live_feed_stop(feed);
    text_begin(&out, 1000);
    assert_false(live_feed_next(feed, &position, 60000, &out)); /* at once */
    assert_false(live_feed_pause(feed, 60000));
    text_end(&out);
    live_feed_free(feed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_differs_is_sent),
        cmocka_unit_test(rows_are_compared_by_their_id),
        cmocka_unit_test(a_stream_gets_a_snapshot_then_changes),
        cmocka_unit_test(a_stream_that_missed_too_much_gets_a_snapshot),
        cmocka_unit_test(an_old_snapshot_is_not_sent),
        cmocka_unit_test(streams_are_limited_and_end_with_the_feed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
