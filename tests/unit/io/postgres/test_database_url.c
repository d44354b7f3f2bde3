/* test_database_url.c - DATABASE_URL as people write it; no password is ever shown. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/database_url_values.h"

/* user, password, host, port, dbname */
static void expect(const char *text, const char *const want[5])
{
    static const char *const keys[5] = { "user", "password", "host", "port", "dbname" };
    struct database_url url = read_url(text);

    for (int i = 0; i < 5; i++) {
        const char *got = value_of(&url, keys[i]);

        if (strcmp(got, want[i]) != 0) {
            fail_msg("%s: %s is '%s', not '%s'", text, keys[i], got, want[i]);
        }
    }
    database_url_free(&url);
}

#define NONE "(none)"

static void reads_urls(void **state)
{
    static const struct {
        const char *text, *want[5];
    } cases[] = {
        { "postgresql://u:p@h:5433/db", { "u", "p", "h", "5433", "db" } },
        { "postgres://u:p@h/db", { "u", "p", "h", NONE, "db" } },
        { " \"postgres://u:p@h/db\"\n", { "u", "p", "h", NONE, "db" } },
        { "'postgres://u:p@h/db'", { "u", "p", "h", NONE, "db" } },
        { "postgres://h", { NONE, NONE, "h", NONE, NONE } },
        { "postgres://u@h/", { "u", NONE, "h", NONE, NONE } },
        { "postgres:///db?host=/tmp/x&user=me", { "me", NONE, "/tmp/x", NONE, "db" } },
        { "postgres://u:p@[::1]:5432/db", { "u", "p", "::1", "5432", "db" } },
        { "postgres://u:p%40%2F%23@h/d%20b", { "u", "p@/#", "h", NONE, "d b" } },
        /* what should have been escaped, and was not */
        { "postgres://u:p@ss@h/db", { "u", "p@ss", "h", NONE, "db" } },
        { "postgres://u:p/ss@h/db", { "u", "p/ss", "h", NONE, "db" } },
        { "postgres://u:p?ss@h/db", { "u", "p?ss", "h", NONE, "db" } },
        { "postgres://u:p:ss@h/db", { "u", "p:ss", "h", NONE, "db" } },
        { "postgres://u:a@b?c/d@h:1/db?connect_timeout=5", { "u", "a@b?c/d", "h", "1", "db" } },
        /* an '@' or '/' in a parameter is none of the authority's */
        { "postgres://u:p@h/db?application_name=a@b/c", { "u", "p", "h", NONE, "db" } },
        { "postgres:///db?host=/tmp/x@y&user=me", { "me", NONE, "/tmp/x@y", NONE, "db" } },
        { "postgres://postgres.ref:p@aws-0-eu.pooler.supabase.com:5432/postgres",
          { "postgres.ref", "p", "aws-0-eu.pooler.supabase.com", "5432", "postgres" } },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        expect(cases[i].text, cases[i].want);
    }
}

static void reads_keywords(void **state)
{
    static const char *const want[5] = { "u", "p=q", "/tmp", "6000", "db" };
    struct database_url url;

    (void)state;
    expect("host=/tmp port=6000\tuser=u password=p=q dbname=db", want);
    url = read_url("host=h port=6543");
    assert_true(url.transaction_pooler);
    database_url_free(&url);
}

static void tells_poolers(void **state)
{
    static const struct {
        const char *text;
        bool pooler;
    } cases[] = {
        { "postgres://u:p@h:5432/db", false },
        { "postgres://u:p@h:6543/db", true },
        { "postgres://u:p@h/db?port=6543", true },
        { "postgres://u:p@h/db?pgbouncer=true", true },
        { "postgres://u:p@h/db?pgbouncer=false", false },
        { "postgres://u:p@pgbouncer:5432/db", true },
        { "postgres://u:p@x.pooler.supabase.com:5432/db", false }, /* session mode */
        { "postgres://u:p@x.pooler.supabase.com:6543/db", true },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct database_url url = read_url(cases[i].text);

        if (url.transaction_pooler != cases[i].pooler) {
            fail_msg("%s: pooler is %d", cases[i].text, url.transaction_pooler);
        }
        database_url_free(&url);
    }
}

