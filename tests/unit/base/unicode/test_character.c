/* test_character.c - which characters are not visible, and one-line texts without them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/unicode/character.h"

static enum character_class class_of(const char *text, size_t size)
{
    enum character_class class;

    assert_int_equal(character_read(text, &class, NULL), size);
    return class;
}

static void characters_are_classified(void **state)
{
    (void)state;
    assert_int_equal(class_of("a", 1), CHARACTER_VISIBLE);
    assert_int_equal(class_of(" ", 1), CHARACTER_VISIBLE);
    assert_int_equal(class_of("\xc3\xa9", 2), CHARACTER_VISIBLE);
    assert_int_equal(class_of("\xc2\xa0", 2), CHARACTER_VISIBLE);
    assert_int_equal(class_of("\xf0\x9f\x98\x80", 4), CHARACTER_VISIBLE);
    assert_int_equal(class_of("\x1b", 1), CHARACTER_CONTROL);
    assert_int_equal(class_of("\x7f", 1), CHARACTER_CONTROL);
    assert_int_equal(class_of("\xc2\x9b", 2), CHARACTER_CONTROL);
    assert_int_equal(class_of("\xe2\x80\xa8", 3), CHARACTER_CONTROL);
    assert_int_equal(class_of("\xe2\x80\x8b", 3), CHARACTER_INVISIBLE);
    assert_int_equal(class_of("\xe2\x80\xae", 3), CHARACTER_INVISIBLE);
    assert_int_equal(class_of("\xef\xbb\xbf", 3), CHARACTER_INVISIBLE);
    assert_int_equal(class_of("\xf3\xa0\x80\x81", 4), CHARACTER_INVISIBLE);
}

/* Truncated, overlong, surrogates, beyond Unicode: one byte each. */
static void invalid_bytes_are_read_one_by_one(void **state)
{
    static const char *const bad[] = { "\x80",         "\xff",
                                       "\xc3",         "\xc3(",
                                       "\xc0\x80",     "\xe0\x80\x80",
                                       "\xed\xa0\x80", "\xf4\x90\x80\x80",
                                       "\xf0\x9f\x98" };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(class_of(bad[i], 1), CHARACTER_INVALID);
    }
}

static void one_line_text_cannot_act_on_a_terminal(void **state)
{
    char text[] = "a\nb\x1b[2Jc\xc2\x9b"
                  "0m\xe2\x80\xae\xff";

    (void)state;
    character_make_one_line(text);
    assert_string_equal(text, "a b [2Jc  0m????");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(characters_are_classified),
        cmocka_unit_test(invalid_bytes_are_read_one_by_one),
        cmocka_unit_test(one_line_text_cannot_act_on_a_terminal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
