/* test_price.c - sizes to request, and costs in micro-USD. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "model/catalog.h"

static struct catalog *catalog;
static const struct usage nothing = USAGE_UNKNOWN;

static int set_up(void **state)
{
    const struct embedded *file = embed_find("assets/models.json");
    struct error err;

    (void)state;
    return file && catalog_load((const char *)file->data, &catalog, &err) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    catalog_free(catalog);
    return 0;
}

static const struct model *model(const char *id)
{
    const struct model *found = catalog_find(catalog, id);

    assert_non_null(found);
    return found;
}

static void image_cost_follows_token_usage(void **state)
{
    struct usage usage = nothing;

    (void)state;
    /* USD per million: 5 in, 1.25 cached, 8 image in, 2 image cached, 30 out */
    usage.text_in = 100;
    usage.image_out = 1756;
    assert_true(catalog_cost(model("gpt-image-2.5-flare"), &usage, 1) == 500 + 52680);
    usage.image_in = 1000;
    assert_true(catalog_cost(model("gpt-image-2.5-flare"), &usage, 1) == 500 + 8000 + 52680);
    usage.text_cached = 10; /* 12.5: rounded up */
    usage.image_cached = 3;
    assert_true(catalog_cost(model("gpt-image-2.5-flare"), &usage, 1) == 61180 + 13 + 6);
    /* 2, 0.2, 2.5, 0.25, 8 */
    usage = (struct usage){ 50, 0, 400, 0, -1, 1375, 0 };
    assert_true(catalog_cost(model("gpt-image-1-mini"), &usage, 1) == 100 + 1000 + 11000);
    /* 5, 10, 40: the three qualities' list prices at 1024x1024 */
    usage = (struct usage){ -1, -1, -1, -1, -1, 272, 0 };
    assert_true(catalog_cost(model("gpt-image-1"), &usage, 1) == 10880);
    usage.image_out = 1056;
    assert_true(catalog_cost(model("gpt-image-1"), &usage, 1) == 42240);
    usage.image_out = 4160;
    assert_true(catalog_cost(model("gpt-image-1"), &usage, 1) == 166400);
}

static void batch_api_cost_is_the_share(void **state)
{
    struct usage usage = { 100, -1, 1001, -1, -1, 1756, 0 };
    struct model flat = { .usd_per_image = 0.04, .batch_share = 0.25 };

    (void)state;
    assert_true(model("gpt-image-2.5-flare")->batch_share == 0.5);
    assert_true(catalog_cost_in_batch(model("gpt-image-2.5-flare"), &usage, 1) ==
                (500 + 8008 + 52680) / 2);
    usage.text_in = 101; /* 505, so half a micro-USD remains: rounded up once */
    assert_true(catalog_cost_in_batch(model("gpt-image-2.5-flare"), &usage, 1) == 30597);
    assert_true(catalog_cost_in_batch(&flat, &nothing, 2) == 20000);
    assert_true(catalog_cost_in_batch(model("gpt-image-2.5-flare"), &nothing, 1) == -1);
    assert_true(model("dall-e-3")->batch_share == 0);
}

static void text_cost_follows_token_usage(void **state)
{
    struct usage usage = { 1200, -1, -1, -1, 800, -1, 0 };

    (void)state;
    assert_true(catalog_cost(model("gpt-6.1-terra"), &usage, 0) == 1200 + 4000);
    assert_true(catalog_cost(model("gpt-6-luna"), &usage, 0) == 120 + 400);
    usage.text_cached = 1001; /* 0.05: 50.05, rounded up */
    assert_true(catalog_cost(model("gpt-6.1-terra"), &usage, 0) == 5251);
    usage.text_cached = 100; /* without a cached price, the full price applies */
    assert_true(catalog_cost(model("gpt-6.1-sol"), &usage, 0) == 2400 + 8000 + 200);
}

static void flat_price_is_used(void **state)
{
    struct model flat = { .id = "flat", .usd_per_image = 0.04 };

    (void)state;
    assert_true(catalog_cost(&flat, &nothing, 1) == 40000);
    assert_true(catalog_cost(&flat, &nothing, 3) == 120000);
    flat.usd_per_image = 0.0190001;
    assert_true(catalog_cost(&flat, &nothing, 1) == 19001);
    flat.usd_per_image = 0;
    assert_true(catalog_cost(&flat, &nothing, 5) == 0);
}

