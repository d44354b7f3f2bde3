/* test_event_stream.c - the kept part of an event stream does not depend on how it was split,
 * and complete events are read as they were sent. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "io/http/event_stream.h"

static char kept[4096];
static size_t kept_size;
static struct event_stream stream;

static void begin(void)
{
    stream = (struct event_stream){ .progress_suffix = ".partial" };
    kept_size = 0;
}

static void feed(const char *data, size_t size)
{
    while (size > 0) {
        struct event_step step = event_stream_step(&stream, data, size);

        assert_in_range(step.used, 1, size);
        assert_true(step.discard <= kept_size);
        kept_size -= step.discard;
        if (step.keep) {
            memcpy(kept + kept_size, data, step.used);
            kept_size += step.used;
        }
        data += step.used;
        size -= step.used;
    }
}

static void assert_kept(const char *want, int passed, const char *text)
{
    if (kept_size != strlen(want) || memcmp(kept, want, kept_size) != 0 ||
        stream.progress_events != passed) {
        fail_msg("of '%s' was kept: '%.*s', passed over: %d", text, (int)kept_size, kept,
                 stream.progress_events);
    }
}

/* In one piece, in two at every place, in threes at every pair of places, and byte by byte. */
static void every_way(const char *text, const char *want, int passed)
{
    size_t size = strlen(text);

    for (size_t i = 0; i <= size; i++) {
        for (size_t j = i; j <= size; j++) {
            begin();
            feed(text, i);
            feed(text + i, j - i);
            feed(text + j, size - j);
            assert_kept(want, passed, text);
        }
    }
    begin();
    for (size_t i = 0; i < size; i++) {
        feed(text + i, 1);
    }
    assert_kept(want, passed, text);
}

#define PARTIAL "event: x.partial\ndata: {\"a\":1}\n\n"
#define DONE "event: x.done\ndata: {\"b\":2}\n\n"

static void progress_events_are_dropped(void **state)
{
    (void)state;
    every_way(PARTIAL PARTIAL DONE, DONE, 2);
    every_way(DONE PARTIAL DONE, DONE DONE, 1);
    every_way(DONE, DONE, 0);
    every_way("", "", 0);
    every_way("\n\n" PARTIAL "\n" DONE "\n", "\n\n\n" DONE "\n", 1);
    every_way("event:x.partial\ndata\n\n" DONE, DONE, 1); /* no space; a field without a colon */
    every_way("event: x.partial.not\ndata: 1\n\n", "event: x.partial.not\ndata: 1\n\n", 0);
    every_way("events: x.partial\ndata: 1\n\n", "events: x.partial\ndata: 1\n\n", 0);
    every_way("event: .partial\ndata: 1\n\n", "", 1);
    every_way("event: partial\ndata: 1\n\n", "event: partial\ndata: 1\n\n", 0);
}

static void all_line_ends_are_recognised(void **state)
{
    (void)state;
    every_way("event: x.partial\r\ndata: 1\r\n\r\nevent: y\r\ndata: 2\r\n\r\n",
              "event: y\r\ndata: 2\r\n\r\n", 1);
    every_way("event: x.partial\rdata: 1\r\revent: y\rdata: 2\r\r", "event: y\rdata: 2\r\r", 1);
    every_way("id: 1\r\nevent: x.partial\r\ndata: 1\n\r\n\r\nevent: y\ndata: 2\r\r\n",
              "\r\nevent: y\ndata: 2\r\r\n", 1);
    every_way("\r\nid: 1\r\nevent: x.partial\r\n\r\nevent: y\r\n\r\n", "\r\nevent: y\r\n\r\n",
              0); /* without data it is no event */
}

static void lines_before_a_progress_name_are_discarded(void **state)
{
    (void)state;
    every_way(": a comment\nid: 7\nevent: x.partial\nretry: 1\ndata: 1\n\n" DONE, DONE, 1);
    every_way("data: 1\nevent: x.partial\n\n" DONE, DONE, 1);
    every_way("data: 1\nevent: x.done\n\n" PARTIAL, "data: 1\nevent: x.done\n\n", 1);
    every_way(": keep\n\n" PARTIAL ": alive\n\n", ": keep\n\n: alive\n\n", 1);
}

