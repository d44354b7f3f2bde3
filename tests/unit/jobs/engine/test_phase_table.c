/* test_phase_table.c - the table of phases is complete, and every phase can be reached and left. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdbool.h>
#include <string.h>

#include "jobs/engine/phase.h"

static void every_phase_is_described(void **state)
{
    (void)state;
    for (int i = 0; i < PHASE_COUNT; i++) {
        const struct phase_definition *row = &phase_table[i];

        assert_non_null(row->name);
        assert_non_null(row->purpose);
        assert_int_equal(row->purpose[strlen(row->purpose) - 1], '.');
        assert_int_equal(row->done == NULL, i == PHASE_ENDED);
        for (int k = 0; k < i; k++) {
            assert_string_not_equal(row->name, phase_table[k].name);
        }
    }
}

/* Marks what can be reached from `phase`. */
static void visit(int phase, bool visited[PHASE_COUNT])
{
    if (visited[phase]) {
        return;
    }
    visited[phase] = true;
    for (int next = 0; next < PHASE_COUNT; next++) {
        if (phase_table[phase].successors & PHASE_BIT(next)) {
            visit(next, visited);
        }
    }
}

static void every_phase_is_reachable_and_leads_to_the_end(void **state)
{
    bool from_start[PHASE_COUNT] = { false };

    (void)state;
    visit(PHASE_BEGIN_STEP, from_start);
    for (int i = 0; i < PHASE_COUNT; i++) {
        bool from_here[PHASE_COUNT] = { false };

        assert_true(from_start[i]);
        visit(i, from_here);
        assert_true(from_here[PHASE_ENDED]);
    }
    assert_int_equal(phase_table[PHASE_ENDED].successors, 0);
}

/* The crash contract: a paid call is recorded before it is sent, and its answer is spooled before
 * it is read. */
static void paid_calls_are_recorded_and_spooled(void **state)
{
    (void)state;
    assert_int_equal(phase_table[PHASE_CHECK_SPOOL].successors,
                     PHASE_BIT(PHASE_READ) | PHASE_BIT(PHASE_WAIT_FOR_SLOT));
    assert_int_equal(phase_table[PHASE_RECORD_ATTEMPT].successors,
                     PHASE_BIT(PHASE_RECORD_ATTEMPT) | PHASE_BIT(PHASE_SEND) |
                         PHASE_BIT(PHASE_REPORT_FAILURE) | PHASE_BIT(PHASE_ENDED));
    assert_int_equal(phase_table[PHASE_SPOOL].successors, PHASE_BIT(PHASE_READ));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_phase_is_described),
        cmocka_unit_test(every_phase_is_reachable_and_leads_to_the_end),
        cmocka_unit_test(paid_calls_are_recorded_and_spooled),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
