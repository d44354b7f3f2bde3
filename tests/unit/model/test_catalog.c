/* test_catalog.c - reading models.json: the built-in file and broken ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/embed.h"
#include "model/catalog.h"

static struct catalog *builtin;

static int set_up(void **state)
{
    const struct embedded *file = embed_find("assets/models.json");
    struct error err;

    (void)state;
    return file && catalog_load((const char *)file->data, &builtin, &err) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    catalog_free(builtin);
    return 0;
}

static void is_rejected(const char *json, const char *expected)
{
    struct catalog *catalog;
    struct error err;

    if (catalog_load(json, &catalog, &err)) {
        fail_msg("%.300s was taken", json);
    }
    assert_null(catalog);
    assert_int_equal(err.kind, ERROR_CONFIG);
    if (!strstr(err.text, expected) || strchr(err.text, '\n')) {
        fail_msg("%.300s: wanted '%s' in '%s'", json, expected, err.text);
    }
}

/* Returns a file with one model that contains `rest`, without defaults. */
static const char *one(const char *rest)
{
    static char json[2000];

    snprintf(json, sizeof json,
             "{\"defaults\":{},\"models\":{\"m\":{\"provider\":\"p\",\"wire\":\"w\",\"tasks\":["
             "\"image\"]"
             "%s%s}}}",
             *rest ? "," : "", rest);
    return json;
}

static void builtin_catalog_is_consistent(void **state)
{
    const struct model *model;
    int count = 0;

    (void)state;
    while ((model = catalog_at(builtin, count)) != NULL) {
        assert_ptr_equal(catalog_find(builtin, model->id), model);
        assert_true(model->tasks != 0);
        if (model->shutdown) { /* its successor must be available */
            assert_non_null(model->replacement);
            assert_null(catalog_find(builtin, model->replacement)->shutdown);
        }
        for (int i = 0; i < model->quality_count; i++) {
            assert_ptr_equal(catalog_quality(model, model->qualities[i]), model->qualities[i]);
        }
        count++;
    }
    assert_true(count > 10);
    assert_null(catalog_at(builtin, -1));
    assert_null(catalog_find(builtin, "no-such-model"));
}

static void default_models_support_their_task(void **state)
{
    static const struct {
        const char *use;
        enum task task;
    } uses[] = { { "image", TASK_IMAGE },
                 { "edit", TASK_EDIT },
                 { "features", TASK_TEXT },
                 { "aplus", TASK_TEXT } };
    static const char *const providers[] = { "openai", "offline" };

    (void)state;
    for (int p = 0; p < 2; p++) {
        for (int u = 0; u < 4; u++) {
            const struct model *model = catalog_default(builtin, providers[p], uses[u].use);

            assert_non_null(model);
            assert_true(model->tasks & uses[u].task);
            assert_string_equal(model->provider, providers[p]);
            assert_null(model->shutdown);
        }
    }
    assert_null(catalog_default(builtin, "openai", "video"));
    assert_null(catalog_default(builtin, "unknown", "image"));
}

