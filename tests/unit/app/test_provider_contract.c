/* The contract of struct provider (providers/provider.h), for every row of providers.inc: the key
 * of a provider reaches its own requests only, and every response is read without a crash. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "app/provider_endpoint.h"
#include "base/embed.h"
#include "lib/simple_request.h"

enum { VARIABLES = 32, VARIABLE_BYTES = 128 };

static struct settings *settings;
static struct catalog *catalog;
static struct arena *arena;

/* Each provider has a key of its own, "canary-<name>". */
static int setup(void **unused)
{
    static char texts[VARIABLES][VARIABLE_BYTES];
    static const char *environment[VARIABLES + 1];
    struct settings_sources from = { .environment = environment };
    struct error err;
    int count = 0;

    (void)unused;
    for (const struct setting *row = setting_table; row->name; row++) {
        char variable[64];

        if (!row->provider || !setting_variable(row, NULL, 0, variable, sizeof variable)) {
            continue;
        }
        if (row->type == SETTING_SECRET) {
            snprintf(texts[count], VARIABLE_BYTES, "%s=canary-%s", variable, row->provider->name);
        } else if (strstr(row->name, "-preset")) {
            snprintf(texts[count], VARIABLE_BYTES, "%s=xai", variable);
        } else {
            continue;
        }
        environment[count] = texts[count];
        count++;
    }
    arena = arena_new();
    return settings_load(&from, &settings, &err) &&
                   catalog_load((const char *)embed_find("assets/models.json")->data, &catalog,
                                &err)
               ? 0
               : -1;
}

static int teardown(void **unused)
{
    (void)unused;
    settings_free(settings);
    catalog_free(catalog);
    arena_free(arena);
    return 0;
}

/* A model of the provider for the task; NULL if the catalog has none. */
static const struct model *model_for(const struct provider *provider, enum task task)
{
    const struct model *model;

    for (int i = 0; (model = catalog_at(catalog, i)); i++) {
        if (strcmp(model->provider, provider->name) == 0 && (model->tasks & task) &&
            !model->shutdown) {
            return model;
        }
    }
    return NULL;
}

static void keys_reach_their_own_provider_only(void **unused)
{
    static const enum task tasks[] = { TASK_IMAGE, TASK_TEXT };

    (void)unused;
    for (int i = 0; providers[i]; i++) {
        char own[64];
        struct endpoint at;
        struct error err;

        snprintf(own, sizeof own, "canary-%s", providers[i]->name);
        provider_endpoint(settings, providers[i], &at);
        assert_true(provider_check(providers[i], &at, &err));
        assert_true(!at.key || secret_starts_with(at.key, own));
        for (int t = 0; t < 2; t++) {
            const struct model *model = model_for(providers[i], tasks[t]);
            struct model_request request = simple_request(&at, model, tasks[t], arena);
            struct op op = { 0 };

            if (!(providers[i]->tasks & tasks[t])) {
                continue;
            }
            assert_non_null(model);
            assert_true(providers[i]->request(&request, &op, &err));
            assert_true(providers[i]->local || (op.http.method && op.http.url));
            assert_true(providers[i]->local || !strstr(op.http.url, "canary"));
            for (int h = 0; h < op.http.header_count; h++) {
                const struct http_header *header = &op.http.headers[h];

                assert_true(!header->secret || header->secret == at.key);
                assert_null(strstr(header->value, "canary"));
            }
            assert_true(!op.http.body.data || !strstr((const char *)op.http.body.data, "canary"));
            op_clear(&op);
        }
    }
}

static void responses_of_any_kind_are_read(void **unused)
{
    static const struct {
        int status;
        const char *body;
        enum error_kind kind;
    } cases[] = {
        { 401, "{\"error\":{\"message\":\"no\"}}", ERROR_KEY },
        { 401, "{\"error\":\"no\"}", ERROR_KEY },
        { 422, "{\"detail\":[{\"msg\":\"size is bad\"}]}", ERROR_INPUT },
        { 422, "{\"message\":\"size is bad\"}", ERROR_INPUT },
        { 429, "", ERROR_BUSY },
        { 500, "<html>", ERROR_REMOTE },
        { 200, "", ERROR_REMOTE },
        { 200, "<html>", ERROR_FORMAT },
        { 200, "{", ERROR_REMOTE },
        { 200, "[]", ERROR_FORMAT },
        { 200, "{\"data\":[{\"b64_json\":\"iVB", ERROR_REMOTE },
    };
    static const enum task tasks[] = { TASK_IMAGE, TASK_TEXT };

    (void)unused;
    for (int i = 0; providers[i]; i++) {
        for (size_t c = 0; !providers[i]->local && c < 2 * sizeof cases / sizeof *cases; c++) {
            const char *body = cases[c / 2].body;
            const struct model *model = model_for(providers[i], tasks[c % 2]);
            struct endpoint at;
            struct model_request request;
            struct model_result result = { .content = { 0 } };
            struct op op = { .http_response = { .status = cases[c / 2].status } };
            struct error err = { .kind = ERROR_NONE };

            if (!(providers[i]->tasks & tasks[c % 2])) {
                continue;
            }
            provider_endpoint(settings, providers[i], &at);
            request = simple_request(&at, model, tasks[c % 2], arena);
            assert_true(blob_copy(&op.http_response.body, body, strlen(body), &err));
            assert_int_equal(providers[i]->read_response(&request, &op, &result, &err),
                             READ_FAILED);
            if (err.kind != cases[c / 2].kind || !err.text[0]) {
                fail_msg("%s: %d %s: kind %s, '%s'", providers[i]->name, cases[c / 2].status, body,
                         error_rule(err.kind)->name, err.text);
            }
            assert_null(result.content.data);
            op_clear(&op);
        }
    }
}

/* Message and hint of a refused key are derived from the provider's own declaration. */
static void refused_key_names_the_provider_and_its_setting(void **unused)
{
    static const char body[] = "{\"error\":{\"message\":\"no\"}}";

    (void)unused;
    for (int i = 0; providers[i]; i++) {
        const char *variable = provider_key_variable(providers[i]);
        struct endpoint at;
        struct model_request request;
        struct model_result result = { .content = { 0 } };
        struct op op = { .http_response = { .status = 401 } };
        struct error err = { .kind = ERROR_NONE };

        if (!variable) {
            continue;
        }
        provider_endpoint(settings, providers[i], &at);
        request = simple_request(&at, model_for(providers[i], TASK_IMAGE), TASK_IMAGE, arena);
        assert_true(blob_copy(&op.http_response.body, body, sizeof body - 1, &err));
        assert_int_equal(providers[i]->read_response(&request, &op, &result, &err), READ_FAILED);
        assert_non_null(strstr(err.text, providers[i]->title));
        assert_non_null(strstr(err.hint, variable));
        op_clear(&op);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_reach_their_own_provider_only),
        cmocka_unit_test(responses_of_any_kind_are_read),
        cmocka_unit_test(refused_key_names_the_provider_and_its_setting),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
