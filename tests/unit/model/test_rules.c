/* test_rules.c - reading rules.json: the built-in file, exceptions by type, broken files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "model/rules.h"

static struct rules *builtin;

static int set_up(void **state)
{
    const struct embedded *file = embed_find("assets/rules.json");
    struct error err;

    (void)state;
    return file && rules_load((const char *)file->data, &builtin, &err) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    rules_free(builtin);
    return 0;
}

static const char *const markets[] = { "amazon", "walmart", "ebay",  "google",
                                       "etsy",   "shopify", "tiktok" };
enum { MARKETS = sizeof markets / sizeof *markets };

static void builtin_rules_are_consistent(void **state)
{
    const struct image_rules *rules;
    struct error err;

    (void)state;
    for (int m = 0; m < MARKETS; m++) {
        for (int k = 0; k < IMAGE_KINDS; k++) {
            assert_true(rules_for(builtin, markets[m], (enum image_kind)k, &rules, &err));
            assert_true(rules->check_count > 0);
            assert_in_range(rules->max_calls, 1, 10);
            assert_true(rules->keep.width >= 500 && rules->keep.height >= 500);
            assert_true(rules->keep_min.width <= rules->keep.width);
        }
        assert_true(rules_for(builtin, markets[m], MAIN_IMAGE, &rules, &err));
        assert_true(rules->on_white); /* every marketplace requires a white main image */
        assert_true(rules->fill >= 0.8);
    }
    assert_true(rules_for(builtin, "amazon", MAIN_IMAGE, &rules, &err));
    assert_int_equal(rules->keep.width, 2000);
    assert_int_equal(rules->keep_min.width, 1000);
    assert_true(rules_for(builtin, "amazon", INFOGRAPHIC, &rules, &err));
    assert_true(rules->needs_features);
    assert_true(rules_for(builtin, "amazon", DIMENSION_DIAGRAM, &rules, &err));
    assert_true(rules->needs_dimensions);
}

static void size_passes_the_check(const struct image_rules *rules, struct size size)
{
    int longer = size.width > size.height ? size.width : size.height;

    for (int i = 0; i < rules->check_count; i++) {
        if (strcmp(rules->checks[i].check, "dimensions") == 0) {
            assert_true(longer >= rules->checks[i].limits[0]);
            assert_true(longer <= rules->checks[i].limits[1]);
        }
    }
}

/* A rule that no image can satisfy would cost all its calls. */
static void every_rule_can_be_satisfied(void **state)
{
    static const char *const modules[] = { "standard-four-images-text", "premium-video", "other" };
    const struct image_rules *rules;
    struct error err;

    (void)state;
    for (int m = 0; m < MARKETS; m++) {
        for (int k = 0; k < IMAGE_KINDS; k++) {
            assert_true(rules_for(builtin, markets[m], (enum image_kind)k, &rules, &err));
            size_passes_the_check(rules, rules->keep);
            if (rules->keep_min.width > 0) {
                size_passes_the_check(rules, rules->keep_min);
            }
        }
        assert_true(rules_for(builtin, markets[m], A_PLUS_MODULE, &rules, &err));
        for (size_t i = 0; i < sizeof modules / sizeof *modules; i++) {
            size_passes_the_check(rules, rules_module_size(builtin, modules[i]));
        }
    }
}

