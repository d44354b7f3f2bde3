/* bench_truth.c - are the harness's figures true? The whole `darkroom bench` against the stand-in,
 * whose latencies are dealt from strata, so that their percentiles are known, and whose journal
 * says of every request how long it really took; then public load generators against the same
 * server.
 *
 *   bench_truth [requests|stall|load|peers]      (all of them: some twelve minutes) */
#include "bench/truth_peers.h"

enum { STALL_AFTER = 20, STALL_FOR = 10, STALL_RUN = 60, STALL_RATE = 100 };

struct load {
    const char *name, *flags;
    int requests;
    double scale; /* of latencies: some 300 requests a second at most, which any machine bears */
};

static const struct load loads[] = {
    { "1 in flight", "--concurrency 1", 100, 1 },
    { "8 in flight", "--concurrency 8", 800, 1 },
    { "64 in flight", "--concurrency 64", 2000, 4 },
    { "512 in flight", "--concurrency 512", 2560, 32 },
    { "200 a second", "--rate 200", 2000, 1 },
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

static void start(struct server *server, const char *latency, int strata, const char *more)
{
    char flags[300];

    snprintf(flags, sizeof flags, "--latency %s --strata %d --seed 3 %s", latency, strata, more);
    server_start(server, self, -1, flags);
}

static double ms(double seconds)
{
    return seconds * 1e3;
}

/* -- request by request ------------------------------------------------------------------------ */

static void tell_run(const char *shape, const char *load, struct truth_run *run)
{
    double off[3];

    for (int i = 0; i < 3; i++) {
        off[i] = ms(run->p[i] - values_at(&run->truth, truth_shares[i]));
    }
    printf("  %-10s %-13s %5zu %8.2f %8.2f %8.2f   %+7.2f %+7.2f %+7.2f   %7.2f %7.2f %7.2f", shape,
           load, run->told.count, ms(values_at(&run->truth, 0.5)), ms(values_at(&run->truth, 0.9)),
           ms(values_at(&run->truth, 0.99)), off[0], off[1], off[2],
           ms(values_at(&run->apart, 0.5)), ms(values_at(&run->apart, 0.99)),
           ms(values_at(&run->apart, 1)));
    if (run->lost + run->wrong + run->others + run->shed > 0) {
        printf("   %d lost, %d wrong, %d not ok, %d shed", run->lost, run->wrong, run->others,
               run->shed);
    }
    printf("\n");
}

static void by_request(void)
{
    printf("truth: text requests; milliseconds. The server's own percentiles; by how much those "
           "that\nthe harness tells differ; and by how much single requests do\n");
    printf("  %-10s %-13s %5s %8s %8s %8s   %7s %7s %7s   %7s %7s %7s\n", "latency", "load", "n",
           "p50", "p90", "p99", "off p50", "off p90", "off p99", "each 50", "each 99", "most");
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
            tell_run(shapes[s].name, loads[l].name, &run);
            fflush(stdout);
            truth_free(&run);
            server_stop(&server);
        }
    }
}

/* -- a server that stands still ---------------------------------------------------------------- */

static void stand_still(const struct server *server)
{
    sleep(STALL_AFTER);
    kill(server->child.pid, SIGSTOP);
    sleep(STALL_FOR);
    kill(server->child.pid, SIGCONT);
}

/* What is due in the stall waits for its end: a uniform spread over all of it. */
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

    printf(
        "stall: %d a second for %d s, 10 ms each; the server stands still for %d s in the middle\n",
        STALL_RATE, STALL_RUN, STALL_FOR);
    start(&server, "constant:10", 0, "");
    snprintf(flags, sizeof flags, "--rate %d --arrivals even --duration %d --in-flight 4000",
             STALL_RATE, STALL_RUN);
    run = truth_go(&server, self, flags, stand_still);
    for (int i = 0; i < 3; i++) {
        double truth = stall_truth(truth_shares[i], 0.01);

        printf("  p%-3.0f %9.1f ms, by reckoning %9.1f: %+.1f %%\n", truth_shares[i] * 100,
               ms(run.p[i]), ms(truth), (run.p[i] / truth - 1) * 100);
    }
    printf("  %zu answers, %d lost, %d wrong, %d not ok, %d shed\n", run.told.count, run.lost,
           run.wrong, run.others, run.shed);
    truth_free(&run);
    server_stop(&server);
}

