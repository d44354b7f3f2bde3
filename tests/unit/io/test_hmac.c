/* test_hmac.c - signatures of webhooks, with the vector of standard-webhooks and of RFC 4231. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "io/hmac.h"

static bool sign(const char *key, const char *text, char out[HMAC_TEXT], struct error *err)
{
    struct secret *secret = secret_new(key);
    bool good = hmac_sign(secret, text, strlen(text), out, err);

    secret_free(secret);
    return good;
}

static void signatures_are_those_of_standard_webhooks(void **state)
{
    char out[HMAC_TEXT];
    struct error err;

    (void)state;
    assert_true(sign("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                     "msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{\"test\": 2432232314}", out, &err));
    assert_string_equal(out, "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

/* RFC 4231, test case 1: the key is 20 bytes of 0x0b. */
static void a_secret_without_the_prefix_is_the_key_itself(void **state)
{
    char out[HMAC_TEXT];
    struct error err;

    (void)state;
    assert_true(sign("\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b"
                     "\x0b",
                     "Hi There", out, &err));
    assert_string_equal(out, "sDRMYdjbOFNcqK/OrwvxK4gdwgDJgz2nJuk3bC4yz/c=");
}

static void a_key_that_is_short_or_unreadable_is_refused_without_being_shown(void **state)
{
    static const char *const keys[] = { "short", "whsec_c2hvcnQ=", "whsec_!!!!not-base64!!!!",
                                        "whsec_dG9vIHNob3J0" };
    char out[HMAC_TEXT];

    (void)state;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        struct error err;

        assert_false(sign(keys[i], "x", out, &err));
        assert_int_equal(err.kind, ERROR_CONFIG);
        assert_null(strstr(err.text, strncmp(keys[i], "whsec_", 6) == 0 ? keys[i] + 6 : keys[i]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signatures_are_those_of_standard_webhooks),
        cmocka_unit_test(a_secret_without_the_prefix_is_the_key_itself),
        cmocka_unit_test(a_key_that_is_short_or_unreadable_is_refused_without_being_shown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
