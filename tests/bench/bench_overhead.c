/* bench_overhead.c - measures the delay that darkroom bench adds to a request, with responses of 2
 * MB at 100 per second (Poisson), all of bench on one processor and the stand-in on another. Aim:
 * p99 under 1 ms.
 *
 * Measured in two ways: the overhead that bench reports itself (sample_overhead_us), and from
 * outside all time beyond the server's own, compared with a minimal client that only reads
 * responses. Both clients run alternately, and the values of all rounds are combined, since p99 of
 * a single round varies too much.
 *
 *   bench_overhead [RATE [SECONDS [BYTES [ROUNDS]]]]      (100 20 1500000 3)
 *
 * 1,500,000 bytes become 2 MB in base64. */
#include <math.h>

#include "bench/overhead_floor.h"
#include "bench/stats/percentile.h"

enum { SERVER_ON, CLIENT_ON };

struct value_list {
    double *values; /* seconds */
    size_t count;
};

static void add(struct value_list *series, double value)
{
    if (series->count % 1024 == 0) {
        series->values = realloc(series->values, (series->count + 1024) * sizeof(double));
        if (!series->values) {
            exit(1);
        }
    }
    series->values[series->count++] = value;
}

static double at(struct value_list *series, double share)
{
    values_sort(series->values, series->count);
    return percentile_of(series->values, series->count, share) * 1e3;
}

static void print_row(const char *what, struct value_list *series, const char *note)
{
    printf("  %-34s %8.2f %8.2f %8.2f ms   %s\n", what, at(series, 0.5), at(series, 0.99),
           at(series, 1), note);
}

static double number(const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItem(object, name);

    return cJSON_IsNumber(item) ? item->valuedouble : NAN;
}

struct client {
    struct value_list overhead, late, beyond;
    cJSON *run; /* summary of the last round */
    int failed;
};

static void take_sample(struct client *client, const cJSON *sample,
                        const struct journal_read *journal)
{
    const struct truth *truth = truth_of(journal, json_peek_text(sample, "requestId"));
    double late = number(sample, "started") - number(sample, "due");

    if (strcmp(json_peek_text(sample, "outcome"), "ok") != 0 || !truth) {
        client->failed++;
        return;
    }
    add(&client->overhead, number(sample, "overhead"));
    add(&client->late, late);
    add(&client->beyond, late + number(sample, "lastByte") - truth->took);
}

static void measure(const struct server *server, const char *self, double rate, double seconds,
                    struct client *client)
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
    child = child_start(CLIENT_ON, command);
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
        take_sample(client, lines[i], &journal);
        cJSON_Delete(lines[i]);
    }
    cJSON_Delete(client->run);
    client->run = lines[count - 1];
    free(journal.rows);
    free(lines);
    free(line);
}

static double floor_of(const struct server *server, double rate, double seconds,
                       struct value_list *beyond)
{
    struct journal_read journal;
    struct floor_run run;

    server_reset(server);
    run = floor_measure(server->port, CLIENT_ON, rate, seconds);
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

static void tell_all(struct client *client, struct value_list *floor, double floor_cpu)
{
    const cJSON *run = client->run, *lag = cJSON_GetObjectItem(run, "loopLag");
    double extra[3];
    static const double shares[] = { 0.5, 0.99, 1 };

    printf("%-36s %8s %8s %8s\n", "", "p50", "p99", "max");
    print_row("overhead reported by bench", &client->overhead,
              "upper bound: includes reading other responses");
    print_row("  of which sent late", &client->late, "scheduling error");
    printf("  %-34s %8.2f %8.2f %8.2f ms   lateness of a timer of 2 ms\n", "lag of the event loop",
           number(lag, "p50") * 1e3, number(lag, "p99") * 1e3, number(lag, "max") * 1e3);
    print_row("time beyond the server's own", &client->beyond, "measured from outside");
    print_row("minimal client", floor, "a loop that only reads");
    for (int i = 0; i < 3; i++) {
        extra[i] = at(&client->beyond, shares[i]) - at(floor, shares[i]);
    }
    printf("  %-34s %8.2f %8.2f %8.2f ms   (aim: p99 under 1 ms)\n", "beyond the minimal client",
           extra[0], extra[1], extra[2]);
    printf("  %zu answers (%d failed); the loop used %.0f %% of the processor (minimal client %.0f "
           "%%) "
           "and waited %.0f ms for it; %.0f responses waited on disk\n",
           client->overhead.count, client->failed, number(run, "loopShare") * 100, floor_cpu * 100,
           number(run, "runQueueWait") * 1e3, number(run, "spilledResponses"));
}

int main(int argc, char **argv)
{
    double rate = argc > 1 ? atof(argv[1]) : 100, seconds = argc > 2 ? atof(argv[2]) : 20;
    long bytes = argc > 3 ? atol(argv[3]) : 1500000;
    int rounds = argc > 4 ? atoi(argv[4]) : 3;
    struct client client = { 0 };
    struct value_list floor = { 0 }, first = { 0 };
    double cpu = 0;
    struct server server;
    char flags[200];

    if (sysconf(_SC_NPROCESSORS_ONLN) < 2) {
        fprintf(stderr, "bench_overhead: needs two processors\n");
        return 1;
    }
    snprintf(flags, sizeof flags, "--latency lognormal:300:700 --seed 1 --body-bytes %ld", bytes);
    server_start(&server, argv[0], SERVER_ON, flags);
    printf("overhead: %g requests per second for %d x %g s, responses of %.1f MB; bench and server "
           "have one processor each\n",
           rate, rounds, seconds, (double)bytes * 4 / 3 / 1e6);
    floor_of(&server, rate, 2, &first); /* warms up the server's images */
    for (int i = 0; i < rounds; i++) {
        cpu += floor_of(&server, rate, seconds, &floor) / rounds;
        measure(&server, argv[0], rate, seconds, &client);
    }
    tell_all(&client, &floor, cpu);
    server_stop(&server);
    return 0;
}
