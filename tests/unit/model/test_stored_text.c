/* test_stored_text.c - text for the application is plain: no markup, no hidden characters. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/aplus.h"
#include "model/features.h"
#include "model/stored_text.h"

static void expect(const char *from, const char *to)
{
    char *text = strdup(from);

    stored_text_clean(text);
    if (strcmp(text, to) != 0) {
        fail_msg("'%s' became '%s', not '%s'", from, text, to);
    }
    free(text);
}

static void plain_text_stays(void **state)
{
    (void)state;
    expect("", "");
    expect("Keeps drinks cold for 24 h.", "Keeps drinks cold for 24 h.");
    expect("5 < 7 > 3, a <3 & b", "5 < 7 > 3, a <3 & b");
    expect("AT&T, 100 % \xe2\x80\x93 Gr\xc3\xb6\xc3\x9f"
           "e",
           "AT&T, 100 % \xe2\x80\x93 Gr\xc3\xb6\xc3\x9f"
           "e");
    expect("2 * 3 = 6 [approx]", "2 * 3 = 6 [approx]");
    expect("-20 C, snake_case", "-20 C, snake_case");
    expect("\xf0\x9f\x8c\x8a\xe2\x9c\x94\xef\xb8\x8f", "\xf0\x9f\x8c\x8a\xe2\x9c\x94\xef\xb8\x8f");
    expect("\xe6\xbc\xa2\xe5\xad\x97", "\xe6\xbc\xa2\xe5\xad\x97");
}

static void html_is_removed(void **state)
{
    (void)state;
    expect("<b>S</b>teel", "Steel");
    expect("One<br/>two<p class=\"x\">three</p>", "One two three");
    expect("a<script>alert(1)</script >b", "a b");
    expect("a<STYLE>p{}</style>b", "a b");
    expect("a<!-- hidden --> b", "a b");
    expect("<img src=x onerror=alert(1)>photo", "photo");
    expect("<svg/onload=alert(1)", "svg/onload=alert(1)");
    expect("&lt;script&gt;alert(1)&lt;/script&gt;x", "x");
    expect("&amp;lt;b&amp;gt;x", "x");
    expect("&#60;i&#62;x&#x3C;/i&#X3e;", "x");
    expect("Tom &amp; Jerry&nbsp;&#39;s", "Tom & Jerry 's");
    expect("<<b>script>x", "x");
    expect("&", "&");
    expect("&#", "&#");
    expect("&#x", "&#x");
    expect("&#0;&#xd800;&#99999999;", "&#0;&#xd800;&#99999999;");
}

static void markdown_is_removed(void **state)
{
    (void)state;
    expect("**Bold** and __strong__ and `code`", "Bold and strong and code");
    expect("## Heading\n- one\n* two", "Heading one two");
    expect("[our shop](https://evil.example) now", "our shop now");
    expect("![](x)pic", "pic");
}

static void hidden_characters_are_removed(void **state)
{
    (void)state;
    expect("ste\xe2\x80\x8b"
           "el",
           "steel");                                  /* zero width space */
    expect("\xef\xbb\xbfsteel\xe2\x81\xa0", "steel"); /* byte order mark, word joiner */
    expect("a\xe2\x80\xae"
           "b\xe2\x80\xac"
           "c",
           "abc"); /* right-to-left override */
    expect("a\xe2\x81\xa6"
           "b\xe2\x81\xa9",
           "ab"); /* isolates */
    expect("a\xd8\x9c\xe2\x80\x8e"
           "b",
           "ab"); /* Arabic letter mark, LRM */
    expect("a\xf3\xa0\x81\x81"
           "b",
           "ab"); /* a tag character */
    expect("a\xc2\xad"
           "b",
           "ab");                        /* soft hyphen */
    expect("a\x1b[31mb\x07", "a [31mb"); /* escape, bell */
    expect("a\xc2\x9b"
           "31mb",
           "a 31mb"); /* C1 control sequence introducer */
    expect("a\r\n\tb\xe2\x80\xa8"
           "c",
           "a b c");                                            /* line separator */
    expect("<\xe2\x80\x8bscript>x</\xe2\x80\x8bscript>y", "y"); /* hides a tag */
    expect("a\xff"
           "b\xc3",
           "ab"); /* not UTF-8 */
}

/* No input yields a tag. */
static void no_result_contains_a_tag(void **state)
{
    static const char *const pieces[] = {
        "<",  ">", "a", "/",  "&lt;", "&amp;", "lt;", "!--", "-->", "script", "\xe2\x80\x8b",
        "**", "`", "[", "](", ")",    "\n"
    };
    unsigned seed = 1;

    (void)state;
    for (int i = 0; i < 20000; i++) {
        char text[200] = "";

        for (int j = 0; j < 14; j++) {
            strcat(text, pieces[(size_t)rand_r(&seed) % (sizeof pieces / sizeof *pieces)]);
        }
        stored_text_clean(text);
        for (const char *at = text; (at = strchr(at, '<')) != NULL; at++) {
            if ((at[1] >= 'a' && at[1] <= 'z') || (at[1] && strchr("/!?", at[1]))) {
                fail_msg("a tag is left: %s", text);
            }
        }
        assert_null(strstr(text, "\xe2\x80\x8b"));
    }
}

static void features_and_modules_are_cleaned_before_they_are_stored(void **state)
{
    static const char one[] = "{\"title\":\"<b>Cold</b>\",\"description\":\"for 24\xe2\x80\x8b h "
                              "\xe2\x80\xaeok\",\"priority\":1,\"icon\":\"cup\"}";
    struct arena *arena = arena_new();
    struct brief brief = { 0 };
    const char *canonical;
    struct error err;
    char json[2000];

    (void)state;
    snprintf(json, sizeof json, "{\"features\":[%s,%s,%s,%s,%s]}", one, one, one, one, one);
    if (!features_read(json, arena, &brief, &canonical, &err)) {
        fail_msg("%s", err.text);
    }
    assert_string_equal(brief.features[0].title, "Cold");
    assert_non_null(strstr(canonical, "\"title\":\"Cold\""));
    assert_non_null(strstr(canonical, "\"description\":\"for 24 h ok\""));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_text_stays),
        cmocka_unit_test(html_is_removed),
        cmocka_unit_test(markdown_is_removed),
        cmocka_unit_test(hidden_characters_are_removed),
        cmocka_unit_test(no_result_contains_a_tag),
        cmocka_unit_test(features_and_modules_are_cleaned_before_they_are_stored),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
