/* test_job_filter.c - flags of `darkroom jobs` as the filter of its query. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "cli/jobs/job_filter.h"

/* Settings with these values, given as flags: name, value, ..., NULL. */
static struct settings *settings_with(const char *const *values)
{
    struct settings_sources from = { .command = "jobs" };
    struct settings *settings;
    struct error err;

    assert_true(settings_load(&from, &settings, &err));
    for (; *values; values += 2) {
        assert_true(settings_set(settings, setting_row(values[0]), values[1], &err));
    }
    return settings;
}

#define SETTINGS(...) settings_with((const char *const[]){ __VA_ARGS__ __VA_OPT__(, ) NULL })

static void expect_filter(struct settings *settings, bool given, const char *expected)
{
    struct error err = { .kind = ERROR_NONE };
    char *filter;

    assert_true(job_filter_read(NULL, settings, &filter, &err)); /* no id: no database is asked */
    assert_string_equal(filter, expected);
    assert_int_equal(job_filter_is_given(settings), given);
    cJSON_free(filter);
    settings_free(settings);
}

static void expect_error(struct settings *settings, const char *text, const char *hint)
{
    struct error err = { .kind = ERROR_NONE };
    char *filter;

    assert_false(job_filter_read(NULL, settings, &filter, &err));
    assert_int_equal(err.kind, ERROR_INPUT);
    assert_non_null(strstr(err.text, text));
    assert_non_null(strstr(err.hint, hint));
    settings_free(settings);
}

static void filter_has_what_the_flags_say(void **state)
{
    (void)state;
    expect_filter(SETTINGS(), false, "{}");
    expect_filter(SETTINGS("status", "Failed"), false, "{\"status\":[\"failed\"]}");
    expect_filter(SETTINGS("type", "pack", "type", "Lifestyle", "reason", "HTTP \"503\""), true,
                  "{\"type\":[\"generate-complete-pack\",\"LIFESTYLE\"],"
                  "\"reason\":\"HTTP \\\"503\\\"\"}");
}

static void dates_become_bounds_in_utc(void **state)
{
    struct settings *settings = SETTINGS("since", "2026-06-01T12:30", "before", "2026-06-02");
    struct error err;
    cJSON *filter;
    char *text;

    (void)state;
    assert_true(job_filter_read(NULL, settings, &text, &err));
    filter = cJSON_Parse(text);
    assert_ptr_equal(strstr(json_peek_text(filter, "since"), "2026-06-01"),
                     json_peek_text(filter, "since"));
    assert_non_null(strstr(json_peek_text(filter, "since"), "12:30"));
    assert_non_null(strstr(json_peek_text(filter, "until"), "2026-06-02"));
    cJSON_Delete(filter);
    cJSON_free(text);
    settings_free(settings);
}

static void invalid_values_are_named_with_the_valid_ones(void **state)
{
    (void)state;
    expect_error(SETTINGS("status", "broken"), "--status 'broken'", "");
    expect_error(SETTINGS("type", "lifestile"), "--type 'lifestile'", "lifestyle");
    expect_error(SETTINGS("before", "soon"), "'soon' is not a date", "2h ago");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(filter_has_what_the_flags_say),
        cmocka_unit_test(dates_become_bounds_in_utc),
        cmocka_unit_test(invalid_values_are_named_with_the_valid_ones),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
