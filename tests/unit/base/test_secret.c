/* test_secret.c - a secret is removed from text in each form in which it travels. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "base/secret.h"

static const char key[] = "sk-canary/+4711=&x";

static void answers_about_itself(void **state)
{
    struct secret *secret = secret_new(key), *empty = secret_new("");

    (void)state;
    assert_true(secret_is_set(secret));
    assert_false(secret_is_set(empty));
    assert_false(secret_is_set(NULL));
    assert_true(secret_starts_with(secret, "sk-"));
    assert_false(secret_starts_with(secret, "sb_"));
    assert_false(secret_starts_with(NULL, ""));
    assert_string_equal(secret_reveal(secret), key);
    assert_string_equal(secret_reveal(NULL), "");
    secret_free(secret);
    secret_free(empty);
    secret_free(NULL);
}

static void is_scrubbed_as_it_is_and_encoded(void **state)
{
    struct secret *secret = secret_new(key);
    char text[300];

    (void)state;
    snprintf(text, sizeof text, "key %s and %s.", key, key);
    secret_scrub(text);
    assert_null(strstr(text, "canary"));
    assert_memory_equal(text, "key ****", 8);
    assert_int_equal(strlen(text), strlen("key ") + 2 * strlen(key) + strlen(" and ."));
    snprintf(text, sizeof text, "?apikey=sk-canary%%2F%%2B4711%%3D%%26x&a=b");
    secret_scrub(text);
    assert_null(strstr(text, "canary"));
    assert_non_null(strstr(text, "&a=b"));
    secret_free(secret);
}

static void is_scrubbed_in_base64(void **state)
{
    struct secret *secret = secret_new(key);
    struct blob encoded;
    struct error err;
    char text[300];

    (void)state;
    assert_true(base64_encode(key, strlen(key), &encoded, &err));
    snprintf(text, sizeof text, "Basic %.*s", (int)encoded.size, (const char *)encoded.data);
    blob_free(&encoded);
    secret_scrub(text);
    assert_non_null(strstr(text, "Basic ********"));
    assert_null(strstr(text, "c2stY2Fu")); /* "sk-can" */
    secret_free(secret);
}

static void unregistered_text_is_kept(void **state)
{
    struct secret *secret = secret_new("short"); /* too short: would blank out common words */
    struct secret *gone = secret_new("forgotten-secret");
    char text[] = "short forgotten-secret";

    (void)state;
    secret_free(gone);
    secret_scrub(text);
    assert_string_equal(text, "short forgotten-secret");
    secret_free(secret);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_about_itself),
        cmocka_unit_test(is_scrubbed_as_it_is_and_encoded),
        cmocka_unit_test(is_scrubbed_in_base64),
        cmocka_unit_test(unregistered_text_is_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
