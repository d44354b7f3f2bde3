/* test_sql_connect_error.c - each failure to connect is named by its cause, with what to do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "io/postgres/sql_connect_error.h"

#define AT "connection to server at \"192.0.2.2\", port 5432 failed: "
#define FATAL AT "FATAL:  "

/* Messages of libpq 15 to 17, PostgreSQL, PgBouncer and Supabase's pooler. */
static const struct {
    const char *message;
    enum error_kind kind;
    const char *text, *hint;
} cases[] = {
    { FATAL "28P01: password authentication failed for user \"w\"\n", ERROR_CONFIG,
      "refused the user or password", "user and password" },
    { AT "fe_sendauth: no password supplied\n", ERROR_CONFIG, "none is set", "PGPASSWORD" },
    { "could not translate host name \"db.invalid\" to address: Name or service not known\n",
      ERROR_DATABASE, "cannot connect", "DNS" },
    { AT "Connection refused\n\tIs the server running on that host?\n", ERROR_DATABASE,
      "Connection refused", "host and port" },
    { AT "No route to host\n", ERROR_DATABASE, "No route to host", "host and port" },
    { "connection to server on socket \"/tmp/.s.PGSQL.5432\" failed: No such file or directory\n",
      ERROR_DATABASE, "No such file", "socket" },
    { AT "server does not support SSL, but SSL was required\n", ERROR_CONFIG, "offers no TLS",
      "sslmode=disable" },
    { AT "SSL error: certificate verify failed\n", ERROR_CONFIG, "certificate", "sslrootcert" },
    { AT "root certificate file \"/nope.pem\" does not exist\n", ERROR_CONFIG, "/nope.pem",
      "sslrootcert" },
    { AT "server certificate for \"db.example\" does not match host name \"192.0.2.2\"\n",
      ERROR_CONFIG, "certificate of the database is not accepted", "verify-ca" },
    { AT "received invalid response to SSL negotiation: H\n", ERROR_DATABASE,
      "does not answer like Postgres", "Another service" },
    { AT "server closed the connection unexpectedly\n", ERROR_DATABASE, "unexpectedly", "its log" },
    { FATAL "28000: no pg_hba.conf entry for host \"192.0.2.2\", user \"w\", database \"app\", no "
            "encryption\n",
      ERROR_DATABASE, "denies access", "remove sslmode=disable" },
    { FATAL "28000: no pg_hba.conf entry for host \"192.0.2.2\", user \"w\", database \"app\", SSL "
            "encryption\n",
      ERROR_DATABASE, "denies access", "pg_hba.conf allows" },
    { FATAL "28000: role \"x\" does not exist\n", ERROR_CONFIG, "denies access", "role exists" },
    { FATAL "3D000: database \"nope\" does not exist\n", ERROR_CONFIG, "does not exist",
      "last '/'" },
    { FATAL "42501: permission denied for database \"app\"\n", ERROR_CONFIG, "may not connect",
      "grant connect" },
    { FATAL "53300: sorry, too many clients already\n", ERROR_DATABASE, "no free connection",
      "connection limit" },
    { FATAL "57P03: the database system is starting up\n", ERROR_DATABASE, "starts", "Wait" },
    { FATAL "08P01: no such database: nope\n", ERROR_CONFIG, "pooler knows no such database",
      "last '/'" },
    { FATAL "08P01: no such user: x\n", ERROR_CONFIG, "pooler knows no such user", "users of the" },
    { FATAL "08P01: unsupported startup parameter: options\n", ERROR_CONFIG, "rejects a parameter",
      "ignore_startup_parameters" },
    { FATAL "08P01: no more connections allowed (max_client_conn)\n", ERROR_DATABASE,
      "pooler has no free connection", "--db-connections" },
    { FATAL "XX000: MaxClientsInSessionMode: max clients reached\n", ERROR_DATABASE,
      "pooler has no free connection", "--db-connections" },
    { FATAL "08P01: server login has been failing, try again later (server_login_retry)\n",
      ERROR_DATABASE, "pooler cannot reach", "log of the pooler" },
    { FATAL "08P01: SSL required\n", ERROR_CONFIG, "demands TLS", "Remove sslmode" },
    { FATAL "XX000: Tenant or user not found\n", ERROR_DATABASE, "no such project or user",
      "postgres.PROJECT-REF" },
    { FATAL "XX000: something else\n", ERROR_DATABASE, "something else", "log" },
    { "", ERROR_DATABASE, "cannot connect", "host and port" },
};

static void each_failure_names_its_cause_and_what_to_do(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error err = { 0 };

        sql_connect_error(cases[i].message, "w@192.0.2.2:5432/app", &err);
        if (err.kind != cases[i].kind || !strstr(err.text, cases[i].text) ||
            !strstr(err.hint, cases[i].hint)) {
            fail_msg("%s: kind %d, '%s', '%s'", cases[i].message, (int)err.kind, err.text,
                     err.hint);
        }
    }
}

static void the_direct_address_of_supabase_is_ipv6_only(void **state)
{
    struct error err;

    (void)state;
    sql_connect_error(AT "Network is unreachable\n", "postgres@db.abc.supabase.co:5432/postgres",
                      &err);
    assert_non_null(strstr(err.hint, "IPv6 only"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_failure_names_its_cause_and_what_to_do),
        cmocka_unit_test(the_direct_address_of_supabase_is_ipv6_only),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