static void unknown_price_gives_minus_one(void **state)
{
    struct usage usage = { 10, -1, -1, -1, -1, 10, 0 };

    (void)state;
    assert_true(catalog_cost(model("gpt-image-2"), &nothing, 1) == -1);
    assert_true(catalog_cost(model("dall-e-3"), &usage, 1) == -1);
    assert_true(catalog_cost(model("chatgpt-image-latest"), &usage, 1) == -1);
    usage.image_out = INT64_MAX; /* an impossible count has no undefined result */
    assert_true(catalog_cost(model("gpt-image-2"), &usage, 1) == -1);
}

static void estimates_follow_the_price_list(void **state)
{
    struct size square = { 1024, 1024 }, wide = { 2048, 1024 };

    (void)state;
    assert_true(catalog_estimate(model("gpt-image-2"), square, "low") == 6000);
    assert_true(catalog_estimate(model("gpt-image-2"), square, "medium") == 53010);
    assert_true(catalog_estimate(model("gpt-image-2"), square, "high") == 210990);
    assert_true(catalog_estimate(model("gpt-image-2"), wide, "low") == 12000);
    assert_true(catalog_estimate(model("gpt-image-1"), square, "high") == 166400);
    assert_true(catalog_estimate(model("gpt-image-2"), square, NULL) == 53010);
    assert_true(catalog_estimate(model("gpt-image-2"), square, "max") == -1);
    assert_true(catalog_estimate(model("dall-e-3"), square, "hd") == -1);
    assert_true(catalog_estimate(model("gpt-6-luna"), square, NULL) == -1);
}

static void qualities_are_found_or_translated(void **state)
{
    (void)state;
    assert_string_equal(catalog_quality(model("gpt-image-2"), "high"), "high");
    assert_string_equal(catalog_quality(model("gpt-image-2"), "hd"), "high");
    assert_string_equal(catalog_quality(model("gpt-image-2"), "standard"), "medium");
    assert_string_equal(catalog_quality(model("gpt-image-2"), "max"), "high");
    assert_string_equal(catalog_quality(model("gpt-image-2.5-flare"), "max"), "max");
    assert_string_equal(catalog_quality(model("dall-e-3"), "high"), "hd");
    assert_string_equal(catalog_quality(model("dall-e-3"), "medium"), "standard");
    assert_string_equal(catalog_quality(model("dall-e-3"), "low"), "standard");
    assert_null(catalog_quality(model("gpt-image-2"), "ultra"));
    assert_null(catalog_quality(model("gpt-image-2"), NULL));
    assert_null(catalog_quality(model("gpt-6-luna"), "high"));
}

