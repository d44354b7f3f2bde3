/* bench_pickup.c - time from the commit of a job until its first step begins: the worker compared
 * with a minimal libpq loop that LISTENs, runs the same claim with the same parameters, and ends
 * each job as the worker does, so that both databases hold the same rows. Both run alternately,
 * each with its own database in one private Postgres. Aim: the worker's median within 1.1 times
 * that of the loop.
 *
 *   bench_pickup [SAMPLES]      (400) */
#include <libpq-fe.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/embed.h"
#include "base/log.h"
#include "base/random.h"
#include "bench/database.h"
#include "bench/stats/percentile.h"
#include "demo/order.h"
#include "demo/private_postgres.h"
#include "io/http/http.h"
#include "io/perform.h"
#include "io/postgres/sql_connect.h"
#include "jobs/job.h"
#include "jobs/worker/worker.h"
#include "model/rules.h"
#include "queue/migrate.h"
#include "queue/queue.h"
#include "queue/queue_answer.h"

enum { WARM = 40, MOST = 20000, SLOTS = 64, LEASE_MS = 60000 };

static const char order[] =
    "insert into job_queue (job_type, payload) values "
    "('generate-complete-pack', '{\"projectId\":\"none\",\"includeAPlus\":false}')";

struct side { /* a process that writes the time of each first step into a pipe */
    const char *name;
    char url[300];
    PGconn *seller;
    int times;
    pid_t process;
    double values[MOST]; /* microseconds */
    size_t count;
};

static struct private_postgres cluster;
static pid_t owner; /* stops the cluster; child processes must not */

static void stop_cluster(void)
{
    if (getpid() == owner) {
        private_postgres_stop(&cluster);
    }
}

/* -- the minimal loop -------------------------------------------------------------------------- */

/* The statement of the worker's claim, with the same parameters. */
static struct op claim_op(void)
{
    struct op op = { 0 };
    struct claim_request request = {
        .worker = "bench", .slots = SLOTS, .types = job_type_names(), .lease_ms = LEASE_MS
    };

    queue_claim(&op, arena_new(), &request);
    return op;
}

static PGresult *execute_op(PGconn *database, const struct op *op)
{
    return PQexecParams(database, sql_text(op->sql.statement), op->sql.param_count, NULL,
                        op->sql.params, NULL, NULL, 0);
}

/* Fails the claimed job, as the worker does because its project does not exist. */
static void end_job(PGconn *database, const char *claimed)
{
    static const char before_id[] = "\"id\": \"";
    const char *id = strstr(claimed, before_id);
    struct holder holder = { .worker = "bench", .lease = 1 };
    struct seller_text text = { .message = "The project was not found." };
    struct kept_answer kept = { 0 };
    struct attempt none = { 0 };
    struct arena *arena = arena_new();
    struct op op = { 0 };
    struct error why;
    PGresult *ended;

    holder.job_id = id ? arena_printf(arena, "%.36s", id + strlen(before_id)) : "";
    error_set(&why, ERROR_INPUT, "the project was not found");
    queue_fail(&op, arena, &holder, &why, &text, 1, &kept, &none);
    ended = execute_op(database, &op);
    if (PQntuples(ended) != 1 || !strstr(PQgetvalue(ended, 0, 0), "failed")) {
        fprintf(stderr, "bench_pickup: the minimal loop cannot end its job: %s\n",
                PQresultErrorMessage(ended));
        _exit(1);
    }
    PQclear(ended);
    arena_free(arena);
}

static void bare(const struct side *side, int pipe)
{
    struct op claim = claim_op();
    PGconn *database = PQconnectdb(side->url);

    execute(database, "select darkroom.register('bench', 0, 'bench', '{\"beatMs\":400}')");
    execute(database, "listen darkroom_jobs");
    for (;;) {
        struct pollfd wait = { .fd = PQsocket(database), .events = POLLIN };
        PGnotify *notify;
        PGresult *claimed;
        int64_t now;

        poll(&wait, 1, -1);
        PQconsumeInput(database);
        while ((notify = PQnotifies(database)) != NULL) {
            PQfreemem(notify);
        }
        claimed = execute_op(database, &claim);
        now = clock_mono_us();
        if (PQntuples(claimed) == 1 &&
            strstr(PQgetvalue(claimed, 0, 0), "generate-complete-pack")) {
            if (write(pipe, &now, sizeof now) != sizeof now) {
                _exit(1);
            }
            end_job(database, PQgetvalue(claimed, 0, 0));
        }
        PQclear(claimed);
    }
}

/* -- the worker ----------------------------------------------------------------------------- */

static void on_step(const struct job *job, const char *step, void *context)
{
    const int *pipe = context;
    int64_t now = clock_mono_us();

    if (job->step == 0 && write(*pipe, &now, sizeof now) != sizeof now) {
        fatal("the worker", step);
    }
}

