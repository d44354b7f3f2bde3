/* test_export_text.c - text in blocks: whole sentences, in order, none lost without saying so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/text.h"
#include "export/export_text.h"

static struct arena *arena;

static int set_up(void **state)
{
    (void)state;
    arena = arena_new();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static void blocks_are_filled_with_whole_sentences(void **state)
{
    struct text_blocks blocks;

    (void)state;
    text_blocks_fill("One is here. Two is there! Is three too?", 3, 26, arena, &blocks);
    assert_string_equal(blocks.text[0], "One is here. Two is there!");
    assert_string_equal(blocks.text[1], "Is three too?");
    assert_string_equal(blocks.text[2], "");
    assert_false(blocks.shortened);
}

static void missing_sentences_are_reported(void **state)
{
    struct text_blocks blocks;

    (void)state;
    text_blocks_fill("One is here. Two is there.", 1, 20, arena, &blocks);
    assert_string_equal(blocks.text[0], "One is here.");
    assert_true(blocks.shortened);
    text_blocks_fill("A sentence that is too long for its block.", 2, 20, arena, &blocks);
    assert_string_equal(blocks.text[0], "A sentence that is");
    assert_true(blocks.shortened);
}

static void numbers_and_abbreviations_end_no_sentence(void **state)
{
    struct text_blocks blocks;

    (void)state;
    text_blocks_spread("It holds approx. 0.5 l. It weighs 2.4 kg, i.e. little.", 4, 100, arena,
                       &blocks);
    assert_string_equal(blocks.text[0], "It holds approx. 0.5 l.");
    assert_string_equal(blocks.text[1], "It weighs 2.4 kg, i.e. little.");
    assert_string_equal(blocks.text[2], "");
}

static void sentences_are_spread_in_order(void **state)
{
    struct text_blocks blocks;
    size_t size = 0;

    (void)state;
    text_blocks_spread("A one. B two. C three. D four. E five. F six.", 4, 100, arena, &blocks);
    assert_string_equal(blocks.text[0], "A one. B two.");
    assert_string_equal(blocks.text[3], "F six.");
    for (int i = 0; i < 4; i++) {
        assert_true(blocks.text[i][0] != '\0');
        size += strlen(blocks.text[i]) + 1;
    }
    assert_int_equal(size, strlen("A one. B two. C three. D four. E five. F six.") + 1);
    assert_false(blocks.shortened);
}

static void lengths_count_characters(void **state)
{
    struct text_blocks blocks;

    (void)state;
    /* two sentences of Japanese without a blank between them */
    text_blocks_spread("\xe6\xb0\xb4\xe3\x80\x82\xe8\x8c\xb6\xe3\x80\x82", 4, 2, arena, &blocks);
    assert_string_equal(blocks.text[0], "\xe6\xb0\xb4\xe3\x80\x82");
    assert_string_equal(blocks.text[1], "\xe8\x8c\xb6\xe3\x80\x82");
    assert_false(blocks.shortened);
    assert_string_equal(text_cut("\xc3\xa4\xc3\xb6\xc3\xbc", 2, arena), "\xc3\xa4\xc3\xb6");
}

static void cut_text_ends_with_a_word(void **state)
{
    (void)state;
    assert_string_equal(text_cut("short", 10, arena), "short");
    assert_string_equal(text_cut("a steel bottle, with a lid", 16, arena), "a steel bottle");
    assert_string_equal(text_cut("abcdefghijklmnop", 5, arena), "abcde");
    assert_string_equal(text_cut("", 5, arena), "");
}

static void many_sentences_stay_whole(void **state)
{
    struct text_blocks blocks;
    struct text text;

    (void)state;
    text_begin(&text, 100000);
    for (int i = 0; i < 500; i++) {
        text_printf(&text, "%sSentence %d.", i ? " " : "", i);
    }
    text_blocks_fill(text.data, 1, 100000, arena, &blocks);
    assert_string_equal(blocks.text[0], text.data);
    assert_false(blocks.shortened);
    text_end(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_are_filled_with_whole_sentences),
        cmocka_unit_test(missing_sentences_are_reported),
        cmocka_unit_test(numbers_and_abbreviations_end_no_sentence),
        cmocka_unit_test(sentences_are_spread_in_order),
        cmocka_unit_test(lengths_count_characters),
        cmocka_unit_test(cut_text_ends_with_a_word),
        cmocka_unit_test(many_sentences_stay_whole),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
