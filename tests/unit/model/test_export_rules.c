/* test_export_rules.c - reading exports.json: the built-in file, and broken ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/embed.h"
#include "model/export_rules.h"
#include "model/rules.h"

static struct export_rules *builtin;
static struct rules *image_rules;

static int set_up(void **state)
{
    const struct embedded *exports = embed_find("assets/exports.json");
    const struct embedded *rules = embed_find("assets/rules.json");
    struct error err;

    (void)state;
    return exports && export_rules_load((const char *)exports->data, &builtin, &err) && rules &&
                   rules_load((const char *)rules->data, &image_rules, &err)
               ? 0
               : -1;
}

static int tear_down(void **state)
{
    (void)state;
    export_rules_free(builtin);
    rules_free(image_rules);
    return 0;
}

static void every_marketplace_can_be_exported_to(void **state)
{
    static const char *const names[] = { "amazon", "walmart", "ebay",  "google",
                                         "etsy",   "shopify", "tiktok" };
    const struct image_rules *rules;
    struct error err;

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct export_market *market;

        assert_true(export_rules_market(builtin, names[i], &market, &err));
        assert_true(rules_for(image_rules, names[i], MAIN_IMAGE, &rules, &err));
        assert_string_equal(market->name, names[i]);
        assert_int_equal(market->left_out & 1u << MAIN_IMAGE, 0);
        assert_true(market->left_out == 0 || market->left_out_reason[0] != '\0');
        assert_non_null(strstr(market->main_pattern, "{id}"));
        assert_true(strstr(market->other_pattern, "{n}") || strstr(market->other_pattern, "{nn}"));
        assert_true(market->max_others >= PACK_KINDS - 1);
        /* an image of the size that is made for this marketplace passes */
        assert_true(market->short_side <= rules->keep.width);
        assert_true((double)rules->keep.width * rules->keep.height / 1e6 <= market->max_megapixels);
        assert_int_equal(market->aplus, strcmp(names[i], "amazon") == 0);
        assert_int_equal(market->needs_asin, strcmp(names[i], "amazon") == 0);
    }
}

static void each_image_type_has_one_place(void **state)
{
    unsigned seen = 0;
    int place = 0;

    (void)state;
    assert_int_equal(export_rules_kind(builtin, 0), MAIN_IMAGE);
    for (; export_rules_kind(builtin, place) != IMAGE_KINDS; place++) {
        seen |= 1u << export_rules_kind(builtin, place);
    }
    assert_int_equal(place, PACK_KINDS);
    assert_int_equal(seen, (1u << PACK_KINDS) - 1);
}

static void every_module_of_the_application_has_a_form(void **state)
{
    static const char *const types[] = {
        "standard-single-image-sidebar",
        "standard-single-image-highlights",
        "standard-four-images-text",
        "standard-single-image-specs",
        "standard-comparison-table",
        "standard-single-image-bullets",
        "premium-video",
        "premium-interactive-hotspot",
        "premium-image-carousel",
    };

    (void)state;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        const struct export_module *module = export_rules_module(builtin, types[i]);
        struct size stored = rules_module_size(image_rules, types[i]);

        assert_non_null(module);
        assert_int_equal(strncmp(module->type, "STANDARD_", 9), 0);
        assert_true(module->slot_count > 0);
        for (int slot = 0; slot < module->slot_count; slot++) {
            /* the images that are made for it are large enough */
            assert_true(stored.width >= module->slots[slot].width);
            assert_true(stored.height >= module->slots[slot].height);
        }
    }
    assert_null(export_rules_module(builtin, "standard-unknown"));
    assert_null(export_rules_module(builtin, NULL));
}

static void unknown_marketplace_lists_the_known_ones(void **state)
{
    const struct export_market *market;
    struct error err;

    (void)state;
    assert_false(export_rules_market(builtin, "nowhere", &market, &err));
    assert_int_equal(err.kind, ERROR_INPUT);
    assert_non_null(strstr(err.text, "amazon, walmart"));
}

static void broken_files_are_rejected(void **state)
{
#define MARKET "\"marketplaces\":{\"x\":{\"title\":\"X\",\"main\":\"{id}\",\"other\":\"{id}-{n}\"}}"
    static const char *const broken[] = {
        "",
        "[]",
        "{" MARKET "}",
        "{" MARKET ",\"order\":[\"NOTHING\"],\"aplus\":{\"modules\":{}}}",
        "{" MARKET ",\"order\":[\"A_PLUS_MODULE\"],\"aplus\":{\"modules\":{}}}",
        "{\"marketplaces\":{\"x\":{\"title\":\"X\"}},\"order\":[],\"aplus\":{\"modules\":{}}}",
        "{" MARKET ",\"order\":[],\"aplus\":{\"modules\":{\"a\":{\"type\":\"T\"}}}}",
        "{" MARKET ",\"order\":[],\"aplus\":{\"modules\":{\"a\":{\"type\":\"T\",\"slots\":[1]}}}}",
        "{" MARKET
        ",\"order\":[],\"aplus\":{\"modules\":{\"a\":{\"type\":\"T\",\"slots\":[\"0x1\"]}}}}",
        "{" MARKET ",\"order\":[],\"aplus\":{\"maxModules\":\"five\",\"modules\":{}}}",
    };
    static const char good[] = "{" MARKET ",\"order\":[],\"aplus\":{\"modules\":{}}}";
    struct export_rules *rules;
    struct error err;

    (void)state;
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        if (export_rules_load(broken[i], &rules, &err)) {
            fail_msg("accepted: %s", broken[i]);
        }
        assert_int_equal(err.kind, ERROR_CONFIG);
        assert_null(rules);
    }
    assert_true(export_rules_load(good, &rules, &err));
    export_rules_free(rules);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_marketplace_can_be_exported_to),
        cmocka_unit_test(each_image_type_has_one_place),
        cmocka_unit_test(every_module_of_the_application_has_a_form),
        cmocka_unit_test(unknown_marketplace_lists_the_known_ones),
        cmocka_unit_test(broken_files_are_rejected),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
