/* test_edit_distance.c - similar words are found, others are not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/edit_distance.h"

static void distance_is_the_number_of_edits(void **state)
{
    (void)state;
    assert_int_equal(edit_distance("work", "work"), 0);
    assert_int_equal(edit_distance("wrok", "work"), 1);
    assert_int_equal(edit_distance("", "work"), 4);
}

static void similar_words_are_found(void **state)
{
    struct closest_match closest_match = { .to = "migarte" };

    (void)state;
    closest_match_try(&closest_match, "models");
    assert_null(closest_match.word);
    closest_match_try(&closest_match, "migrate");
    assert_string_equal(closest_match.word, "migrate");
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(distance_is_the_number_of_edits),
                                        cmocka_unit_test(similar_words_are_found) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
