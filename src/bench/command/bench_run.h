/* bench_run.h - runs a plan once or for each level of a sweep, and prints and writes the results.
 */
#ifndef BENCH_COMMAND_BENCH_RUN_H
#define BENCH_COMMAND_BENCH_RUN_H
#include "bench/command/bench_setup.h"
#include "bench/report/sweep.h"

struct sweep_plan {
    bool by_rate; /* else by concurrency */
    double levels[SWEEP_LEVELS_MAX];
    int count; /* 0 for a single run as planned */
};

/* Reads "concurrency:1,2,4" or "rate:0.5,1"; NULL means no sweep. */
bool sweep_plan_read(const char *text, struct sweep_plan *out, struct error *err) MUST_CHECK;

/* Returns the exit status: 0, 1 if the run was stopped early, 7 if a --fail-if rule is violated,
 * 130 if interrupted. */
int bench_run(const struct settings *settings, struct bench_setup *setup,
              const struct sweep_plan *sweep_plan, struct error *err);
#endif
