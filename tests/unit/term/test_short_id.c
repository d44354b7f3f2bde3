/* test_short_id.c - the beginnings of ids tell the ids of a list apart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "term/short_id.h"

static int length_of(const char *json)
{
    cJSON *rows = cJSON_Parse(json);
    int length;

    assert_non_null(rows);
    length = short_id_length(rows, "id");
    cJSON_Delete(rows);
    return length;
}

static const char *shorten(const char *id, int length)
{
    static char out[100];

    short_id(id, length, out, sizeof out);
    return out;
}

static void eight_characters_are_enough_for_random_ids(void **state)
{
    (void)state;
    assert_int_equal(length_of("[]"), 8);
    assert_int_equal(length_of("[{\"id\":\"0b5e7a52-8c0e\"},{\"id\":\"1b5e7a52-8c0e\"}]"), 8);
    assert_string_equal(shorten("0b5e7a52-8c0e-4d53", 8), "0b5e7a52");
}

static void ids_that_begin_alike_get_more(void **state)
{
    (void)state;
    assert_int_equal(length_of("[{\"id\":\"cmabcdefgh1x\"},{\"id\":\"cmabcdefgh2x\"}]"), 11);
    assert_int_equal(length_of("[{\"id\":\"00000000-0000-1\"},{\"id\":\"x\"},"
                               "{\"id\":\"00000000-0000-2\"}]"),
                     15);
}

static void equal_and_missing_ids_do_not_count(void **state)
{
    (void)state;
    assert_int_equal(length_of("[{\"id\":\"0b5e7a52-8c0e-4\"},{\"id\":\"0b5e7a52-8c0e-4\"},"
                               "{\"id\":null},{},{\"id\":7}]"),
                     8);
}

static void nearly_whole_ids_stay_whole(void **state)
{
    (void)state;
    assert_string_equal(shorten("b7-3f2a", 8), "b7-3f2a");
    assert_string_equal(shorten("b71-3f2a99", 8), "b71-3f2a99");
    assert_string_equal(shorten("b71-3f2a999", 8), "b71-3f2a");
}

static void characters_are_not_split(void **state)
{
    (void)state;
    assert_string_equal(shorten("abcdefg\xc3\xbcxxxx", 8), "abcdefg");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(eight_characters_are_enough_for_random_ids),
        cmocka_unit_test(ids_that_begin_alike_get_more),
        cmocka_unit_test(equal_and_missing_ids_do_not_count),
        cmocka_unit_test(nearly_whole_ids_stay_whole),
        cmocka_unit_test(characters_are_not_split),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
