/* bench_setup.h - from settings to the plan of a run. */
#ifndef CLI_BENCH_SETUP_H
#define CLI_BENCH_SETUP_H
#include "bench/runner.h"
#include "cli/bench.h"
#include "model/prompt.h"

struct bench_setup { /* a plan, and what it borrows */
    struct catalog *catalog;
    struct prompts *prompts;
    struct arena *arena;
    struct workload workload;
    struct target targets[TARGETS_MAX];
    struct plan plan;
    struct bench_gate *gate; /* NULL: the run is held against nothing */
    char command[1000];      /* how to do it again */
};

/* All that can be wrong is said here, before anything is sent. Freed with bench_setup_free, after
 * failure too. */
bool bench_setup(const struct settings *settings, struct bench_setup *out,
                 struct error *err) MUST_CHECK;
void bench_setup_free(struct bench_setup *setup);
#endif
