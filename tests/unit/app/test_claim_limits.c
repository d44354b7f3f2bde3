/* test_claim_limits.c - limits of jobs in flight are read, or rejected with the reason. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "app/claim_limits.h"
#include "base/embed.h"

static struct catalog *catalog;

static int setup(void **state)
{
    struct error err;

    (void)state;
    return catalog_load((const char *)embed_find("assets/models.json")->data, &catalog, &err) ? 0
                                                                                              : -1;
}

static int teardown(void **state)
{
    (void)state;
    catalog_free(catalog);
    return 0;
}

static void accept(const char *text, const char *expected)
{
    struct error err;
    char *json;

    assert_true(claim_limits_read(text, catalog, &json, &err));
    if (expected) {
        assert_string_equal(json, expected);
    } else {
        assert_null(json);
    }
    free(json);
}

static void reject(const char *text, const char *part)
{
    struct error err;
    char *json;

    assert_false(claim_limits_read(text, catalog, &json, &err));
    assert_int_equal(err.kind, ERROR_INPUT);
    assert_non_null(strstr(err.text, part));
    assert_null(json);
}

static void limits_of_users_providers_and_models_are_read(void **state)
{
    (void)state;
    accept(NULL, NULL);
    accept("", NULL);
    accept(" ,\n", NULL);
    accept("user=4", "{\"user\":4}");
    accept("user=4,openai=20\ngpt-image-1=8", "{\"user\":4,\"openai\":20,\"gpt-image-1\":8}");
    accept("user=4 user=100000", "{\"user\":100000}");
}

static void anything_else_is_rejected_with_the_reason(void **state)
{
    (void)state;
    reject("user", "has no number");
    reject("user=", "not a number");
    reject("user=0", "not a number from 1");
    reject("user=-1", "not a number from 1");
    reject("user=100001", "not a number from 1");
    reject("user=99999999999999999999", "not a number from 1");
    reject("user=4x", "'4x'");
    reject("user=4,unknown-model=1", "'unknown-model' names no provider");
    reject("=4", "names no provider");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limits_of_users_providers_and_models_are_read),
        cmocka_unit_test(anything_else_is_rejected_with_the_reason),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