static void orm_parameters_are_translated(void **state)
{
    struct database_url url = read_url(
        "postgres://u:p@h/db?pgbouncer=true&connection_limit=1&pool_timeout=0&schema=app_1&"
        "sslaccept=strict&statement_cache_size=0&socket_timeout=3&sslmode=no-verify&"
        "connect_timeout=7");

    (void)state;
    assert_string_equal(value_of(&url, "sslmode"), "require");
    assert_string_equal(value_of(&url, "options"), "-c search_path=app_1");
    assert_string_equal(value_of(&url, "connect_timeout"), "7");
    assert_string_equal(value_of(&url, "pgbouncer"), "(none)");
    assert_string_equal(value_of(&url, "connection_limit"), "(none)");
    assert_non_null(strstr(url.notes, "'connection_limit'"));
    assert_non_null(strstr(url.notes, "'schema' was used as the search path"));
    assert_non_null(strstr(url.notes, "no-verify"));
    database_url_free(&url);
    url = read_url("postgres://h/db?ssl=true&user=a&user=b");
    assert_string_equal(value_of(&url, "sslmode"), "require");
    assert_string_equal(value_of(&url, "user"), "b"); /* the later word wins */
    database_url_free(&url);
    url = read_url("postgres://h/db?ssl=false");
    assert_string_equal(value_of(&url, "sslmode"), "prefer"); /* libpq's own default */
    assert_string_equal(url.notes, "");
    database_url_free(&url);
}

/* Refused in one line that has `said` in it, and no piece of a password. */
static void refuses(const char *text, const char *said)
{
    struct database_url url;
    struct error err;

    if (database_url_read(text, &url, &err)) {
        fail_msg("%s was taken", text);
    }
    assert_int_equal(url.count, 0);
    assert_int_equal(err.kind, ERROR_CONFIG);
    if (!strstr(err.text, said) && !strstr(err.hint, said)) {
        fail_msg("%s: wanted '%s' in '%s' '%s'", text, said, err.text, err.hint);
    }
    if (strstr(err.text, "s3cr3t") || strstr(err.hint, "s3cr3t")) {
        fail_msg("%s: the password is in '%s' '%s'", text, err.text, err.hint);
    }
}

static void unusable_urls_are_rejected(void **state)
{
    char text[5000];

    (void)state;
    refuses("", "is empty");
    refuses(" \"\" ", "is empty");
    refuses("mysql://u:s3cr3t@h/db", "does not begin with postgresql://");
    refuses("prisma://accelerate.example.com/?api_key=s3cr3t", "DIRECT_URL");
    refuses("prisma+postgres://localhost:51213/?api_key=s3cr3t", "DIRECT_URL");
    refuses("postgres://u:[YOUR-PASSWORD]@h/db", "placeholder");
    refuses("postgres://u:s3cr3t#x@h/db", "%23");
    refuses("postgres://u:s3cr3t@h:port/db", "port in the database URL is not a number");
    refuses("postgres://u:s3cr3t@h:123456/db", "port in the database URL is not a number");
    refuses("postgres://u:s3cr3t", "port in the database URL is not a number");
    refuses("postgres://u:s3cr3t%zz@h/db", "broken % escape");
    refuses("postgres://u:s3cr3t%00@h/db", "broken % escape");
    refuses("postgres://u:s3cr3t%4", "");
    refuses("postgres://u:s3cr3t@h%4/db", "broken % escape");
    refuses("postgres://u:s3cr3t@h/db?sslmode", "without a value");
    refuses("postgres://u:s3cr3t@h/db?colour=red", "unknown parameter 'colour'");
    refuses("postgres://u:s3cr3t@h/db?sslmode=on", "verify-full");
    refuses("postgres://u:s3cr3t@h/db?schema=a;b", "invalid characters");
    refuses("postgres://u:s3cr3t@h/db?schema=", "schema");
    refuses("postgres://u:s3cr3t@a:1,b:2/db", "more than one host");
    refuses("just text", "neither a URL nor");
    refuses("host=h password='my s3cr3t'", "neither a URL nor");
    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = '\0';
    refuses(text, "too long");
}

