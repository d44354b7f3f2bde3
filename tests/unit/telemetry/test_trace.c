/* test_trace.c - traceparent, samplers, and the bounded queue of spans. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "telemetry/metrics.h"
#include "telemetry/trace_queue.h"

#define TRACE "0af7651916cd43dd8448eb211c80319c"
#define SPAN "b7ad6b7169203331"

static int woken;

static void on_full(void *context)
{
    (void)context;
    woken++;
}

static void open_queue(const char *name, const char *argument)
{
    struct trace_sampler sampler;
    struct error err;

    assert_true(trace_sampler_read(name, argument, &sampler, &err));
    trace_queue_close();
    trace_queue_open(&sampler, on_full, NULL);
}

static void a_traceparent_is_read_as_the_specification_says(void **state)
{
    static const struct {
        const char *text;
        bool good, sampled;
    } cases[] = {
        { "00-" TRACE "-" SPAN "-01", true, true },
        { "00-" TRACE "-" SPAN "-00", true, false },
        { "00-" TRACE "-" SPAN "-03", true, true },
        { "01-" TRACE "-" SPAN "-01", true, true },
        { "cc-" TRACE "-" SPAN "-01-what-the-future-will-be-like", true, true },
        { "cc-" TRACE "-" SPAN "-01.what", false, false },
        { "00-" TRACE "-" SPAN "-01-extra", false, false },
        { "ff-" TRACE "-" SPAN "-01", false, false },
        { "00-00000000000000000000000000000000-" SPAN "-01", false, false },
        { "00-" TRACE "-0000000000000000-01", false, false },
        { "00-0AF7651916CD43DD8448EB211C80319C-" SPAN "-01", false, false },
        { "00-" TRACE "-" SPAN "-0", false, false },
        { "00-" TRACE "-" SPAN "-zz", false, false },
        { "00_" TRACE "-" SPAN "-01", false, false },
        { "00-0af7651916cd43dd8448eb211c80319-b7ad6b71692033310-01", false, false },
        { "", false, false },
        { NULL, false, false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct trace_context context;

        if (traceparent_read(cases[i].text, &context) != cases[i].good ||
            context.is_set != cases[i].good || context.sampled != cases[i].sampled) {
            fail_msg("'%s' is read as something else", cases[i].text);
        }
    }
}

static void samplers_decide_by_parent_and_by_trace_id(void **state)
{
    struct trace_context none = { .is_set = false }, yes, no, span;
    int sampled = 0;

    (void)state;
    assert_true(traceparent_read("00-" TRACE "-" SPAN "-01", &yes));
    assert_true(traceparent_read("00-" TRACE "-" SPAN "-00", &no));
    open_queue(NULL, NULL);
    trace_begin(&none, &span);
    assert_true(span.sampled);
    trace_begin(&no, &span);
    assert_false(span.sampled);
    open_queue("parentbased_always_off", NULL);
    trace_begin(&none, &span);
    assert_false(span.sampled);
    trace_begin(&yes, &span);
    assert_true(span.sampled);
    open_queue("always_on", NULL);
    trace_begin(&no, &span);
    assert_true(span.sampled);
    open_queue("traceidratio", "0.25");
    for (int i = 0; i < 4000; i++) {
        trace_begin(&none, &span);
        sampled += span.sampled;
    }
    assert_in_range(sampled, 800, 1200); /* 7 standard deviations */
}

static void unknown_samplers_and_shares_are_refused(void **state)
{
    struct trace_sampler sampler;
    struct error err;

    (void)state;
    assert_false(trace_sampler_read("jaeger_remote", NULL, &sampler, &err));
    assert_false(trace_sampler_read("traceidratio", "1.5", &sampler, &err));
    assert_false(trace_sampler_read("traceidratio", "half", &sampler, &err));
    assert_true(trace_sampler_read("traceidratio", NULL, &sampler, &err));
    assert_true(trace_sampler_read("parentbased_traceidratio", "0", &sampler, &err));
}

