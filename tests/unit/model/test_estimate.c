/* test_estimate.c - estimated cost and duration, from recorded calls or the price table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "base/embed.h"
#include "model/estimate.h"

static struct catalog *catalog;

static int load(void **state)
{
    struct error err;

    (void)state;
    return catalog_load((const char *)embed_find("assets/models.json")->data, &catalog, &err) ? 0
                                                                                              : -1;
}

static int unload(void **state)
{
    (void)state;
    catalog_free(catalog);
    return 0;
}

static struct estimate_row row_of(const char *model, int64_t images)
{
    const struct model *found = catalog_find(catalog, model);

    return (struct estimate_row){ .model = found,
                                  .provider = found->provider,
                                  .size = { 1024, 1024 },
                                  .quality = found->qualities[0],
                                  .max_calls = 3,
                                  .images = images };
}

static struct estimate_options way_of(const struct recorded_calls *recorded, int count)
{
    return (struct estimate_options){ .features = catalog_find(catalog, "gpt-6-luna"),
                                      .recorded = recorded,
                                      .recorded_count = count,
                                      .concurrency = 10,
                                      .local_share = -1 };
}

static bool near(double a, double b)
{
    return fabs(a - b) <= 1e-6 + fabs(b) * 0.01;
}

static void price_table_is_used_without_recorded_calls(void **state)
{
    struct estimate_row row = row_of("gpt-image-2", 1000);
    struct estimate_options options = way_of(NULL, 0);
    struct estimate estimate;

    (void)state;
    estimate_make(&options, &row, 1, &estimate);
    /* 200 tokens of image, 450 of prompt, 323 of photo */
    assert_true(near(row.usd_each, (200 * 30 + 450 * 5 + 323 * 8) / 1e6));
    assert_true(near(estimate.usd, 1000 * row.usd_each));
    assert_true(estimate.price_known && !estimate.time_known);
    assert_int_equal(estimate.from_price_table, 1000);
    assert_int_equal(estimate.recorded, 0);
    assert_int_equal(estimate.calls, 1000);
    options.batch_api = true;
    estimate_make(&options, &row, 1, &estimate);
    assert_true(near(estimate.usd, 500 * (200 * 30 + 450 * 5 + 323 * 8) / 1e6));
}

static void recorded_calls_are_preferred(void **state)
{
    const struct recorded_calls past[] = {
        { "openai", "gpt-image-2", "generate", "low", { 1024, 1024 }, 105, 100, 0.02, 2000, 2000 },
        { "openai", "gpt-image-2", "generate", "low", { 512, 512 }, 1000, 500, 9, 1, 1 },
        { "openai", "gpt-image-2", "generate", "high", { 1024, 1024 }, 1000, 500, 9, 1, 1 },
        { "other", "gpt-image-2", "generate", "low", { 1024, 1024 }, 1000, 500, 9, 1, 1 },
        { "openai", "gpt-6-luna", "extract_features", "", { 0, 0 }, 50, 50, 0.5, 1000, 1000 },
    };
    struct estimate_row row = row_of("gpt-image-2", 100);
    struct estimate_options options = way_of(past, 5);
    struct estimate estimate;

    (void)state;
    row.without_features = 10;
    estimate_make(&options, &row, 1, &estimate);
    assert_true(row.recorded && row.calls_recorded);
    assert_true(near(row.usd_each, 0.02));
    assert_true(near(row.calls_each, 1.05));
    assert_true(near(estimate.usd, 100 * 1.05 * 0.02 + 10 * 0.5));
    assert_int_equal(estimate.calls, 105);
    assert_int_equal(estimate.recorded, 100);
    /* 105 calls of 2 s and 10 for features, ten in parallel */
    assert_true(estimate.time_known && near(estimate.seconds_min, (105 * 2 + 10 * 4) / 10.0));
    assert_true(estimate.seconds_max > estimate.seconds_min + 2);
    options.rate = 2;
    estimate_make(&options, &row, 1, &estimate);
    assert_true(near(estimate.seconds_min, 50));
}

/* Three calls are enough for the price; the rate of rejections needs more. */
static void few_calls_do_not_change_the_call_count(void **state)
{
    struct recorded_calls past[] = {
        { "openai", "gpt-image-2", "generate", "low", { 1024, 1024 }, 4, 2, 0.02, 2000, 6000 },
    };
    struct estimate_row row = row_of("gpt-image-2", 100);
    struct estimate_options options = way_of(past, 1);
    struct estimate estimate;

    (void)state;
    estimate_make(&options, &row, 1, &estimate);
    assert_true(row.recorded && !row.calls_recorded);
    assert_true(near(estimate.usd, 2));
    assert_true(row.ms_each > 2000); /* with a long tail the mean is above the median */
    past[0].count = 2;
    estimate_make(&options, &row, 1, &estimate);
    assert_false(row.recorded);
    past[0].count = 1000; /* with 2 good ones, but there are at most three calls per image */
    estimate_make(&options, &row, 1, &estimate);
    assert_true(near(row.calls_each, 3));
}

static void locally_made_images_cost_nothing(void **state)
{
    struct estimate_row row = row_of("gpt-image-2", 100);
    struct estimate_options options = way_of(NULL, 0);
    struct estimate estimate;

    (void)state;
    row.made_locally = 30;
    row.undecided = 40;
    estimate_make(&options, &row, 1, &estimate);
    assert_true(near(estimate.usd_min, 30 * row.usd_each));
    assert_true(near(estimate.usd, 70 * row.usd_each));
    assert_true(near(estimate.usd_max, 70 * row.usd_each));
    options.local_share = 0.5;
    estimate_make(&options, &row, 1, &estimate);
    assert_true(near(estimate.usd_min, 50 * row.usd_each));
    assert_true(near(estimate.usd_max, 50 * row.usd_each));
    row.made_locally = 100;
    row.undecided = 0;
    estimate_make(&options, &row, 1, &estimate);
    assert_true(estimate.usd_max < 1e-9 && estimate.time_known);
}

static void unknown_price_is_reported(void **state)
{
    struct estimate_row rows[] = { row_of("gpt-image-2", 10), row_of("chatgpt-image-latest", 10),
                                   row_of("offline-image", 10) };
    struct estimate_options options = way_of(NULL, 0);
    struct estimate estimate;

    (void)state;
    estimate_make(&options, rows, 3, &estimate);
    assert_false(estimate.price_known);
    assert_int_equal(estimate.items, 30);
    assert_true(near(estimate.usd, 10 * rows[0].usd_each));
    estimate_make(&options, &rows[2], 1, &estimate);
    assert_true(estimate.price_known && estimate.usd < 1e-9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(price_table_is_used_without_recorded_calls),
        cmocka_unit_test(recorded_calls_are_preferred),
        cmocka_unit_test(few_calls_do_not_change_the_call_count),
        cmocka_unit_test(locally_made_images_cost_nothing),
        cmocka_unit_test(unknown_price_is_reported),
    };

    return cmocka_run_group_tests(tests, load, unload);
}
