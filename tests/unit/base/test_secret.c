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

static void prefix_and_presence_are_known_without_the_value(void **state)
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

static void plain_and_percent_encoded_secrets_are_masked(void **state)
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
    snprintf(text, sizeof text, "?apikey=sk-canary%%2f%%2b4711%%3d%%26x&a=b");
    secret_scrub(text);
    assert_string_equal(text, "?apikey=**************************&a=b");
    secret_free(secret);
}

static void every_other_encoding_of_a_secret_is_masked(void **state)
{
    static const char *const texts[] = {
        "%73k: sk%2Dcanary%2F%2B4711%3D%26x",
        "sk%2dcanary%2f%2b4711%3d%26x",
        "sk\\u002dcanary\\u002f\\u002b4711\\u003d\\u0026x",
        "sk&#x2d;canary&#x2f;&#x2b;4711&#x3d;&#x26;x",
        "sk-canary%252F%252B4711%253D%2526x",
        "736b2d63616e6172792f2b343731313d2678",
        "736B2D63616E6172792F2B343731313D2678",
    };
    struct secret *secret = secret_new(key);
    char text[300];

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        snprintf(text, sizeof text, "(%s)", texts[i]);
        secret_scrub(text);
        if (strstr(text, "canary") || strstr(text, "4711") || strstr(text, "616e6172") ||
            strstr(text, "616E6172")) {
            fail_msg("%s: %s", texts[i], text);
        }
    }
    secret_free(secret);
}

static void only_equal_secrets_are_equal(void **state)
{
    struct secret *one = secret_new("abcdefgh1"), *same = secret_new("abcdefgh1"),
                  *other = secret_new("abcdefgh2"), *longer = secret_new("abcdefgh12"),
                  *empty = secret_new("");

    (void)state;
    assert_true(secret_equal(one, same));
    assert_false(secret_equal(one, other) || secret_equal(one, longer) ||
                 secret_equal(longer, one));
    assert_false(secret_equal(one, NULL) || secret_equal(NULL, NULL) || secret_equal(empty, empty));
    secret_free(one);
    secret_free(same);
    secret_free(other);
    secret_free(longer);
    secret_free(empty);
}

/* A text that was cut within the secret keeps less than 12 bytes of it. */
static void cut_secret_is_masked(void **state)
{
    struct secret *secret = secret_new(key);
    char text[] = "wrong key: sk-canary/+47";

    (void)state;
    secret_scrub(text);
    assert_string_equal(text, "wrong key: *************");
    secret_free(secret);
}

/* A window of a text may begin within the secret. */
static void any_part_of_twelve_bytes_is_masked(void **state)
{
    struct secret *secret = secret_new("sb_secret_abcdefghijklmnopqrstuvwxyz");
    char text[] = "...ijklmnopqrstuv, and abcdefghijk";

    (void)state;
    secret_scrub(text);
    assert_string_equal(text, "...**************, and abcdefghijk");
    secret_free(secret);
}

static void escaped_secrets_are_masked(void **state)
{
    struct secret *secret = secret_new("ab/cd&ef/gh&ij");
    char text[] = "ab\\/cd\\u0026ef\\/gh\\u0026ij ab&#x2F;cd&amp;ef&#x2F;gh&amp;ij.";

    (void)state;
    secret_scrub(text);
    assert_int_equal(strspn(text, "* ."), strlen(text));
    secret_free(secret);
}

static void bytes_without_end_are_masked(void **state)
{
    struct secret *secret = secret_new("sk-0123456789abcdef");
    char data[] = { 'x', 0, 's', 'k', '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a' };

    (void)state;
    secret_scrub_bytes(data, sizeof data);
    assert_memory_equal(data, "x\0**************", 16);
    secret_free(secret);
}

/* Text is scrubbed before it is cut, so that no short part of a secret is left. */
static void cut_texts_keep_no_part_of_a_secret(void **state)
{
    struct secret *secret = secret_new("sk-0123456789abcdef");
    char filler[sizeof((struct error *)0)->text], out[12];
    struct error err;

    (void)state;
    secret_copy(out, sizeof out, "key sk-0123456789abcdef");
    assert_string_equal(out, "key *******");
    memset(filler, 'x', sizeof filler);
    filler[sizeof filler - 6] = '\0';
    error_set(&err, ERROR_KEY, "%ssk-0123456789abcdef", filler);
    assert_string_equal(err.text + strlen(err.text) - 5, "*****");
    secret_free(secret);
}