static void work(const struct side *side, int pipe)
{
    struct job_context job_context = {
        .worker = "bench", .spool = "/nonexistent", .marketplace = "amazon", .retry_base_ms = 1
    };
    struct worker_config config = { .lease_ms = LEASE_MS, .poll_ms = 60000, .grace_ms = 1000 };
    struct http_config http = { .user_agent = "bench" };
    struct sql_config sql = { .application_name = "bench", .channel = "darkroom_jobs" };
    struct database_url url;
    struct rules *rules;
    struct error err;

    log_setup(LOG_TEXT, LOG_ERROR);
    if (!rules_load((const char *)embed_find("assets/rules.json")->data, &rules, &err)) {
        fatal("the rules", err.text);
    }
    job_context.rules = rules;
    if (!database_url_read(side->url, &url, &err)) {
        fatal("the worker", err.text);
    }
    sql.url = &url;
    config.loop = loop_new(1, &err);
    config.sql = config.loop ? sql_new(config.loop, &sql) : NULL;
    config.performer =
        config.sql ? perform_new(config.loop, http_new(config.loop, &http, &err), config.sql)
                   : NULL;
    config.engine =
        (struct engine_config){ .performer = config.performer,
                                .job_context = &job_context,
                                .max_jobs = SLOTS,
                                .max_calls_per_provider = SLOTS,
                                .callbacks = { .step_began = on_step, .context = &pipe } };
    if (!config.performer || !worker_run(worker_new(&config), &err)) {
        fatal("the worker", err.text);
    }
}

/* -- the run -------------------------------------------------------------------------------- */

static void begin(struct side *side, void (*run)(const struct side *, int))
{
    int ends[2];

    if (pipe(ends) != 0 || (side->process = fork()) < 0) {
        fatal(side->name, "cannot start");
    }
    if (side->process == 0) {
        close(ends[0]);
        run(side, ends[1]);
        _exit(1);
    }
    close(ends[1]);
    side->times = ends[0];
}

static void open_shop(struct side *side, PGconn *admin)
{
    char statement[80];
    struct migration_report report;
    struct sql_session *session = NULL;
    struct database_url url;
    struct error err;

    snprintf(statement, sizeof statement, "create database %s", side->name);
    execute(admin, statement);
    snprintf(side->url, sizeof side->url, "postgresql:///%s?host=%s&user=postgres", side->name,
             cluster.folder);
    if (!database_url_read(side->url, &url, &err) || !(session = sql_open(&url, "bench", &err)) ||
        !order_create_tables(session, &err) || !migrate(session, NULL, &report, &err)) {
        fatal(side->name, err.text);
    }
    sql_close(session);
    database_url_free(&url);
    side->seller = PQconnectdb(side->url);
}

/* Waits until the work after the first step has ended, however loaded the machine is. */
static void wait_for_end(struct side *side)
{
    static uint64_t seed = 2;
    bool ended;

    do {
        PGresult *open;

        usleep(5000 + (useconds_t)random_below(&seed, 10000));
        open = PQexec(side->seller, "select from job_queue where completed_at is null");
        if (PQresultStatus(open) != PGRES_TUPLES_OK) {
            fatal(side->name, PQerrorMessage(side->seller));
        }
        ended = PQntuples(open) == 0;
        PQclear(open);
    } while (!ended);
}

/* Measures one job from just before COMMIT to its first step. */
static double once(struct side *side)
{
    int64_t committed, stepped;

    execute(side->seller, "begin");
    execute(side->seller, order);
    committed = clock_mono_us();
    execute(side->seller, "commit");
    if (read(side->times, &stepped, sizeof stepped) != sizeof stepped) {
        fatal(side->name, "ended early");
    }
    wait_for_end(side);
    execute(side->seller, "delete from job_queue");
    usleep(2000);
    return (double)(stepped - committed);
}

static void tell(struct side *side)
{
    struct interval range;

    values_sort(side->values, side->count);
    range = percentile_interval(side->values, side->count, 0.5, 0.95);
    printf("  %-8s p50 %6.0f us [%.0f, %.0f]   p95 %6.0f   p99 %6.0f   max %6.0f   n %zu\n",
           side->name, percentile_of(side->values, side->count, 0.5), range.low, range.high,
           percentile_of(side->values, side->count, 0.95),
           percentile_of(side->values, side->count, 0.99),
           percentile_of(side->values, side->count, 1), side->count);
}

int main(int argc, char **argv)
{
    static struct side sides[2] = { { .name = "bare" }, { .name = "worker" } };
    int samples = argc > 1 ? atoi(argv[1]) : 400;
    struct error err;
    uint64_t seed = 1;
    PGconn *admin;

    owner = getpid();
    atexit(stop_cluster);
    samples = samples < 1 ? 1 : samples > MOST ? MOST : samples;
    if (!private_postgres_start(&cluster, NULL, &err)) {
        fatal("Postgres", err.text);
    }
    admin = PQconnectdb(cluster.url);
    for (int i = 0; i < 2; i++) {
        open_shop(&sides[i], admin);
        begin(&sides[i], i == 0 ? bare : work);
    }
    sleep(1); /* until both are listening */
    for (int i = -WARM; i < samples; i++) {
        int first = (int)random_below(&seed, 2);

        for (int k = 0; k < 2; k++) {
            struct side *side = &sides[k == 0 ? first : !first];
            double took = once(side);

            if (i >= 0) {
                side->values[side->count++] = took;
            }
        }
    }
    printf("pickup: from COMMIT to the first step\n");
    tell(&sides[0]);
    tell(&sides[1]);
    printf("  ratio of medians: %.2f (aim: at most 1.10)\n",
           percentile_of(sides[1].values, sides[1].count, 0.5) /
               percentile_of(sides[0].values, sides[0].count, 0.5));
    for (int i = 0; i < 2; i++) {
        PQfinish(sides[i].seller);
        kill(sides[i].process, SIGKILL);
        waitpid(sides[i].process, NULL, 0);
    }
    PQfinish(admin);
    return 0;
}
