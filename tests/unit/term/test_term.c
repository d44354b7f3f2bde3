/* test_term.c - text cut to a width, and progress without a terminal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "term/term.h"
#include "term/term_progress.h"
#include "term/term_wrap.h"

static void columns_are_counted_not_bytes(void **state)
{
    (void)state;
    assert_int_equal(term_columns("abc"), 3);
    assert_int_equal(term_columns("\xc3\xbc"), 1);     /* u with dots */
    assert_int_equal(term_columns("\xe6\xa3\xae"), 2); /* a wide character */
    assert_int_equal(term_columns("e\xcc\x81"), 1);    /* e with a combining accent */
    assert_int_equal(term_columns("a\xff"), 2);        /* invalid */
}

static void text_is_cut_at_columns(void **state)
{
    char out[64];

    (void)state;
    term_fit("abcdef", 4, false, out, sizeof out);
    assert_string_equal(out, "abc\xe2\x80\xa6");
    term_fit("ab", 4, true, out, sizeof out);
    assert_string_equal(out, "ab  ");
    term_fit("abcd", 4, true, out, sizeof out);
    assert_string_equal(out, "abcd");
    term_fit("\xe6\xa3\xae\xe6\xa3\xae\xe6\xa3\xae", 4, true, out, sizeof out);
    assert_string_equal(out, "\xe6\xa3\xae\xe2\x80\xa6 "); /* a wide character is never split */
    term_fit("abc", 0, true, out, sizeof out);
    assert_string_equal(out, "");
}

static void control_characters_are_replaced(void **state)
{
    char out[64];

    (void)state;
    term_fit("a\033[2Jb\n\x9b", 20, false, out, sizeof out);
    assert_string_equal(out, "a?[2Jb??");
}

static void long_text_stays_in_its_buffer(void **state)
{
    char out[10], text[400];

    (void)state;
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    term_fit(text, 300, true, out, sizeof out);
    assert_true(strlen(out) < sizeof out);
}

static void file_gets_one_line_per_change(void **state)
{
    struct term_progress_row rows[] = { { .name = "main image", .state = "waits" },
                                        { .name = "lifestyle", .state = "waits" } };
    char *text = NULL;
    size_t size = 0;
    FILE *stream = tmpfile();
    struct term_progress *term = term_progress_begin(stream, stream);

    (void)state;
    term_progress_update(term, rows, 2);
    term_progress_update(term, rows, 2); /* no change */
    rows[1].state = "asks the model";
    term_progress_update(term, rows, 2);
    log_printf(LOG_WARNING, "slow"); /* printed to the same stream */
    term_progress_note(term, "a note");
    rows[0] = (struct term_progress_row){ "main image", "there", STYLE_GOOD, 1000000, 2500000 };
    term_progress_end(term, rows, 2);
    fflush(stream);
    rewind(stream);
    text = calloc(1, 4096);
    size = fread(text, 1, 4095, stream);
    assert_true(size > 0);
    assert_null(strchr(text, '\033'));
    assert_non_null(strstr(text, "main image: waits\nlifestyle: waits\n"
                                 "lifestyle: asks the model\n"));
    assert_non_null(strstr(text, "slow"));
    assert_non_null(strstr(text, "a note\nmain image: there (1.5 s)\n"));
    assert_null(strstr(strstr(text, "waits\n") + 30, "waits"));
    free(text);
    fclose(stream);
}

static void colours_can_be_forced_and_disabled(void **state)
{
    FILE *stream = tmpfile();

    (void)state;
    assert_string_equal(term_style_code(stream, STYLE_BAD), ""); /* a file has none */
    term_setup("always");
    assert_string_equal(term_style_code(stream, STYLE_BAD), "\033[31m");
    term_setup("never");
    assert_string_equal(term_style_code(stream, STYLE_BAD), "");
    fclose(stream);
}

static int setup(void **state)
{
    (void)state;
    term_setup(NULL);
    return 0;
}

static void text_from_a_column_is_unbroken_in_a_file(void **state)
{
    char *written = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&written, &size);
    const char *text =
        "a line with more words than fit a terminal of eighty columns, which a file gets "
        "in one piece\x1b";

    (void)state;
    assert_non_null(stream);
    term_print_from_column(stream, 16, text);
    fclose(stream);
    assert_string_equal(written,
                        "a line with more words than fit a terminal of eighty columns, which a "
                        "file gets in one piece\\x1b");
    free(written);
}

static void wrapped_text_continues_at_its_column(void **state)
{
    struct text out;

    (void)state;
    text_begin(&out, 200);
    text_add_wrapped(&out, "one two three four", 4, 4, 12);
    assert_string_equal(out.data, "one two\n    three\n    four");
    text_end(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_from_a_column_is_unbroken_in_a_file),
        cmocka_unit_test(wrapped_text_continues_at_its_column),
        cmocka_unit_test(columns_are_counted_not_bytes),
        cmocka_unit_test(text_is_cut_at_columns),
        cmocka_unit_test(control_characters_are_replaced),
        cmocka_unit_test(long_text_stays_in_its_buffer),
        cmocka_unit_test(file_gets_one_line_per_change),
        cmocka_unit_test(colours_can_be_forced_and_disabled),
    };

    return cmocka_run_group_tests(tests, setup, NULL);
}
