/* bench_run.h - carries a plan out, once or level by level, and tells what came of it. */
#ifndef BENCH_COMMAND_BENCH_RUN_H
#define BENCH_COMMAND_BENCH_RUN_H
#include "bench/command/bench_setup.h"
#include "bench/report/sweep.h"

struct sweep_plan {
    bool by_rate; /* else concurrency */
    double levels[SWEEP_LEVELS_MAX];
    int count; /* 0: none, one run as the plan says */
};

/* "concurrency:1,2,4" or "rate:0.5,1"; NULL: no sweep. */
bool sweep_plan_read(const char *text, struct sweep_plan *out, struct error *err) MUST_CHECK;

/* The exit status: 0, 1 where it was stopped early, 7 where a baseline's rule is true, 130. */
int bench_run(const struct settings *settings, struct bench_setup *setup,
              const struct sweep_plan *sweep_plan, struct error *err);
#endif
