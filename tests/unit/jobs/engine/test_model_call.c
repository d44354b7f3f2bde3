/* test_model_call.c - which endpoint a job's model has, and what the error says if it has none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/embed.h"
#include "jobs/engine/model_call.h"

enum { PROVIDERS_MAX = 16 };

static struct catalog *catalog;
static struct endpoint endpoints[PROVIDERS_MAX];
static struct job_context job_context;

static int setup(void **state)
{
    struct error err;

    (void)state;
    if (!catalog_load((const char *)embed_find("assets/models.json")->data, &catalog, &err)) {
        return -1;
    }
    for (int i = 0; providers[i] && i < PROVIDERS_MAX; i++) {
        endpoints[i] = (struct endpoint){ .provider = providers[i] };
    }
    job_context = (struct job_context){ .catalog = catalog, .endpoints = endpoints };
    job_context.image = (struct model_endpoint){ .provider = provider_find("offline"),
                                                 .model = catalog_find(catalog, "offline-image") };
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    catalog_free(catalog);
    return 0;
}

static const char *image_model_of(const struct provider *provider)
{
    const struct model *model;

    for (int i = 0; (model = catalog_at(catalog, i)); i++) {
        if (strcmp(model->provider, provider->name) == 0 && (model->tasks & TASK_IMAGE)) {
            return model->id;
        }
    }
    return NULL;
}

static bool names_a_setting(const char *hint, const struct provider *provider)
{
    const char *variable = provider_key_variable(provider);

    for (const struct provider_setting *setting = provider->settings; setting && setting->name;
         setting++) {
        if (strstr(hint, setting->name)) {
            return true;
        }
    }
    return variable && strstr(hint, variable);
}

/* For every row of providers.inc: no setting of the provider is set. */
static void missing_setting_is_named_with_its_provider(void **state)
{
    (void)state;
    for (int i = 0; providers[i]; i++) {
        const char *model = image_model_of(providers[i]);
        struct model_endpoint endpoint;
        struct error err = { .kind = ERROR_NONE };

        if (!model) {
            continue;
        }
        if (model_endpoint_for(&job_context, model, &endpoint, &err)) {
            assert_true(providers[i]->local);
            continue;
        }
        assert_int_equal(err.kind, ERROR_CONFIG);
        if (!strstr(err.text, model) || !strstr(err.text, providers[i]->name) ||
            !names_a_setting(err.hint, providers[i])) {
            fail_msg("'%s', '%s' must name model, provider and setting", err.text, err.hint);
        }
    }
}

static void message_for_openai_names_its_key(void **state)
{
    struct model_endpoint endpoint;
    struct error err;

    (void)state;
    assert_false(model_endpoint_for(&job_context, "gpt-image-2", &endpoint, &err));
    assert_string_equal(err.text,
                        "model 'gpt-image-2' cannot be called: provider 'openai' has no key");
    assert_non_null(strstr(err.hint, "Set OPENAI_API_KEY"));
}

/* The worker's own image model is another provider's, but the key of this provider is set. */
static void model_of_a_configured_provider_gets_its_own_endpoint(void **state)
{
    struct secret *key = secret_new("sk-openai");
    struct model_endpoint endpoint;
    struct error err;

    (void)state;
    for (int i = 0; providers[i]; i++) {
        if (strcmp(providers[i]->name, "openai") == 0) {
            endpoints[i].key = key;
        }
    }
    assert_true(model_endpoint_for(&job_context, "gpt-image-2", &endpoint, &err));
    assert_ptr_equal(endpoint.provider, provider_find("openai"));
    assert_ptr_equal(endpoint.endpoint.key, key);
    assert_true(model_endpoint_for(&job_context, "", &endpoint, &err));
    assert_ptr_equal(endpoint.provider, provider_find("offline"));
    assert_null(endpoint.endpoint.key);
    secret_free(key);
}

static void unknown_model_is_named(void **state)
{
    struct model_endpoint endpoint;
    struct error err;

    (void)state;
    assert_false(model_endpoint_for(&job_context, "no-such-model", &endpoint, &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
    assert_non_null(strstr(err.text, "'no-such-model'"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(missing_setting_is_named_with_its_provider, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(message_for_openai_names_its_key, setup, teardown),
        cmocka_unit_test_setup_teardown(model_of_a_configured_provider_gets_its_own_endpoint, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(unknown_model_is_named, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
