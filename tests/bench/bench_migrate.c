/* bench_migrate.c - how long statements of the application wait while darkroom is installed on a
 * large job_queue, and while it is upgraded: several sessions of the application insert, read and
 * change jobs, and another one keeps a transaction open that has read job_queue. Aim: no statement
 * waits longer than half a second, however long the reader stays.
 *
 *   bench_migrate [ROWS [READER_SECONDS]]      (1000000 8) */
#include <libpq-fe.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "bench/database.h"
#include "demo/order.h"
#include "demo/private_postgres.h"
#include "queue/migrate.h"

enum {
    SESSIONS = 3,
    USUAL_ROWS = 1000000,
    USUAL_READER_S = 8,
    PAUSE_US = 3000,
    BEFORE_US = 3000000
};
enum phase { ALONE, INSTALL, UPGRADE, PHASES };
enum statement { INSERT, READ, CHANGE, STATEMENTS };

/* In memory that the processes share. Each session has its own row. */
struct waits {
    volatile sig_atomic_t phase, stop, reader_is_open;
    struct {
        double longest_us;
        long count, over_100_ms, over_500_ms;
    } of[SESSIONS][PHASES][STATEMENTS];
};

static struct private_postgres cluster;
static struct waits *waits;
static pid_t owner;

static void stop_cluster(void)
{
    if (getpid() == owner) {
        waits->stop = 1;
        private_postgres_stop(&cluster);
    }
}

static PGconn *connect_database(void)
{
    PGconn *database = PQconnectdb(cluster.url);

    if (PQstatus(database) != CONNECTION_OK) {
        fatal("the database", PQerrorMessage(database));
    }
    return database;
}

/* Runs `run(argument)` in a child process. */
static pid_t start(void (*run)(int), int argument)
{
    pid_t child;

    fflush(NULL);
    child = fork();
    if (child < 0) {
        fatal("fork", "failed");
    }
    if (child == 0) {
        run(argument);
        _exit(0);
    }
    return child;
}

/* One session of the application: inserts a job, reads it and changes it, each in a transaction. */
static void application(int session)
{
    PGconn *database = connect_database();
    char statements[STATEMENTS][200];

    for (int n = 0; !waits->stop; n++) {
        char id[40];

        snprintf(id, sizeof id, "%08x-0000-4000-8000-%012x", session, (unsigned)n);
        snprintf(statements[INSERT], sizeof statements[INSERT],
                 "insert into job_queue (id, job_type, payload, user_id) values ('%s', 'other', "
                 "'{}', 's1')",
                 id);
        snprintf(statements[READ], sizeof statements[READ],
                 "select status from job_queue where id = '%s'", id);
        snprintf(statements[CHANGE], sizeof statements[CHANGE],
                 "update job_queue set error_message = 'x' where id = '%s'", id);
        for (enum statement s = INSERT; s < STATEMENTS; s++) {
            int phase = waits->phase;
            int64_t began = clock_mono_us();
            double took;

            execute(database, statements[s]);
            took = (double)(clock_mono_us() - began);
            waits->of[session][phase][s].count++;
            waits->of[session][phase][s].over_100_ms += took > 100e3;
            waits->of[session][phase][s].over_500_ms += took > 500e3;
            if (took > waits->of[session][phase][s].longest_us) {
                waits->of[session][phase][s].longest_us = took;
            }
            usleep(PAUSE_US);
        }
    }
    PQfinish(database);
}

/* Keeps a transaction open that has read job_queue. */
static void reader(int seconds)
{
    PGconn *database = connect_database();

    execute(database, "begin");
    execute(database, "select count(*) from (select 1 from job_queue limit 10000) x");
    waits->reader_is_open = 1;
    sleep((unsigned)seconds);
    execute(database, "commit");
    PQfinish(database);
}

