/* bench_truth.c - compares the figures of `darkroom bench` with the truth. The stand-in draws its
 * latencies by stratified sampling, so that their percentiles are known, and its journal records
 * how long every request took. The last part runs public load generators against the same server.
 *
 *   bench_truth [requests|stall|load|peers]      (default: all, about twelve minutes) */
#include "bench/truth_peers.h"

enum { STALL_AFTER = 20, STALL_FOR = 10, STALL_RUN = 60, STALL_RATE = 100 };

struct load {
    const char *name, *flags;
    int requests;
    double scale; /* of latencies: at most about 300 requests per second, which every machine can
                     serve */
};

static const struct load loads[] = {
    { "1 in flight", "--concurrency 1", 100, 1 },
    { "8 in flight", "--concurrency 8", 800, 1 },
    { "64 in flight", "--concurrency 64", 2000, 4 },
    { "512 in flight", "--concurrency 512", 2560, 32 },
    { "200 per second", "--rate 200", 2000, 1 },
};
static const struct {
    const char *name, *latency; /* milliseconds, to be scaled */
} shapes[] = { { "constant", "constant:%g" },
               { "lognormal", "lognormal:%g:%g" },
               { "bimodal", "bimodal:%g:%g:0.1" },
               { "heavy tail", "pareto:%g:1.5" } };
static const double numbers[][2] = { { 50, 0 }, { 50, 115 }, { 30, 300 }, { 20, 0 } };

static char folder[64];
static const char *self;

static void start(struct server *server, const char *latency, int stratify, const char *more)
{
    char flags[300];

    snprintf(flags, sizeof flags, "--latency %s --stratify %d --seed 3 %s", latency, stratify,
             more);
    server_start(server, self, -1, flags);
}

static double ms(double seconds)
{
    return seconds * 1e3;
}

/* -- request by request ------------------------------------------------------------------------ */

static void print_run(const char *shape, const char *load, struct truth_run *run)
{
    double off[3];

    for (int i = 0; i < 3; i++) {
        off[i] = ms(run->p[i] - values_at(&run->truth, truth_shares[i]));
    }
    printf("  %-10s %-13s %5zu %8.2f %8.2f %8.2f   %+7.2f %+7.2f %+7.2f   %7.2f %7.2f %7.2f", shape,
           load, run->usable.count, ms(values_at(&run->truth, 0.5)),
           ms(values_at(&run->truth, 0.9)), ms(values_at(&run->truth, 0.99)), off[0], off[1],
           off[2], ms(values_at(&run->differences, 0.5)), ms(values_at(&run->differences, 0.99)),
           ms(values_at(&run->differences, 1)));
    if (run->lost + run->unknown + run->others + run->shed > 0) {
        printf("   %d lost, %d unknown, %d failed, %d shed", run->lost, run->unknown, run->others,
               run->shed);
    }
    printf("\n");
}

static void compare_requests(void)
{
    printf("truth: text requests, milliseconds. Percentiles of the server, differences of the "
           "percentiles\nthat bench reports, and differences of single requests\n");
    printf("  %-10s %-13s %5s %8s %8s %8s   %7s %7s %7s   %7s %7s %7s\n", "latency", "load", "n",
           "p50", "p90", "p99", "off p50", "off p90", "off p99", "each p50", "each p99", "max");
    for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++) {
        for (size_t l = 0; l < sizeof loads / sizeof *loads; l++) {
            struct truth_run run;
            struct server server;
            char flags[120], latency[60];

            snprintf(latency, sizeof latency, shapes[s].latency, numbers[s][0] * loads[l].scale,
                     numbers[s][1] * loads[l].scale);
            start(&server, latency, loads[l].requests, "");
            snprintf(flags, sizeof flags, "%s --requests %d --in-flight 4000", loads[l].flags,
                     loads[l].requests);
            run = truth_go(&server, self, flags, NULL);
            print_run(shapes[s].name, loads[l].name, &run);
            fflush(stdout);
            truth_free(&run);
            server_stop(&server);
        }
    }
}

