/* bench_claim.c - the time of one claim with 1,000 to 1,000,000 pending jobs that one INSERT wrote,
 * of one seller and of 100: darkroom's claim compared with a minimal one (`for update skip locked`
 * on a plain table with an index of its order) in the same database, alternately. Aim: under 1 ms,
 * whatever the number of jobs. Prints the time that the client waits and the processor time of the
 * backend, which a loaded machine lengthens less. No statement between the claims reads a whole
 * table, so that the next claim does not find empty processor caches.
 *
 *   bench_claim [SAMPLES [MOST_ROWS]]      (200 1000000) */
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "bench/database.h"
#include "bench/stats/percentile.h"
#include "demo/order.h"
#include "demo/private_postgres.h"
#include "queue/migrate.h"

enum { WARM = 20, MOST_SAMPLES = 5000, USUAL_SAMPLES = 200, USUAL_ROWS = 1000000 };

static const char plain_claim[] =
    "update plain_queue q set status = 'processing', lease = q.lease + 1 from (select id from "
    "plain_queue where status = 'pending' order by run_at, id limit 1 for update skip locked) p "
    "where q.id = p.id returning q.id, q.payload";
static const char plain_end[] = "update plain_queue set status = 'completed' where id = $1";
static const char darkroom_claim[] =
    "select darkroom.claim_with_kept('bench', '{\"slots\":1,\"leaseMs\":60000,"
    "\"spool\":\"bench\",\"types\":["
    "\"generate-image\",\"generate-complete-pack\",\"generate-aplus\",\"regenerate-image\","
    "\"batch-api\"]}')";
static const char darkroom_end[] =
    "update job_queue set status = 'completed' where id = ($1::json->'jobs'->0->>'id')::uuid";

struct side {
    const char *name, *claim, *end; /* `end` gets the first value of the claim's reply */
    double values[MOST_SAMPLES], backend[MOST_SAMPLES]; /* microseconds */
    size_t count;
};

static struct private_postgres cluster;

static void stop_cluster(void)
{
    private_postgres_stop(&cluster);
}

static PGconn *open_shop(void)
{
    struct migration_report report;
    struct sql_session *session = NULL;
    struct database_url url;
    struct error err;

    if (!database_url_read(cluster.url, &url, &err) || !(session = sql_open(&url, "bench", &err)) ||
        !order_create_tables(session, &err) || !migrate(session, NULL, &report, &err)) {
        fatal("the database", err.text);
    }
    sql_close(session);
    database_url_free(&url);
    return PQconnectdb(cluster.url);
}

/* Replaces all jobs by `rows` paid ones, written by one INSERT. */
static void fill(PGconn *database, int rows, int sellers)
{
    char statement[1600];

    snprintf(
        statement, sizeof statement,
        "set client_min_messages = warning; truncate \"User\", job_queue, "
        "darkroom.account, darkroom.charge, darkroom.claimed_job cascade; drop table if exists "
        "plain_queue;"
        "insert into \"User\" (id, email, \"updatedAt\") select 's' || n, 's' || n, now() from "
        "generate_series(1, %d) n;"
        "insert into \"Project\" (id, \"userId\", name, \"productName\", \"updatedAt\") select "
        "'p' || n, 's' || n, 'x', 'x', now() from generate_series(1, %d) n;"
        "insert into \"CreditTransaction\" (id, \"userId\", amount, type) select 'u' || n, 's' || "
        "n,"
        " -1000000, 'USAGE' from generate_series(1, %d) n;"
        "insert into job_queue (job_type, payload, user_id) select 'generate-image', "
        "jsonb_build_object('projectId', 'p' || s, 'imageType', 'LIFESTYLE'), 's' || s "
        "from (select 1 + n %% %d as s from generate_series(1, %d) n) x;"
        "create table plain_queue (id uuid primary key default gen_random_uuid(), payload jsonb, "
        "status text default 'pending', lease bigint default 0, run_at timestamptz default now());"
        "insert into plain_queue (payload) select payload from job_queue;"
        "create index on plain_queue (run_at, id) where status = 'pending';"
        "vacuum analyze",
        sellers, sellers, sellers, sellers, rows);
    for (char *rest = statement, *one; (one = strsep(&rest, ";")) != NULL;) {
        execute(database, one);
    }
    execute(database, "select darkroom.register('bench', 0, 'bench')");
}

