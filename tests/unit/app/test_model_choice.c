/* test_model_choice.c - which model a setting selects. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "app/model_choice.h"
#include "base/embed.h"

static struct settings *settings;
static struct catalog *catalog;

static int setup(void **state)
{
    static const char *const environment[] = { "HOME=/h", NULL };
    struct settings_sources from = { .environment = environment };
    struct error err;

    (void)state;
    return settings_load(&from, &settings, &err) &&
                   catalog_load((const char *)embed_find("assets/models.json")->data, &catalog,
                                &err)
               ? 0
               : -1;
}

static int teardown(void **state)
{
    (void)state;
    settings_free(settings);
    catalog_free(catalog);
    return 0;
}

static void set(const char *name, const char *value)
{
    struct error err;

    assert_true(settings_set(settings, setting_row(name), value, &err));
}

static void unset_setting_selects_the_default_of_the_provider(void **state)
{
    const struct model *model;
    struct error err;

    (void)state;
    assert_true(model_choose(settings, catalog, "openai", "image-model", "image", &model, &err));
    assert_ptr_equal(model, model_default(settings, catalog, "openai", "image"));
    assert_string_equal(model->provider, "openai");
}

static void setting_selects_a_model_of_the_catalog(void **state)
{
    const struct model *model;
    struct error err;

    (void)state;
    set("image-model", "gpt-image-2");
    assert_true(model_choose(settings, catalog, "openai", "image-model", "image", &model, &err));
    assert_string_equal(model->id, "gpt-image-2");
}

static void unknown_model_is_rejected_with_a_hint(void **state)
{
    const struct model *model;
    struct error err;

    (void)state;
    set("image-model", "no-such-model");
    assert_false(model_choose(settings, catalog, "openai", "image-model", "image", &model, &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
    assert_non_null(strstr(err.text, "'no-such-model' is not in the catalog"));
    assert_non_null(strstr(err.hint, "darkroom models"));
}

static void model_of_another_provider_is_rejected(void **state)
{
    const struct model *model;
    struct error err;

    (void)state;
    set("image-model", "gpt-image-2");
    assert_false(model_choose(settings, catalog, "offline", "image-model", "image", &model, &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
    assert_non_null(strstr(err.text, "belongs to provider 'openai', not 'offline'"));
}

static void model_without_the_task_is_rejected(void **state)
{
    const struct model *model;
    struct error err;

    (void)state;
    set("text-model", "gpt-image-2");
    assert_false(model_choose(settings, catalog, "openai", "text-model", "aplus", &model, &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
    assert_string_equal(err.text, "model 'gpt-image-2' cannot write text");
    assert_non_null(strstr(err.hint, "Set --text-model "));
    set("image-model", "gpt-6-luna");
    assert_false(model_choose(settings, catalog, "openai", "image-model", "edit", &model, &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
    assert_string_equal(err.text, "model 'gpt-6-luna' cannot make images");
}

/* Models of every preset have the same provider, so a setting may name one that the chosen preset
 * cannot serve. */
static void preset_without_the_task_is_rejected(void **state)
{
    const struct model *model;
    struct error err;

    (void)state;
    set("compatible-preset", "recraft");
    set("text-model", "grok-4");
    set("image-model", "grok-imagine-image");
    assert_false(
        model_choose(settings, catalog, "openai-compatible", "text-model", "aplus", &model, &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
    assert_string_equal(err.text, "preset 'recraft' cannot write text");
    assert_non_null(strstr(err.hint, "--text-provider"));
    assert_false(
        model_choose(settings, catalog, "openai-compatible", "image-model", "edit", &model, &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
    assert_string_equal(err.text, "preset 'recraft' cannot make images from a product photo");
    set("compatible-preset", "xai");
    assert_true(
        model_choose(settings, catalog, "openai-compatible", "text-model", "aplus", &model, &err));
    assert_true(
        model_choose(settings, catalog, "openai-compatible", "image-model", "edit", &model, &err));
}

static void provider_with_a_preset_accepts_unknown_ids(void **state)
{
    const struct model *model;
    struct error err;

    (void)state;
    set("compatible-preset", "xai");
    set("image-model", "no-such-model");
    assert_true(
        model_choose(settings, catalog, "openai-compatible", "image-model", "image", &model, &err));
    assert_string_equal(model->provider, "openai-compatible");
    assert_string_equal(model->id, "xai/no-such-model");
    assert_ptr_equal(catalog_find(catalog, "xai/no-such-model"), model);
}

static void unknown_quality_is_refused_with_the_valid_ones(void **state)
{
    const struct model *model = model_default(settings, catalog, "openai", "edit");
    const struct model *offline = model_default(settings, catalog, "offline", "edit");
    struct error err;

    (void)state;
    assert_true(model_check_quality(catalog, model, NULL, &err));
    assert_true(model_check_quality(catalog, model, "high", &err));
    assert_true(model_check_quality(catalog, model, "hd", &err)); /* another name of high */
    assert_false(model_check_quality(catalog, model, "hihg", &err));
    assert_int_equal(err.kind, ERROR_INPUT);
    assert_non_null(strstr(err.text, "'hihg'"));
    assert_non_null(strstr(err.hint, "low, medium, high"));
    assert_non_null(strstr(err.hint, "Did you mean 'high'?"));
    assert_true(model_check_quality(catalog, offline, "medium", &err)); /* it has one only */
    assert_false(model_check_quality(catalog, offline, "purple", &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(unset_setting_selects_the_default_of_the_provider, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(setting_selects_a_model_of_the_catalog, setup, teardown),
        cmocka_unit_test_setup_teardown(unknown_model_is_rejected_with_a_hint, setup, teardown),
        cmocka_unit_test_setup_teardown(model_of_another_provider_is_rejected, setup, teardown),
        cmocka_unit_test_setup_teardown(model_without_the_task_is_rejected, setup, teardown),
        cmocka_unit_test_setup_teardown(unknown_quality_is_refused_with_the_valid_ones, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(preset_without_the_task_is_rejected, setup, teardown),
        cmocka_unit_test_setup_teardown(provider_with_a_preset_accepts_unknown_ids, setup,
                                        teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