/* -- a stalled server ------------------------------------------------------------------------- */

static void stall_server(const struct server *server)
{
    sleep(STALL_AFTER);
    kill(server->child.pid, SIGSTOP);
    sleep(STALL_FOR);
    kill(server->child.pid, SIGCONT);
}

/* Requests that are due during the stall wait for its end, which gives a uniform distribution. */
static double stall_truth(double share, double service)
{
    double waiting = (double)STALL_FOR / STALL_RUN;

    return 1 - share >= waiting ? service : service + STALL_FOR - (1 - share) * STALL_RUN;
}

static void open_stall(void)
{
    struct truth_run run;
    struct server server;
    char flags[120];

    printf("stall: %d per second for %d s, 10 ms each; the server is stopped for %d s\n",
           STALL_RATE, STALL_RUN, STALL_FOR);
    start(&server, "constant:10", 0, "");
    snprintf(flags, sizeof flags, "--rate %d --arrivals even --duration %d --in-flight 4000",
             STALL_RATE, STALL_RUN);
    run = truth_go(&server, self, flags, stall_server);
    for (int i = 0; i < 3; i++) {
        double truth = stall_truth(truth_shares[i], 0.01);

        printf("  p%-3.0f %9.1f ms, calculated %9.1f: %+.1f %%\n", truth_shares[i] * 100,
               ms(run.p[i]), ms(truth), (run.p[i] / truth - 1) * 100);
    }
    printf("  %zu answers, %d lost, %d unknown, %d failed, %d shed\n", run.usable.count, run.lost,
           run.unknown, run.others, run.shed);
    truth_free(&run);
    server_stop(&server);
}

/* -- shed and rate-limited requests ------------------------------------------------------------ */

static void overloaded(void)
{
    struct truth_run run;
    struct server server;

    start(&server, "lognormal:200:455", 300, "");
    run = truth_go(&server, self, "--rate 50 --duration 20 --in-flight 8", NULL);
    printf("overload: 50 per second with at most 8 in flight, enough for about 35\n");
    printf("  %zu answered, %d shed, %d lost; p50 %.1f ms, p90 %.1f: the server's %.1f and %.1f\n",
           run.usable.count, run.shed, run.lost, ms(run.p[0]), ms(run.p[1]),
           ms(values_at(&run.truth, 0.5)), ms(values_at(&run.truth, 0.9)));
    truth_free(&run);
    server_stop(&server);
}

static void rate_limited(void)
{
    struct truth_run run;
    struct server server;

    start(&server, "lognormal:200:455", 1000, "--fault rate=0.4,status=429,match=responses");
    run = truth_go(&server, self, "--concurrency 20 --requests 2000", NULL);
    printf("rate limits: 40 %% of requests are answered with 429 at once\n");
    printf("  %zu ok, %d not, %d wrong, %d lost; p50 %.1f ms, p90 %.1f, p99 %.1f: the server's "
           "%.1f, %.1f, %.1f\n",
           run.usable.count, run.others, run.unknown, run.lost, ms(run.p[0]), ms(run.p[1]),
           ms(run.p[2]), ms(values_at(&run.truth, 0.5)), ms(values_at(&run.truth, 0.9)),
           ms(values_at(&run.truth, 0.99)));
    truth_free(&run);
    server_stop(&server);
}

/* -- other load generators -------------------------------------------------------------------- */

static void print_peer(const char *name, const double p[3], const double truth[3])
{
    double worst = 0;

    printf("    %-9s", name);
    for (int i = 0; i < 3; i++) {
        double off = fabs(p[i] / truth[i] - 1);

        worst = off > worst ? off : worst;
        printf(" %10.1f", ms(p[i]));
    }
    printf("   differs by at most %.1f %%\n", worst * 100);
    fflush(stdout);
}

