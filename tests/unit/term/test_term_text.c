/* test_term_text.c - text from the database cannot act on the operator's terminal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "term/table.h"
#include "term/term.h"

static const char hostile[] = "Jug\x1b[2J\x1b]0;owned\x07\r\n\xc2\x9b"
                              "31m\xe2\x80\xae"
                              "cod.\xe2\x80\x8b\xff";

static void acting_characters_are_escaped(void **state)
{
    (void)state;
    assert_string_equal(term_text(hostile, false),
                        "Jug\\x1b[2J\\x1b]0;owned\\x07\\x0d\\x0a\\x9b31m\\u202ecod.\\u200b\\xff");
    assert_string_equal(term_text("one\ntwo\t\xc3\xa9", true), "one\ntwo\t\xc3\xa9");
    assert_string_equal(term_text(NULL, false), "");
}

/* Prints, and returns what was printed. */
static char *printed(void (*print)(FILE *to, const cJSON *row), const cJSON *row)
{
    char *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);

    print(to, row);
    fclose(to);
    return text;
}

static void as_table(FILE *to, const cJSON *row)
{
    static const struct column columns[] = { { "name", "NAME", 0 }, { "id", "ID", 0 } };
    cJSON *rows = cJSON_CreateArray();

    cJSON_AddItemReferenceToArray(rows, (cJSON *)(uintptr_t)row);
    table_print(to, rows, columns, 2);
    cJSON_Delete(rows);
}

static void as_fact(FILE *to, const cJSON *row)
{
    table_fact(to, "name", 10, cJSON_GetObjectItemCaseSensitive(row, "name"));
    table_fact(to, "row", 10, row);
}

static void as_json(FILE *to, const cJSON *row)
{
    table_json(to, row, "kind");
}

static void tables_facts_and_json_are_harmless(void **state)
{
    static void (*const ways[])(FILE *, const cJSON *) = { as_table, as_fact, as_json };
    cJSON *row = cJSON_CreateObject(), *parsed;

    (void)state;
    term_setup("never");
    cJSON_AddStringToObject(row, "name", hostile);
    cJSON_AddStringToObject(row, "id", "1");
    for (size_t i = 0; i < 3; i++) {
        char *text = printed(ways[i], row);

        assert_null(strpbrk(text, "\x1b\x07\r"));
        assert_null(strstr(text, "\xc2\x9b"));
        assert_null(strstr(text, "\xe2\x80\xae"));
        assert_non_null(strstr(text, "Jug"));
        if (ways[i] == as_json) { /* still JSON, with the same text */
            parsed = cJSON_Parse(text);
            assert_non_null(strstr(cJSON_GetObjectItem(parsed, "name")->valuestring,
                                   "\xe2\x80\xae"
                                   "cod.\xe2\x80\x8b"));
            cJSON_Delete(parsed);
        }
        free(text);
    }
    cJSON_Delete(row);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(acting_characters_are_escaped),
        cmocka_unit_test(tables_facts_and_json_are_harmless),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
