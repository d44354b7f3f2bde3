/* test_sqlstate.c - what each SQLSTATE means: which ones pass, and which ones an operator fixes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "io/postgres/sqlstate.h"

static void each_state_has_its_remedy(void **state)
{
    static const struct {
        const char *state;
        enum sql_remedy remedy;
        bool stale_plan;
    } cases[] = {
        { NULL, SQL_RETRY_FRESH, false },    { "08006", SQL_RETRY_FRESH, false },
        { "57P01", SQL_RETRY_FRESH, false }, { "57P05", SQL_RETRY_FRESH, false },
        { "XX000", SQL_RETRY_FRESH, false }, { "53300", SQL_RETRY_FRESH, false },
        { "53100", SQL_RETRY_FRESH, false }, { "25006", SQL_RETRY_FRESH, false },
        { "28000", SQL_RETRY_FRESH, false }, { "0A000", SQL_RETRY_FRESH, true },
        { "42804", SQL_RETRY_FRESH, true },  { "22P02", SQL_RETRY_FRESH, true },
        { "42703", SQL_RETRY_FRESH, true },  { "40001", SQL_RETRY_SAME, false },
        { "40P01", SQL_RETRY_SAME, false },  { "55P03", SQL_RETRY_SAME, false },
        { "57014", SQL_RETRY_SAME, false },  { "22003", SQL_FIX_DATA, false },
        { "22P05", SQL_FIX_DATA, false },    { "23505", SQL_FIX_DATA, false },
        { "23502", SQL_FIX_DATA, false },    { "P0001", SQL_FIX_DATA, false },
        { "44000", SQL_FIX_DATA, false },    { "39P01", SQL_FIX_DATA, false },
        { "28P01", SQL_FIX_SETUP, false },   { "3D000", SQL_FIX_SETUP, false },
        { "3F000", SQL_FIX_SETUP, false },   { "42P01", SQL_FIX_SETUP, false },
        { "42883", SQL_FIX_SETUP, false },   { "42501", SQL_FIX_SETUP, false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct sqlstate_rule *rule = sqlstate_rule(cases[i].state);

        if (rule->remedy != cases[i].remedy || rule->stale_plan != cases[i].stale_plan) {
            fail_msg("%s", cases[i].state ? cases[i].state : "no state");
        }
    }
}

static void unlisted_states_are_retried_on_a_fresh_connection(void **state)
{
    static const char *const unlisted[] = { "99999", "42601", "", "0", "HV000", "58030" };

    (void)state;
    for (size_t i = 0; i < sizeof unlisted / sizeof *unlisted; i++) {
        assert_int_equal(sqlstate_rule(unlisted[i])->remedy, SQL_RETRY_FRESH);
        assert_string_equal(sqlstate_rule(unlisted[i])->prefix, "");
    }
}

static void what_an_operator_must_fix_has_a_hint(void **state)
{
    static const char *const states[] = { "28P01", "3D000", "3F000", "42P01", "42883",
                                          "42501", "23502", "P0001", "53300", "25006",
                                          "55P03", "28000", "42804" };

    (void)state;
    for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
        assert_non_null(sqlstate_rule(states[i])->hint);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_state_has_its_remedy),
        cmocka_unit_test(unlisted_states_are_retried_on_a_fresh_connection),
        cmocka_unit_test(what_an_operator_must_fix_has_a_hint),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
