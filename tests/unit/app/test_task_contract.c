/* test_task_contract.c - a provider, model or preset that does not have a task refuses it before a
 * request is built, for every row of providers.inc and every preset. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/embed.h"
#include "base/json.h"
#include "lib/simple_request.h"

static const enum task tasks[] = { TASK_IMAGE, TASK_EDIT, TASK_TEXT };
enum { ALL_TASKS = TASK_IMAGE | TASK_EDIT | TASK_TEXT };

static struct catalog *catalog;
static struct arena *arena;
static struct secret *key;

static int setup(void **state)
{
    struct error err;

    (void)state;
    arena = arena_new();
    key = secret_new("k");
    return catalog_load((const char *)embed_find("assets/models.json")->data, &catalog, &err) ? 0
                                                                                              : -1;
}

static int teardown(void **state)
{
    (void)state;
    catalog_free(catalog);
    secret_free(key);
    arena_free(arena);
    return 0;
}

/* A model of the provider that has all tasks. */
static struct model model_with_all_tasks(const struct provider *provider, enum task task)
{
    struct model copy = { .id = NULL };
    const struct model *model;

    for (int i = 0; (model = catalog_at(catalog, i)) && !copy.id; i++) {
        if (strcmp(model->provider, provider->name) == 0 &&
            (model->tasks & TASK_TEXT) == (task & TASK_TEXT)) {
            copy = *model;
        }
    }
    assert_non_null(copy.id);
    copy.tasks = ALL_TASKS;
    copy.photo_max = 1;
    return copy;
}

