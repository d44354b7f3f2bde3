/* test_finding.c - how results of the doctor's checks are composed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "doctor/finding.h"

static void setting_a_finding_clears_its_hint(void **state)
{
    struct doctor_finding finding = { .status = DOCTOR_FAIL, .text = "old", .hint = "old" };

    (void)state;
    doctor_finding_set(&finding, DOCTOR_WARN, "%d MiB free in '%s'", 12, "/spool");
    assert_int_equal(finding.status, DOCTOR_WARN);
    assert_string_equal(finding.text, "12 MiB free in '/spool'");
    assert_string_equal(finding.hint, "");
}

static void hint_keeps_status_and_text(void **state)
{
    struct doctor_finding finding;

    (void)state;
    doctor_finding_set(&finding, DOCTOR_SKIP, "no database");
    doctor_finding_hint(&finding, "Set --%s.", "database-url");
    assert_int_equal(finding.status, DOCTOR_SKIP);
    assert_string_equal(finding.text, "no database");
    assert_string_equal(finding.hint, "Set --database-url.");
}

static void error_becomes_a_failure_with_its_hint(void **state)
{
    struct doctor_finding finding;
    struct error err;

    (void)state;
    error_set(&err, ERROR_CONFIG, "100%% of '%s'", "%s");
    error_hint(&err, "Use 50%% of %s.", "%d");
    doctor_finding_from_error(&finding, &err);
    assert_int_equal(finding.status, DOCTOR_FAIL);
    assert_string_equal(finding.text, "100% of '%s'"); /* never used as a format */
    assert_string_equal(finding.hint, "Use 50% of %d.");
}

static void long_text_is_cut_at_the_end_of_its_field(void **state)
{
    struct doctor_finding finding;
    char text[1000];

    (void)state;
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    doctor_finding_set(&finding, DOCTOR_OK, "%s", text);
    doctor_finding_hint(&finding, "%s", text);
    assert_int_equal(strlen(finding.text), sizeof finding.text - 1);
    assert_int_equal(strlen(finding.hint), sizeof finding.hint - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(setting_a_finding_clears_its_hint),
        cmocka_unit_test(hint_keeps_status_and_text),
        cmocka_unit_test(error_becomes_a_failure_with_its_hint),
        cmocka_unit_test(long_text_is_cut_at_the_end_of_its_field),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