static void journal_truth(const struct server *server, double p[3])
{
    struct journal_read journal = server_journal(server);
    struct values took = { 0 };

    for (size_t i = 0; i < journal.count; i++) {
        if (journal.rows[i].status == 200 && strcmp(journal.rows[i].route, "responses") == 0) {
            values_add(&took, journal.rows[i].took);
        }
    }
    for (int i = 0; i < 3; i++) {
        p[i] = values_at(&took, truth_shares[i]);
    }
    free(took.at);
    free(journal.rows);
}

struct contest {
    const char *name, *latency, *flags; /* flags of darkroom bench */
    int stratify;
    struct peer_load load;
    void (*meanwhile)(const struct server *server);
    const double *truth; /* NULL to take it from the journal after each tool */
};

static void compete(const struct contest *contest)
{
    struct truth_run run;
    struct server server;
    double p[3], truth[3];

    printf("  %s\n", contest->name);
    start(&server, contest->latency, contest->stratify, "");
    run = truth_go(&server, self, contest->flags, contest->meanwhile);
    journal_truth(&server, truth);
    if (contest->truth) {
        memcpy(truth, contest->truth, sizeof truth);
    }
    printf("    %-9s %10.1f %10.1f %10.1f\n", "truth", ms(truth[0]), ms(truth[1]), ms(truth[2]));
    print_peer("darkroom", run.p, truth);
    truth_free(&run);
    for (int i = 0; i < PEERS; i++) {
        struct peer_load load = contest->load;

        load.seconds = strcmp(peers[i].name, "wrk") == 0 && load.seconds <= 0 ? 20 : load.seconds;
        if (!peer_is_here(&peers[i])) {
            printf("    %-9s is not installed\n", peers[i].name);
        } else if (peer_go(&peers[i], &load, folder, &server, contest->meanwhile, p)) {
            if (!contest->truth) {
                journal_truth(&server, truth);
            }
            print_peer(peers[i].name, p, truth);
        }
    }
    server_stop(&server);
}

static void compare_with_peers(void)
{
    static double stall_values[3];
    const struct contest contests[] = {
        { "closed loop, 20 in flight, 2000 requests, lognormal",
          "lognormal:200:455",
          "--concurrency 20 --requests 2000",
          2000,
          { .concurrency = 20, .requests = 2000 },
          NULL,
          NULL },
        { "slow answers (median 2 s), 32 in flight, for 12 s",
          "lognormal:2000:6325",
          "--concurrency 32 --duration 12",
          128,
          { .concurrency = 32, .seconds = 12 },
          NULL,
          NULL },
        { "a stall of 10 s in 60 s, 10 ms each (darkroom: 100 per second; others: 10 in flight)",
          "constant:10",
          "--rate 100 --arrivals even --duration 60 --in-flight 4000",
          0,
          { .concurrency = 10, .seconds = STALL_RUN },
          stall_server,
          stall_values },
    };

    for (int i = 0; i < 3; i++) {
        stall_values[i] = stall_truth(truth_shares[i], 0.01);
    }
    printf("other load generators: p50, p90, p99 in milliseconds\n");
    peer_files(folder);
    for (size_t i = 0; i < sizeof contests / sizeof *contests; i++) {
        compete(&contests[i]);
    }
}

int main(int argc, char **argv)
{
    const char *which = argc > 1 ? argv[1] : "requests stall load peers";
    char command[100];

    self = argv[0];
    strcpy(folder, "/tmp/darkroom-truth-XXXXXX");
    if (!mkdtemp(folder)) {
        perror("bench_truth: cannot begin");
        return 1;
    }
    if (strstr(which, "requests")) {
        compare_requests();
    }
    if (strstr(which, "stall")) {
        open_stall();
    }
    if (strstr(which, "load")) {
        overloaded();
        rate_limited();
    }
    if (strstr(which, "peers")) {
        compare_with_peers();
    }
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command) == 0 ? 0 : 1;
}
