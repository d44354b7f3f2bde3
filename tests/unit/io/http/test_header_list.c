/* test_header_list.c - headers of a secret text are sent as they were meant, and never shown. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "io/http/header_list.h"

static bool read(const char *text, struct header_list *out, struct error *err)
{
    struct secret *secret = secret_new(text);
    bool good = header_list_read(secret, out, err);

    secret_free(secret);
    return good;
}

static void headers_are_separated_trimmed_and_decoded(void **state)
{
    struct header_list list;
    struct op op = { .kind = OP_HTTP };
    struct error err;

    (void)state;
    assert_true(read("api-key=abc%20def, x-team = red=blue ,", &list, &err));
    assert_int_equal(list.count, 2);
    header_list_add(&list, &op);
    assert_int_equal(op.http.header_count, 2);
    assert_string_equal(op.http.headers[0].name, "api-key");
    assert_string_equal(secret_reveal(op.http.headers[0].secret), "abc def");
    assert_string_equal(op.http.headers[1].name, "x-team");
    assert_string_equal(secret_reveal(op.http.headers[1].secret), "red=blue");
    header_list_free(&list);
}

static void no_text_is_no_header(void **state)
{
    struct header_list list;
    struct error err;

    (void)state;
    assert_true(header_list_read(NULL, &list, &err));
    assert_int_equal(list.count, 0);
    assert_true(read(" , ", &list, &err));
    assert_int_equal(list.count, 0);
}

static void headers_that_would_break_the_request_are_refused_and_not_shown(void **state)
{
    static const char *const texts[] = {
        "api-key-without-value",
        "a b=secret-value",
        "=secret-value",
        "a=secret-value%0d%0ab:c",
        "a=1,b=2,c=3,d=4,e=5,f=6,g=7,h=8,i=secret-value",
        "a=secret-value%00",
    };
    struct header_list list;

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct error err;

        assert_false(read(texts[i], &list, &err));
        assert_int_equal(err.kind, ERROR_CONFIG);
        assert_null(strstr(err.text, "secret-value"));
        assert_null(strstr(err.text, "api-key"));
        assert_int_equal(list.count, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headers_are_separated_trimmed_and_decoded),
        cmocka_unit_test(no_text_is_no_header),
        cmocka_unit_test(headers_that_would_break_the_request_are_refused_and_not_shown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
