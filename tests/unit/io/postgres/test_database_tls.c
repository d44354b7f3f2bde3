/* test_database_tls.c - when a connection to Postgres must be encrypted, and whom it trusts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/database_url_values.h"

#define NONE "(none)"

static void expect_mode(const char *text, const char *mode, bool local)
{
    struct database_url url = read_url(text);

    if (strcmp(value_of(&url, "sslmode"), mode) != 0 || url.local != local) {
        fail_msg("%s: sslmode %s, %s", text, value_of(&url, "sslmode"),
                 url.local ? "local" : "not local");
    }
    database_url_free(&url);
}

/* All hosts of a list must be local, and an address wins over a name, wherever each comes from. */
static void tls_is_required_if_any_possible_host_is_not_local(void **state)
{
    (void)state;
    expect_mode("host=localhost,db.example.com dbname=x", "require", false);
    expect_mode("host=127.0.0.1,10.0.0.7 dbname=x", "require", false);
    expect_mode("host=127.0.0.1,localhost,/tmp dbname=x", NONE, true);
    expect_mode("postgres://u:p@127.evil.example/db", "require", false);
    expect_mode("host=db.example.com hostaddr=127.0.0.1 dbname=x", NONE, true);
    setenv("PGHOST", "127.0.0.1,db.example.com", 1);
    expect_mode("dbname=x", "require", false);
    unsetenv("PGHOST");
    setenv("PGHOSTADDR", "10.0.0.7", 1);
    expect_mode("host=localhost dbname=x", "require", false);
    unsetenv("PGHOSTADDR");
}

static void service_file_is_read_for_host_and_sslmode(void **state)
{
    char path[] = "/tmp/darkroom-service-XXXXXX";
    int fd = mkstemp(path);

    (void)state;
    dprintf(fd, "[open]\nhost=db.example.com\n[tls]\nhost=db.example.com\nsslmode=verify-full\n"
                "[plain]\nhost=db.example.com\nsslmode=disable\n[here]\nhost=/tmp\n");
    close(fd);
    setenv("PGSERVICEFILE", path, 1);
    expect_mode("service=open", "require", false);
    expect_mode("service=tls", NONE, false);
    expect_mode("service=plain", NONE, false);
    expect_mode("service=here", NONE, true);
    assert_null(getenv("PGSERVICE"));
    setenv("PGSERVICE", "open", 1);
    expect_mode("dbname=x", "require", false);
    expect_mode("service=here dbname=x", NONE, true);
    assert_string_equal(getenv("PGSERVICE"), "open");
    unsetenv("PGSERVICE");
    unsetenv("PGSERVICEFILE");
    unlink(path);
}

static void own_authorities_are_used_for_verification_only(void **state)
{
    static const struct {
        const char *text, *file;
    } cases[] = {
        { "postgres://u:p@db.example.com/db?sslmode=verify-full", "/ca.pem" },
        { "postgres://u:p@db.example.com/db?sslmode=verify-ca", "/ca.pem" },
        { "postgres://u:p@db.example.com/db?sslmode=verify-full&sslrootcert=/own", "/own" },
        { "postgres://u:p@db.example.com/db", NONE },
    };
    struct error err;

    (void)state;
    unsetenv("PGSSLROOTCERT");
    setenv("HOME", "/does/not/exist", 1);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct database_url url = read_url(cases[i].text);

        assert_true(database_url_trust(&url, "/ca.pem", &err));
        assert_string_equal(value_of(&url, "sslrootcert"), cases[i].file);
        assert_true(database_url_trust(&url, NULL, &err));
        database_url_free(&url);
    }
    setenv("PGSSLROOTCERT", "/libpq.pem", 1);
    {
        struct database_url url = read_url(cases[0].text);

        assert_true(database_url_trust(&url, "/ca.pem", &err));
        assert_string_equal(value_of(&url, "sslrootcert"), NONE);
        database_url_free(&url);
    }
    unsetenv("PGSSLROOTCERT");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tls_is_required_if_any_possible_host_is_not_local),
        cmocka_unit_test(service_file_is_read_for_host_and_sslmode),
        cmocka_unit_test(own_authorities_are_used_for_verification_only),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
