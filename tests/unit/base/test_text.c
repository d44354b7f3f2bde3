/* test_text.c - a growing string stays within its limit; UTF-8 is counted in characters. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static void text_grows_and_can_be_detached(void **state)
{
    struct text text;
    char *taken;

    (void)state;
    text_begin(&text, 100000);
    assert_string_equal(text.data, "");
    for (int i = 0; i < 1000; i++) {
        text_printf(&text, "%d,", i % 10);
    }
    text_add(&text, "end");
    text_add_char(&text, '!');
    text_add_bytes(&text, "a\0b", 3);
    assert_false(text.overflow);
    assert_int_equal(text.size, 2007);
    assert_memory_equal(text.data + 2000, "end!a\0b", 8);
    taken = text_detach(&text);
    assert_memory_equal(taken, "0,1,", 4);
    free(taken);
    assert_string_equal(text.data, "");
    text_add(&text, "again");
    assert_string_equal(text.data, "again");
    text_clear(&text);
    assert_string_equal(text.data, "");
    text_end(&text);
    taken = text_detach(&text);
    assert_string_equal(taken, "");
    free(taken);
}

static void text_beyond_the_limit_is_dropped(void **state)
{
    struct text text;

    (void)state;
    text_begin(&text, 5);
    text_add(&text, "abc");
    text_add(&text, "def");
    assert_true(text.overflow);
    assert_string_equal(text.data, "abc");
    text_add_char(&text, 'd'); /* would fit, but part of the text before it is missing */
    assert_string_equal(text.data, "abc");
    text_clear(&text);
    assert_false(text.overflow);
    text_printf(&text, "%s", "12345");
    assert_false(text.overflow);
    text_printf(&text, "%d", 6);
    assert_true(text.overflow);
    assert_string_equal(text.data, "12345");
    text_end(&text);
}

static void html_characters_are_escaped(void **state)
{
    struct text text;

    (void)state;
    text_begin(&text, 1000);
    text_add_html(&text, "<a href=\"x\">'&'</a>");
    assert_string_equal(text.data, "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;");
    text_end(&text);
}

static void characters_are_counted_and_invalid_utf8_is_detected(void **state)
{
    static const char *const broken[] = {
        "\xff",             /* no lead byte */
        "a\x80",            /* a continuation alone */
        "\xc3",             /* truncated */
        "\xe2\x82",         /* truncated */
        "\xc0\xaf",         /* '/' in two bytes */
        "\xe0\x80\xaf",     /* '/' in three */
        "\xf0\x80\x80\xaf", /* '/' in four */
        "\xed\xa0\x80",     /* a surrogate */
        "\xf4\x90\x80\x80", /* above U+10FFFF */
        "\xf5\x80\x80\x80",
    };

    (void)state;
    assert_int_equal(utf8_length(""), 0);
    assert_int_equal(utf8_length("abc"), 3);
    assert_int_equal(utf8_length("\xc3\xa9\xe2\x82\xac\xf0\x9f\x93\xb7"), 3);
    assert_int_equal(utf8_length("\xf4\x8f\xbf\xbf"), 1);
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        if (utf8_length(broken[i]) != SIZE_MAX) {
            fail_msg("broken text %zu was counted", i);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_grows_and_can_be_detached),
        cmocka_unit_test(text_beyond_the_limit_is_dropped),
        cmocka_unit_test(html_characters_are_escaped),
        cmocka_unit_test(characters_are_counted_and_invalid_utf8_is_detected),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
