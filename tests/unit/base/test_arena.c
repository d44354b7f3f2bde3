/* test_arena.c - allocations of an arena are zeroed, aligned and do not overlap. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdalign.h>
#include <string.h>

#include "base/arena.h"

static void allocations_are_zeroed_aligned_and_separate(void **state)
{
    static unsigned char *pieces[3000];
    struct arena *arena = arena_new();

    (void)state;
    for (size_t i = 0; i < 3000; i++) {
        size_t size = i * 7 % 1500 + (i % 500 == 0 ? 20000 : 0);

        pieces[i] = arena_alloc(arena, size);
        assert_int_equal((uintptr_t)pieces[i] % alignof(max_align_t), 0);
        for (size_t at = 0; at < size; at++) {
            if (pieces[i][at] != 0) {
                fail_msg("piece %zu is not zeroed at %zu", i, at);
            }
        }
        memset(pieces[i], (int)(i % 251), size);
    }
    for (size_t i = 0; i < 3000; i++) {
        size_t size = i * 7 % 1500 + (i % 500 == 0 ? 20000 : 0);

        for (size_t at = 0; at < size; at++) {
            if (pieces[i][at] != i % 251) {
                fail_msg("piece %zu was overwritten at %zu", i, at);
            }
        }
    }
    arena_free(arena);
}

static void copied_text_ends_with_a_zero_byte(void **state)
{
    struct arena *arena = arena_new();
    char long_text[9000];
    char *made;

    (void)state;
    assert_null(arena_text(arena, NULL));
    assert_string_equal(arena_text(arena, ""), "");
    assert_string_equal(arena_text(arena, "abc"), "abc");
    assert_memory_equal(arena_bytes(arena, "a\0b", 3), "a\0b", 4);
    assert_string_equal(arena_bytes(arena, NULL, 0), "");
    memset(long_text, 'y', sizeof long_text);
    long_text[sizeof long_text - 1] = '\0';
    made = arena_printf(arena, "%d-%s", 42, long_text);
    assert_int_equal(strlen(made), sizeof long_text + 2);
    assert_memory_equal(made, "42-yyy", 6);
    arena_free(arena);
    arena_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(allocations_are_zeroed_aligned_and_separate),
        cmocka_unit_test(copied_text_ends_with_a_zero_byte),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
