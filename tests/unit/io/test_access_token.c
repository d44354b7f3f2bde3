/* test_access_token.c - a token admits only itself, and its cookie only the cookie. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "io/access_token.h"

static void read_token(const char *text, struct access_token *out)
{
    struct secret *secret = secret_new(text);
    struct error err;

    assert_true(access_token_of(secret, out, &err));
    secret_free(secret);
}

static void only_the_token_is_admitted(void **state)
{
    struct access_token token;
    char longer[2000];

    (void)state;
    read_token("correct horse battery", &token);
    assert_true(access_token_matches(&token, "correct horse battery"));
    assert_false(access_token_matches(&token, "correct horse batterY"));
    assert_false(access_token_matches(&token, "correct horse"));
    assert_false(access_token_matches(&token, "correct horse battery "));
    assert_false(access_token_matches(&token, ""));
    assert_false(access_token_matches(&token, NULL));
    memset(longer, 'a', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    assert_false(access_token_matches(&token, longer));
}

static void the_cookie_is_not_the_token(void **state)
{
    struct access_token token, other;

    (void)state;
    read_token("correct horse battery", &token);
    read_token("another horse battery", &other);
    assert_true(access_token_cookie_matches(&token, token.cookie, strlen(token.cookie)));
    assert_false(access_token_cookie_matches(&token, other.cookie, strlen(other.cookie)));
    assert_false(access_token_cookie_matches(&token, token.cookie, strlen(token.cookie) - 1));
    assert_false(access_token_matches(&token, token.cookie));
    assert_false(access_token_cookie_matches(&token, "correct horse battery", 21));
}

static void short_tokens_are_refused(void **state)
{
    struct secret *secret = secret_new("fifteen letters");
    struct access_token token;
    struct error err;

    (void)state;
    assert_false(access_token_of(secret, &token, &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
    assert_null(strstr(err.text, "fifteen"));
    secret_free(secret);
}

static void random_tokens_differ_and_fit_into_a_url(void **state)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
    char one[ACCESS_TOKEN_TEXT], two[ACCESS_TOKEN_TEXT];
    struct error err;

    (void)state;
    assert_true(access_token_random(one, &err));
    assert_true(access_token_random(two, &err));
    assert_int_equal(strspn(one, plain), 43);
    assert_int_equal(strlen(one), 43);
    assert_string_not_equal(one, two);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_token_is_admitted),
        cmocka_unit_test(the_cookie_is_not_the_token),
        cmocka_unit_test(short_tokens_are_refused),
        cmocka_unit_test(random_tokens_differ_and_fit_into_a_url),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