static void listed_size_covers_the_need(void **state)
{
    static const struct {
        const char *model;
        struct size need, ask;
    } cases[] = {
        { "gpt-image-1.5", { 1024, 1024 }, { 1024, 1024 } },
        { "gpt-image-1.5", { 600, 600 }, { 1024, 1024 } },
        { "gpt-image-1.5", { 1500, 1000 }, { 1536, 1024 } },
        { "gpt-image-1.5", { 1000, 1500 }, { 1024, 1536 } },
        { "gpt-image-1.5",
          { 2000, 2000 },
          { 1024, 1024 } }, /* none is large enough: closest ratio */
        { "gpt-image-1.5", { 2000, 1000 }, { 1536, 1024 } },
        { "dall-e-3", { 1024, 1792 }, { 1024, 1792 } },
        { "dall-e-2", { 300, 300 }, { 512, 512 } },
        { "dall-e-2", { 2000, 2000 }, { 1024, 1024 } }, /* the largest one */
    };
    struct error err;
    struct size ask;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_true(catalog_size(model(cases[i].model), cases[i].need, &ask, &err));
        if (ask.width != cases[i].ask.width || ask.height != cases[i].ask.height) {
            fail_msg("%s, %dx%d: got %dx%d", cases[i].model, cases[i].need.width,
                     cases[i].need.height, ask.width, ask.height);
        }
    }
    assert_false(catalog_size(model("gpt-6-luna"), (struct size){ 1, 1 }, &ask, &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
    assert_false(catalog_size(model("gpt-image-2"), (struct size){ 0, 5 }, &ask, &err));
}

/* For any need, the size is within the grid's limits and covers the need if possible. */
static void grid_limits_are_respected(void **state)
{
    static const int edges[] = {
        1,    15,   16,   17,   220,  600,  970,  1000, 1024, 1500, 1792,
        2000, 2200, 2560, 2879, 2880, 2881, 3839, 3840, 3841, 5000, 10000
    };
    const struct model *grid = model("gpt-image-2.5-flare");
    struct error err;

    (void)state;
    for (size_t w = 0; w < sizeof edges / sizeof *edges; w++) {
        for (size_t h = 0; h < sizeof edges / sizeof *edges; h++) {
            struct size need = { edges[w], edges[h] }, ask;
            double ratio;
            int64_t pixels;

            assert_true(catalog_size(grid, need, &ask, &err));
            pixels = (int64_t)ask.width * ask.height;
            ratio = (double)ask.width / ask.height;
            if (ask.width % 16 || ask.height % 16 || ask.width < 16 || ask.height < 16 ||
                ask.width > 3840 || ask.height > 3840 || pixels < 655360 || pixels > 8294400 ||
                ratio > 3 || ratio < 1 / 3.0) {
                fail_msg("%dx%d: %dx%d is not on the grid", need.width, need.height, ask.width,
                         ask.height);
            }
            if (need.width <= 2880 && need.height <= 2880 &&
                (ask.width < need.width || ask.height < need.height)) {
                fail_msg("%dx%d: %dx%d does not cover it", need.width, need.height, ask.width,
                         ask.height);
            }
        }
    }
    assert_true(catalog_size(grid, (struct size){ 1024, 1024 }, &(struct size){ 0 }, &err));
}

static void grid_size_is_the_smallest(void **state)
{
    const struct model *grid = model("gpt-image-2.5-flare");
    struct error err;
    struct size ask;

    (void)state;
    assert_true(catalog_size(grid, (struct size){ 1024, 1792 }, &ask, &err));
    assert_int_equal(ask.width, 1024);
    assert_int_equal(ask.height, 1792);
    assert_true(catalog_size(grid, (struct size){ 2000, 2000 }, &ask, &err));
    assert_int_equal(ask.width, 2000);
    assert_true(catalog_size(grid, (struct size){ 8000, 8000 }, &ask, &err)); /* the largest size */
    assert_int_equal(ask.width, 2880);
    assert_int_equal(ask.height, 2880);
}

static void max_cost_is_not_below_the_actual_cost(void **state)
{
    const struct model *image = model("gpt-image-2.5-flare"), *text = model("gpt-6-luna");
    struct size size = { 1024, 1024 };
    int64_t low = catalog_max_cost(image, &size, "low", 400, 0, 0, 0);

    (void)state;
    assert_int_equal(low, catalog_estimate(image, size, "low") + 400 * 5);
    assert_true(catalog_max_cost(image, &size, NULL, 400, 0, 0, 0) >=
                catalog_max_cost(image, &size, "max", 400, 0, 0,
                                 0)); /* it may choose the most expensive quality */
    assert_int_equal(catalog_max_cost(image, &size, "low", 400, 2, 0, 0), low + 2 * 6300 * 8);
    assert_int_equal(catalog_max_cost(image, &size, "low", 400, 0, 3, 0), low + 3 * 100 * 30);
    assert_int_equal(catalog_max_cost(text, NULL, NULL, 1000, 0, 0, 2000), 100 + 1000);
    assert_true(catalog_max_cost(text, NULL, NULL, 1000, 0, 0, 0) >
                catalog_max_cost(text, NULL, NULL, 1000, 0, 0, 2000));
    assert_int_equal(catalog_max_cost(model("offline-image"), &size, NULL, 9, 1, 0, 0), 0);
    assert_int_equal(catalog_max_cost(model("dall-e-3"), &size, "hd", 9, 0, 0, 0), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(image_cost_follows_token_usage),
        cmocka_unit_test(batch_api_cost_is_the_share),
        cmocka_unit_test(text_cost_follows_token_usage),
        cmocka_unit_test(flat_price_is_used),
        cmocka_unit_test(unknown_price_gives_minus_one),
        cmocka_unit_test(estimates_follow_the_price_list),
        cmocka_unit_test(max_cost_is_not_below_the_actual_cost),
        cmocka_unit_test(qualities_are_found_or_translated),
        cmocka_unit_test(listed_size_covers_the_need),
        cmocka_unit_test(grid_limits_are_respected),
        cmocka_unit_test(grid_size_is_the_smallest),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
