/* test_export_name.c - identifiers of products, and names of files that stay in their folder. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "export/export_name.h"

static void asins_and_isbns_are_accepted(void **state)
{
    static const char *const good[][2] = { { "B0ABCDEF12", "B0ABCDEF12" },
                                           { "b0abcdef12", "B0ABCDEF12" },
                                           { "0306406152", "0306406152" },
                                           { "080442957x", "080442957X" } };
    char out[11];
    struct error err;

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(export_asin(good[i][0], out, &err));
        assert_string_equal(out, good[i][1]);
    }
}

static void other_texts_are_no_asins(void **state)
{
    static const char *const bad[] = {
        "",           "B0",         "B0ABCDEF1",  "B0ABCDEF123",     "B1ABCDEF12", "0306406153",
        "B0ABCDEF1/", "B0ABC EF12", "X306406152", "B0ABCDE\xc3\xa9", "../../../x"
    };
    char out[11];
    struct error err;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (export_asin(bad[i], out, &err)) {
            fail_msg("'%s' was accepted", bad[i]);
        }
        assert_int_equal(err.kind, ERROR_INPUT);
        assert_true(err.hint[0] != '\0');
    }
}

static void skus_and_names_become_safe(void **state)
{
    char out[EXPORT_ID], name[200];
    struct error err;

    (void)state;
    assert_true(export_sku("CUP_01-b", out, &err));
    assert_string_equal(out, "CUP_01-b");
    assert_true(export_sku("../a/b\\c:d\n\x1b e..", out, &err));
    assert_string_equal(out, "a-b-c-d-e");
    assert_false(export_sku("..//__--", out, &err));
    assert_false(export_sku("\xe6\x9d\xaf", out, &err));
    export_slug("Caf\xc3\xa9 Cup, 2nd!", out);
    assert_string_equal(out, "caf-cup-2nd");
    export_slug("\xe6\x9d\xaf", out);
    assert_string_equal(out, "");
    memset(name, 'x', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    export_slug(name, out);
    assert_in_range(strlen(out), 10, EXPORT_ID - 1);
    assert_true(export_sku(name, out, &err));
    assert_in_range(strlen(out), 10, EXPORT_ID - 1);
}

static void patterns_give_names(void **state)
{
    char out[EXPORT_NAME];

    (void)state;
    export_file_name("{id}.MAIN", "B0ABCDEF12", 0, out);
    assert_string_equal(out, "B0ABCDEF12.MAIN.jpg");
    export_file_name("{id}.PT{nn}", "B0ABCDEF12", 3, out);
    assert_string_equal(out, "B0ABCDEF12.PT03.jpg");
    export_file_name("{id}-{n}", "cup", 0, out);
    assert_string_equal(out, "cup-1.jpg");
    export_file_name("{other}-{n}", "cup", 9, out);
    assert_string_equal(out, "{other}-10.jpg");
}

static void only_safe_names_pass(void **state)
{
    (void)state;
    assert_true(export_name_is_safe("B0ABCDEF12.PT01.jpg", 19));
    assert_false(export_name_is_safe("B0ABCDEF12.PT01.jpg", 18));
    assert_false(export_name_is_safe("", 80));
    assert_false(export_name_is_safe("../x.jpg", 80));
    assert_false(export_name_is_safe("a..jpg", 80));
    assert_false(export_name_is_safe(".jpg", 80));
    assert_false(export_name_is_safe("a b.jpg", 80));
    assert_false(export_name_is_safe("{other}-10.jpg", 80));
}

static void locales_have_language_and_country(void **state)
{
    static const char *const bad[] = { "",        "en",    "en-us",  "EN-US",
                                       "english", "en_US", "en-USA", "e-US" };
    struct error err;

    (void)state;
    assert_true(export_locale("en-US", &err));
    assert_true(export_locale("fil-PH", &err));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(export_locale(bad[i], &err));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(asins_and_isbns_are_accepted),
        cmocka_unit_test(other_texts_are_no_asins),
        cmocka_unit_test(skus_and_names_become_safe),
        cmocka_unit_test(patterns_give_names),
        cmocka_unit_test(only_safe_names_pass),
        cmocka_unit_test(locales_have_language_and_country),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