static void unavailable_model_names_its_successor(void **state)
{
    const struct model *dalle = catalog_find(builtin, "dall-e-3");
    const struct model *late = catalog_find(builtin, "gpt-image-1.5");
    int64_t day = clock_parse_date("2026-12-01");
    struct error err;

    (void)state;
    assert_false(catalog_is_available(dalle, clock_parse_date("2026-11-23"), &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
    assert_string_equal(err.text, "model 'dall-e-3' was shut down on 2026-05-12");
    assert_string_equal(err.hint, "Use 'gpt-image-2.5-flare' instead.");
    assert_true(catalog_is_available(late, day - 1, &err)); /* until the last millisecond before */
    assert_false(catalog_is_available(late, day, &err));
    assert_true(catalog_is_available(catalog_find(builtin, "gpt-image-2"), INT64_MAX, &err));
}

static void operator_file_replaces_the_catalog(void **state)
{
    struct catalog *own;
    struct error err;
    const struct model *model;

    (void)state;
    assert_true(catalog_load("{\"defaults\":{\"p\":{\"image\":\"mine\"}},\"models\":{\"mine\":{"
                             "\"provider\":\"p\",\"wire\":"
                             "\"w\",\"tasks\":[\"image\",\"edit\"],\"sizes\":[\"512x512\","
                             "\"1024x768\"],\"qualities\":[\"low\","
                             "\"high\"],\"imageTokens\":{\"low\":10},\"transparent\":true,"
                             "\"promptMax\":77,\"photoMax\":3,\"partialImages\":2,"
                             "\"usdPerImage\":0.04}}}",
                             &own, &err));
    model = catalog_default(own, "p", "image");
    assert_non_null(model);
    assert_string_equal(model->id, "mine");
    assert_int_equal(model->tasks, TASK_IMAGE | TASK_EDIT);
    assert_int_equal(model->size_count, 2);
    assert_int_equal(model->sizes[1].height, 768);
    assert_int_equal(model->quality_count, 2);
    assert_true(model->image_tokens[0] == 10 && model->image_tokens[1] == 0);
    assert_true(model->transparent);
    assert_int_equal(model->prompt_max, 77);
    assert_int_equal(model->photo_max, 3);
    assert_int_equal(model->partial_max, 2);
    assert_null(catalog_find(own, "gpt-image-2")); /* the built-in catalog is replaced completely */
    catalog_free(own);
}

static void broken_file_names_the_entry(void **state)
{
    (void)state;
    is_rejected("", "models.json is not JSON");
    is_rejected("{\n\"defaults\": {},\n\"models\": {,}\n}", "line 3");
    is_rejected("{}", "'models': expected an object");
    is_rejected("{\"models\":{}}", "'defaults'");
    is_rejected("{\"models\":[],\"defaults\":{}}", "'models'");
    is_rejected("{\"models\":{\"m\":5},\"defaults\":{}}", "models.json, 'm': expected an object");
    is_rejected("{\"models\":{\"m\":{}},\"defaults\":{}}", "models.json, 'm': 'provider'");
    is_rejected("{\"models\":{},\"defaults\":{\"p\":{\"image\":\"gone\"}}}",
                "'p': the default for 'image'");
    is_rejected("{\"models\":{},\"defaults\":{\"p\":{\"image\":5}}}", "'p'");
    is_rejected("{\"models\":{},\"defaults\":{\"p\":[\"x\"]}}", "'p'");
    is_rejected(
        "{\"defaults\":{},\"models\":{\"m\":{\"provider\":\"p\",\"wire\":\"w\",\"tasks\":[]},"
        "\"m\":{\"provider\":\"p\",\"wire\":\"w\",\"tasks\":[]}}}",
        "'m': the model occurs twice");
}

static const char *const wrong[][2] = {
    { "\"shutdown\":\"soon\"", "'shutdown'" },
    { "\"shutdown\":\"2026-13-01\"", "'shutdown'" },
    { "\"replacement\":\"gone\"", "replacement is not in the file" },
    { "\"sizes\":\"1024x1024\"", "'sizes'" },
    { "\"sizes\":[\"1024\"]", "'sizes'" },
    { "\"sizes\":[\"0x5\"]", "'sizes'" },
    { "\"sizes\":[\"5x5 \"]", "'sizes'" },
    { "\"sizes\":[\"5x123456\"]", "'sizes'" },
    { "\"sizes\":[5]", "'sizes'" },
    { "\"sizes\":[\"1x1\",\"1x1\",\"1x1\",\"1x1\",\"1x1\",\"1x1\",\"1x1\",\"1x1\",\"1x1\"]",
      "'sizes'" },
    { "\"sizes\":{\"multiple\":0,\"maxEdge\":9,\"minPixels\":0,\"maxPixels\":9}", "'multiple'" },
    { "\"sizes\":{\"multiple\":16}", "'maxEdge'" },
    { "\"sizes\":{\"multiple\":16,\"maxEdge\":8,\"minPixels\":0,\"maxPixels\":9999}", "no size" },
    { "\"sizes\":{\"multiple\":1,\"maxEdge\":8,\"minPixels\":65,\"maxPixels\":9999}", "no size" },
    { "\"sizes\":{\"multiple\":1,\"maxEdge\":8,\"minPixels\":9,\"maxPixels\":8}", "no size" },
    { "\"sizes\":{\"multiple\":1,\"maxEdge\":8,\"minPixels\":1,\"maxPixels\":8,\"maxRatio\":0."
      "5}",
      "no size" },
    { "\"qualities\":\"high\"", "'qualities'" },
    { "\"qualities\":[1]", "'qualities'" },
    { "\"usdPerMillion\":5", "'usdPerMillion'" },
    { "\"usdPerMillion\":{\"textIn\":\"5\"}", "'textIn'" },
    { "\"usdPerImage\":1e300", "'usdPerImage'" },
    { "\"transparent\":1", "'transparent'" },
    { "\"promptMax\":-1", "'promptMax'" },
    { "\"photoMax\":65", "'photoMax'" },
    { "\"partialImages\":4", "'partialImages'" },
    { "\"partialImages\":-1", "'partialImages'" },
    { "\"batchShare\":1.5", "'batchShare'" },
    { "\"batchShare\":\"half\"", "'batchShare'" },
};

static void dated_version_is_the_same_model_with_another_id(void **state)
{
    static const char *const unknown[] = { "gpt-image-2-2026-13-45", "gpt-image-2-2026-04",
                                           "no-such-model-2026-04-21", "-2026-04-21", "" };
    struct catalog *own;
    const struct model *alias, *dated;
    struct error err;

    (void)state;
    assert_true(catalog_load((const char *)embed_find("assets/models.json")->data, &own, &err));
    alias = catalog_find(own, "gpt-image-2");
    dated = catalog_add_dated(own, "gpt-image-2-2026-04-21");
    assert_non_null(dated);
    assert_string_equal(dated->id, "gpt-image-2-2026-04-21");
    assert_string_equal(dated->provider, alias->provider);
    assert_true(dated->prices.image_out == alias->prices.image_out);
    assert_ptr_equal(catalog_add_dated(own, "gpt-image-2-2026-04-21"), dated);
    assert_ptr_equal(catalog_add_dated(own, "gpt-image-2"), alias);
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
        assert_null(catalog_add_dated(own, unknown[i]));
    }
    catalog_free(own);
}

static void provider_sets_shutdown_dates(void **state)
{
    struct catalog *own;
    const struct model *model;
    struct error err;

    (void)state;
    assert_true(catalog_load((const char *)embed_find("assets/models.json")->data, &own, &err));
    model = catalog_find(own, "gpt-image-2");
    assert_true(catalog_set_shutdown(own, model, "2027-02-03"));
    assert_false(catalog_set_shutdown(own, model, "2027-02-03"));
    assert_false(catalog_set_shutdown(own, model, "tomorrow"));
    assert_false(catalog_is_available(model, clock_parse_date("2027-02-03"), &err));
    assert_true(catalog_set_shutdown(own, model, NULL));
    assert_true(catalog_is_available(model, INT64_MAX, &err));
    catalog_free(own);
}

static void broken_model_names_the_key(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        is_rejected(one(wrong[i][0]), wrong[i][1]);
        is_rejected(one(wrong[i][0]), "models.json, 'm'");
    }
    is_rejected("{\"defaults\":{},\"models\":{\"m\":{\"provider\":\"p\",\"wire\":\"w\",\"tasks\":["
                "\"fly\"]}}}",
                "'tasks'");
    is_rejected("{\"defaults\":{},\"models\":{\"m\":{\"provider\":\"p\",\"wire\":\"w\",\"tasks\":["
                "\"text\"],\"partialImages\":1}}}",
                "make images");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(builtin_catalog_is_consistent),
        cmocka_unit_test(default_models_support_their_task),
        cmocka_unit_test(unavailable_model_names_its_successor),
        cmocka_unit_test(operator_file_replaces_the_catalog),
        cmocka_unit_test(broken_file_names_the_entry),
        cmocka_unit_test(broken_model_names_the_key),
        cmocka_unit_test(dated_version_is_the_same_model_with_another_id),
        cmocka_unit_test(provider_sets_shutdown_dates),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