static void data_may_span_lines(void **state)
{
    (void)state;
    every_way("event: x.partial\ndata: {\ndata: \"type\":\"x.done\"\ndata: }\n\n" DONE, DONE, 1);
    every_way("event: x.done\ndata: {\ndata: \"type\":\"x.partial\"}\n\n",
              "event: x.done\ndata: {\ndata: \"type\":\"x.partial\"}\n\n", 0);
}

static void type_in_the_data_names_the_event(void **state)
{
    (void)state;
    every_way("data: {\"type\":\"x.partial\",\"n\":1}\n\ndata: {\"type\":\"x.done\"}\n\n",
              "data: {\"type\":\"x.done\"}\n\n", 1);
    every_way("data:{ \"n\":\"type\", \"type\" : \"x.partial\" }\n\n",
              "data:{ \"n\":\"type\", \"type\" : \"x.partial\" }\n\n",
              0); /* the first one counts */
    every_way("data: {\"type\" : \"x.partial\"}\n\ndata: {\"type\":\"x.partial}\n\n",
              "data: {\"type\":\"x.partial}\n\n", 1);
    every_way("data: [DONE]\n\n", "data: [DONE]\n\n", 0);
}

/* A long line of data is known by its beginning: the rest is never held. */
static void long_progress_lines_are_dropped(void **state)
{
    char text[2000];
    size_t size = (size_t)sprintf(text, "data: {\"type\":\"x.partial\",\"image\":\"");

    (void)state;
    memset(text + size, 'A', 1500);
    begin();
    feed(text, size + 1500);
    assert_int_equal(kept_size, 0);
    assert_int_equal(stream.progress_events, 0); /* not whole yet */
    feed("\"}\n", 3);
    assert_int_equal(stream.progress_events, 0);
    feed("\n", 1);
    assert_int_equal(stream.progress_events, 1);
    begin();
    memset(text, 'A', sizeof text); /* one that says nothing is kept */
    feed(text, sizeof text);
    assert_int_equal(kept_size, sizeof text);
}

static void truncated_event_is_not_counted(void **state)
{
    (void)state;
    every_way(PARTIAL "event: x.partial\ndata: {\"a\"", "", 1);
    every_way(DONE "event: x.do", DONE "event: x.do", 0);
    every_way(DONE "event: x.done\ndata: 1\n", DONE "event: x.done\ndata: 1\n", 0);
}

/* -- a whole text ---------------------------------------------------------------------------- */

static const char *at, *end;

static void assert_event(const char *name, const char *data)
{
    struct event event;
    char joined[400];
    size_t size;

    assert_true(event_next(&at, end, &event));
    assert_int_equal(event.name_size, strlen(name));
    assert_memory_equal(event.name, name, event.name_size);
    assert_true((size_t)(event.end - event.data) < sizeof joined);
    size = event_join(&event, joined);
    assert_true(size <= (size_t)(event.end - event.data));
    assert_int_equal(size, strlen(data));
    assert_memory_equal(joined, data, size);
    if (event.data_lines == 1) {
        assert_int_equal(event.data_size, size);
    }
}

static void events_are_read_one_after_the_other(void **state)
{
    static const char *const texts[] = {
        ": plain\n\nevent: a\nid: 3\n\nevent: b\ndata: 1\n\ndata:2\ndata\ndata:  3\nevent: c\n\n"
        "data: last",
        ": plain\r\n\r\nevent: a\r\nid: 3\r\n\r\nevent: b\r\ndata: 1\r\n\r\ndata:2\r\ndata\r\n"
        "data:  3\r\nevent: c\r\n\r\ndata: last\r\n",
        ": plain\r\revent: a\rid: 3\r\revent: b\rdata: 1\r\rdata:2\rdata\rdata:  3\revent: c\r\r"
        "data: last\r\r",
    };
    struct event event;

    (void)state;
    for (int i = 0; i < 3; i++) {
        at = texts[i];
        end = at + strlen(at);
        assert_event("b", "1");
        assert_event("c", "2\n\n 3");
        assert_event("", "last");
        assert_false(event_next(&at, end, &event));
        assert_false(event_next(&at, end, &event));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(progress_events_are_dropped),
        cmocka_unit_test(all_line_ends_are_recognised),
        cmocka_unit_test(lines_before_a_progress_name_are_discarded),
        cmocka_unit_test(data_may_span_lines),
        cmocka_unit_test(type_in_the_data_names_the_event),
        cmocka_unit_test(long_progress_lines_are_dropped),
        cmocka_unit_test(truncated_event_is_not_counted),
        cmocka_unit_test(events_are_read_one_after_the_other),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