/* The request fails, names `subject`, has a hint, and leaves the op empty. */
static void assert_refused(const struct provider *provider, const struct model_request *request,
                           const char *subject)
{
    static const struct op empty;
    struct op op = { 0 };
    struct error err = { .kind = ERROR_NONE };

    assert_false(provider_request(provider, request, &op, &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
    if (!strstr(err.text, subject) || !strstr(err.text, " cannot ") || !err.hint[0]) {
        fail_msg("'%s' does not name %s; hint '%s'", err.text, subject, err.hint);
    }
    assert_int_equal(op.kind, empty.kind);
    assert_null(op.http.url);
    assert_null(op.http.body.data);
    assert_int_equal(op.http.part_count, 0);
    assert_null(op.work.run);
}

static struct endpoint endpoint_of(const struct provider *provider, const char *preset)
{
    struct endpoint at = { .provider = provider, .base_url = "http://127.0.0.1:9/v1", .key = key };

    for (int i = 0; provider->settings && provider->settings[i].name; i++) {
        if (provider->settings[i].use == PROVIDER_PRESET) {
            at.values[i] = preset;
        }
    }
    return at;
}

static void model_without_the_task_is_refused(void **state)
{
    (void)state;
    for (int i = 0; providers[i]; i++) {
        struct endpoint at = endpoint_of(providers[i], "xai");

        for (int t = 0; t < 3; t++) {
            struct model model = model_with_all_tasks(providers[i], tasks[t]);
            struct model_request request = simple_request(&at, &model, tasks[t], arena);

            model.tasks = ALL_TASKS & ~(unsigned)tasks[t];
            assert_refused(providers[i], &request, model.id);
        }
    }
}

static void provider_without_the_task_is_refused(void **state)
{
    (void)state;
    for (int i = 0; providers[i]; i++) {
        struct endpoint at = endpoint_of(providers[i], "xai");

        for (int t = 0; t < 3; t++) {
            struct provider limited = *providers[i];
            struct model model = model_with_all_tasks(providers[i], tasks[t]);
            struct model_request request = simple_request(&at, &model, tasks[t], arena);

            limited.tasks = ALL_TASKS & ~(unsigned)tasks[t];
            assert_refused(&limited, &request, limited.name);
        }
    }
}

/* A provider accepts each task that it declares. */
static void declared_task_is_accepted(void **state)
{
    (void)state;
    for (int i = 0; providers[i]; i++) {
        struct endpoint at = endpoint_of(providers[i], "xai");

        for (int t = 0; t < 3; t++) {
            struct op op = { 0 };
            struct model model;
            struct model_request request;
            struct error err;

            if (!(providers[i]->tasks & tasks[t])) {
                continue;
            }
            model = model_with_all_tasks(providers[i], tasks[t]);
            request = simple_request(&at, &model, tasks[t], arena);
            if (!provider_request(providers[i], &request, &op, &err)) {
                fail_msg("%s: %s", providers[i]->name, err.text);
            }
            op_clear(&op);
        }
    }
}

static bool has_task(const cJSON *preset, enum task task)
{
    const char *edits = json_peek_text(preset, "edits");

    return task == TASK_TEXT   ? cJSON_IsObject(cJSON_GetObjectItem(preset, "chat"))
           : task == TASK_EDIT ? edits && strcmp(edits, "none") != 0
                               : true;
}

/* --help lists the presets. */
static void assert_in_help(const struct provider *provider, const char *preset)
{
    for (const struct provider_setting *setting = provider->settings; setting->name; setting++) {
        if (setting->use == PROVIDER_PRESET && !strstr(setting->help, preset)) {
            fail_msg("the help of --%s does not name '%s'", setting->name, preset);
        }
    }
}

static void check_preset(const struct provider *provider, const cJSON *preset, int refused[3])
{
    struct endpoint at = endpoint_of(provider, preset->string);

    assert_in_help(provider, preset->string);
    for (int t = 0; t < 3; t++) {
        struct model model = model_with_all_tasks(provider, tasks[t]);
        struct model_request request = simple_request(&at, &model, tasks[t], arena);
        struct op op = { 0 };
        struct error err;

        if (!has_task(preset, tasks[t])) {
            assert_refused(provider, &request, preset->string);
            refused[t]++;
        } else if (!provider_request(provider, &request, &op, &err)) {
            fail_msg("%s: %s", preset->string, err.text);
        }
        op_clear(&op);
    }
}

static void preset_is_listed_and_refuses_other_tasks(void **state)
{
    const struct embedded *file = embed_find("assets/provider-presets.json");
    int refused[3] = { 0 };
    const cJSON *preset;
    struct error err;
    cJSON *top;

    (void)state;
    assert_true(json_parse(file->data, file->size, "presets", &top, &err));
    cJSON_ArrayForEach(preset, cJSON_GetObjectItem(top, "presets"))
    {
        check_preset(provider_find("openai-compatible"), preset, refused);
    }
    assert_true(refused[1] > 0 && refused[2] > 0);
    cJSON_Delete(top);
}

/* A batch is refused unless the provider has a Batch API, the model is sold there, and the model
 * makes images. */
static void batch_without_support_is_refused(void **state)
{
    (void)state;
    for (int i = 0; providers[i]; i++) {
        struct provider provider = *providers[i];
        struct model model = model_with_all_tasks(providers[i], TASK_IMAGE);
        struct error err = { .kind = ERROR_NONE };

        model.batch_share = 0.5;
        assert_int_equal(provider_check_batch(&provider, &model, &err), provider.batch != NULL);
        if (provider.batch) {
            model.batch_share = 0;
            assert_false(provider_check_batch(&provider, &model, &err));
            assert_int_equal(err.kind, ERROR_CONFIG);
            assert_non_null(strstr(err.text, model.id));
            model.batch_share = 0.5;
            model.tasks = TASK_TEXT;
            assert_false(provider_check_batch(&provider, &model, &err));
            assert_int_equal(err.kind, ERROR_CONFIG);
            provider.batch = NULL;
            assert_false(provider_check_batch(&provider, &model, &err));
        }
        assert_int_equal(err.kind, ERROR_CONFIG);
        assert_non_null(strstr(err.text, provider.name));
        assert_non_null(strstr(err.hint, "--batch-api"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(model_without_the_task_is_refused),
        cmocka_unit_test(provider_without_the_task_is_refused),
        cmocka_unit_test(declared_task_is_accepted),
        cmocka_unit_test(preset_is_listed_and_refuses_other_tasks),
        cmocka_unit_test(batch_without_support_is_refused),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
