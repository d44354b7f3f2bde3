/* test_kill_everywhere.c - the process dies before or after each of its ops, and the next process
 * completes the job. Nothing is lost or duplicated, and a call is paid for twice only if its answer
 * was not on disk yet. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/world.h"

static const char image_job[] = "{\"projectId\":\"p\",\"imageType\":\"LIFESTYLE\"}";
static const char pack_job[] = "{\"projectId\":\"p\",\"includeAPlus\":true}";
static const char aplus_job[] = "{\"projectId\":\"p\",\"isPremium\":false}";

/* Runs the job without a fault. Returns the number of its ops. */
static int run_without_fault(const char *type, const char *payload, int calls, int files)
{
    world_reset();
    assert_int_equal(world_life(type, payload), 0);
    assert_int_equal(world->end, JOB_COMPLETED);
    assert_int_equal(world->paid, calls);
    assert_int_equal(world->attempts, calls);
    assert_int_equal(world->committed, 1);
    assert_int_equal(world_files("store/generated-images"), files);
    assert_int_equal(world_files("spool"), 0);
    return world->ops;
}

static void die_at_each_op(const char *type, const char *payload, int calls, int files)
{
    int ops = run_without_fault(type, payload, calls, files), paid_twice = 0;

    for (int at = 1; at <= ops; at++) {
        for (int after = 0; after < 2; after++) {
            world_reset();
            world->die_at = at;
            world->die_after = after;
            assert_int_equal(world_life(type, payload), DIED);
            world->die_at = 0;
            if (world->committed) { /* completed: the job is not run again */
                continue;
            }
            assert_int_equal(world_life(type, payload), 0);
            assert_int_equal(world->end, JOB_COMPLETED);
            assert_int_equal(world->committed, 1);
            assert_int_equal(world->failed + world->pending, 0);
            assert_int_equal(world_files("store/generated-images"), files);
            assert_int_equal(world_files("spool"), 0);
            assert_int_equal(world->paid_before_attempt, 0);
            assert_true(world->paid == calls || world->paid == calls + 1);
            assert_true(world->attempts >= world->paid);
            paid_twice += world->paid > calls;
        }
    }
    /* between the answer and the disk: once after the call, once before the spool is written */
    assert_int_equal(paid_twice, 2 * calls);
}

static void an_image_survives_each_death(void **unused)
{
    (void)unused;
    die_at_each_op("generate-image", image_job, 1, 1);
}

static void a_regenerated_image_survives_each_death(void **unused)
{
    (void)unused;
    die_at_each_op("regenerate-image", image_job, 1, 1);
}

static void a_pack_survives_each_death(void **unused)
{
    (void)unused;
    die_at_each_op("generate-complete-pack", pack_job, 1, 0);
}

static void aplus_content_survives_each_death(void **unused)
{
    (void)unused;
    die_at_each_op("generate-aplus", aplus_job, 2, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_image_survives_each_death),
        cmocka_unit_test(a_regenerated_image_survives_each_death),
        cmocka_unit_test(a_pack_survives_each_death),
        cmocka_unit_test(aplus_content_survives_each_death),
    };

    return cmocka_run_group_tests(tests, world_make, world_unmake);
}
