/* bench_world.h - simulates the surroundings of a bench run: a virtual clock, a provider with given
 * latencies, and background work of a given duration. The same seed gives the same run. */
#ifndef TESTS_BENCH_WORLD_H
#define TESTS_BENCH_WORLD_H
#include "bench/load/runner.h"

enum { WORLD_TOKENS = 1000 }; /* per response, at one microdollar each */

struct world_span { /* from <= now < until, microseconds */
    int64_t from, until;
};

struct bench_world {
    struct performer performer; /* first member: callbacks convert it to the world */
    struct run_clock run_clock;
    int64_t now_us;
    uint64_t random;
    double (*latency)(struct bench_world *world,
                      int target); /* returns the seconds of the next response */
    const struct target *targets;
    double rate_limited_share;      /* share of requests that get status 429 immediately */
    bool drops;                     /* connections break instead of answering */
    struct world_span stall;        /* the provider stalls; requests wait */
    struct world_span client_pause; /* the client does not run */
    int64_t evaluation_us;          /* duration of each piece of background work */
    int answer_bytes;               /* size of each response body */
    int requests, responses, in_flight, max_in_flight, working;
    void (*at_answer)(struct bench_world *world); /* called after each response; may be NULL */
    struct runner *runner;
    struct event *events; /* pending, earliest first */
};

void bench_world_begin(struct bench_world *world, uint64_t seed);
/* Creates targets of a simulated provider, each with a text model. The world borrows them. */
void bench_world_targets(struct bench_world *world, struct target *targets, int count);
/* Returns a plan for them without limits, to be completed by the test. */
struct load_plan bench_world_plan(const struct bench_world *world, int count);
/* Runs it; the caller frees with runner_free. */
struct runner *bench_world_run(struct bench_world *world, const struct load_plan *plan);
void bench_world_end(void);
#endif
