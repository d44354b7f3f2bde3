/* test_csv.c - CSV as RFC 4180 and spreadsheets of several countries write it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "io/csv.h"

static struct csv read_csv(const char *text)
{
    struct csv csv;
    struct error err = { 0 };

    assert_true(csv_read(text, &csv, &err));
    return csv;
}

static void expect_record(const struct csv *csv, int number, int line, const char *const *fields,
                          int count)
{
    const struct csv_record *record = &csv->records[number];

    assert_true(number < csv->count);
    assert_int_equal(record->line, line);
    assert_int_equal(record->field_count, count);
    assert_null(record->fault);
    for (int i = 0; i < count; i++) {
        assert_string_equal(record->fields[i], fields[i]);
    }
}

#define RECORD(csv, number, line, ...)                                                             \
    expect_record(csv, number, line, (const char *const[]){ __VA_ARGS__ },                         \
                  sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *))

static void fields_may_hold_separators_quotes_and_lines(void **state)
{
    struct csv csv = read_csv("sku,text\r\n1,\"a,b \"\"c\"\"\r\nsecond line\"\r\n2,\r\n");

    (void)state;
    assert_int_equal(csv.count, 3);
    RECORD(&csv, 0, 1, "sku", "text");
    RECORD(&csv, 1, 2, "1", "a,b \"c\"\r\nsecond line");
    RECORD(&csv, 2, 4, "2", "");
    csv_free(&csv);
}

static void every_end_of_line_is_read(void **state)
{
    static const char *const texts[] = { "a,b\nc,d\ne,f", "a,b\r\nc,d\r\ne,f\r\n",
                                         "a,b\rc,d\re,f\r", "a,b\n\n,\nc,d\n\r\ne,f\n" };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct csv csv = read_csv(texts[i]);

        assert_int_equal(csv.count, 3);
        assert_string_equal(csv.records[1].fields[1], "d");
        assert_string_equal(csv.records[2].fields[0], "e");
        assert_int_equal(csv.records[1].line, i == 3 ? 4 : 2);
        csv_free(&csv);
    }
}

static void separator_is_recognized(void **state)
{
    struct csv csv = read_csv("sku;photos;\"na,me\"\n1;a.jpg,b.jpg;x\n");

    (void)state;
    assert_int_equal(csv.separator, ';');
    RECORD(&csv, 1, 2, "1", "a.jpg,b.jpg", "x");
    csv_free(&csv);
    csv = read_csv("sep=|\r\na|b\n");
    RECORD(&csv, 0, 2, "a", "b");
    csv_free(&csv);
    csv = read_csv("sep=\r\na,b\r\n"); /* names none: a first record like any other */
    assert_int_equal(csv.separator, ',');
    RECORD(&csv, 0, 1, "sep=");
    RECORD(&csv, 1, 2, "a", "b");
    csv_free(&csv);
    csv = read_csv("a\tb,c\td\n");
    RECORD(&csv, 0, 1, "a", "b,c", "d");
    csv_free(&csv);
    csv = read_csv("only\n1\n");
    RECORD(&csv, 1, 2, "1");
    csv_free(&csv);
}

static void quotation_mark_within_a_field_is_text(void **state)
{
    struct csv csv = read_csv("size,name\n5\" wide,Tray 12\"\n");

    (void)state;
    RECORD(&csv, 1, 2, "5\" wide", "Tray 12\"");
    csv_free(&csv);
}

static void malformed_records_are_named_and_the_others_read(void **state)
{
    struct csv csv = read_csv("a,b\n\"x\"y,1\n2,3\n\"open,4\n5,6\n");

    (void)state;
    assert_int_equal(csv.count, 4);
    assert_string_equal(csv.records[1].fault, "text follows a closing quotation mark");
    RECORD(&csv, 2, 3, "2", "3");
    assert_int_equal(csv.records[3].line, 4);
    assert_string_equal(csv.records[3].fault, "a quotation mark is not closed");
    csv_free(&csv);
}

static void size_is_bounded(void **state)
{
    char *many = xcalloc(2, 3 * CSV_RECORDS), *to = many;
    struct error err = { 0 };
    struct csv csv;

    (void)state;
    for (int i = 0; i <= CSV_RECORDS; i++) {
        to += sprintf(to, "%d\n", i % 10);
    }
    assert_false(csv_read(many, &csv, &err));
    assert_int_equal(err.kind, ERROR_INPUT);
    csv_free(&csv);
    memset(many, ',', 100);
    many[100] = 'x';
    many[101] = '\0';
    csv = read_csv(many);
    assert_int_equal(csv.records[0].field_count, CSV_FIELDS);
    assert_string_equal(csv.records[0].fault, "it has more than 64 fields");
    csv_free(&csv);
    free(many);
    csv = read_csv("");
    assert_int_equal(csv.count, 0);
    csv_free(&csv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_may_hold_separators_quotes_and_lines),
        cmocka_unit_test(every_end_of_line_is_read),
        cmocka_unit_test(separator_is_recognized),
        cmocka_unit_test(quotation_mark_within_a_field_is_text),
        cmocka_unit_test(malformed_records_are_named_and_the_others_read),
        cmocka_unit_test(size_is_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
