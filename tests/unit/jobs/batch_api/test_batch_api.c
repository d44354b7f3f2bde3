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

/* Runs processes one after the other until the job has ended; process number `dying_life` is killed
 * at operation `die_at` (0: none). Returns the number of processes. */
static int run_until_ended(int dying_life, int die_at, int die_after)
{
    for (int life = 1; life <= LIVES; life++) {
        int dies = life == dying_life;

        world->die_at = dies ? die_at : 0;
        world->die_after = die_after;
        world->end = JOB_LEASE_LOST;
        assert_int_equal(world_life("batch-api", job), dies ? DIED : 0);
        if (!dies && world->end != JOB_RESCHEDULED && world->end != JOB_RETRY_LATER &&
            world->end != JOB_WAITS) {
            return life;
        }
        if (world->committed) { /* the job is completed, so no worker claims it again */
            return life;
        }
    }
    fail_msg("the job does not end");
    return 0;
}

static void assert_all_items_ended_once(void)
{
    const struct world_chunk *chunk = &world->chunk;

    assert_true(chunk->committed[0] == 1 && chunk->committed[1] == 1 && chunk->committed[2] == 0);
    assert_true(chunk->failed[0] == 0 && chunk->failed[1] == 0 && chunk->failed[2] == 1);
    assert_int_equal(chunk->max_created, 1);
    assert_int_equal(chunk->sent_unrecorded, 0);
    assert_int_equal(chunk->lost_items, 0);
    assert_int_equal(chunk->record_count, 3);
    assert_int_equal(world->failed + world->pending, 0);
    assert_int_equal(world_files("store/generated-images"), 3); /* two images, and a plate */
    assert_int_equal(world->paid_before_attempt, 0);
    assert_true(world->paid == 1 ||
                world->paid == 2); /* the call that extracts features; twice if a process died */
}

/* Counts the operations of each process if none is killed. Returns the number of processes. */
static int count_operations(int ops[LIVES])
{
    int life = 0;

    world_reset();
    do {
        assert_int_equal(world_life("batch-api", job), 0);
        ops[life++] = world->ops;
    } while (world->end == JOB_RESCHEDULED && life < LIVES);
    assert_int_equal(world->end, JOB_COMPLETED);
    assert_all_items_ended_once();
    assert_int_equal(world->paid, 1);
    assert_int_equal(world->chunk.deleted_files, 3);
    assert_int_equal(world_files("spool"), 0);
    return life;
}

static void worker_may_die_at_any_operation(void **unused)
{
    int ops[LIVES], lives = count_operations(ops), paid_twice = 0;

    (void)unused;
    assert_int_equal(lives, 2); /* the job is in the queue while the provider works */
    for (int life = 1; life <= lives; life++) {
        for (int at = 1; at <= ops[life - 1];
             at++) { /* after `at` is the same as before the next */
            world_reset();
            run_until_ended(life, at, 1);
            assert_all_items_ended_once();
            paid_twice += world->paid > 1;
        }
    }
    assert_int_equal(paid_twice, 1); /* the features call, if the process dies before the answer
                                        is in the spool */
}

static void item_without_result_fails_with_a_message(void **unused)
{
    (void)unused;
    world_reset();
    world->chunk.missing_item = 1;
    run_until_ended(0, 0, 0);
    assert_int_equal(world->end, JOB_COMPLETED);
    assert_int_equal(world->chunk.lost_items, 1);
    assert_string_equal(world->message,
                        "The provider's batch (completed) gave no result for this image.");
}

/* Its result is kept, and the others are stored meanwhile; no attempt is spent, and its tokens are
 * counted once. */
static void item_that_the_applications_tables_reject_is_tried_again_alone(void **unused)
{
    int64_t tokens;

    (void)unused;
    world_reset();
    run_until_ended(0, 0, 0);
    tokens = world->counted_tokens;
    assert_true(tokens > 0);
    for (int item = 1; item <= WORLD_ITEMS; item++) {
        const struct world_chunk *chunk = &world->chunk;

        world_reset();
        world->chunk.rejected_item = item;
        world->chunk.rejections = 2;
        for (int life = 0; life < 3; life++) {
            assert_int_equal(world_life("batch-api", job), 0);
            assert_int_equal(world->end, JOB_RESCHEDULED);
        }
        assert_int_equal(chunk->rejections, 0);
        assert_non_null(strstr(chunk->why, "the application says no"));
        for (int i = 0; i < WORLD_ITEMS; i++) {
            assert_int_equal(chunk->committed[i] + chunk->failed[i], i != item - 1);
        }
        assert_int_equal(chunk->deleted_files, 0);
        run_until_ended(0, 0, 0);
        assert_int_equal(world->end, JOB_COMPLETED);
        assert_all_items_ended_once();
        assert_int_equal(chunk->deleted_files, 3);
        assert_int_equal(world->counted_tokens, tokens);
    }
}

