/* test_base64.c - base64 as in RFC 4648; vector instructions give the same result. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"

static void test_vectors_of_rfc_4648_are_encoded_and_decoded(void **state)
{
    static const char *const pairs[][2] = {
        { "", "" },
        { "f", "Zg==" },
        { "fo", "Zm8=" },
        { "foo", "Zm9v" },
        { "foob", "Zm9vYg==" },
        { "fooba", "Zm9vYmE=" },
        { "foobar", "Zm9vYmFy" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        struct blob blob;
        struct error err;
        uint8_t out[64];
        size_t size;

        assert_true(base64_encode(pairs[i][0], strlen(pairs[i][0]), &blob, &err));
        assert_int_equal(blob.size, strlen(pairs[i][1]));
        assert_memory_equal(blob.data, pairs[i][1], blob.size);
        blob_free(&blob);
        assert_true(base64_decode(pairs[i][1], strlen(pairs[i][1]), out, &size));
        assert_int_equal(size, strlen(pairs[i][0]));
        assert_memory_equal(out, pairs[i][0], size);
    }
}

static void non_strict_input_is_rejected(void **state)
{
    static const char *const bad[] = {
        "Zg",   "Zg=",  "Z===", "====", "Zg==Zg==", "Zm9v\n", "Zm9\n", "Zm 9",
        "Zm9-", "Zm9_", "Zh==", "Zm9=", "Zm8=Zm8=", "=m9v",   "Z=9v",  "Zm=v",
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        uint8_t out[64];
        size_t size;

        if (base64_decode(bad[i], strlen(bad[i]), out, &size)) {
            fail_msg("'%s' was taken", bad[i]);
        }
    }
}

static void every_length_decodes_to_the_original(void **state)
{
    uint8_t in[400];
    uint32_t seed = 1;

    (void)state;
    for (size_t i = 0; i < sizeof in; i++) {
        seed = seed * 1664525 + 1013904223;
        in[i] = (uint8_t)(seed >> 24);
    }
    for (size_t size = 0; size <= sizeof in; size++) {
        struct blob text;
        struct error err;
        size_t back_size;
        uint8_t *back;

        assert_true(base64_encode(in, size, &text, &err));
        back = malloc(base64_decoded_max(text.size)); /* exactly the room that is promised */
        assert_true(base64_decode((const char *)text.data, text.size, back, &back_size));
        assert_int_equal(back_size, size);
        assert_memory_equal(back, in, size);
        free(back);
        blob_free(&text);
    }
}

/* Each of 256 bytes at each of 96 places: taken if and only if it is of the alphabet. */
static void every_invalid_byte_is_rejected(void **state)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char text[100];
    uint8_t out[200];
    size_t size;

    (void)state;
    memset(text, 'A', sizeof text);
    for (size_t place = 0; place < 96; place++) {
        for (int byte = 0; byte < 256; byte++) {
            bool good = byte != 0 && strchr(alphabet, byte) != NULL;

            text[place] = (char)byte;
            if (base64_decode(text, sizeof text, out, &size) != good) {
                fail_msg("byte %d at %zu: %s", byte, place, good ? "refused" : "taken");
            }
        }
        text[place] = 'A';
    }
}

static void other_forms_are_decoded_leniently(void **state)
{
    static const char *const same[] = { "+/+/+g==",     "-_-_-g==",     "+/+/+g",       "-_-_-g",
                                        "+/+/\n+g==\n", " +/ +/\r\n+g", "+/+/+g==\r\n", "+/+/+g=" };
    static const char *const wrong[] = { "+/+/+",  "+/+/+g===", "+/=+/+g=",
                                         "+/+/+h", "+/+/!g",    "====" };
    uint8_t out[20];
    size_t size;

    (void)state;
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        assert_true(base64_decode_lenient(same[i], strlen(same[i]), out, &size));
        assert_int_equal(size, 4);
        assert_memory_equal(out, "\xfb\xff\xbf\xfa", 4);
    }
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        if (base64_decode_lenient(wrong[i], strlen(wrong[i]), out, &size)) {
            fail_msg("'%s' was decoded to %zu bytes", wrong[i], size);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors_of_rfc_4648_are_encoded_and_decoded),
        cmocka_unit_test(non_strict_input_is_rejected),
        cmocka_unit_test(every_length_decodes_to_the_original),
        cmocka_unit_test(every_invalid_byte_is_rejected),
        cmocka_unit_test(other_forms_are_decoded_leniently),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
