/* test_demo_progress.c - the steps of jobs are shown in words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "demo/demo_progress.h"

static void every_step_of_a_pack_has_words(void **state)
{
    static const char *const types[] = { "generate-complete-pack", "generate-image",
                                         "generate-aplus" };

    (void)state;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        const struct job_type *type = job_type_find(types[i]);

        assert_non_null(type);
        for (int j = 0; j < type->step_count; j++) {
            const char *step = type->steps[j].name;

            if (strcmp(demo_progress_step_text(step), step) == 0) {
                fail_msg("%s: the step %s has no words", types[i], step);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_step_of_a_pack_has_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
