/* test_error.c - error texts are one line of UTF-8, and each kind has its consequences. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/error.h"
#include "base/exit_status.h"
#include "base/text.h"

static void error_set_returns_false_and_clears_the_hint(void **state)
{
    struct error err = { .kind = ERROR_BUSY, .retry_ms = 7, .hint = "old" };

    (void)state;
    assert_false(error_set(&err, ERROR_INPUT, "cannot read '%s'", "payload"));
    assert_int_equal(err.kind, ERROR_INPUT);
    assert_string_equal(err.text, "cannot read 'payload'");
    assert_string_equal(err.hint, "");
    assert_int_equal(err.retry_ms, 0);
    assert_false(error_hint(&err, "set %s", "KEY"));
    assert_string_equal(err.hint, "set KEY");
    assert_string_equal(err.text, "cannot read 'payload'");
}

static void error_may_be_formatted_from_its_own_text(void **state)
{
    struct error err;

    (void)state;
    error_set(&err, ERROR_REMOTE, "inner");
    error_set(&err, err.kind, "outer: %s", err.text);
    assert_string_equal(err.text, "outer: inner");
    assert_int_equal(err.kind, ERROR_REMOTE);
}

static void control_characters_become_spaces(void **state)
{
    struct error err;

    (void)state;
    error_set(&err, ERROR_REMOTE, "a\nb\r\x1b[2Jc\x7f");
    assert_string_equal(err.text, "a b  [2Jc ");
    error_hint(&err, "x\ny");
    assert_string_equal(err.hint, "x y");
}

/* Text goes into a Postgres column, which takes nothing but whole UTF-8. */
static void invalid_utf8_is_replaced(void **state)
{
    char foreign[400];
    struct error err;

    (void)state;
    error_set(&err, ERROR_REMOTE, "answer \xff\xc3( \xc3\xa9");
    assert_true(utf8_length(err.text) != SIZE_MAX);
    assert_non_null(strstr(err.text, "\xc3\xa9"));
    for (size_t lead = 0; lead < 4; lead++) { /* cut in the middle of a character, wherever */
        memset(foreign, 'x', lead);
        for (size_t i = lead; i + 3 < sizeof foreign; i += 3) {
            memcpy(foreign + i, "\xe2\x82\xac", 4);
        }
        error_set(&err, ERROR_REMOTE, "%s", foreign);
        error_hint(&err, "%s", foreign);
        assert_true(utf8_length(err.text) != SIZE_MAX);
        assert_true(utf8_length(err.hint) != SIZE_MAX);
        assert_true(strlen(err.text) > sizeof err.text - 5);
    }
}

static void every_kind_has_consequences(void **state)
{
    (void)state;
    for (int kind = 0; kind < ERROR_KINDS; kind++) {
        const struct error_rule *rule = error_rule((enum error_kind)kind);

        assert_non_null(rule->name);
        assert_true(kind == ERROR_NONE ? rule->exit_status == 0 : rule->exit_status > 0);
        for (int other = 0; other < kind; other++) {
            assert_string_not_equal(rule->name, error_rule((enum error_kind)other)->name);
        }
    }
    assert_ptr_equal(error_rule((enum error_kind)999), error_rule(ERROR_INTERNAL));
    assert_ptr_equal(error_rule((enum error_kind) - 1), error_rule(ERROR_INTERNAL));
}

static void empty_selection_has_an_exit_status_of_its_own(void **state)
{
    struct error err;

    (void)state;
    error_set(&err, ERROR_INPUT, "No images match.");
    assert_int_equal(error_exit_status(&err), EXIT_STATUS_USAGE);
    err.cause = ERROR_CAUSE_EMPTY;
    assert_int_equal(error_exit_status(&err), EXIT_STATUS_EMPTY);
    error_set(&err, ERROR_KEY, "the key was rejected");
    assert_int_equal(error_exit_status(&err), EXIT_STATUS_KEY);
}

static void errors_for_operators_count_no_attempt(void **state)
{
    (void)state;
    assert_true(error_rule(ERROR_CONFIG)->pauses_provider);
    assert_true(error_rule(ERROR_KEY)->pauses_provider);
    assert_true(error_rule(ERROR_QUOTA)->pauses_provider);
    assert_false(error_rule(ERROR_CONFIG)->spends_attempt);
    assert_false(error_rule(ERROR_KEY)->spends_attempt);
    assert_false(error_rule(ERROR_QUOTA)->spends_attempt);
    assert_false(error_rule(ERROR_BUSY)->spends_attempt);
    assert_false(error_rule(ERROR_STOPPED)->spends_attempt);
    assert_false(error_rule(ERROR_INPUT)->retry);
    assert_false(error_rule(ERROR_REFUSED)->retry);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(error_set_returns_false_and_clears_the_hint),
        cmocka_unit_test(error_may_be_formatted_from_its_own_text),
        cmocka_unit_test(control_characters_become_spaces),
        cmocka_unit_test(invalid_utf8_is_replaced),
        cmocka_unit_test(empty_selection_has_an_exit_status_of_its_own),
        cmocka_unit_test(every_kind_has_consequences),
        cmocka_unit_test(errors_for_operators_count_no_attempt),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
