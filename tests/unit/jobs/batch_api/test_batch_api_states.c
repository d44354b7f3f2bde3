/* test_batch_api_states.c - the table of states of job type batch-api is complete and connected. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "jobs/job.h"

static const struct job_type *type;

static int find_type(void **state)
{
    (void)state;
    type = job_type_find("batch-api");
    return type ? 0 : -1;
}

static void every_state_has_a_purpose_and_successors(void **state)
{
    (void)state;
    for (int i = 0; i < type->step_count; i++) {
        const struct step *step = &type->steps[i];

        if (!step->name || !step->purpose || step->successors == 0) {
            fail_msg("state %d (%s) is incomplete", i, step->name ? step->name : "no name");
        }
        for (int other = 0; other < i; other++) {
            assert_string_not_equal(step->name, type->steps[other].name);
        }
    }
}

static void every_successor_exists(void **state)
{
    uint32_t existing = (UINT32_C(1) << type->step_count) - 1;

    (void)state;
    for (int i = 0; i < type->step_count; i++) {
        uint32_t successors = type->steps[i].successors & ~STEP_ENDS_ATTEMPT;

        if (successors & ~existing) {
            fail_msg("%s names a successor that does not exist", type->steps[i].name);
        }
    }
}

static void every_state_is_reachable(void **state)
{
    uint32_t reached = 1, before = 0;

    (void)state;
    while (reached != before) {
        before = reached;
        for (int i = 0; i < type->step_count; i++) {
            if (reached & (UINT32_C(1) << i)) {
                reached |= type->steps[i].successors & ~STEP_ENDS_ATTEMPT;
            }
        }
    }
    for (int i = 0; i < type->step_count; i++) {
        if (!(reached & (UINT32_C(1) << i))) {
            fail_msg("%s is not reachable", type->steps[i].name);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_state_has_a_purpose_and_successors),
        cmocka_unit_test(every_successor_exists),
        cmocka_unit_test(every_state_is_reachable),
    };

    return cmocka_run_group_tests(tests, find_type, NULL);
}
