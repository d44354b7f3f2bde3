/* test_text_encoding.c - text files of other programs become UTF-8, or are refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/unicode/text_encoding.h"

#define CASE(text, encoding, utf8)                                                                 \
    {                                                                                              \
        text, sizeof(text) - 1, encoding, utf8                                                     \
    }

static void text_becomes_utf8(void **state)
{
    static const struct {
        const char *data;
        size_t size;
        enum text_encoding encoding;
        const char *utf8;
    } cases[] = {
        CASE("", ENCODING_UTF8, ""),
        CASE("plain", ENCODING_UTF8, "plain"),
        CASE("\xef\xbb\xbf"
             "caf\xc3\xa9",
             ENCODING_UTF8, "caf\xc3\xa9"),
        CASE("caf\xe9 \x80 \x84", ENCODING_WINDOWS_1252, "caf\xc3\xa9 \xe2\x82\xac \xe2\x80\x9e"),
        CASE("\xff\xfe"
             "a\0\xe9\0\xac\x20",
             ENCODING_UTF16, "a\xc3\xa9\xe2\x82\xac"),
        CASE("\xfe\xff"
             "\0a\xd8\x3d\xde\x00",
             ENCODING_UTF16, "a\xf0\x9f\x98\x80"),
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        enum text_encoding encoding;
        struct error err = { 0 };
        struct blob out;

        assert_true(text_to_utf8(cases[i].data, cases[i].size, &out, &encoding, &err));
        assert_int_equal(encoding, cases[i].encoding);
        assert_string_equal((const char *)out.data, cases[i].utf8);
        assert_int_equal(out.size, strlen(cases[i].utf8));
        blob_free(&out);
    }
}

static void what_is_no_text_is_refused(void **state)
{
    static const struct {
        const char *data;
        size_t size;
    } cases[] = {
        { "a\0b", 3 }, /* zero bytes: UTF-16 without a mark, or no text */
        { "\xff\xfe"
          "a",
          3 }, /* half a character */
        { "\xff\xfe"
          "\0\xdc",
          4 }, /* half a surrogate pair */
        { "\xff\xfe"
          "\0\xd8"
          "a\0",
          6 },
        { "\xef\xbb\xbf"
          "caf\xe9",
          7 },
        { "\x81\x8d", 2 }, /* not assigned in Windows-1252 */
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        enum text_encoding encoding;
        struct error err = { 0 };
        struct blob out;

        assert_false(text_to_utf8(cases[i].data, cases[i].size, &out, &encoding, &err));
        assert_int_equal(err.kind, ERROR_INPUT);
        assert_non_null(strstr(err.hint, "UTF-8"));
        assert_null(out.data);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_becomes_utf8),
        cmocka_unit_test(what_is_no_text_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