/* -- what is not answered ---------------------------------------------------------------------- */

static void starved(void)
{
    struct truth_run run;
    struct server server;

    start(&server, "lognormal:200:455", 300, "");
    run = truth_go(&server, self, "--rate 50 --duration 20 --in-flight 8", NULL);
    printf("starved: 50 a second into 8 places that allow some 35\n");
    printf("  %zu answered, %d shed, %d lost; p50 %.1f ms, p90 %.1f: the server's %.1f and %.1f\n",
           run.told.count, run.shed, run.lost, ms(run.p[0]), ms(run.p[1]),
           ms(values_at(&run.truth, 0.5)), ms(values_at(&run.truth, 0.9)));
    truth_free(&run);
    server_stop(&server);
}

static void refused(void)
{
    struct truth_run run;
    struct server server;

    start(&server, "lognormal:200:455", 1000, "--fault rate=0.4,status=429,match=responses");
    run = truth_go(&server, self, "--concurrency 20 --requests 2000", NULL);
    printf("refused: 40 %% are answered 429 at once\n");
    printf("  %zu ok, %d not, %d wrong, %d lost; p50 %.1f ms, p90 %.1f, p99 %.1f: the server's "
           "%.1f, %.1f, %.1f\n",
           run.told.count, run.others, run.wrong, run.lost, ms(run.p[0]), ms(run.p[1]),
           ms(run.p[2]), ms(values_at(&run.truth, 0.5)), ms(values_at(&run.truth, 0.9)),
           ms(values_at(&run.truth, 0.99)));
    truth_free(&run);
    server_stop(&server);
}

/* -- beside others ---------------------------------------------------------------------------- */

static void tell_peer(const char *name, const double p[3], const double truth[3])
{
    double worst = 0;

    printf("    %-9s", name);
    for (int i = 0; i < 3; i++) {
        double off = fabs(p[i] / truth[i] - 1);

        worst = off > worst ? off : worst;
        printf(" %10.1f", ms(p[i]));
    }
    printf("   off by at most %.1f %%\n", worst * 100);
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
    const char *name, *latency, *flags; /* of ours */
    int strata;
    struct peer_load load;
    void (*meanwhile)(const struct server *server);
    const double *truth; /* NULL: what the journal says of each tool's own requests */
};

static void compete(const struct contest *contest)
{
    struct truth_run run;
    struct server server;
    double p[3], truth[3];

    printf("  %s\n", contest->name);
    start(&server, contest->latency, contest->strata, "");
    run = truth_go(&server, self, contest->flags, contest->meanwhile);
    journal_truth(&server, truth);
    if (contest->truth) {
        memcpy(truth, contest->truth, sizeof truth);
    }
    printf("    %-9s %10.1f %10.1f %10.1f\n", "truth", ms(truth[0]), ms(truth[1]), ms(truth[2]));
    tell_peer("darkroom", run.p, truth);
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
            tell_peer(peers[i].name, p, truth);
        }
    }
    server_stop(&server);
}

static void beside_others(void)
{
    static double still[3];
    const struct contest contests[] = {
        { "closed loop, 20 in flight, 2000 requests, lognormal",
          "lognormal:200:455",
          "--concurrency 20 --requests 2000",
          2000,
          { .places = 20, .requests = 2000 },
          NULL,
          NULL },
        { "slow answers (median 2 s), 32 in flight, for 12 s",
          "lognormal:2000:6325",
          "--concurrency 32 --duration 12",
          128,
          { .places = 32, .seconds = 12 },
          NULL,
          NULL },
        { "10 s of standstill in 60 s, 10 ms each (ours 100 a second, theirs 10 places)",
          "constant:10",
          "--rate 100 --arrivals even --duration 60 --in-flight 4000",
          0,
          { .places = 10, .seconds = STALL_RUN },
          stand_still,
          still },
    };

    for (int i = 0; i < 3; i++) {
        still[i] = stall_truth(truth_shares[i], 0.01);
    }
    printf("beside others: p50, p90, p99 in milliseconds\n");
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
        by_request();
    }
    if (strstr(which, "stall")) {
        open_stall();
    }
    if (strstr(which, "load")) {
        starved();
        refused();
    }
    if (strstr(which, "peers")) {
        beside_others();
    }
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command) == 0 ? 0 : 1;
}
