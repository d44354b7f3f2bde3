/* test_log.c - each event is one line, whatever its values contain, and contains no secret. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/secret.h"

static char line[8192];
static int lines;

static void store_line(const char *text, void *context)
{
    assert_ptr_equal(context, &lines);
    snprintf(line, sizeof line, "%s", text);
    lines++;
}

static int set_up(void **state)
{
    (void)state;
    lines = 0;
    line[0] = '\0';
    log_sink(store_line, &lines);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    log_sink(NULL, NULL);
    return 0;
}

static void json_lines_are_valid_json(void **state)
{
    const struct log_field fields[] = {
        LOG_TEXT_FIELD("job", "a\"b\\c\n\x01"), LOG_NUMBER_FIELD("ms", 12),
        LOG_NUMBER_FIELD("usd", 0.0125),        LOG_NUMBER_FIELD("nan", NAN),
        LOG_TEXT_FIELD("none", NULL),
    };
    cJSON *json;

    (void)state;
    log_setup(LOG_JSON, LOG_INFO);
    log_event(LOG_WARNING, "it \"happened\"\n", fields, 5);
    assert_int_equal(lines, 1);
    assert_null(strchr(line, '\n'));
    json = cJSON_Parse(line);
    assert_non_null(json);
    assert_string_equal(cJSON_GetObjectItem(json, "level")->valuestring, "warning");
    assert_string_equal(cJSON_GetObjectItem(json, "msg")->valuestring, "it \"happened\"\n");
    assert_string_equal(cJSON_GetObjectItem(json, "job")->valuestring, "a\"b\\c\n\x01");
    assert_true(cJSON_GetObjectItem(json, "ms")->valuedouble == 12);
    assert_true(cJSON_GetObjectItem(json, "usd")->valuedouble == 0.0125);
    assert_string_equal(cJSON_GetObjectItem(json, "none")->valuestring, "");
    assert_int_equal(strlen(cJSON_GetObjectItem(json, "ts")->valuestring), 24);
    cJSON_Delete(json);
}

static void text_lines_cannot_be_forged(void **state)
{
    const struct log_field fields[] = {
        LOG_TEXT_FIELD("bare", "gpt-image-1.5"),
        LOG_TEXT_FIELD("evil", "x\n12:00:00.000 error forged\x1b[2J"),
    };

    (void)state;
    log_setup(LOG_TEXT, LOG_INFO);
    log_event(LOG_INFO, "message\nnext", fields, 2);
    assert_null(strchr(line, '\n'));
    assert_null(strchr(line, '\x1b'));
    assert_non_null(strstr(line, "message next"));
    assert_non_null(strstr(line, " bare=gpt-image-1.5 "));
    assert_non_null(strstr(line, " evil=\"x\\u000a12"));
}

static void events_below_the_level_are_dropped(void **state)
{
    (void)state;
    log_setup(LOG_TEXT, LOG_WARNING);
    log_printf(LOG_INFO, "no");
    log_printf(LOG_DEBUG, "no");
    assert_int_equal(lines, 0);
    log_printf(LOG_WARNING, "%s", "yes");
    log_printf(LOG_ERROR, "yes");
    assert_int_equal(lines, 2);
}

static void secrets_are_scrubbed_from_log_lines(void **state)
{
    struct secret *secret = secret_new("canary-4711-secret");
    const struct log_field field = LOG_TEXT_FIELD("url", "http://x/?k=canary-4711-secret");

    (void)state;
    log_setup(LOG_JSON, LOG_INFO);
    log_event(LOG_INFO, "sent canary-4711-secret", &field, 1);
    assert_null(strstr(line, "canary"));
    assert_non_null(strstr(line, "http://x/?k=***"));
    secret_free(secret);
}

static void long_values_are_truncated_within_the_line(void **state)
{
    static char value[100001];
    const struct log_field field = { .name = "v", .text = value };
    cJSON *json;

    (void)state;
    memset(value, 'v', sizeof value - 1);
    log_setup(LOG_JSON, LOG_INFO);
    log_event(LOG_INFO, "long", &field, 1);
    json = cJSON_Parse(line);
    assert_non_null(json);
    cJSON_Delete(json);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(json_lines_are_valid_json),
        TEST(text_lines_cannot_be_forged),
        TEST(events_below_the_level_are_dropped),
        TEST(secrets_are_scrubbed_from_log_lines),
        TEST(long_values_are_truncated_within_the_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
