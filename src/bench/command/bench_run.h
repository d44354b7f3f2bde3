/* bench_run.h - carries a plan out, once or level by level, and tells what came of it. */
#ifndef BENCH_COMMAND_BENCH_RUN_H
#define BENCH_COMMAND_BENCH_RUN_H
#include "bench/command/bench_setup.h"
#include "bench/report/sweep.h"

enum { LEVELS_MAX = LADDER_MOST };

struct sweep {
    bool rates; /* else concurrency */
    double levels[LEVELS_MAX];
    int count; /* 0: none, one run as the plan says */
};

/* "concurrency:1,2,4" or "rate:0.5,1"; NULL: no sweep. */
bool sweep_read(const char *text, struct sweep *out, struct error *err) MUST_CHECK;

/* The exit status: 0, 1 where it was stopped early, 7 where a baseline's rule is true, 130. */
int bench_run(const struct settings *settings, struct bench_setup *setup, const struct sweep *sweep,
              struct error *err);
#endif
