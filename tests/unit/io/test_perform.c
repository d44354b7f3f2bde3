/* test_perform.c - the worker's performer: each kind of op, delays, cancellation. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unistd.h>

#include "base/clock.h"
#include "io/loop.h"
#include "io/perform.h"

static struct loop *loop;
static struct performer *performer;
static bool beginning;
static int ended;

static int set_up(void **state)
{
    struct error err;

    (void)state;
    ended = 0;
    loop = loop_new(1, &err);
    performer = loop ? perform_new(loop, NULL, NULL) : NULL;
    return performer ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    loop_free(loop);
    perform_free(performer);
    return 0;
}

static void done(struct op *op, void *context)
{
    assert_false(beginning); /* never from within begin */
    assert_ptr_equal(context, op);
    assert_true(op->ended_us >= op->began_us && op->began_us > 0);
    ended++;
}

static void begin(struct op *op)
{
    beginning = true;
    performer->begin(performer, op, done, op);
    beginning = false;
}

static void wait_for(int count)
{
    int64_t end = clock_mono_us() + 60000000;

    while (ended < count && clock_mono_us() < end) {
        loop_wait(loop, 100);
    }
    assert_int_equal(ended, count);
}

static bool add_one(void *arg, struct error *err)
{
    (void)err;
    ++*(int *)arg;
    return true;
}

static bool fails(void *arg, struct error *err)
{
    (void)arg;
    return error_set(err, ERROR_OUTPUT, "no good");
}

static void work_is_done_on_the_pool(void **state)
{
    int count = 0;
    struct op good = { .kind = OP_WORK, .work = { add_one, &count } };
    struct op bad = { .kind = OP_WORK, .work = { fails, NULL } };

    (void)state;
    begin(&good);
    begin(&bad);
    wait_for(2);
    assert_int_equal(count, 1);
    assert_int_equal(good.error.kind, ERROR_NONE);
    assert_int_equal(bad.error.kind, ERROR_OUTPUT);
}

static void files_are_written_read_and_removed(void **state)
{
    char path[] = "/tmp/darkroom-perform-XXXXXX";
    struct op op = { .kind = OP_FILE };

    (void)state;
    close(mkstemp(path));
    op.file = (struct file_request){ .path = path, .write = true, .content = blob_text("text") };
    begin(&op);
    wait_for(1);
    op.file = (struct file_request){ .path = path };
    begin(&op);
    wait_for(2);
    assert_int_equal(op.error.kind, ERROR_NONE);
    assert_false(op.file_result.missing);
    assert_int_equal(op.file_result.content.size, 4);
    blob_free(&op.file_result.content);
    op.file = (struct file_request){ .path = path, .read_limit = 3 };
    begin(&op);
    wait_for(3);
    assert_int_equal(op.error.kind, ERROR_INPUT);
    op.file = (struct file_request){ .path = path, .remove = true };
    begin(&op);
    wait_for(4);
    op.file = (struct file_request){ .path = path };
    begin(&op);
    wait_for(5);
    assert_int_equal(op.error.kind, ERROR_NONE);
    assert_true(op.file_result.missing);
    op_clear(&op);
}

static void op_is_performed_after_its_delay(void **state)
{
    int count = 0, early;
    struct op sleep = { .kind = OP_SLEEP, .sleep_ms = 30 };
    struct op late = { .kind = OP_WORK, .sleep_ms = 30, .work = { add_one, &count } };
    struct op none = { .kind = OP_NONE };

    (void)state;
    begin(&none);
    wait_for(1);
    begin(&sleep);
    begin(&late);
    loop_wait(loop, 1);
    early = count;
    if (clock_mono_us() - late.began_us < 29000) { /* a loaded machine may have been away longer */
        assert_int_equal(early, 0);
    }
    wait_for(3);
    assert_int_equal(count, 1);
    assert_true(sleep.ended_us - sleep.began_us >= 29000);
    assert_true(late.ended_us - late.began_us >= 29000);
}

static void delayed_op_can_be_cancelled(void **state)
{
    int count = 0;
    struct op sleep = { .kind = OP_SLEEP, .sleep_ms = 60000 };
    struct op late = { .kind = OP_WORK, .sleep_ms = 60000, .work = { add_one, &count } };
    struct op other = { .kind = OP_SLEEP };

    (void)state;
    begin(&sleep);
    begin(&late);
    performer->cancel(performer, &other); /* not under way: nothing happens */
    performer->cancel(performer, &sleep);
    performer->cancel(performer, &late);
    assert_int_equal(ended, 0);
    wait_for(2);
    assert_int_equal(sleep.error.kind, ERROR_STOPPED);
    assert_int_equal(late.error.kind, ERROR_STOPPED);
    assert_int_equal(count, 0);
}

static void statement_without_database_fails_later(void **state)
{
    struct op op = { .kind = OP_SQL, .sql.statement = "doctor" };

    (void)state;
    begin(&op);
    wait_for(1);
    assert_int_equal(op.error.kind, ERROR_INTERNAL);
}

static void headers_and_parameters_of_an_op_are_limited(void **state)
{
    struct op op = { .kind = OP_NONE };

    (void)state;
    for (int i = 0; i < 100; i++) {
        op_header(&op, "a", "b");
        op_param(&op, "c");
    }
    assert_int_equal(op.http.header_count, OP_HEADERS);
    assert_int_equal(op.sql.param_count, OP_PARAMS);
    op_clear(&op);
    assert_int_equal(op.http.header_count, 0);
}

static void performer_clock_advances(void **state)
{
    int64_t first = performer->now_ms(performer);

    (void)state;
    loop_wait(loop, 10);
    assert_true(performer->now_ms(performer) >= first + 5);
}

int main(void)
{
#define EACH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        EACH(work_is_done_on_the_pool),
        EACH(files_are_written_read_and_removed),
        EACH(op_is_performed_after_its_delay),
        EACH(delayed_op_can_be_cancelled),
        EACH(statement_without_database_fails_later),
        EACH(headers_and_parameters_of_an_op_are_limited),
        EACH(performer_clock_advances),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
