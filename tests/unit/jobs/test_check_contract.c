/* test_check_contract.c - what every row of checks.inc promises, and every marketplace's rules. A
 * new check needs a row in `cases`. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>
#include <cmocka.h>
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/embed.h"
#include "draw/lettering.h"
#include "image/checks/check.h"
#include "image/checks/check_results.h"
#include "jobs/seller_message.h"
#include "model/rules.h"

enum { SIDE = 1000, MARGIN = 40 };

static struct rules *rules;

static int set_up(void **state)
{
    const struct embedded *file = embed_find("assets/rules.json");
    struct error err;

    (void)state;
    return file && rules_load((const char *)file->data, &rules, &err) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    rules_free(rules);
    return 0;
}

static struct image filled(int width, int height, int channels, uint8_t value)
{
    struct image image;
    struct error err;

    assert_true(image_new(width, height, channels, &image, &err));
    memset(image.pixels, value, (size_t)width * (size_t)height * (size_t)channels);
    return image;
}

/* Returns an image with a striped product on white, `margin` pixels from each edge and moved to the
 * right by `shift`. */
static struct image product_image(int margin, int shift)
{
    struct image image = filled(SIDE, SIDE, 3, 255);

    for (int y = margin; y < SIDE - margin; y++) {
        for (int x = margin + shift; x < SIDE - margin + shift; x++) {
            memset(image.pixels + (y * SIDE + x) * 3, x % 8 < 4 ? 60 : 120, 3);
        }
    }
    return image;
}

static struct image fitting(void)
{
    return product_image(MARGIN, 0);
}

static struct image too_wide(void)
{
    return filled(SIDE, SIDE / 2, 3, 90);
}

static struct image too_small(void)
{
    return filled(SIDE / 2, SIDE / 2, 3, 90);
}

static struct image white_only(void)
{
    return filled(SIDE, SIDE, 3, 255);
}

static struct image transparent(void)
{
    return filled(SIDE, SIDE, 4, 120);
}

static struct image off_white(void)
{
    struct image image = product_image(MARGIN, 0);

    image.pixels[(5 * SIDE + 5) * 3] = 250;
    return image;
}

static struct image small_product(void)
{
    return product_image(SIDE / 3, 0);
}

static struct image shifted_product(void)
{
    return product_image(SIDE / 4, SIDE / 8);
}

static struct image without_detail(void)
{
    return filled(SIDE, SIDE, 3, 90);
}

static struct image promoted(void)
{
    struct lettering how = { .weight = WEIGHT_SEMIBOLD, .size = 90 };
    struct image image;
    struct canvas canvas;
    struct error err;

    assert_true(canvas_new(SIDE, SIDE, &canvas, &err));
    canvas_fill(&canvas, COLOUR_WHITE);
    lettering_draw(&canvas, "Best Seller", (struct box){ 100, 100, SIDE - 200, 300 }, &how);
    assert_true(canvas_image(&canvas, 3, &image, &err));
    canvas_free(&canvas);
    return image;
}

static const struct {
    const char *check;
    struct image (*unfitting)(void);
    size_t file_bytes;
} cases[] = {
    { "dimensions", too_small, 1000 },    { "ratio", too_wide, 1000 },
    { "blank", white_only, 1000 },        { "alpha", transparent, 1000 },
    { "white", off_white, 1000 },         { "fill", small_product, 1000 },
    { "centred", shifted_product, 1000 }, { "sharpness", without_detail, 1000 },
    { "file_size", fitting, 100000000 },  { "foreign_text", promoted, 1000 },
};

/* Returns the limits of amazon's main image, whose rules name every check. */
static struct check_limits limits_of(const char *check)
{
    const struct image_rules *main_image;
    struct check_limits out = { .check = check };
    struct error err;

    assert_true(rules_for(rules, "amazon", MAIN_IMAGE, &main_image, &err));
    for (int i = 0; i < main_image->check_count; i++) {
        if (strcmp(main_image->checks[i].check, check) == 0) {
            memcpy(out.limits, main_image->checks[i].limits, sizeof out.limits);
            return out;
        }
    }
    print_error("the rules of amazon's main image do not name '%s'\n", check);
    fail();
    return out;
}

static struct check_finding run_check(const char *check, const struct image *image,
                                      size_t file_bytes)
{
    struct image photo = fitting();
    struct check_subject subject = { .image = image,
                                     .photo = &photo,
                                     .file_bytes = file_bytes,
                                     .target_width = SIDE,
                                     .target_height = SIDE };
    struct check_limits limits = limits_of(check);
    struct check_finding finding;
    struct error err = { 0 };
    bool passed = checks_run(&subject, &limits, 1, &finding, &err);

    image_free(&photo);
    assert_int_equal(passed, finding.passed);
    assert_string_equal(finding.check, check);
    assert_true(isfinite(finding.measured));
    assert_true(finding.message[0] != '\0' &&
                memchr(finding.message, '\0', sizeof finding.message));
    assert_null(strchr(finding.message, '_'));
    return finding;
}

static void every_check_passes_a_fitting_image_and_fails_an_unfitting_one(void **unused)
{
    (void)unused;
    for (int i = 0; checks[i]; i++) {
        size_t row = 0;
        struct image good, bad;

        while (row < sizeof cases / sizeof *cases &&
               strcmp(cases[row].check, checks[i]->name) != 0) {
            row++;
        }
        if (row == sizeof cases / sizeof *cases) {
            print_error("no case for check '%s'\n", checks[i]->name);
            fail();
        }
        good = fitting();
        bad = cases[row].unfitting();
        if (!run_check(checks[i]->name, &good, 1000).passed ||
            run_check(checks[i]->name, &bad, cases[row].file_bytes).passed) {
            print_error("check '%s' has the wrong result\n", checks[i]->name);
            fail();
        }
        image_free(&good);
        image_free(&bad);
    }
}

