/* test_log_line.c - lines of the log within the width of a terminal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/secret.h"
#include "base/text.h"
#include "term/log_line.h"
#include "term/term.h"

enum { WIDTH = 80 }; /* of a stream that is not a terminal */

static struct text out;

static int set_up(void **state)
{
    (void)state;
    term_setup("never");
    text_begin(&out, 1 << 16);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    text_end(&out);
    return 0;
}

static void log_line(enum log_level level, const char *message, const struct log_field *fields,
                     int count)
{
    log_line_layout(&out, "2026-11-23T12:01:07.113Z", level, message, fields, count);
}

/* Returns the number of lines. */
static int assert_lines_fit(void)
{
    char line[2000];
    int lines = 0;

    for (const char *at = out.data; *at; lines++) {
        size_t size = strcspn(at, "\n");

        snprintf(line, sizeof line, "%.*s", (int)size, at);
        assert_true(term_columns(line) < WIDTH);
        at += size + (at[size] == '\n');
    }
    return lines;
}

static const struct log_field job_end[] = {
    { .name = "job", .text = "0b5e7a52-8c0e-4d53-9d6c-0f6f3a1d2e11" },
    { .name = "image", .text = "LIFESTYLE" },
    { .name = "product",
      .text = "Steel Bottle \xe6\xa3\xae\xe6\xa3\xae\xe6\xa3\xae\xe6\xa3\xae\xe6\xa3"
              "\xae\xe6\xa3\xae\xe6\xa3\xae\xe6\xa3\xae 750 ml" },
    { .name = "ms", .number = 12345 },
    { .name = "type", .text = "generate-image" },
    { .name = "project", .text = "cm1234567890" },
    { .name = "error",
      .text = "the response of the provider cannot be read, because it ends after "
              "17 of 4,711 bytes, and another attempt is made" },
};
enum { FIELDS = sizeof job_end / sizeof *job_end };

static void end_of_a_job_fits_one_line_and_names_image_and_product(void **state)
{
    (void)state;
    log_line(LOG_INFO, "job completed", job_end, FIELDS - 1);
    assert_int_equal(assert_lines_fit(), 1);
    assert_non_null(strstr(out.data, "12:01:07 job completed job=0b5e7a52 image=LIFESTYLE"));
    assert_non_null(strstr(out.data, "product=\"Steel Bottle"));
    assert_null(strstr(out.data, "cm1234567890")); /* left out, and that is shown: */
    assert_non_null(strstr(out.data, " \xe2\x80\xa6"));
}

static void warning_is_wrapped_and_complete(void **state)
{
    (void)state;
    log_line(LOG_WARNING, "job failed", job_end, FIELDS);
    assert_true(assert_lines_fit() > 2);
    assert_non_null(strstr(out.data, "12:01:07 warning: job failed"));
    assert_non_null(strstr(out.data, "project=cm1234567890"));
    assert_non_null(strstr(out.data, " made\""));
    assert_non_null(strstr(out.data, "12.3s"));
}

static void hostile_values_stay_on_their_line(void **state)
{
    const struct log_field fields[] = {
        LOG_TEXT_FIELD("product", "x\n12:00:00 forged\033[2J\xe2\x80\xae"),
    };

    (void)state;
    log_line(LOG_INFO, "message\nnext", fields, 1);
    assert_int_equal(assert_lines_fit(), 1);
    assert_null(strchr(out.data, '\033'));
    assert_null(strstr(out.data, "\xe2\x80\xae"));
}

static void secrets_are_masked_before_values_are_cut(void **state)
{
    struct secret *secret = secret_new("canary-4711-secret-value");
    const struct log_field field = LOG_TEXT_FIELD("url", "http://x/?key=canary-4711-secret-value");

    (void)state;
    log_line(LOG_INFO, "sent", &field, 1);
    assert_null(strstr(out.data, "canary"));
    secret_free(secret);
}

static void empty_values_are_left_out(void **state)
{
    const struct log_field field = LOG_TEXT_FIELD("stopped_service", "");

    (void)state;
    log_line(LOG_INFO, "status", &field, 1);
    assert_string_equal(out.data, "12:01:07 status");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(end_of_a_job_fits_one_line_and_names_image_and_product),
        TEST(warning_is_wrapped_and_complete),
        TEST(hostile_values_stay_on_their_line),
        TEST(secrets_are_masked_before_values_are_cut),
        TEST(empty_values_are_left_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