static void rejected_batch_is_sent_again(void **unused)
{
    (void)unused;
    world_reset();
    world->chunk.reject_count = 2;
    run_until_ended(0, 0, 0);
    assert_int_equal(world->end, JOB_COMPLETED);
    assert_int_equal(world->chunk.rejected_batches, 2);
    assert_all_items_ended_once();
}

/* An operator must act: the model is stopped, as after a direct call, and no attempt is spent. */
static void batch_that_is_rejected_for_its_model_or_key_waits_for_the_service(void **unused)
{
    static const char *const codes[] = { "model_not_found", "invalid_api_key",
                                         "billing_hard_limit_reached" };

    (void)unused;
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        world_reset();
        world->chunk.reject_count = 2;
        world->chunk.reject_code = codes[i];
        run_until_ended(0, 0, 0);
        assert_int_equal(world->end, JOB_COMPLETED);
        assert_int_equal(world->chunk.rejected_batches, 2);
        assert_int_equal(world->waits, 2);
        assert_int_equal(world->failed, 0);
        assert_int_equal(world->chunk.committed[0] + world->chunk.committed[1], 2);
    }
}

static void exhausted_budget_moves_the_remaining_items(void **unused)
{
    (void)unused;
    world_reset();
    world->chunk.over_budget_item = 2;
    run_until_ended(0, 0, 0);
    assert_int_equal(world->end, JOB_COMPLETED);
    assert_true(!world->chunk.moved[0] && world->chunk.moved[1] && world->chunk.moved[2]);
    assert_int_equal(world->chunk.record_count, 1);
    assert_int_equal(world->chunk.lost_items, 0);
    world_reset();
    world->chunk.over_budget_item = 1; /* no item fits the budget, so no batch is created */
    run_until_ended(0, 0, 0);
    assert_int_equal(world->end, JOB_COMPLETED);
    assert_int_equal(world->chunk.max_created, 0);
    assert_int_equal(world_files("spool"), 0);
}

static void cancelled_chunk_is_cancelled_at_the_provider(void **unused)
{
    (void)unused;
    world_reset();
    assert_int_equal(world_life("batch-api", job), 0);
    assert_int_equal(world->end, JOB_RESCHEDULED);
    world->chunk.cancelled = true;
    run_until_ended(0, 0, 0);
    assert_int_equal(world->end, JOB_COMPLETED);
    assert_true(world->chunk.cancel_requested);
    assert_true(world->chunk.committed[0] == 1 && world->chunk.committed[1] == 1);
    assert_int_equal(world->chunk.lost_items, 1);
    world_reset(); /* cancelled before it is sent: no batch is created */
    world->chunk.cancelled = true;
    run_until_ended(0, 0, 0);
    assert_int_equal(world->chunk.max_created, 0);
    assert_int_equal(world->chunk.lost_items, 3);
}

/* A gateway, an incident, or the key of another project answer like a provider that has deleted the
 * batch. */
static void unknown_batch_is_waited_for_as_long_as_it_may_run(void **unused)
{
    (void)unused;
    world_reset();
    assert_int_equal(world_life("batch-api", job), 0);
    world->chunk.deleted = true;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(world_life("batch-api", job), 0);
        assert_int_equal(world->end, JOB_RESCHEDULED);
        assert_non_null(strstr(world->chunk.why, "does not know its batch"));
    }
    world->chunk.deleted = false;
    run_until_ended(0, 0, 0);
    assert_int_equal(world->end, JOB_COMPLETED);
    assert_all_items_ended_once();
    assert_int_equal(world->chunk.max_created, 1);
}

