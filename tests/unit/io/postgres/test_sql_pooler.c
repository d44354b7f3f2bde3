/* test_sql_pooler.c - through a real PgBouncer: statements work in both modes, and a pooler in
 * transaction mode is recognised on whatever port it runs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <netinet/in.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "lib/sql_client.h"

static pid_t pooler;
static int port;
static struct database_url route;

static bool is_installed(void)
{
    return access("/usr/sbin/pgbouncer", X_OK) == 0;
}

static bool is_free(int candidate)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_port = htons((uint16_t)candidate),
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool is_bound = bind(fd, (struct sockaddr *)&address, sizeof address) == 0;

    close(fd);
    return is_bound;
}

/* Below the ports that Linux gives to clients: otherwise a connection of another test could take it
 * before the pooler does. */
static int free_port(void)
{
    enum { FIRST = 20000, COUNT = 12000 };
    static int tried;

    for (int i = 0; i < COUNT; i++) {
        int candidate = FIRST + (int)((getpid() * 7L + tried++) % COUNT);

        if (is_free(candidate)) {
            return candidate;
        }
    }
    fail_msg("no port is free");
    return 0;
}

static void write_settings(const char *path, const char *mode)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fprintf(file,
            "[databases]\npostgres = host=%s user=postgres\n"
            "[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = %d\nauth_type = any\n"
            "pool_mode = %s\ndefault_pool_size = 8\nunix_socket_dir =\nserver_lifetime = 3600\n",
            client.cluster.folder, port, mode);
    fclose(file);
    assert_int_equal(chmod(path, 0644), 0);
}

static void launch_pooler(void)
{
    struct passwd *user = getuid() == 0 ? getpwnam("postgres") : NULL;
    char path[120];

    snprintf(path, sizeof path, "%s/pgbouncer.ini", client.cluster.folder);
    pooler = fork();
    if (pooler == 0) {
        if (user && (setgid(user->pw_gid) != 0 || setuid(user->pw_uid) != 0)) {
            _exit(126);
        }
        execl("/usr/sbin/pgbouncer", "pgbouncer", "-q", path, (char *)NULL);
        _exit(127);
    }
}

static void start_pooler(const char *mode)
{
    char path[120], url[120];
    struct error err;

    port = free_port();
    snprintf(path, sizeof path, "%s/pgbouncer.ini", client.cluster.folder);
    write_settings(path, mode);
    launch_pooler();
    snprintf(url, sizeof url, "postgres://postgres@127.0.0.1:%d/postgres", port);
    assert_true(database_url_read(url, &route, &err));
    client.route = &route;
    client.proof_ms = 500;
}

static void stop_pooler(void)
{
    kill(pooler, SIGINT);
    waitpid(pooler, NULL, 0);
    database_url_free(&route);
    client.route = NULL;
}

static int set_up_transaction(void **state)
{
    if (is_installed()) {
        start_pooler("transaction");
    }
    return sql_client_set_up(state);
}

static int set_up_session(void **state)
{
    if (is_installed()) {
        start_pooler("session");
    }
    return sql_client_set_up(state);
}

static int tear_down(void **state)
{
    int status = sql_client_tear_down(state);

    if (is_installed()) {
        stop_pooler();
    }
    return status;
}

static void require_pooler(void)
{
    if (!is_installed()) {
        print_message("pgbouncer is not installed: nothing is tested\n");
        skip();
    }
}

static void perform_many(void)
{
    enum { MANY = 60 };
    static struct op ops[MANY];
    int before = client.ended;

    for (int i = 0; i < MANY; i++) {
        ops[i] = sql_client_statement("select current_setting('lock_timeout') from pg_sleep(0.01)");
        ops[i].sql.urgent = i % 10 == 0;
        sql_client_begin(&ops[i], NULL);
    }
    sql_client_wait(before + MANY);
    for (int i = 0; i < MANY; i++) {
        assert_value(&ops[i], i % 10 == 0 ? "2s" : "500ms");
    }
}

/* Only the limits of the statement itself may change, not those of the pool's connections. */
static void assert_pool_is_unchanged(void)
{
    struct sql_session *session;
    struct error err;
    struct blob value;

    session = sql_open(&route, "another client", &err);
    assert_non_null(session);
    for (int i = 0; i < 10; i++) {
        assert_true(
            sql_query(session, "select current_setting('lock_timeout')", 0, NULL, &value, &err));
        assert_string_equal((const char *)value.data, "0");
        blob_free(&value);
    }
    sql_close(session);
}

static bool has_problem(void)
{
    return sql_session_problem(client.sql)->kind != ERROR_NONE;
}

static int locks(void)
{
    struct error err;
    struct blob value;
    int count;

    assert_true(sql_query(client.session,
                          "select count(*) from pg_locks where locktype = 'advisory'", 0, NULL,
                          &value, &err));
    count = atoi((const char *)value.data);
    blob_free(&value);
    return count;
}

static void transaction_mode_is_recognised_and_no_lock_is_taken(void **state)
{
    (void)state;
    require_pooler();
    sql_client_wait_until(sql_client_is_up);
    perform_many();
    sql_client_wait_until(has_problem);
    assert_non_null(strstr(sql_session_problem(client.sql)->hint, "DIRECT_URL"));
    for (int i = 0; i < 30; i++) { /* over several further proofs */
        loop_wait(client.loop, 100);
        assert_false(sql_listening(client.sql));
        assert_false(sql_lock_held(client.sql));
        assert_int_equal(locks(), 0);
    }
    perform_many();
    assert_pool_is_unchanged();
}

static bool holds_lock(void)
{
    return sql_lock_held(client.sql);
}

static int woken_before;

static bool was_woken(void)
{
    return client.woken > woken_before;
}

static void session_mode_keeps_notifications_and_lock(void **state)
{
    (void)state;
    require_pooler();
    sql_client_wait_until(holds_lock);
    perform_many();
    assert_false(has_problem());
    assert_int_equal(locks(), 1);
    woken_before = client.woken;
    sql_client_run_directly("notify darkroom_test");
    sql_client_wait_until(was_woken);
}

static void a_restarted_pooler_is_used_again(void **state)
{
    struct op op = sql_client_statement("select 'r'");

    (void)state;
    require_pooler();
    sql_client_wait_until(holds_lock);
    kill(pooler, SIGKILL);
    waitpid(pooler, NULL, 0);
    launch_pooler();
    do {
        op = sql_client_statement("select 'r'");
        sql_client_perform(&op);
    } while (op.error.kind == ERROR_DATABASE);
    assert_value(&op, "r");
    sql_client_wait_until(holds_lock);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(transaction_mode_is_recognised_and_no_lock_is_taken,
                                        set_up_transaction, tear_down),
        cmocka_unit_test_setup_teardown(session_mode_keeps_notifications_and_lock, set_up_session,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_restarted_pooler_is_used_again, set_up_session,
                                        tear_down),
    };

    return cmocka_run_group_tests(tests, sql_client_start, sql_client_stop);
}