/* Processor time of the backend so far, in microseconds. Returns 0 if the system does not tell. */
static double backend_us(PGconn *database)
{
    char path[64];
    unsigned long long ns = 0;
    FILE *file;

    snprintf(path, sizeof path, "/proc/%d/schedstat", PQbackendPID(database));
    file = fopen(path, "r");
    if (file) {
        if (fscanf(file, "%llu", &ns) != 1) {
            ns = 0;
        }
        fclose(file);
    }
    return (double)ns / 1000;
}

static void once(PGconn *database, struct side *side, bool record)
{
    double backend = backend_us(database);
    int64_t began = clock_mono_us();
    PGresult *reply = PQexec(database, side->claim), *end;
    double took = (double)(clock_mono_us() - began);
    const char *params[1];

    backend = backend_us(database) - backend;
    if (PQresultStatus(reply) != PGRES_TUPLES_OK || PQntuples(reply) != 1) {
        fatal(side->claim, PQerrorMessage(database));
    }
    params[0] = PQgetvalue(reply, 0, 0);
    end = PQexecParams(database, side->end, 1, NULL, params, NULL, NULL, 0);
    if (PQresultStatus(end) != PGRES_COMMAND_OK || strcmp(PQcmdTuples(end), "1") != 0) {
        fatal(side->end, PQerrorMessage(database));
    }
    PQclear(end);
    PQclear(reply);
    if (record) {
        side->values[side->count] = took;
        side->backend[side->count++] = backend;
    }
}

static void tell(struct side *side)
{
    values_sort(side->values, side->count);
    values_sort(side->backend, side->count);
    printf("    %-9s p50 %6.0f us   p95 %6.0f   p99 %6.0f   max %6.0f   backend p10 %5.0f   p50 "
           "%5.0f\n",
           side->name, percentile_of(side->values, side->count, 0.5),
           percentile_of(side->values, side->count, 0.95),
           percentile_of(side->values, side->count, 0.99),
           percentile_of(side->values, side->count, 1),
           percentile_of(side->backend, side->count, 0.1),
           percentile_of(side->backend, side->count, 0.5));
}

static void measure(PGconn *database, int rows, int sellers, int samples)
{
    static struct side plain = { .name = "minimal", .claim = plain_claim, .end = plain_end };
    static struct side ours = { .name = "darkroom", .claim = darkroom_claim, .end = darkroom_end };

    fill(database, rows, sellers);
    plain.count = ours.count = 0;
    for (int i = -WARM; i < samples; i++) {
        once(database, &plain, i >= 0);
        once(database, &ours, i >= 0);
    }
    printf("  %d pending jobs of %d seller%s\n", rows, sellers, sellers == 1 ? "" : "s");
    tell(&plain);
    tell(&ours);
    printf("    ratio of medians: %.2f\n", percentile_of(ours.values, ours.count, 0.5) /
                                               percentile_of(plain.values, plain.count, 0.5));
    fflush(stdout);
}

int main(int argc, char **argv)
{
    int samples = argc > 1 ? atoi(argv[1]) : USUAL_SAMPLES;
    int most_rows = argc > 2 ? atoi(argv[2]) : USUAL_ROWS;
    struct error err;
    PGconn *database;

    atexit(stop_cluster);
    samples = samples < 1 ? 1 : samples > MOST_SAMPLES ? MOST_SAMPLES : samples;
    if (!private_postgres_start(&cluster, NULL, &err)) {
        fatal("Postgres", err.text);
    }
    database = open_shop();
    printf("claim: one job, a claim includes its charge and the state of its project\n");
    for (int rows = 1000; rows <= most_rows; rows *= rows < 100000 ? 100 : 10) {
        measure(database, rows, 1, samples);
        measure(database, rows, 100, samples);
    }
    PQfinish(database);
    return 0;
}
