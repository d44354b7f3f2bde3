/* bench_overhead.c - what the harness itself adds to a request: answers of 2 MB at 100 a second,
 * Poisson, with the whole harness on one processor and the stand-in on another. Aim: p99 under
 * 1 ms.
 *
 * Two views: the harness's own measure (sample_overhead_us), which knows only what it can see; and
 * from outside, all that a request took beyond the server's own time, beside the same of a bare
 * loop that only reads, so that what is left is the harness. The two take turns, and what all
 * rounds gave is put together: the 99th percentile of one round is a matter of luck.
 *
 *   bench_overhead [RATE [SECONDS [BYTES [ROUNDS]]]]
 *
 * which are 100, 20, 1500000 (base64 makes 2 MB of it) and 3 unless said. */
#include <math.h>

#include "bench/overhead_floor.h"
#include "bench/stats/percentile.h"

enum { SERVER_ON, HARNESS_ON };

struct series {
    double *values; /* seconds */
    size_t count;
};

static void add(struct series *series, double value)
{
    if (series->count % 1024 == 0) {
        series->values = realloc(series->values, (series->count + 1024) * sizeof(double));
        if (!series->values) {
            exit(1);
        }
    }
    series->values[series->count++] = value;
}

static double at(struct series *series, double share)
{
    values_sort(series->values, series->count);
    return percentile_of(series->values, series->count, share) * 1e3;
}

static void tell(const char *what, struct series *series, const char *note)
{
    printf("  %-34s %8.2f %8.2f %8.2f ms   %s\n", what, at(series, 0.5), at(series, 0.99),
           at(series, 1), note);
}

static double number(const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItem(object, name);

    return cJSON_IsNumber(item) ? item->valuedouble : NAN;
}

struct harness {
    struct series overhead, late, beyond;
    cJSON *run; /* what it says of itself, the last time */
    int failed;
};

static void take_sample(struct harness *harness, const cJSON *sample,
                        const struct journal_read *journal)
{
    const struct truth *truth = truth_of(journal, json_peek_text(sample, "requestId"));
    double late = number(sample, "begun") - number(sample, "due");

    if (strcmp(json_peek_text(sample, "outcome"), "ok") != 0 || !truth) {
        harness->failed++;
        return;
    }
    add(&harness->overhead, number(sample, "overhead"));
    add(&harness->late, late);
    add(&harness->beyond, late + number(sample, "lastByte") - truth->took);
}

static void measure(const struct server *server, const char *self, double rate, double seconds,
                    struct harness *harness)
{
    struct journal_read journal;
    struct child child;
    char command[700], *line = NULL;
    size_t room = 0;
    cJSON **lines = NULL;
    size_t count = 0;

    server_reset(server);
    snprintf(command, sizeof command,
             "%s bench --target openai:gpt-image-2.5-flare,quality=low --rate %g --duration %g "
             "--in-flight 4000 --warm-up 200 --max-cost 1000000 --json",
             child_darkroom(self), rate, seconds);
    child = child_start(HARNESS_ON, command);
    while (getline(&line, &room, child.out) > 0) {
        lines = realloc(lines, (count + 1) * sizeof(cJSON *));
        lines[count++] = cJSON_Parse(line);
    }
    if (child_end(&child, false) != 0 || count < 2) {
        fprintf(stderr, "darkroom bench failed: %s\n", command);
        exit(1);
    }
    journal = server_journal(server);
    for (size_t i = 0; i + 1 < count; i++) {
        take_sample(harness, lines[i], &journal);
        cJSON_Delete(lines[i]);
    }
    cJSON_Delete(harness->run);
    harness->run = lines[count - 1];
    free(journal.rows);
    free(lines);
    free(line);
}

static double floor_of(const struct server *server, double rate, double seconds,
                       struct series *beyond)
{
    struct journal_read journal;
    struct floor_run run;

    server_reset(server);
    run = floor_measure(server->port, HARNESS_ON, rate, seconds);
    journal = server_journal(server);
    for (int i = 0; i < run.count; i++) {
        const struct truth *truth = truth_of(&journal, run.rows[i].id);

        if (truth) {
            add(beyond, (double)(run.rows[i].ended_us - run.rows[i].due_us) / 1e6 - truth->took);
        }
    }
    free(journal.rows);
    return run.cpu / seconds;
}

static void tell_all(struct harness *harness, struct series *floor, double floor_cpu)
{
    const cJSON *run = harness->run, *beats = cJSON_GetObjectItem(run, "loopLate");
    double extra[3];
    static const double shares[] = { 0.5, 0.99, 1 };

    printf("%-36s %8s %8s %8s\n", "", "p50", "p99", "most");
    tell("overhead, as the harness sees it", &harness->overhead,
         "at the most: other answers are read meanwhile");
    tell("  of it: sent after it was due", &harness->late, "scheduling error");
    printf("  %-34s %8.2f %8.2f %8.2f ms   how late a timer of 2 ms is heard\n",
           "the loop's heartbeat", number(beats, "p50") * 1e3, number(beats, "p99") * 1e3,
           number(beats, "most") * 1e3);
    tell("all beyond the server's own time", &harness->beyond, "as seen from outside");
    tell("the floor", floor, "the same of a loop that only reads");
    for (int i = 0; i < 3; i++) {
        extra[i] = at(&harness->beyond, shares[i]) - at(floor, shares[i]);
    }
    printf("  %-34s %8.2f %8.2f %8.2f ms   (aim: p99 under 1 ms)\n", "beyond the floor", extra[0],
           extra[1], extra[2]);
    printf(
        "  %zu answers (%d others); the loop took %.0f %% of the processor (the floor %.0f %%) and "
        "waited %.0f ms for it; %.0f answers waited on disk\n",
        harness->overhead.count, harness->failed, number(run, "loopShare") * 100, floor_cpu * 100,
        number(run, "waitedForProcessor") * 1e3, number(run, "putAside"));
}

int main(int argc, char **argv)
{
    double rate = argc > 1 ? atof(argv[1]) : 100, seconds = argc > 2 ? atof(argv[2]) : 20;
    long bytes = argc > 3 ? atol(argv[3]) : 1500000;
    int rounds = argc > 4 ? atoi(argv[4]) : 3;
    struct harness harness = { 0 };
    struct series floor = { 0 }, first = { 0 };
    double cpu = 0;
    struct server server;
    char flags[200];

    if (sysconf(_SC_NPROCESSORS_ONLN) < 2) {
        fprintf(stderr, "bench_overhead: needs two processors\n");
        return 1;
    }
    snprintf(flags, sizeof flags, "--latency lognormal:300:700 --seed 1 --body-bytes %ld", bytes);
    server_start(&server, argv[0], SERVER_ON, flags);
    printf("overhead: %g requests a second for %d x %g s, answers of %.1f MB; the harness has one "
           "processor, the server another\n",
           rate, rounds, seconds, (double)bytes * 4 / 3 / 1e6);
    floor_of(&server, rate, 2, &first); /* the server's pictures are made */
    for (int i = 0; i < rounds; i++) {
        cpu += floor_of(&server, rate, seconds, &floor) / rounds;
        measure(&server, argv[0], rate, seconds, &harness);
    }
    tell_all(&harness, &floor, cpu);
    server_stop(&server);
    return 0;
}
