/* bench_in_flight.c - memory of `darkroom bench` with 2,000 requests in flight for images of
 * 1024x1024 pixels, half of them streamed with two partial images: once with realistic latencies,
 * once with all responses at the same time. Aim: a peak under 200 MB.
 *
 *   bench_in_flight [IN_FLIGHT]      (2000) */
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <cjson/cJSON.h>

#include "base/clock.h"
#include "bench/fatal.h"
#include "bench/process.h"

enum { AIM_MB = 200, ROUNDS = 2 };

static char program[500], folder[80];
static pid_t owner, server, client;

struct usage_seen { /* of bench, in KB; peak: as recorded by the kernel */
    long peak, own, waiting;
    double seconds, processor;
};

static void clean(void)
{
    if (getpid() != owner) {
        return;
    }
    if (client > 0) {
        kill(client, SIGKILL);
    }
    if (server > 0) {
        kill(server, SIGKILL);
    }
    if (folder[0]) {
        char command[120];

        snprintf(command, sizeof command, "rm -rf '%s'", folder);
        (void)!system(command);
    }
}

/* Starts the program with its standard output in a file of the folder. */
static pid_t run(const char *output, const char *const *arguments)
{
    char path[160];
    pid_t child;

    snprintf(path, sizeof path, "%s/%s", folder, output);
    unlink(path); /* of the previous round */
    fflush(stdout);
    child = fork();
    if (child == 0) {
        if (!freopen(path, "w", stdout)) {
            _exit(1);
        }
        execv(program, (char *const *)(uintptr_t)arguments);
        _exit(1);
    }
    if (child < 0) {
        fatal(output, "cannot start");
    }
    return child;
}

static char *text_of(const char *output)
{
    char path[160], *text = NULL;
    size_t size = 0;
    FILE *file;

    snprintf(path, sizeof path, "%s/%s", folder, output);
    file = fopen(path, "r");
    if (file && getdelim(&text, &size, '\0', file) < 0) {
        free(text);
        text = NULL;
    }
    if (file) {
        fclose(file);
    }
    return text;
}

static void serve(const char *latency)
{
    const char *arguments[] = { "darkroom", "stand-in", "--latency", latency, NULL };
    int64_t last = clock_mono_us() + 10000000;
    int port = 0;
    char base[80];

    server = run("server", arguments);
    while (port == 0 && clock_mono_us() < last) {
        char *text = text_of("server");

        if (text) {
            sscanf(text, "listening on http://127.0.0.1:%d", &port);
        }
        free(text);
        usleep(20000);
    }
    if (port == 0) {
        fatal("the stand-in", "did not start");
    }
    snprintf(base, sizeof base, "http://127.0.0.1:%d/v1", port);
    setenv("OPENAI_BASE_URL", base, 1);
    setenv("OPENAI_API_KEY", "sk-bench", 1);
}

static void dismiss(void)
{
    kill(server, SIGTERM);
    waitpid(server, NULL, 0);
    server = 0;
}

/* Observes bench until it ends. No request is answered in the first five seconds. */
static struct usage_seen watch(void)
{
    struct usage_seen seen = { 0 };
    int64_t began = clock_mono_us();
    struct rusage usage;
    int status;

    while (wait4(client, &status, WNOHANG, &usage) == 0) {
        struct memory now = memory_of(client);

        seen.own = now.own > seen.own ? now.own : seen.own;
        if (clock_mono_us() - began < 5000000) {
            seen.waiting = now.resident;
        }
        usleep(50000);
    }
    client = 0;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        fatal("darkroom bench", "failed");
    }
    seen.peak = usage.ru_maxrss;
    seen.seconds = (double)(clock_mono_us() - began) / 1e6;
    seen.processor = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                     (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
    return seen;
}

static double number(const cJSON *at, const char *a, const char *b)
{
    const cJSON *item = cJSON_GetObjectItem(at, a);

    return cJSON_GetNumberValue(b ? cJSON_GetObjectItem(item, b) : item);
}

/* The summary is the last line. */
static void tell_answers(void)
{
    char *text = text_of("client"), *line = text ? strrchr(text, '{') : NULL;
    const cJSON *result;
    cJSON *summary;

    while (line && line > text && line[-1] != '\n') {
        line--;
    }
    summary = line ? cJSON_Parse(line) : NULL;
    if (!summary) {
        fatal("darkroom bench", "printed nothing");
    }
    printf("  in flight        %6.0f max\n", number(summary, "maxInFlight", NULL));
    cJSON_ArrayForEach(result, cJSON_GetObjectItem(summary, "results"))
    {
        const cJSON *p50 = cJSON_GetObjectItem(cJSON_GetObjectItem(result, "percentiles"), "p50");

        printf("  %-16s %6.0f usable of %.0f; p50 %.1f s; overhead p50 %.1f ms, p99 %.1f ms\n",
               cJSON_GetStringValue(cJSON_GetObjectItem(result, "target")),
               number(result, "outcomes", "ok"), number(result, "issued", NULL),
               number(p50, "value", NULL), number(result, "overhead", "p50") * 1000,
               number(result, "overhead", "p99") * 1000);
    }
    cJSON_Delete(summary);
    free(text);
}

static void measure(const char *latency, const char *kind, int in_flight, int rounds)
{
    char concurrency[12], requests[12];
    const char *arguments[] = { "darkroom",
                                "bench",
                                "--target",
                                "openai:gpt-image-2.5-flare,stream=2,name=streaming",
                                "--target",
                                "openai:gpt-image-2.5-flare,name=plain",
                                "--concurrency",
                                concurrency,
                                "--requests",
                                requests,
                                "--yes",
                                "--json",
                                NULL };
    struct usage_seen seen;

    snprintf(concurrency, sizeof concurrency, "%d", in_flight);
    snprintf(requests, sizeof requests, "%d", in_flight / 2 * rounds);
    serve(latency);
    client = run("client", arguments);
    seen = watch();
    printf("in flight: %d requests, %s; %.1f s\n", in_flight, kind, seen.seconds);
    tell_answers();
    printf("  peak             %6.1f MB resident (aim: under %d MB)%s\n", (double)seen.peak / 1024,
           AIM_MB, seen.peak > AIM_MB * 1024 ? ": MISSED" : "");
    printf("  all waiting      %6.1f MB resident: %.1f KB per request\n",
           (double)seen.waiting / 1024, (double)seen.waiting / in_flight);
    printf("  anonymous        %6.1f MB of anonymous pages at most\n", (double)seen.own / 1024);
    printf("  processor time   %6.2f s of %.1f s\n", seen.processor, seen.seconds);
    dismiss();
}

int main(int argc, char **argv)
{
    int in_flight = argc > 1 ? atoi(argv[1]) : 2000;
    const char *slash = strrchr(argv[0], '/');

    owner = getpid();
    atexit(clean);
    snprintf(program, sizeof program, "%.*sdarkroom", slash ? (int)(slash - argv[0] + 1) : 0,
             argv[0]);
    strcpy(folder, "/tmp/darkroom-bench-XXXXXX");
    if (!mkdtemp(folder) || in_flight < 2) {
        fatal("cannot begin", in_flight < 2 ? "too few requests" : "no folder");
    }
    measure("lognormal:20000:45000", "realistic latencies", in_flight, ROUNDS);
    measure("constant:20000", "all responses at the same time", in_flight, 1);
    return 0;
}