static void unescaped_password_is_never_shown(void **state)
{
    (void)state;
    refuses("host=h password=my s3cr3t=x", "unescaped character in its password");
    refuses("postgres://h/db?password=a&s3cr3t=b", "unescaped character in its password");
    refuses("host=h sslpassword=my s3cr3t=x", "unescaped character in its password");
}

static void shown_url_has_no_password(void **state)
{
    static const char *const texts[] = {
        "postgres://u:s3cr3t@h:5433/db",
        "postgres://u:s3cr3t@x@h:5433/db",
        "postgres://u:a/s3cr3t?@h:5433/db",
        "postgres://u@h:5433/db?password=s3cr3t",
        "host=h user=u password=s3cr3t dbname=db port=5433",
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct database_url url = read_url(texts[i]);

        assert_string_equal(url.shown, "u@h:5433/db");
        assert_null(strstr(url.notes, "s3cr3t"));
        database_url_free(&url);
    }
}

static void shown_url_has_no_control_characters(void **state)
{
    struct database_url url = read_url("postgres://u%0a%1b[31m@h/db");

    (void)state;
    assert_string_equal(url.shown, "u??[31m@h:5432/db");
    database_url_free(&url);
}

static void too_many_parameters_are_rejected(void **state)
{
    (void)state;
    refuses(
        "host=a hostaddr=a port=1 dbname=a user=a password=a passfile=a channel_binding=a "
        "connect_timeout=1 client_encoding=a options=a application_name=a "
        "fallback_application_name=a keepalives=1 keepalives_idle=1 keepalives_interval=1 "
        "keepalives_count=1 tcp_user_timeout=1 gssencmode=a sslcompression=1 sslcert=a sslkey=a "
        "sslpassword=a sslrootcert=a sslcrl=a",
        "too many parameters");
}

static void tls_is_required_for_hosts_that_are_not_local(void **state)
{
    static const struct {
        const char *text, *mode;
    } cases[] = {
        { "postgres://u:p@db.example.com/db", "require" },
        { "postgres://u:p@10.0.0.7/db", "require" },
        { "host=db dbname=x", "require" },
        { "postgres://u:p@localhost/db?hostaddr=10.0.0.7", "require" },
        { "postgres://u:p@db.example.com/db?sslmode=disable", "disable" },
        { "postgres://u:p@db.example.com/db?sslmode=verify-full", "verify-full" },
        { "postgres://u:p@localhost/db", NONE },
        { "postgres://u:p@127.0.0.1:5433/db", NONE },
        { "postgres://u:p@[::1]/db", NONE },
        { "postgres:///db?host=/tmp", NONE },
        { "dbname=x", NONE },
        { "service=shop", NONE },
    };

    (void)state;
    unsetenv("PGSSLMODE");
    unsetenv("PGHOST");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct database_url url = read_url(cases[i].text);

        assert_string_equal(value_of(&url, "sslmode"), cases[i].mode);
        database_url_free(&url);
    }
    setenv("PGSSLMODE", "prefer", 1);
    {
        struct database_url url = read_url("postgres://u:p@db.example.com/db");

        assert_string_equal(value_of(&url, "sslmode"), NONE);
        database_url_free(&url);
    }
    unsetenv("PGSSLMODE");
    setenv("PGHOST", "db.example.com", 1);
    {
        struct database_url url = read_url("dbname=x");

        assert_string_equal(value_of(&url, "sslmode"), "require");
        database_url_free(&url);
    }
    unsetenv("PGHOST");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_urls),
        cmocka_unit_test(reads_keywords),
        cmocka_unit_test(tls_is_required_for_hosts_that_are_not_local),
        cmocka_unit_test(tells_poolers),
        cmocka_unit_test(orm_parameters_are_translated),
        cmocka_unit_test(unusable_urls_are_rejected),
        cmocka_unit_test(unescaped_password_is_never_shown),
        cmocka_unit_test(shown_url_has_no_password),
        cmocka_unit_test(shown_url_has_no_control_characters),
        cmocka_unit_test(too_many_parameters_are_rejected),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
