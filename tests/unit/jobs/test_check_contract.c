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
#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "image/checks/check.h"
#include "image/checks/check_results.h"
#include "image/ocr/known_text.h"
#include "jobs/seller_message.h"
#include "lib/check_cases.h"
#include "model/rules.h"

enum { SIDE = CHECK_CASE_SIDE };

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

/* Returns the limits of the first image type of amazon whose rules name the check. */
static struct check_limits limits_of(const char *check)
{
    struct check_limits out = { .check = check };

    for (int kind = 0; kind < IMAGE_KINDS; kind++) {
        const struct image_rules *found;
        struct error err;

        assert_true(rules_for(rules, "amazon", (enum image_kind)kind, &found, &err));
        for (int i = 0; i < found->check_count; i++) {
            if (strcmp(found->checks[i].check, check) == 0) {
                memcpy(out.limits, found->checks[i].limits, sizeof out.limits);
                return out;
            }
        }
    }
    print_error("no rules of amazon name '%s'\n", check);
    fail();
    return out;
}

/* Everything that is darker than almost white is product. */
static uint8_t *coverage_of(const struct image *image)
{
    size_t count = (size_t)image->width * (size_t)image->height;
    uint8_t *out = malloc(count);

    assert_non_null(out);
    for (size_t i = 0; i < count; i++) {
        const uint8_t *p = image->pixels + i * (size_t)image->channels;

        out[i] = p[0] > 240 && p[1] > 240 && p[2] > 240 ? 0 : 255;
    }
    return out;
}

static bool is_for_scenes(const char *check)
{
    const struct check_case *row = check_cases;

    while (row->check && strcmp(row->check, check) != 0) {
        row++;
    }
    return row->scene;
}

static struct check_finding run_check(const char *check, const struct image *image,
                                      size_t file_bytes, struct image (*make_photo)(void),
                                      const char *seller_wrote)
{
    struct image photo = make_photo();
    struct known_text seller = { 0 };
    uint8_t *coverage = coverage_of(image);
    struct check_subject subject = { .image = image,
                                     .photo = &photo,
                                     .coverage = is_for_scenes(check) ? NULL : coverage,
                                     .file_bytes = file_bytes,
                                     .target_width = SIDE,
                                     .target_height = SIDE };
    /* What compose/text_ink.h measures, if the image's own contrast were that of its text. */
    struct check_typeset typeset = { .contrast = measure_contrast(image) / 5,
                                     .whole = 1,
                                     .message = "the letters can be seen" };
    struct check_limits limits = limits_of(check);
    struct check_finding finding;
    struct error err = { 0 };
    bool passed;

    subject.typeset = &typeset;

    assert_true(known_text_open(&seller_wrote, 1, &seller));
    subject.seller = seller_wrote ? &seller : NULL;
    passed = checks_run(&subject, &limits, 1, &finding, &err);
    known_text_close(&seller);
    image_free(&photo);
    free(coverage);
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
        const struct check_case *row = check_cases;
        struct image good, bad;

        while (row->check && strcmp(row->check, checks[i]->name) != 0) {
            row++;
        }
        if (!row->check) {
            print_error("no case for check '%s'\n", checks[i]->name);
            fail();
        }
        good = row->photo();
        bad = row->unfitting();
        if (!run_check(checks[i]->name, &good, 1000, row->photo, NULL).passed ||
            run_check(checks[i]->name, &bad, row->file_bytes, row->photo, row->seller).passed) {
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
                    struct image image =
                        check_case_filled(sizes[s][0], sizes[s][1], channels, values[v]);

                    run_check(checks[i]->name, &image, 0, check_case_fitting, NULL);
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

static bool names_check(const struct image_rules *by, const char *check)
{
    for (int i = 0; i < by->check_count; i++) {
        if (strcmp(by->checks[i].check, check) == 0) {
            return true;
        }
    }
    return false;
}

static void check_rules_of(const char *market, enum image_kind kind)
{
    const struct image_rules *got;
    struct error err;

    assert_true(rules_for(rules, market, kind, &got, &err));
    assert_in_range(got->check_count, 1, RULE_CHECKS);
    assert_in_range(got->max_calls, 1, 10);
    assert_true(names_check(got, "foreign_text")); /* a model may paint an offer anywhere */
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