static void no_check_crashes_on_extreme_sizes(void **unused)
{
    static const int sizes[][2] = { { 1, 1 }, { 1, 5000 }, { 5000, 1 }, { 2, 2 }, { 3, 4 } };
    static const uint8_t values[] = { 0, 90, 255 };

    (void)unused;
    for (int i = 0; checks[i]; i++) {
        for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
            for (size_t v = 0; v < sizeof values; v++) {
                for (int channels = 3; channels <= 4; channels++) {
                    struct image image = filled(sizes[s][0], sizes[s][1], channels, values[v]);

                    run_check(checks[i]->name, &image, 0);
                    image_free(&image);
                }
            }
        }
    }
}

static void every_check_is_described(void **unused)
{
    (void)unused;
    for (int i = 0; checks[i]; i++) {
        assert_ptr_equal(check_find(checks[i]->name), checks[i]);
        assert_true(checks[i]->source && checks[i]->source[0]);
        assert_true(checks[i]->limits && checks[i]->limits[0]);
        assert_in_range(checks[i]->limit_count, 0, CHECK_LIMITS);
        assert_true(i < CHECKS_MAX && i < CHECK_RESULTS_MAX);
    }
}

/* The name that people read has words, not an identifier. */
static void every_check_has_a_readable_name_and_value(void **unused)
{
    (void)unused;
    for (int i = 0; checks[i]; i++) {
        struct check_result result[CHECK_RESULTS_MAX];
        char json[300];
        cJSON *image;

        snprintf(json, sizeof json,
                 "{\"width\":9,\"height\":9,\"metadata\":{\"checks\":[{\"check\":\"%s\","
                 "\"passed\":false,\"measured\":0.5,\"message\":\"why\"}]}}",
                 checks[i]->name);
        image = cJSON_Parse(json);
        assert_int_equal(check_results_read(image, result), 1);
        assert_false(result[0].passed);
        assert_true(islower((unsigned char)result[0].name[0]));
        assert_null(strchr(result[0].name, '_'));
        assert_true(result[0].value[0] != '\0');
        assert_string_equal(result[0].message, "why");
        assert_int_not_equal(seller_cause_of_check(checks[i]->name), CAUSE_UNKNOWN);
        cJSON_Delete(image);
    }
}

/* Images that version 0.1.0 stored have the message under another key. */
static void message_of_older_versions_is_read(void **unused)
{
    struct check_result result[CHECK_RESULTS_MAX];
    cJSON *image = cJSON_Parse("{\"metadata\":{\"checks\":[{\"check\":\"white\","
                               "\"passed\":false,\"says\":\"why\"}]}}");

    (void)unused;
    assert_int_equal(check_results_read(image, result), 1);
    assert_string_equal(result[0].message, "why");
    cJSON_Delete(image);
}

static void check_rules_of(const char *market, enum image_kind kind)
{
    const struct image_rules *got;
    struct error err;

    assert_true(rules_for(rules, market, kind, &got, &err));
    assert_in_range(got->check_count, 1, RULE_CHECKS);
    assert_in_range(got->max_calls, 1, 10);
    for (int i = 0; i < got->check_count; i++) {
        const struct check_rule *rule = &got->checks[i];
        const struct check *check = check_find(rule->check);

        if (!check || rule->limit_count != check->limit_count) {
            print_error("%s %s: check '%s' is unknown or has %d limits\n", market, kind_name(kind),
                        rule->check, rule->limit_count);
            fail();
        }
        for (int l = 0; l < rule->limit_count; l++) {
            assert_true(isfinite(rule->limits[l]) && rule->limits[l] >= 0);
        }
        for (int j = 0; j < i; j++) {
            assert_string_not_equal(got->checks[j].check, rule->check);
        }
        if (strcmp(rule->check, "dimensions") == 0) {
            int longest = got->keep.width > got->keep.height ? got->keep.width : got->keep.height;

            assert_true(rule->limits[0] < rule->limits[1]);
            assert_true(longest >= rule->limits[0] && longest <= rule->limits[1]);
            assert_true(got->keep_min.width == 0 || got->keep_min.width >= rule->limits[0]);
        }
        if (strcmp(rule->check, "fill") == 0) {
            assert_true(got->fill >= rule->limits[0] && got->fill < 1);
        }
    }
}

static void every_marketplace_names_existing_checks_with_valid_limits(void **unused)
{
    const struct embedded *file = embed_find("assets/rules.json");
    cJSON *top = cJSON_Parse((const char *)file->data), *market;
    int markets = 0;

    (void)unused;
    cJSON_ArrayForEach(market, cJSON_GetObjectItemCaseSensitive(top, "marketplaces"))
    {
        for (int kind = 0; kind < IMAGE_KINDS; kind++) {
            check_rules_of(market->string, (enum image_kind)kind);
        }
        markets++;
    }
    assert_true(markets >= 4);
    cJSON_Delete(top);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_check_passes_a_fitting_image_and_fails_an_unfitting_one),
        cmocka_unit_test(no_check_crashes_on_extreme_sizes),
        cmocka_unit_test(every_check_is_described),
        cmocka_unit_test(every_check_has_a_readable_name_and_value),
        cmocka_unit_test(message_of_older_versions_is_read),
        cmocka_unit_test(every_marketplace_names_existing_checks_with_valid_limits),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
