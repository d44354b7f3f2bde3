/* bench_world.h - a world for runs of the bench: a virtual clock, a provider that answers when it
 * is told to, and a background whose work takes as long as told. The same seed gives the same
 * run, in no time. */
#ifndef TESTS_BENCH_WORLD_H
#define TESTS_BENCH_WORLD_H
#include "bench/load/runner.h"

enum { WORLD_TOKENS = 1000 }; /* of each answer; at a microdollar each */

struct world_span { /* from <= now < until, microseconds */
    int64_t from, until;
};

struct bench_world {
    struct performer performer; /* first: it is called with this */
    struct run_clock run_clock;
    int64_t now_us;
    uint64_t random;
    double (*latency)(struct bench_world *world, int target); /* seconds of the next answer */
    const struct target *targets;
    double limited; /* share of requests that are answered 429 at once */
    bool drops;     /* connections break in place of answers: what was sent may be billed */
    struct world_span stall; /* the provider stands still; what was asked waits */
    struct world_span away;  /* the harness does */
    int64_t judging_us;      /* how long work in the background takes */
    int answer_bytes;        /* of each answer's body */
    int asked, answered, in_flight, most_in_flight, working;
    void (*at_answer)(struct bench_world *world); /* may be NULL */
    struct runner *runner;
    struct event *events; /* what is to come, earliest first */
};

void bench_world_begin(struct bench_world *world, uint64_t seed);
/* Targets of a provider of its own, each of a text model. Borrowed by the world. */
void bench_world_targets(struct bench_world *world, struct target *targets, int count);
/* A plan for them without a bound, to be filled in. */
struct load_plan bench_world_plan(const struct bench_world *world, int count);
/* Runs it; the caller frees with runner_free. */
struct runner *bench_world_run(struct bench_world *world, const struct load_plan *plan);
void bench_world_end(void);
#endif
