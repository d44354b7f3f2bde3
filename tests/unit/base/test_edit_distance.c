/* test_nearest.c - near words are found, far ones are not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/edit_distance.h"

static void distances_count_letters(void **state)
{
    (void)state;
    assert_int_equal(nearest_distance("work", "work"), 0);
    assert_int_equal(nearest_distance("wrok", "work"), 1);
    assert_int_equal(nearest_distance("", "work"), 4);
}

static void near_words_are_found(void **state)
{
    struct nearest nearest = { .to = "migarte" };

    (void)state;
    nearest_try(&nearest, "models");
    assert_null(nearest.word);
    nearest_try(&nearest, "migrate");
    assert_string_equal(nearest.word, "migrate");
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(distances_count_letters),
                                        cmocka_unit_test(near_words_are_found) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
