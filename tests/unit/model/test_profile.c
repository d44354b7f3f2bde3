/* test_profile.c - latency profiles: reading, searching, timeouts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "model/profile.h"

static struct profile profile;
static struct error err;

static void reads(const char *calls)
{
    char json[4000];

    snprintf(json, sizeof json, "{\"schema\":1,\"calls\":[%s]}", calls);
    if (!profile_read(json, strlen(json), &profile, &err)) {
        fail_msg("%s: %s", calls, err.text);
    }
}

static void is_rejected(const char *json, const char *expected)
{
    assert_false(profile_read(json, strlen(json), &profile, &err));
    assert_int_equal(err.kind, ERROR_INPUT);
    if (!strstr(err.text, expected)) {
        fail_msg("%s: '%s' is not in '%s'", json, expected, err.text);
    }
}

static void written_profile_reads_the_same(void **state)
{
    struct text text;
    struct profile before;

    (void)state;
    reads(
        "{\"provider\":\"openai\",\"model\":\"m\",\"task\":\"edit\",\"width\":1536,\"height\":1024,"
        "\"quality\":\"low\",\"count\":412,\"p50\":12.5,\"p90\":30,\"p95\":41.25,\"p99\":80,"
        "\"mean\":15,\"usd\":0.0625,\"requestsAMinute\":60},{\"model\":\"t\",\"task\":\"text\"}");
    before = profile;
    text_begin(&text, 10000);
    profile_print(&profile, &text);
    assert_true(profile_read(text.data, text.size, &profile, &err));
    text_end(&text);
    assert_int_equal(profile.count, 2);
    assert_string_equal(profile.calls[0].quality, "low");
    assert_int_equal(profile.calls[0].size.width, 1536);
    assert_int_equal(profile.calls[0].count, 412);
    assert_true(profile.calls[0].p95 == before.calls[0].p95 && profile.calls[0].usd == 0.0625);
    assert_int_equal(profile.calls[0].requests_a_minute, 60);
    assert_true(isnan(profile.calls[1].p50)); /* unknown is not 0 */
    assert_int_equal(profile.calls[1].requests_a_minute, -1);
}

static void lowest_rate_limit_is_returned(void **state)
{
    (void)state;
    reads("{\"provider\":\"p\",\"model\":\"m\",\"task\":\"edit\",\"requestsAMinute\":60},"
          "{\"provider\":\"p\",\"model\":\"m\",\"task\":\"image\",\"requestsAMinute\":20},"
          "{\"provider\":\"q\",\"model\":\"m\",\"task\":\"image\",\"requestsAMinute\":5},"
          "{\"provider\":\"p\",\"model\":\"n\",\"task\":\"image\"}");
    assert_int_equal(profile_rate_limit(&profile, "p", "m"), 20);
    assert_int_equal(profile_rate_limit(&profile, "p", "n"), -1);
    assert_int_equal(profile_rate_limit(NULL, "p", "m"), -1);
}

static void malformed_profiles_are_rejected(void **state)
{
    (void)state;
    is_rejected("", "profile");
    is_rejected("[]", "schema");
    is_rejected("{\"schema\":2,\"calls\":[]}", "schema");
    is_rejected("{\"schema\":1,\"calls\":[{\"task\":\"text\"}]}", "names no model");
    is_rejected("{\"schema\":1,\"calls\":[{\"model\":\"m\",\"task\":\"song\"}]}", "song");
    is_rejected("{\"schema\":1,\"calls\":[{\"model\":\"m\",\"task\":\"text\",\"p99\":-1}]}", "p99");
    is_rejected("{\"schema\":1,\"calls\":[{\"model\":\"m\",\"task\":\"text\",\"p99\":1e30}]}",
                "p99");
    is_rejected("{\"schema\":1,\"calls\":[{\"model\":\"m\",\"task\":\"text\",\"count\":\"9\"}]}",
                "count");
    is_rejected("{\"schema\":1,\"calls\":[{\"model\":7,\"task\":\"text\"}]}", "model");
}

static void closest_calls_are_found(void **state)
{
    const struct size small = { 1024, 1024 }, large = { 2000, 2000 };

    (void)state;
    reads("{\"model\":\"m\",\"task\":\"edit\",\"width\":1024,\"height\":1024,\"quality\":\"low\","
          "\"count\":1},"
          "{\"model\":\"m\",\"task\":\"edit\",\"width\":2048,\"height\":2048,\"quality\":\"low\","
          "\"count\":2},"
          "{\"model\":\"m\",\"task\":\"edit\",\"width\":1024,\"height\":1024,\"quality\":\"high\","
          "\"count\":3}");
    assert_int_equal(profile_find(&profile, "m", TASK_EDIT, small, "low")->count, 1);
    assert_int_equal(profile_find(&profile, "m", TASK_EDIT, large, "low")->count, 2);
    assert_int_equal(profile_find(&profile, "m", TASK_EDIT, large, "high")->count, 3);
    assert_null(profile_find(&profile, "m", TASK_TEXT, small, NULL));
    assert_null(profile_find(&profile, "another", TASK_EDIT, small, NULL));
    assert_null(profile_find(NULL, "m", TASK_EDIT, small, NULL));
}

static void timeout_follows_the_99th_percentile(void **state)
{
    struct profile_call call = { .count = 100, .p99 = 40 };

    (void)state;
    assert_int_equal(profile_timeout_ms(&call, 600000), 130000);
    assert_int_equal(profile_timeout_ms(&call, 100000), 100000); /* limited by the setting */
    call.p99 = 0.2;
    assert_int_equal(profile_timeout_ms(&call, 600000), 60000); /* at least one minute */
    call.count = 29;
    assert_int_equal(profile_timeout_ms(&call, 600000), 600000); /* too few calls */
    call.count = 100;
    call.p99 = NAN;
    assert_int_equal(profile_timeout_ms(&call, 600000), 600000);
    assert_int_equal(profile_timeout_ms(NULL, 600000), 600000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(written_profile_reads_the_same),
        cmocka_unit_test(malformed_profiles_are_rejected),
        cmocka_unit_test(lowest_rate_limit_is_returned),
        cmocka_unit_test(closest_calls_are_found),
        cmocka_unit_test(timeout_follows_the_99th_percentile),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
