/* truth_peers.h - runs hey, ab and wrk against the same server, if they are installed, and reads
 * the percentiles that they print. */
#ifndef TESTS_TRUTH_PEERS_H
#define TESTS_TRUTH_PEERS_H
#include "bench/truth_run.h"

struct peer_load {
    int concurrency, requests;
    double seconds; /* used instead of requests if > 0; wrk supports only this */
};

struct peer {
    const char *name;
    /* Writes the command line. Returns false if the tool does not support such a load. */
    bool (*command)(const struct peer_load *load, const char *folder, int port, char *out,
                    size_t room);
    /* Reads a percentile from a line of output, in seconds; NAN if the line has none. */
    double (*read)(const char *line, int *percent);
};

/* Timeouts are raised, because the defaults (20, 30 and 2 s) would cut off the tail. */
static inline bool hey_command(const struct peer_load *load, const char *folder, int port,
                               char *out, size_t room)
{
    char amount[40];

    snprintf(amount, sizeof amount, load->seconds > 0 ? "-z %.0fs" : "-n %.0f",
             load->seconds > 0 ? load->seconds : load->requests);
    snprintf(out, room,
             "hey -t 120 -c %d %s -m POST -T application/json -H 'Authorization: Bearer sk-bench' "
             "-D %s/body http://127.0.0.1:%d/v1/responses",
             load->concurrency, amount, folder, port);
    return true;
}

static inline double hey_read(const char *line, int *percent)
{
    double seconds;

    return sscanf(line, " %d%% in %lf secs", percent, &seconds) == 2 ? seconds : NAN;
}

static inline bool ab_command(const struct peer_load *load, const char *folder, int port, char *out,
                              size_t room)
{
    char amount[60];

    snprintf(amount, sizeof amount, load->seconds > 0 ? "-t %.0f -n 1000000" : "-n %.0f",
             load->seconds > 0 ? load->seconds : load->requests);
    snprintf(out, room,
             "ab -l -k -s 120 %s -c %d -p %s/body -T application/json "
             "-H 'Authorization: Bearer sk-bench' http://127.0.0.1:%d/v1/responses",
             amount, load->concurrency, folder, port);
    return true;
}

static inline double ab_read(const char *line, int *percent)
{
    double ms;

    return sscanf(line, " %d%% %lf", percent, &ms) == 2 && !strstr(line, "in") ? ms / 1e3 : NAN;
}

static inline bool wrk_command(const struct peer_load *load, const char *folder, int port,
                               char *out, size_t room)
{
    snprintf(out, room,
             "wrk --latency --timeout 120s -t 1 -c %d -d %.0fs -s %s/post.lua "
             "http://127.0.0.1:%d/v1/responses",
             load->concurrency, load->seconds, folder, port);
    return load->seconds > 0;
}

static inline double wrk_read(const char *line, int *percent)
{
    double value, scale;
    char unit[8];

    if (sscanf(line, " %d%% %lf%7s", percent, &value, unit) != 3) {
        return NAN;
    }
    scale = strcmp(unit, "us") == 0 ? 1e-6 : strcmp(unit, "ms") == 0 ? 1e-3 : 1;
    return value * scale;
}

static const struct peer peers[] = { { "hey", hey_command, hey_read },
                                     { "ab", ab_command, ab_read },
                                     { "wrk", wrk_command, wrk_read } };
enum { PEERS = sizeof peers / sizeof *peers };

static inline bool peer_is_here(const struct peer *peer)
{
    char command[80];

    snprintf(command, sizeof command, "command -v %s >/dev/null 2>&1", peer->name);
    return system(command) == 0;
}

/* Writes the text request that they send. */
static inline void peer_files(const char *folder)
{
    static const char body[] = "{\"model\":\"gpt-6-luna\",\"input\":\"a steel bottle\"}";
    char path[200];
    FILE *file;

    snprintf(path, sizeof path, "%s/body", folder);
    file = fopen(path, "w");
    if (file) {
        fputs(body, file);
        fclose(file);
    }
    snprintf(path, sizeof path, "%s/post.lua", folder);
    file = fopen(path, "w");
    if (file) {
        fprintf(file,
                "wrk.method = \"POST\"\nwrk.body = '%s'\n"
                "wrk.headers[\"Content-Type\"] = \"application/json\"\n"
                "wrk.headers[\"Authorization\"] = \"Bearer sk-bench\"\n",
                body);
        fclose(file);
    }
}

/* Runs the tool and reads p50, p90 and p99. Returns false if it does not support the load. */
static inline bool peer_go(const struct peer *peer, const struct peer_load *load,
                           const char *folder, const struct server *server,
                           void (*meanwhile)(const struct server *), double p[3])
{
    char command[700], *line = NULL;
    struct child child;
    size_t room = 0;

    if (!peer->command(load, folder, server->port, command, sizeof command)) {
        return false;
    }
    server_reset(server);
    child = child_start(-1, command);
    p[0] = p[1] = p[2] = NAN;
    if (meanwhile) {
        meanwhile(server);
    }
    while (getline(&line, &room, child.out) > 0) {
        int percent = 0;
        double value = peer->read(line, &percent);

        for (int i = 0; i < 3; i++) {
            if (!isnan(value) && percent == (int)(truth_shares[i] * 100 + 0.5)) {
                p[i] = value;
            }
        }
    }
    free(line);
    child_end(&child, false);
    return true;
}
#endif