static cJSON *take(void)
{
    struct text text;
    cJSON *json;

    text_begin(&text, 1 << 20);
    text_add(&text, "[");
    assert_true(trace_queue_take(&text) > 0);
    text_add(&text, "]");
    json = cJSON_Parse(text.data);
    text_end(&text);
    assert_non_null(json);
    return json;
}

static const char *text_of(const cJSON *object, const char *name)
{
    return cJSON_GetStringValue(cJSON_GetObjectItem(object, name));
}

static void a_span_has_ids_times_attributes_and_status(void **state)
{
    struct span span = { .name = "generate_content \xc3\x28",
                         .kind = SPAN_CLIENT,
                         .began_us = 1000000,
                         .ended_us = 1500000,
                         .error = "busy" };
    struct trace_context parent;
    const cJSON *json, *attributes;
    cJSON *list;

    (void)state;
    open_queue(NULL, NULL);
    assert_true(traceparent_read("00-" TRACE "-" SPAN "-01", &parent));
    trace_begin(&parent, &span.context);
    memcpy(span.parent_id, parent.span_id, SPAN_ID);
    span_text(&span, "a", "b");
    span_text(&span, "empty", "");
    span_whole(&span, "n", 9007199254740991);
    span_number(&span, "x", 0.25);
    span_end(&span);
    list = take();
    json = cJSON_GetArrayItem(list, 0);
    assert_string_equal(text_of(json, "traceId"), TRACE);
    assert_string_equal(text_of(json, "parentSpanId"), SPAN);
    assert_int_equal(strlen(text_of(json, "spanId")), 16);
    assert_string_not_equal(text_of(json, "spanId"), SPAN);
    assert_string_equal(text_of(json, "name"), "generate_content ?("); /* not UTF-8 */
    assert_int_equal(atoll(text_of(json, "endTimeUnixNano")) -
                         atoll(text_of(json, "startTimeUnixNano")),
                     500000000);
    attributes = cJSON_GetObjectItem(json, "attributes");
    assert_int_equal(cJSON_GetArraySize(attributes), 3);
    assert_string_equal(text_of(cJSON_GetObjectItem(cJSON_GetArrayItem(attributes, 1), "value"),
                                "intValue"),
                        "9007199254740991");
    json = cJSON_GetObjectItem(json, "status");
    assert_int_equal(cJSON_GetObjectItem(json, "code")->valueint, 2);
    assert_string_equal(text_of(json, "message"), "busy");
    cJSON_Delete(list);
}

static void further_spans_of_a_full_queue_are_dropped_and_counted(void **state)
{
    struct trace_context none = { .is_set = false };
    struct metric_sample sample;

    (void)state;
    open_queue(NULL, NULL);
    woken = 0;
    for (int i = 0; i < TRACE_QUEUE + 7; i++) {
        struct span span = { .name = "x", .kind = SPAN_INTERNAL };

        trace_begin(&none, &span.context);
        span_end(&span);
    }
    assert_int_equal(trace_queue_size(), TRACE_QUEUE);
    assert_int_equal(woken, TRACE_QUEUE / TRACE_BATCH);
    assert_true(metric_read(METRIC_SPANS, 0, &sample));
    assert_string_equal(sample.values[0], "dropped");
    assert_int_equal(sample.value, 7);
    cJSON_Delete(take());
    assert_int_equal(trace_queue_size(), TRACE_QUEUE - TRACE_BATCH);
    trace_queue_close();
}

static void nothing_is_kept_while_spans_are_off(void **state)
{
    struct trace_context none = { .is_set = false };
    struct span span = { .name = "x", .kind = SPAN_INTERNAL };

    (void)state;
    assert_false(trace_is_on());
    trace_begin(&none, &span.context);
    assert_false(span.context.is_set);
    span_end(&span);
    assert_int_equal(trace_queue_size(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_traceparent_is_read_as_the_specification_says),
        cmocka_unit_test(samplers_decide_by_parent_and_by_trace_id),
        cmocka_unit_test(unknown_samplers_and_shares_are_refused),
        cmocka_unit_test(a_span_has_ids_times_attributes_and_status),
        cmocka_unit_test(further_spans_of_a_full_queue_are_dropped_and_counted),
        cmocka_unit_test(nothing_is_kept_while_spans_are_off),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
