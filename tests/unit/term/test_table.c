/* test_table.c - tables fit a width, whatever their cells contain. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "term/table.h"
#include "term/term_link.h"

static const struct table_column columns[] = {
    { "id", "JOB", .max_width = 36 },
    { "state", "STATE", .max_width = 12 },
    { "product", "PRODUCT", .max_width = 30, .min_width = 10 },
    { "project", "PROJECT", .max_width = 20, .min_width = 8, .optional = true },
    { "count", "COUNT", .right = true },
    { "message", "MESSAGE", .max_width = 200 },
};
enum { COLUMNS = sizeof columns / sizeof *columns, PARAGRAPH_LINES = 10 };

/* Wide characters, combining marks, control characters and a very long message. */
static const char *const rows_text =
    "[{\"id\":\"0b5e7a52\",\"state\":\"failed\",\"product\":\"\\u68ee\\u68ee\\u68ee\\u68ee\\u68ee"
    "\\u68ee\\u68ee\\u68ee\\u68ee\\u68ee\\u68ee\\u68ee\\u68ee\\u68ee\\u68ee\\u68ee\\u68ee\","
    "\"project\":\"cm0000000000000000000000\",\"count\":7,\"message\":\"The photo shows no "
    "product. "
    "Upload one that shows it completely, on a plain ground and without text.\"},"
    "{\"id\":\"1c5e7a52\",\"state\":\"pending\",\"product\":\"e\\u0301e\\u0301\\u001b[2J\\u202e\","
    "\"project\":null,\"count\":1234,\"message\":\"line\\nfeed\"}]";

static cJSON *rows;

static int set_up(void **state)
{
    (void)state;
    term_setup("never");
    rows = cJSON_Parse(rows_text);
    return rows ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    cJSON_Delete(rows);
    unsetenv("COLUMNS");
    return 0;
}

/* Returns the table as text; `width` is what COLUMNS says, 0 for none. The caller frees it. */
static char *print(int width)
{
    char *text = NULL, number[12];
    size_t size;
    FILE *to = open_memstream(&text, &size);

    snprintf(number, sizeof number, "%d", width);
    if (width > 0) {
        setenv("COLUMNS", number, 1);
    } else {
        unsetenv("COLUMNS");
    }
    table_print_columns(to, rows, columns, COLUMNS);
    fclose(to);
    return text;
}

static void assert_fits(const char *text, int width)
{
    char line[2000];
    int lines = 0;

    for (const char *at = text; *at; at += strcspn(at, "\n") + 1, lines++) {
        snprintf(line, sizeof line, "%.*s", (int)strcspn(at, "\n"), at);
        if (term_columns(line) > width) {
            fail_msg("%d columns of %d: %s", term_columns(line), width, line);
        }
    }
    assert_int_equal(lines, strncmp(text, "JOB", 3) == 0 ? 3 : PARAGRAPH_LINES);
}

static void rows_fit_every_width(void **state)
{
    (void)state;
    for (int width = 20; width <= 240; width++) {
        char *text = print(width);

        assert_fits(text, width);
        assert_null(strchr(text, '\033'));
        assert_null(strstr(text, "\xe2\x80\xae"));
        free(text);
    }
}

static void wide_terminal_shows_everything(void **state)
{
    char *text = print(240);

    (void)state;
    assert_non_null(strstr(text, "PROJECT"));
    assert_non_null(strstr(text, "plain ground and without text."));
    free(text);
}

static void optional_columns_go_before_others_are_unreadable(void **state)
{
    char *text = print(60);

    (void)state;
    assert_null(strstr(text, "PROJECT"));
    assert_non_null(strstr(text, "0b5e7a52"));
    assert_non_null(strstr(text, "failed"));
    assert_non_null(strstr(text, "The photo shows no"));
    free(text);
}

static void rows_become_paragraphs_before_values_are_unreadable(void **state)
{
    char *text = print(40);

    (void)state;
    assert_true(strncmp(text, "0b5e7a52\n  STATE ", 17) == 0);
    assert_non_null(strstr(text, " failed\n"));
    assert_non_null(strstr(text, "The photo shows no"));
    assert_non_null(strstr(text, "\n1c5e7a52\n"));
    assert_null(strstr(text, "JOB"));
    free(text);
}

static void stream_without_a_width_gets_all_columns(void **state)
{
    char *text = print(0);

    (void)state;
    assert_non_null(strstr(text, "cm00000000000000000\xe2\x80\xa6"));
    assert_non_null(strstr(text, "plain ground and without text."));
    free(text);
}

static void numbers_are_aligned_to_the_right(void **state)
{
    char *text = print(0);

    (void)state;
    assert_non_null(strstr(text, "COUNT  MESSAGE"));
    assert_non_null(strstr(text, "     7  The photo"));
    assert_non_null(strstr(text, "  1234  line?feed"));
    free(text);
}

/* Whatever a URL of the database contains, it cannot end the sequence of a link. */
static void a_line_of_a_value_is_no_other_fact(void **state)
{
    char *text = NULL;
    size_t size;
    FILE *to = open_memstream(&text, &size);
    cJSON *value = cJSON_CreateString("Cup\nstatus  paid");

    (void)state;
    table_fact(to, "product", 10, value);
    fclose(to);
    assert_string_equal(text, "product    Cup\n           status  paid\n");
    cJSON_Delete(value);
    free(text);
}

static void links_are_for_terminals_only(void **state)
{
    (void)state;
    setenv("FORCE_HYPERLINK", "1", 1);
    assert_false(term_has_links(stdout)); /* of a test: not a terminal */
    assert_string_equal(term_link_begin(stdout, "https://example.com/a.png"), "");
    assert_string_equal(term_link_end(stdout, "https://example.com/a.png"), "");
    unsetenv("FORCE_HYPERLINK");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(rows_fit_every_width),
        TEST(wide_terminal_shows_everything),
        TEST(optional_columns_go_before_others_are_unreadable),
        TEST(a_line_of_a_value_is_no_other_fact),
        TEST(rows_become_paragraphs_before_values_are_unreadable),
        TEST(stream_without_a_width_gets_all_columns),
        TEST(numbers_are_aligned_to_the_right),
        TEST(links_are_for_terminals_only),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