static void unknown_marketplace_lists_the_known_ones(void **state)
{
    const struct image_rules *rules;
    struct error err;

    (void)state;
    assert_false(rules_for(builtin, "bazaar", MAIN_IMAGE, &rules, &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
    assert_non_null(strstr(err.text, "'bazaar'"));
    assert_non_null(strstr(err.text, "amazon, walmart, ebay, google, etsy, shopify, tiktok"));
    assert_false(rules_for(builtin, "amazn", MAIN_IMAGE, &rules, &err));
    assert_string_equal(err.hint, "Did you mean 'amazon'?");
}

static void module_sizes_are_found(void **state)
{
    (void)state;
    assert_int_equal(rules_module_size(builtin, "standard-four-images-text").width, 600);
    assert_int_equal(rules_module_size(builtin, "no-such-module").width, 1024);
}

static struct rules *load(const char *json)
{
    struct rules *rules;
    struct error err;

    if (!rules_load(json, &rules, &err)) {
        fail_msg("%.300s: %s", json, err.text);
    }
    return rules;
}

static void image_types_override_defaults(void **state)
{
    struct rules *rules = load("{\"marketplaces\":{\"m\":{\"defaults\":{\"keep\":\"800x600\","
                               "\"quality\":\"low\",\"checks\":{"
                               "\"blank\":[2],\"ratio\":[0.01,0.5]}},\"LIFESTYLE\":{\"format\":"
                               "\"jpeg\",\"rounds\":5,\"checks\":"
                               "{\"alpha\":[]}}}},\"modules\":{}}");
    const struct image_rules *got;
    struct error err;

    (void)state;
    assert_true(rules_for(rules, "m", INFOGRAPHIC, &got, &err));
    assert_string_equal(got->format, "png");
    assert_int_equal(got->max_calls, 3);
    assert_int_equal(got->check_count, 2);
    assert_string_equal(got->checks[1].check, "ratio");
    assert_int_equal(got->checks[1].limit_count, 2);
    assert_true(got->checks[1].limits[1] == 0.5);
    assert_true(rules_for(rules, "m", LIFESTYLE, &got, &err));
    assert_string_equal(got->format, "jpeg");
    assert_string_equal(got->quality, "low");
    assert_int_equal(got->max_calls, 5);
    assert_int_equal(got->keep.height, 600);
    assert_int_equal(got->check_count, 1); /* a list of checks replaces the default list */
    assert_string_equal(got->checks[0].check, "alpha");
    rules_free(rules);
}

static void more_checks_are_added_to_the_defaults(void **state)
{
    struct rules *rules =
        load("{\"marketplaces\":{\"m\":{\"defaults\":{\"checks\":{\"blank\":[2]}},"
             "\"LIFESTYLE\":{\"moreChecks\":{\"alpha\":[]}}}},\"modules\":{}}");
    const struct image_rules *got;
    struct error err;

    (void)state;
    assert_true(rules_for(rules, "m", LIFESTYLE, &got, &err));
    assert_int_equal(got->check_count, 2);
    assert_string_equal(got->checks[0].check, "blank");
    assert_string_equal(got->checks[1].check, "alpha");
    rules_free(rules);
}

static void text_is_composed_unless_a_type_says_otherwise(void **state)
{
    struct rules *rules = load("{\"marketplaces\":{\"m\":{\"defaults\":{\"layout\":\"card\"},"
                               "\"INFOGRAPHIC\":{\"text\":\"model\"}}},\"modules\":{}}");
    const struct image_rules *got;
    struct error err;

    (void)state;
    assert_true(rules_for(rules, "m", INFOGRAPHIC, &got, &err));
    assert_int_equal(got->text, TEXT_MODEL);
    assert_true(rules_for(rules, "m", COMPARISON_CHART, &got, &err));
    assert_int_equal(got->text, TEXT_COMPOSED);
    assert_string_equal(got->layout, "card");
    rules_free(rules);
}

static void is_rejected(const char *json, const char *expected)
{
    struct rules *rules;
    struct error err;

    memset(&err, 'x', sizeof err);
    if (rules_load(json, &rules, &err)) {
        fail_msg("%.300s was taken", json);
    }
    assert_null(rules);
    assert_int_equal(err.kind, ERROR_CONFIG);
    if (!strstr(err.text, expected)) {
        fail_msg("%.300s: wanted '%s' in '%.100s'", json, expected, err.text);
    }
}

static void broken_file_names_the_place(void **state)
{
    static const char *const wrong[][2] = {
        { "\"keep\":5", "'keep'" },
        { "\"keep\":\"1024\"", "'keep'" },
        { "\"keep\":\"1024x1024px\"", "'keep'" },
        { "\"keep\":\"0x10\"", "'keep'" },
        { "\"keepMin\":\"10001x1\"", "'keepMin'" },
        { "\"format\":\"gif\"", "'format'" },
        { "\"format\":1", "'format'" },
        { "\"onWhite\":1", "'onWhite'" },
        { "\"onWhite\":true", "'fill'" },
        { "\"onWhite\":true,\"fill\":1.5", "'fill'" },
        { "\"rounds\":0", "'rounds'" },
        { "\"maxCalls\":11", "'maxCalls'" },
        { "\"checks\":[[1]]", "'checks'" },
        { "\"checks\":\"all\"", "'checks'" },
        { "\"checks\":{\"a\":5}", "'checks'" },
        { "\"checks\":{\"a\":[1,2,3,4,5,6,7]}", "'checks'" },
        { "\"checks\":{\"a\":[\"1\"]}", "a limit of 'a'" },
    };
    char json[500];

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        snprintf(json, sizeof json, "{\"marketplaces\":{\"m\":{\"defaults\":{%s}}},\"modules\":{}}",
                 wrong[i][0]);
        is_rejected(json, wrong[i][1]);
        is_rejected(json, "rules.json, 'm'");
        snprintf(json, sizeof json,
                 "{\"marketplaces\":{\"m\":{\"defaults\":{},\"LIFESTYLE\":{%s}}},\"modules\":{}}",
                 wrong[i][0]);
        is_rejected(json, "rules.json, 'm': LIFESTYLE: ");
    }
}

static void wrong_top_level_is_rejected(void **state)
{
    (void)state;
    is_rejected("", "rules.json is not JSON");
    is_rejected("{}", "'marketplaces'");
    is_rejected("{\"marketplaces\":{}}", "'modules'");
    is_rejected("{\"marketplaces\":{\"m\":{}},\"modules\":{}}", "'defaults'");
    is_rejected("{\"marketplaces\":{\"m\":{\"defaults\":{},\"LIVESTYLE\":{}}},\"modules\":{}}",
                "'LIVESTYLE' is not an image type");
    is_rejected("{\"marketplaces\":{\"m\":{\"defaults\":{},\"LIFESTYLE\":3}},\"modules\":{}}",
                "'LIFESTYLE'");
    is_rejected("{\"marketplaces\":{},\"modules\":{\"a\":null}}", "'modules'");
    is_rejected("{\"marketplaces\":{},\"modules\":{\"a\":\"big\"}}", "'a' must be a size");
}

static void too_many_entries_are_rejected(void **state)
{
    char json[4000] = "{\"marketplaces\":{},\"modules\":{\"m0\":\"1x1\"";

    (void)state;
    for (int i = 1; i < 33; i++) {
        sprintf(json + strlen(json), ",\"m%d\":\"1x1\"", i);
    }
    strcat(json, "}}");
    is_rejected(json, "at most 32");
    strcpy(json, "{\"modules\":{},\"marketplaces\":{\"m\":{\"defaults\":{}}");
    for (int i = 1; i < 33; i++) {
        sprintf(json + strlen(json), ",\"m%d\":{\"defaults\":{}}", i);
    }
    strcat(json, "}}");
    is_rejected(json, "too many marketplaces");
    strcpy(json, "{\"modules\":{},\"marketplaces\":{\"m\":{\"defaults\":{\"checks\":{\"c\":[]");
    for (int i = 1; i < 33; i++) {
        sprintf(json + strlen(json), ",\"c%d\":[]", i);
    }
    strcat(json, "}}}}}");
    is_rejected(json, "'checks'");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(builtin_rules_are_consistent),
        cmocka_unit_test(every_rule_can_be_satisfied),
        cmocka_unit_test(unknown_marketplace_lists_the_known_ones),
        cmocka_unit_test(module_sizes_are_found),
        cmocka_unit_test(image_types_override_defaults),
        cmocka_unit_test(more_checks_are_added_to_the_defaults),
        cmocka_unit_test(text_is_composed_unless_a_type_says_otherwise),
        cmocka_unit_test(broken_file_names_the_place),
        cmocka_unit_test(wrong_top_level_is_rejected),
        cmocka_unit_test(too_many_entries_are_rejected),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
