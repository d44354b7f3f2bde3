/* test_kind.c - names of image types. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/kind.h"

static void names_match_kinds(void **state)
{
    (void)state;
    for (int i = 0; i < IMAGE_KINDS; i++) {
        assert_int_equal(kind_find(kind_name((enum image_kind)i)), i);
        assert_string_not_equal(kind_title((enum image_kind)i), "image");
    }
    assert_int_equal(PACK_KINDS, 6);
    assert_string_equal(kind_name(MAIN_IMAGE), "MAIN_IMAGE");
    assert_string_equal(kind_name(A_PLUS_MODULE), "A_PLUS_MODULE");
}

static void unknown_names_are_rejected(void **state)
{
    static const char *const bad[] = { "", "main_image", "MAIN_IMAGE ", "MAIN", "IMAGE_KINDS" };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(kind_find(bad[i]), IMAGE_KINDS);
    }
    assert_string_equal(kind_name(IMAGE_KINDS), "UNKNOWN");
    assert_string_equal(kind_name((enum image_kind) - 1), "UNKNOWN");
    assert_string_equal(kind_title(IMAGE_KINDS), "image");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_match_kinds),
        cmocka_unit_test(unknown_names_are_rejected),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
