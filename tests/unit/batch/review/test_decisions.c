/* test_decisions.c - a file of decisions is accepted only if all of it is valid. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "batch/review/decisions.h"

#define TOP "{\"darkroom\":\"decisions\",\"version\":1,\"batch\":\"b7-3f2a\",\"decisions\":"

static struct decisions read_good(const char *text)
{
    struct decisions out;
    struct error err;

    if (!decisions_read(text, strlen(text), &out, &err)) {
        fail_msg("%s", err.text);
    }
    return out;
}

static void decisions_are_sorted(void **unused)
{
    struct decisions got = read_good(TOP "[{\"item\":12,\"variant\":2,\"decision\":\"accept\"},"
                                         "{\"item\":3,\"variant\":1,\"decision\":\"reject\"},"
                                         "{\"item\":12,\"variant\":1,\"decision\":\"reject\"}]}");

    (void)unused;
    assert_string_equal(got.batch, "b7-3f2a");
    assert_int_equal(got.count, 3);
    assert_true(got.list[0].item == 3 && !got.list[0].accept);
    assert_true(got.list[1].item == 12 && got.list[1].variant == 1 && !got.list[1].accept);
    assert_true(got.list[2].item == 12 && got.list[2].variant == 2 && got.list[2].accept);
    decisions_free(&got);
    got = read_good(TOP "[], \"more\": {\"is\": \"ignored\"}}");
    assert_int_equal(got.count, 0);
    decisions_free(&got);
}

static void expect_error(const char *text, const char *expected)
{
    struct decisions out;
    struct error err = { 0 };

    if (decisions_read(text, strlen(text), &out, &err)) {
        fail_msg("accepted: %s", text);
    }
    assert_int_equal(err.kind, ERROR_INPUT);
    assert_null(out.list);
    if (!strstr(err.text, expected)) {
        fail_msg("'%s' does not contain '%s'", err.text, expected);
    }
}

static void invalid_files_are_rejected(void **unused)
{
    (void)unused;
    expect_error("", "JSON");
    expect_error("[]", "not a file of decisions");
    expect_error("{\"darkroom\":\"decisions\"}", "version");
    expect_error(
        "{\"darkroom\":\"decisions\",\"version\":2,\"batch\":\"b1-0000\",\"decisions\":[]}",
        "version");
    expect_error("{\"darkroom\":\"decisions\",\"version\":1,\"decisions\":[]}", "not name a batch");
    expect_error(
        "{\"darkroom\":\"decisions\",\"version\":1,\"batch\":\"b1'; drop\",\"decisions\":[]}",
        "not name a batch");
    expect_error(TOP "{}}", "decisions");
    expect_error(TOP "[3]}", "Decision 1 of the file");
    expect_error(TOP "[{\"item\":1,\"variant\":1,\"decision\":\"keep\"}]}", "'keep'");
    expect_error(TOP "[{\"item\":1,\"variant\":1,\"decision\":true}]}", "decision");
    expect_error(TOP "[{\"item\":0,\"variant\":1,\"decision\":\"accept\"}]}", "item");
    expect_error(TOP "[{\"item\":1.5,\"variant\":1,\"decision\":\"accept\"}]}", "item");
    expect_error(TOP "[{\"item\":\"1\",\"variant\":1,\"decision\":\"accept\"}]}", "item");
    expect_error(TOP "[{\"item\":1,\"variant\":-1,\"decision\":\"accept\"}]}", "variant");
    expect_error(TOP "[{\"item\":99999999999,\"variant\":1,\"decision\":\"accept\"}]}", "item");
    expect_error(TOP "[{\"item\":2,\"variant\":1,\"decision\":\"accept\"},"
                     "{\"item\":2,\"variant\":1,\"decision\":\"reject\"}]}",
                 "two decisions");
    expect_error(TOP "[{\"item\":2,\"variant\":3,\"decision\":\"accept\"},"
                     "{\"item\":2,\"variant\":2,\"decision\":\"reject\"},"
                     "{\"item\":2,\"variant\":1,\"decision\":\"accept\"}]}",
                 "two variants of item 2: 1 and 3");
}

static void number_of_decisions_is_limited(void **unused)
{
    struct decisions out;
    struct error err;
    struct text text;

    (void)unused;
    text_begin(&text, 64 << 20);
    text_add(&text, TOP "[");
    for (int i = 0; i <= DECISIONS_MAX; i++) {
        text_printf(&text, "%s{\"item\":%d,\"variant\":1,\"decision\":\"accept\"}", i ? "," : "",
                    i + 1);
    }
    text_add(&text, "]}");
    assert_false(decisions_read(text.data, text.size, &out, &err));
    assert_non_null(strstr(err.text, "maximum is 200000"));
    text_end(&text);
}

static void items_and_variants_are_parsed(void **unused)
{
    static const char *const bad[] = {
        "",   "0",  "x",  "1/",          "/1",         "1/0",         "1/2/3",
        "1 ", "-1", "+1", "99999999999", "2147483648", "1/2147483648"
    };
    int item, variant;

    (void)unused;
    assert_true(decision_target_parse("12", &item, &variant));
    assert_true(item == 12 && variant == 0);
    assert_true(decision_target_parse("2147483647/16", &item, &variant));
    assert_true(item == 2147483647 && variant == 16);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(decision_target_parse(bad[i], &item, &variant));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decisions_are_sorted),
        cmocka_unit_test(invalid_files_are_rejected),
        cmocka_unit_test(number_of_decisions_is_limited),
        cmocka_unit_test(items_and_variants_are_parsed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