/* A password like "postgres" must not change what is stored. */
static void data_is_only_changed_by_long_secrets(void **state)
{
    struct secret *password = secret_new("postgres"),
                  *token = secret_new("sk-0123456789abcdefghij"),
                  *jwt =
                      secret_new("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJyb2xlIjoic2VydmljZSJ9.c");
    char *copy;

    (void)state;
    assert_null(secret_scrubbed_data("made with postgres"));
    assert_null(secret_scrubbed_data("sk-0123456789 is the article"));
    assert_null(secret_scrubbed_data("token=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.other.token"));
    copy = secret_scrubbed_data("{\"key\":\"sk-0123456789abcdefghij\"}");
    assert_string_equal(copy, "{\"key\":\"***********************\"}");
    free(copy);
    secret_free(password);
    secret_free(token);
    secret_free(jwt);
}

/* Two tokens with the same header: each is masked to its end, whichever was registered first. */
static void secrets_with_a_common_start_are_both_masked(void **state)
{
    struct secret *first = secret_new("eyJhbGciOiJIUzI1NiJ9.first"),
                  *second = secret_new("eyJhbGciOiJIUzI1NiJ9.second");
    char text[] = "eyJhbGciOiJIUzI1NiJ9.first eyJhbGciOiJIUzI1NiJ9.second";

    (void)state;
    secret_scrub(text);
    assert_string_equal(text, "************************** ***************************");
    secret_free(first);
    secret_free(second);
}

static void error_texts_mask_secrets(void **state)
{
    struct secret *secret = secret_new(key);
    struct error err;

    (void)state;
    error_set(&err, ERROR_KEY, "Incorrect key: %s", key);
    error_hint(&err, "Replace %s.", key);
    assert_string_equal(err.text, "Incorrect key: ******************");
    assert_string_equal(err.hint, "Replace ******************.");
    secret_free(secret);
}

/* The base64 text of a secret depends on the number of bytes before it. */
static void base64_of_a_secret_is_masked(void **state)
{
    static const char *const before[] = { "", "a", "ab", "Bearer " };
    struct secret *secret = secret_new(key);

    (void)state;
    for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
        struct blob encoded;
        struct error err;
        char plain[64], text[300], decoded[300];
        size_t size;

        snprintf(plain, sizeof plain, "%s%s and more", before[i], key);
        assert_true(base64_encode(plain, strlen(plain), &encoded, &err));
        snprintf(text, sizeof text, "%.*s", (int)encoded.size, (const char *)encoded.data);
        blob_free(&encoded);
        secret_scrub(text);
        for (char *c = text; *c; c++) { /* '*' is not base64: reads as zero bits */
            *c = (char)(*c == '*' ? 'A' : *c);
        }
        assert_true(base64_decode(text, strlen(text), (uint8_t *)decoded, &size));
        assert_memory_equal(decoded, before[i], strlen(before[i]));
        for (size_t at = 1; at + 1 < strlen(key); at++) { /* the outer bytes share a character */
            assert_int_equal(decoded[strlen(before[i]) + at], 0);
        }
    }
    secret_free(secret);
}

static void base64_for_urls_is_masked(void **state)
{
    struct secret *secret = secret_new(">>>>>>>>>>>?");
    char text[] = "Pj4-Pj4-Pj4-Pj4_";

    (void)state;
    secret_scrub(text);
    assert_string_equal(text, "****************");
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
        cmocka_unit_test(prefix_and_presence_are_known_without_the_value),
        cmocka_unit_test(plain_and_percent_encoded_secrets_are_masked),
        cmocka_unit_test(every_other_encoding_of_a_secret_is_masked),
        cmocka_unit_test(only_equal_secrets_are_equal),
        cmocka_unit_test(base64_of_a_secret_is_masked),
        cmocka_unit_test(base64_for_urls_is_masked),
        cmocka_unit_test(cut_secret_is_masked),
        cmocka_unit_test(any_part_of_twelve_bytes_is_masked),
        cmocka_unit_test(escaped_secrets_are_masked),
        cmocka_unit_test(bytes_without_end_are_masked),
        cmocka_unit_test(cut_texts_keep_no_part_of_a_secret),
        cmocka_unit_test(data_is_only_changed_by_long_secrets),
        cmocka_unit_test(secrets_with_a_common_start_are_both_masked),
        cmocka_unit_test(error_texts_mask_secrets),
        cmocka_unit_test(unregistered_text_is_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
