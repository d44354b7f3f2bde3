/* A file of decisions is believed only when all of it makes sense. */
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

static void in_order(void **unused)
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

static void refused(const char *text, const char *says)
{
    struct decisions out;
    struct error err = { 0 };

    if (decisions_read(text, strlen(text), &out, &err)) {
        fail_msg("taken: %s", text);
    }
    assert_int_equal(err.kind, ERROR_INPUT);
    assert_null(out.list);
    if (!strstr(err.text, says)) {
        fail_msg("'%s' does not say '%s'", err.text, says);
    }
}

static void nonsense_is_refused(void **unused)
{
    (void)unused;
    refused("", "JSON");
    refused("[]", "not one of decisions");
    refused("{\"darkroom\":\"decisions\"}", "version");
    refused("{\"darkroom\":\"decisions\",\"version\":2,\"batch\":\"b1-0000\",\"decisions\":[]}",
            "version");
    refused("{\"darkroom\":\"decisions\",\"version\":1,\"decisions\":[]}", "no batch");
    refused("{\"darkroom\":\"decisions\",\"version\":1,\"batch\":\"b1'; drop\",\"decisions\":[]}",
            "no batch");
    refused(TOP "{}}", "decisions");
    refused(TOP "[3]}", "decision 1 of the file");
    refused(TOP "[{\"item\":1,\"variant\":1,\"decision\":\"keep\"}]}", "'keep'");
    refused(TOP "[{\"item\":1,\"variant\":1,\"decision\":true}]}", "decision");
    refused(TOP "[{\"item\":0,\"variant\":1,\"decision\":\"accept\"}]}", "item");
    refused(TOP "[{\"item\":1.5,\"variant\":1,\"decision\":\"accept\"}]}", "item");
    refused(TOP "[{\"item\":\"1\",\"variant\":1,\"decision\":\"accept\"}]}", "item");
    refused(TOP "[{\"item\":1,\"variant\":-1,\"decision\":\"accept\"}]}", "variant");
    refused(TOP "[{\"item\":99999999999,\"variant\":1,\"decision\":\"accept\"}]}", "item");
    refused(TOP "[{\"item\":2,\"variant\":1,\"decision\":\"accept\"},"
                "{\"item\":2,\"variant\":1,\"decision\":\"reject\"}]}",
            "twice");
    refused(TOP "[{\"item\":2,\"variant\":3,\"decision\":\"accept\"},"
                "{\"item\":2,\"variant\":2,\"decision\":\"reject\"},"
                "{\"item\":2,\"variant\":1,\"decision\":\"accept\"}]}",
            "two variants of item 2, 1 and 3");
}

static void a_bound_on_how_many(void **unused)
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
    assert_non_null(strstr(err.text, "at most 200000"));
    text_end(&text);
}

static void words_of_the_command_line(void **unused)
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
        cmocka_unit_test(in_order),
        cmocka_unit_test(nonsense_is_refused),
        cmocka_unit_test(a_bound_on_how_many),
        cmocka_unit_test(words_of_the_command_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
