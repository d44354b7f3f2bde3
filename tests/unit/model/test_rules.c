/* test_rules.c - rules.json: what is built in, what differs by type, what is refused. */
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

static void the_builtin_ones_hold_together(void **state)
{
    static const char *const markets[] = { "amazon", "walmart", "ebay", "google" };
    const struct image_rules *rules;
    struct error err;

    (void)state;
    for (int m = 0; m < 4; m++) {
        for (int k = 0; k < IMAGE_KINDS; k++) {
            assert_true(rules_for(builtin, markets[m], (enum image_kind)k, &rules, &err));
            assert_true(rules->check_count > 0);
            assert_in_range(rules->max_calls, 1, 10);
            assert_true(rules->keep.width >= 500 && rules->keep.height >= 500);
            assert_true(rules->keep_min.width <= rules->keep.width);
        }
        assert_true(rules_for(builtin, markets[m], MAIN_IMAGE, &rules, &err));
        assert_true(rules->on_white); /* every marketplace wants its main image on white */
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

static void an_unknown_market_lists_those_there_are(void **state)
{
    const struct image_rules *rules;
    struct error err;

    (void)state;
    assert_false(rules_for(builtin, "bazaar", MAIN_IMAGE, &rules, &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
    assert_non_null(strstr(err.text, "'bazaar'"));
    assert_non_null(strstr(err.text, "amazon, walmart, ebay, google"));
}

static void module_slots_have_their_sizes(void **state)
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

static void types_differ_from_the_defaults_where_they_say_so(void **state)
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
    assert_int_equal(got->check_count, 1); /* a list of checks is whole, not added to */
    assert_string_equal(got->checks[0].check, "alpha");
    rules_free(rules);
}

static void refuses(const char *json, const char *said)
{
    struct rules *rules;
    struct error err;

    memset(&err, 'x', sizeof err);
    if (rules_load(json, &rules, &err)) {
        fail_msg("%.300s was taken", json);
    }
    assert_null(rules);
    assert_int_equal(err.kind, ERROR_CONFIG);
    if (!strstr(err.text, said)) {
        fail_msg("%.300s: wanted '%s' in '%.100s'", json, said, err.text);
    }
}

static void broken_files_are_refused_with_the_place(void **state)
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
        { "\"checks\":{\"a\":[1,2,3,4,5]}", "'checks'" },
        { "\"checks\":{\"a\":[\"1\"]}", "a limit of 'a'" },
    };
    char json[500];

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        snprintf(json, sizeof json, "{\"marketplaces\":{\"m\":{\"defaults\":{%s}}},\"modules\":{}}",
                 wrong[i][0]);
        refuses(json, wrong[i][1]);
        refuses(json, "rules.json, 'm'");
        snprintf(json, sizeof json,
                 "{\"marketplaces\":{\"m\":{\"defaults\":{},\"LIFESTYLE\":{%s}}},\"modules\":{}}",
                 wrong[i][0]);
        refuses(json, "rules.json, 'm': LIFESTYLE: ");
    }
}

static void broken_frames_are_refused(void **state)
{
    (void)state;
    refuses("", "rules.json is not JSON");
    refuses("{}", "'marketplaces'");
    refuses("{\"marketplaces\":{}}", "'modules'");
    refuses("{\"marketplaces\":{\"m\":{}},\"modules\":{}}", "'defaults'");
    refuses("{\"marketplaces\":{\"m\":{\"defaults\":{},\"LIVESTYLE\":{}}},\"modules\":{}}",
            "'LIVESTYLE' is no image type");
    refuses("{\"marketplaces\":{\"m\":{\"defaults\":{},\"LIFESTYLE\":3}},\"modules\":{}}",
            "'LIFESTYLE'");
    refuses("{\"marketplaces\":{},\"modules\":{\"a\":null}}", "'modules'");
    refuses("{\"marketplaces\":{},\"modules\":{\"a\":\"big\"}}", "'a' is a size");
}

static void too_many_are_refused(void **state)
{
    char json[4000] = "{\"marketplaces\":{},\"modules\":{\"m0\":\"1x1\"";

    (void)state;
    for (int i = 1; i < 33; i++) {
        sprintf(json + strlen(json), ",\"m%d\":\"1x1\"", i);
    }
    strcat(json, "}}");
    refuses(json, "at most 32");
    strcpy(json, "{\"modules\":{},\"marketplaces\":{\"m\":{\"defaults\":{}}");
    for (int i = 1; i < 17; i++) {
        sprintf(json + strlen(json), ",\"m%d\":{\"defaults\":{}}", i);
    }
    strcat(json, "}}");
    refuses(json, "too many marketplaces");
    strcpy(json, "{\"modules\":{},\"marketplaces\":{\"m\":{\"defaults\":{\"checks\":{\"c\":[]");
    for (int i = 1; i < 17; i++) {
        sprintf(json + strlen(json), ",\"c%d\":[]", i);
    }
    strcat(json, "}}}}}");
    refuses(json, "'checks'");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_builtin_ones_hold_together),
        cmocka_unit_test(an_unknown_market_lists_those_there_are),
        cmocka_unit_test(module_slots_have_their_sizes),
        cmocka_unit_test(types_differ_from_the_defaults_where_they_say_so),
        cmocka_unit_test(broken_files_are_refused_with_the_place),
        cmocka_unit_test(broken_frames_are_refused),
        cmocka_unit_test(too_many_are_refused),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
