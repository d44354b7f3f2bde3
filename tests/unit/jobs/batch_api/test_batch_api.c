/* test_batch_api.c - a chunk runs through the provider's Batch API, and the worker dies before or
 * after any one operation: the batch is created once, each item ends once, and no file is left. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "lib/world.h"

enum { LIVES = 12 };

static const char job[] = "{\"batch\":\"b1\",\"chunk\":1}";

/* Lives on until the job has ended; dies in one of its lives, as told. Returns how many it took. */
static int live_on(int dying_life, int die_at, int die_after)
{
    for (int life = 1; life <= LIVES; life++) {
        int dies = life == dying_life;

        world->die_at = dies ? die_at : 0;
        world->die_after = die_after;
        world->ending = JOB_LEASE_LOST;
        assert_int_equal(world_life("batch-api", job), dies ? DIED : 0);
        if (!dies && world->ending != JOB_RESCHEDULED && world->ending != JOB_RETRY_LATER) {
            return life;
        }
        if (world->settled) { /* what has ended is nobody's to run again */
            return life;
        }
    }
    fail_msg("it never ends");
    return 0;
}

static void assert_ended_well(void)
{
    const struct world_chunk *chunk = &world->chunk;

    assert_true(chunk->settled[0] == 1 && chunk->settled[1] == 1 && chunk->settled[2] == 0);
    assert_true(chunk->failed[0] == 0 && chunk->failed[1] == 0 && chunk->failed[2] == 1);
    assert_int_equal(chunk->most_created, 1);
    assert_int_equal(chunk->sent_unrecorded, 0);
    assert_int_equal(chunk->dropped, 0);
    assert_int_equal(chunk->lines, 3);
    assert_int_equal(world->failed + world->pending, 0);
    assert_int_equal(world_files("store/generated-images"), 2);
    assert_int_equal(world->paid_before_attempt, 0);
    assert_true(world->paid == 1 ||
                world->paid == 2); /* what the product can do, by a text model */
}

/* What one life does after the other; their number. */
static int undisturbed(int ops[LIVES])
{
    int life = 0;

    world_reset();
    do {
        assert_int_equal(world_life("batch-api", job), 0);
        ops[life++] = world->ops;
    } while (world->ending == JOB_RESCHEDULED && life < LIVES);
    assert_int_equal(world->ending, JOB_COMPLETED);
    assert_ended_well();
    assert_int_equal(world->paid, 1);
    assert_int_equal(world->chunk.forgotten, 3);
    assert_int_equal(world_files("spool"), 0);
    return life;
}

static void it_may_die_anywhere(void **unused)
{
    int ops[LIVES], lives = undisturbed(ops), paid_twice = 0;

    (void)unused;
    assert_int_equal(lives, 2); /* between them it holds no place */
    for (int life = 1; life <= lives; life++) {
        for (int at = 1; at <= ops[life - 1]; at++) { /* after it is before the next */
            world_reset();
            live_on(life, at, 1);
            assert_ended_well();
            paid_twice += world->paid > 1;
        }
    }
    assert_int_equal(paid_twice, 1); /* the one call outside of the batch, before its answer is on
                                        the disk */
}

static void a_missing_line_is_said(void **unused)
{
    (void)unused;
    world_reset();
    world->chunk.missing = 1;
    live_on(0, 0, 0);
    assert_int_equal(world->ending, JOB_COMPLETED);
    assert_int_equal(world->chunk.dropped, 1);
    assert_string_equal(world->message,
                        "The provider's batch (completed) gave no result for this image.");
}

static void a_refused_batch_goes_another_time(void **unused)
{
    (void)unused;
    world_reset();
    world->chunk.refuses = 2;
    live_on(0, 0, 0);
    assert_int_equal(world->ending, JOB_COMPLETED);
    assert_int_equal(world->chunk.refused, 2);
    assert_ended_well();
}

static void exhausted_budget_moves_the_remaining_items(void **unused)
{
    (void)unused;
    world_reset();
    world->chunk.closed_at = 2;
    live_on(0, 0, 0);
    assert_int_equal(world->ending, JOB_COMPLETED);
    assert_true(!world->chunk.left[0] && world->chunk.left[1] && world->chunk.left[2]);
    assert_int_equal(world->chunk.lines, 1);
    assert_int_equal(world->chunk.dropped, 0);
    world_reset();
    world->chunk.closed_at = 1; /* nothing goes, so there is nothing to wait for */
    live_on(0, 0, 0);
    assert_int_equal(world->ending, JOB_COMPLETED);
    assert_int_equal(world->chunk.most_created, 0);
    assert_int_equal(world_files("spool"), 0);
}

static void cancelled_it_is_called_back(void **unused)
{
    (void)unused;
    world_reset();
    assert_int_equal(world_life("batch-api", job), 0);
    assert_int_equal(world->ending, JOB_RESCHEDULED);
    world->chunk.cancelled = true;
    live_on(0, 0, 0);
    assert_int_equal(world->ending, JOB_COMPLETED);
    assert_true(world->chunk.called_back);
    assert_true(world->chunk.settled[0] == 1 && world->chunk.settled[1] == 1);
    assert_int_equal(world->chunk.dropped, 1);
    world_reset(); /* before it was sent: nothing is */
    world->chunk.cancelled = true;
    live_on(0, 0, 0);
    assert_int_equal(world->chunk.most_created, 0);
    assert_int_equal(world->chunk.dropped, 3);
}

static void a_batch_that_is_gone_fails(void **unused)
{
    (void)unused;
    world_reset();
    assert_int_equal(world_life("batch-api", job), 0);
    world->chunk.gone = true;
    assert_int_equal(world_life("batch-api", job), 0);
    assert_int_equal(world->ending, JOB_FAILED);
    assert_non_null(strstr(world->detail, "does not know the batch"));
    assert_int_equal(world_files("spool"), 0);
}

static void a_lost_lease_writes_nothing(void **unused)
{
    (void)unused;
    world_reset();
    assert_int_equal(world_life("batch-api", job), 0);
    world->lost = true;
    assert_int_equal(world_life("batch-api", job), 0);
    assert_int_equal(world->ending, JOB_LEASE_LOST);
    assert_int_equal(world->written_after_loss, 0);
    assert_int_equal(world->chunk.settled[0], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_may_die_anywhere),
        cmocka_unit_test(a_missing_line_is_said),
        cmocka_unit_test(a_refused_batch_goes_another_time),
        cmocka_unit_test(exhausted_budget_moves_the_remaining_items),
        cmocka_unit_test(cancelled_it_is_called_back),
        cmocka_unit_test(a_batch_that_is_gone_fails),
        cmocka_unit_test(a_lost_lease_writes_nothing),
    };

    return cmocka_run_group_tests(tests, world_make, world_unmake);
}