static void chunk_fails_if_its_batch_is_unknown_after_a_day(void **unused)
{
    (void)unused;
    world_reset();
    assert_int_equal(world_life("batch-api", job), 0);
    world->chunk.deleted = world->chunk.expired = true;
    assert_int_equal(world_life("batch-api", job), 0);
    assert_int_equal(world->end, JOB_FAILED);
    assert_non_null(strstr(world->detail, "no longer has the batch"));
    assert_int_equal(world_files("spool"), 0);
}

/* A batch can be completed before its result files exist, and a file can be short, empty or missing
 * at first. */
static void results_that_come_late_are_waited_for(void **unused)
{
    (void)unused;
    for (int broken = OUTPUT_SHORT; broken < OUTPUT_KINDS; broken++) {
        world_reset();
        world->chunk.broken = broken;
        world->chunk.broken_outputs = 3;
        run_until_ended(0, 0, 0);
        assert_int_equal(world->end, JOB_COMPLETED);
        assert_all_items_ended_once();
        assert_true(world->chunk.rechecks >= 1);
        assert_non_null(strstr(world->chunk.why, "can be read"));
        assert_int_equal(world->chunk.deleted_files, 3);
        assert_int_equal(world_files("spool"), 0);
    }
    world_reset();
    world->chunk.late_output = 3;
    run_until_ended(0, 0, 0);
    assert_int_equal(world->end, JOB_COMPLETED);
    assert_all_items_ended_once();
    assert_int_equal(world->chunk.rechecks, 3);
    assert_int_equal(world->chunk.deleted_files, 3);
}

static void nothing_is_deleted_at_the_provider_while_results_are_missing(void **unused)
{
    (void)unused;
    for (int broken = OUTPUT_SHORT; broken < OUTPUT_KINDS; broken++) {
        world_reset();
        world->chunk.broken = broken;
        world->chunk.broken_outputs = -1;
        world->chunk.settle_age_ms = 3600 * 1000;
        for (int life = 0; life < 5; life++) {
            assert_int_equal(world_life("batch-api", job), 0);
            assert_int_equal(world->end, JOB_RESCHEDULED);
        }
        assert_int_equal(world->chunk.deleted_files, 0);
        assert_int_equal(world->chunk.lost_items, 0);
        world->chunk.expired = true; /* no longer: its items fail, and only the input is deleted */
        run_until_ended(0, 0, 0);
        assert_int_equal(world->end, JOB_COMPLETED);
        assert_int_equal(world->chunk.lost_items, 2);
        assert_int_equal(world->chunk.deleted_files, 1);
    }
}

/* Sent again, its images would be paid for twice. */
static void results_of_a_batch_that_failed_midway_are_kept(void **unused)
{
    (void)unused;
    world_reset();
    world->chunk.failed_midway = true;
    run_until_ended(0, 0, 0);
    assert_int_equal(world->end, JOB_COMPLETED);
    assert_all_items_ended_once();
    assert_int_equal(world->chunk.rejected_batches, 0);
}

static void lost_lease_writes_nothing(void **unused)
{
    (void)unused;
    world_reset();
    assert_int_equal(world_life("batch-api", job), 0);
    world->lost = true;
    assert_int_equal(world_life("batch-api", job), 0);
    assert_int_equal(world->end, JOB_LEASE_LOST);
    assert_int_equal(world->written_after_loss, 0);
    assert_int_equal(world->chunk.committed[0], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(worker_may_die_at_any_operation),
        cmocka_unit_test(item_without_result_fails_with_a_message),
        cmocka_unit_test(item_that_the_applications_tables_reject_is_tried_again_alone),
        cmocka_unit_test(rejected_batch_is_sent_again),
        cmocka_unit_test(batch_that_is_rejected_for_its_model_or_key_waits_for_the_service),
        cmocka_unit_test(exhausted_budget_moves_the_remaining_items),
        cmocka_unit_test(cancelled_chunk_is_cancelled_at_the_provider),
        cmocka_unit_test(unknown_batch_is_waited_for_as_long_as_it_may_run),
        cmocka_unit_test(chunk_fails_if_its_batch_is_unknown_after_a_day),
        cmocka_unit_test(results_that_come_late_are_waited_for),
        cmocka_unit_test(nothing_is_deleted_at_the_provider_while_results_are_missing),
        cmocka_unit_test(results_of_a_batch_that_failed_midway_are_kept),
        cmocka_unit_test(lost_lease_writes_nothing),
    };

    return cmocka_run_group_tests(tests, world_make, world_unmake);
}
