/* test_host_check.c - which Host and Origin are accepted, and what a policy may name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "dashboard/host_check.h"

static void addresses_and_known_names_are_accepted(void **state)
{
    static const char *const good[] = { "127.0.0.1",     "127.0.0.1:8080", "localhost",
                                        "LocalHost:1",   "[::1]:8080",     "[::1]",
                                        "10.1.2.3:80",   "ops.example:80", "OPS.example",
                                        "second.example" };

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        if (!host_is_accepted(good[i], "ops.example\nsecond.example")) {
            fail_msg("'%s' is not accepted", good[i]);
        }
    }
}

static void other_names_are_rejected(void **state)
{
    static const char *const bad[] = { NULL,
                                       "",
                                       ":80",
                                       "evil.example",
                                       "evil.example:8080",
                                       "localhost.evil.example",
                                       "127.0.0.1.evil.example",
                                       "ops.example.evil",
                                       "ops",
                                       "localhost:80:evil",
                                       "localhost@evil.example",
                                       "[::1].evil.example",
                                       "[::1",
                                       "127.0.0.1:80/x",
                                       "2130706433",
                                       "ops.example\nsecond.example",
                                       "[evil.example]:80" };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (host_is_accepted(bad[i], "ops.example\nsecond.example")) {
            fail_msg("'%s' is accepted", bad[i]);
        }
    }
    assert_false(host_is_accepted("ops.example", NULL));
    assert_false(host_is_accepted("", ""));
}

static void an_origin_must_be_the_host(void **state)
{
    (void)state;
    assert_true(origin_is_host("http://127.0.0.1:8080", "127.0.0.1:8080"));
    assert_true(origin_is_host("https://ops.example", "OPS.example"));
    assert_false(origin_is_host("http://127.0.0.1:8081", "127.0.0.1:8080"));
    assert_false(origin_is_host("http://evil.example", "127.0.0.1:8080"));
    assert_false(origin_is_host("null", "null"));
    assert_false(origin_is_host("http://127.0.0.1:8080.evil.example", "127.0.0.1:8080"));
    assert_false(origin_is_host(NULL, "127.0.0.1:8080"));
    assert_false(origin_is_host("http://127.0.0.1:8080", NULL));
}

static void a_policy_gets_only_the_origin_of_a_url(void **state)
{
    static const struct {
        const char *url, *origin;
    } cases[] = { { "https://abc.supabase.co", "https://abc.supabase.co" },
                  { "http://127.0.0.1:54321/storage/v1", "http://127.0.0.1:54321" },
                  { "http://[::1]:5/x;y", "http://[::1]:5" },
                  { "https://a.example; script-src *", "" },
                  { "https://a.example'x", "" },
                  { "https://user@a.example/", "" },
                  { "file:", "" },
                  { "https://", "" },
                  { "javascript:alert(1)", "" },
                  { NULL, "" } };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char out[100];

        origin_of_url(cases[i].url, out, sizeof out);
        assert_string_equal(out, cases[i].origin);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_and_known_names_are_accepted),
        cmocka_unit_test(other_names_are_rejected),
        cmocka_unit_test(an_origin_must_be_the_host),
        cmocka_unit_test(a_policy_gets_only_the_origin_of_a_url),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
