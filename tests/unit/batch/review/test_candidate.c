/* test_candidate.c - rows become items with the best candidate first: by checks, similarity, cost.
 */
#include "unit/batch/review/rows.h"

static const struct test_row plain = { .item = 1, .variant = 1, .similarity = 0.9, .usd = 0.04 };

static void expect_order(const struct test_row *rows, int count, const int *variants)
{
    struct read read;

    read_rows(rows, count, &read);
    assert_int_equal(read.items.count, 1);
    for (int i = 0; i < count; i++) {
        assert_int_equal(read.items.list[0].candidates[i].variant, variants[i]);
    }
    read_end(&read);
}

static void best_candidate_is_first(void **unused)
{
    struct test_row rows[5];

    (void)unused;
    for (int i = 0; i < 5; i++) {
        rows[i] = plain;
        rows[i].variant = i + 1;
    }
    expect_order(rows, 5, (int[]){ 1, 2, 3, 4, 5 });
    rows[0].state = "failed"; /* no image */
    rows[1].failed = 1;       /* similar, but a check failed */
    rows[1].similarity = 0.99;
    rows[3].similarity = 0.95; /* most similar */
    rows[4].usd = 0.01;        /* as similar as 3, and cheaper */
    rows[4].similarity = 0.895;
    expect_order(rows, 5, (int[]){ 4, 5, 3, 2, 1 });
}

static void unknown_values_sort_last(void **unused)
{
    struct test_row rows[] = { plain, plain, plain };

    (void)unused;
    rows[0].similarity = -1;
    rows[1].variant = 2;
    rows[1].similarity = 0.2;
    rows[2].variant = 3;
    rows[2].similarity = 0.2;
    rows[2].usd = -1;
    expect_order(rows, 3, (int[]){ 2, 3, 1 });
}

/* candidate_passed is true only for the best candidate: generated, undecided, all checks passed. */
static void passed_requires_all_checks_and_no_decision(void **unused)
{
    struct test_row rows[] = { plain, plain };
    static const char *const decisions[] = { "accepted", "rejected", "reverted" };
    struct read read;

    (void)unused;
    rows[1].variant = 2;
    rows[1].similarity = 0.5;
    read_rows(rows, 2, &read);
    assert_true(candidate_passed(&read.items.list[0], &read.items.list[0].candidates[0]));
    assert_false(candidate_passed(&read.items.list[0], &read.items.list[0].candidates[1]));
    read_end(&read);
    for (int i = 0; i < 3; i++) {
        rows[0].decision = decisions[i];
        read_rows(rows, 1, &read);
        assert_false(candidate_passed(&read.items.list[0], &read.items.list[0].candidates[0]));
        read_end(&read);
    }
    rows[0].decision = NULL;
    rows[0].failed = 1;
    read_rows(rows, 1, &read);
    assert_false(candidate_passed(&read.items.list[0], &read.items.list[0].candidates[0]));
    assert_int_equal(read.items.list[0].candidates[0].failed, 1);
    read_end(&read);
    rows[0].failed = 0;
    rows[0].state = "failed";
    read_rows(rows, 1, &read);
    assert_false(candidate_passed(&read.items.list[0], &read.items.list[0].candidates[0]));
    read_end(&read);
}

/* Consecutive items of a project share one thumbnail of the photo. */
static void consecutive_items_share_a_photo(void **unused)
{
    struct test_row rows[] = { plain, plain, plain };
    struct read read;

    (void)unused;
    rows[1].variant = 2;
    rows[2].item = 2;
    read_rows(rows, 3, &read);
    assert_int_equal(read.items.count, 2);
    assert_int_equal(read.items.candidates, 3);
    assert_int_equal(read.items.list[0].count, 2);
    assert_ptr_equal(read.items.list[0].photo, read.items.list[1].photo);
    assert_string_equal(read.items.list[0].before.url, "https://x/before.png");
    assert_string_equal(read.items.list[0].title, "lifestyle");
    read_end(&read);
}

/* Wrong types and missing values are tolerated; a missing item or variant number is an error. */
static void malformed_rows_are_read_or_rejected(void **unused)
{
    static const char *const odd[] = {
        "[{\"item\":1,\"variant\":1}]",
        "[{\"item\":1,\"variant\":1,\"state\":7,\"metadata\":[],\"before\":\"x\",\"url\":{}}]",
        ("[{\"item\":1,\"variant\":1,\"state\":\"done\",\"metadata\":{\"checks\":{\"a\":1},"
         "\"likeness\":5,\"model\":null},\"width\":-5,\"moduleRequest\":{\"module\":\"x\"}}]"),
        "[]",
        "{}",
    };
    struct arena *arena = arena_new();
    struct review_items items;
    struct error err;

    (void)unused;
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        cJSON *rows = cJSON_Parse(odd[i]);

        assert_true(review_items_read(rows, arena, &items, &err));
        assert_int_equal(items.count, i < 3);
        review_items_free(&items);
        cJSON_Delete(rows);
    }
    for (int i = 0; i < 2; i++) {
        cJSON *rows = cJSON_Parse(i ? "[{\"item\":1}]" : "[[]]");

        assert_false(review_items_read(rows, arena, &items, &err));
        cJSON_Delete(rows);
    }
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(best_candidate_is_first),
        cmocka_unit_test(unknown_values_sort_last),
        cmocka_unit_test(passed_requires_all_checks_and_no_decision),
        cmocka_unit_test(consecutive_items_share_a_photo),
        cmocka_unit_test(malformed_rows_are_read_or_rejected),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