static void fill(PGconn *database, int rows)
{
    char statement[700];

    execute(database, "insert into \"User\" (id, email, \"updatedAt\") values ('s1', 's1', now())");
    snprintf(statement, sizeof statement,
             "insert into job_queue (job_type, payload, user_id, status, created_at) select "
             "'generate-image', '{\"projectId\":\"p1\",\"imageType\":\"LIFESTYLE\"}', 's1', case "
             "when n %% 2000 = 0 then 'pending' else 'completed' end, now() - n * interval '1 s' "
             "from generate_series(1, %d) n",
             rows);
    execute(database, statement);
    execute(database, "vacuum analyze");
}

static void print_line(const char *line, void *context)
{
    (void)context;
    printf("    %s\n", line);
}

static void measure(struct sql_session *session, enum phase phase, const char *name, int reader_s)
{
    struct migrate_options options = { .wait_ms = 600000, .progress = print_line };
    struct migration_report report;
    struct error err;
    int64_t began;
    pid_t child;

    printf("  %s\n", name);
    waits->reader_is_open = 0;
    child = start(reader, reader_s);
    while (!waits->reader_is_open) {
        if (waitpid(child, NULL, WNOHANG) == child) {
            fatal("the reader", "ended");
        }
        usleep(PAUSE_US);
    }
    waits->phase = phase;
    began = clock_mono_us();
    if (!migrate(session, &options, &report, &err)) {
        fatal(name, err.text);
    }
    printf("    took %.1f s, of which the reader kept its transaction open for %d s\n",
           (double)(clock_mono_us() - began) / 1e6, reader_s);
    waits->phase = ALONE;
    waitpid(child, NULL, 0);
}

static void tell(enum phase phase, const char *name)
{
    static const char *const names[STATEMENTS] = { "insert", "read", "change" };

    printf("  statements of the application %s\n", name);
    for (enum statement s = INSERT; s < STATEMENTS; s++) {
        double longest = 0;
        long count = 0, over_100 = 0, over_500 = 0;

        for (int i = 0; i < SESSIONS; i++) {
            double us = waits->of[i][phase][s].longest_us;

            longest = us > longest ? us : longest;
            count += waits->of[i][phase][s].count;
            over_100 += waits->of[i][phase][s].over_100_ms;
            over_500 += waits->of[i][phase][s].over_500_ms;
        }
        printf("    %-7s %7ld   longest %6.0f ms   over 100 ms: %ld   over 500 ms: %ld\n", names[s],
               count, longest / 1000, over_100, over_500);
    }
}

int main(int argc, char **argv)
{
    int rows = argc > 1 ? atoi(argv[1]) : USUAL_ROWS;
    int reader_s = argc > 2 ? atoi(argv[2]) : USUAL_READER_S;
    struct sql_session *session;
    struct database_url url;
    struct error err;
    PGconn *database;
    pid_t children[SESSIONS];

    waits = mmap(NULL, sizeof *waits, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (waits == MAP_FAILED) {
        fatal("mmap", "failed");
    }
    owner = getpid();
    atexit(stop_cluster);
    if (!private_postgres_start(&cluster, NULL, &err) ||
        !database_url_read(cluster.url, &url, &err) ||
        !(session = sql_open(&url, "darkroom", &err)) || !order_create_tables(session, &err)) {
        fatal("Postgres", err.text);
    }
    database = connect_database();
    fill(database, rows > 0 ? rows : USUAL_ROWS);
    for (int i = 0; i < SESSIONS; i++) {
        children[i] = start(application, i);
    }
    printf("job_queue of %d rows, %d sessions of the application\n", rows, SESSIONS);
    usleep(BEFORE_US);
    measure(session, INSTALL, "installation", reader_s);
    execute(database, "update darkroom.schema_file set sha256 = 'x'");
    measure(session, UPGRADE, "upgrade of all files", reader_s);
    waits->stop = 1;
    for (int i = 0; i < SESSIONS; i++) {
        waitpid(children[i], NULL, 0);
    }
    tell(ALONE, "before and after");
    tell(INSTALL, "during the installation");
    tell(UPGRADE, "during the upgrade");
    PQfinish(database);
    sql_close(session);
    database_url_free(&url);
    return 0;
}
