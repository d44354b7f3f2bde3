/* bench_setup.h - from settings to the plan of a run. */
#ifndef BENCH_COMMAND_BENCH_SETUP_H
#define BENCH_COMMAND_BENCH_SETUP_H
#include "app/worker_setup.h"
#include "bench/command/bench.h"
#include "bench/load/store_images.h"
#include "model/prompt.h"

struct bench_setup { /* a plan, and what it borrows */
    struct catalog *catalog;
    struct prompts *prompts;
    struct arena *arena;
    struct workload workload;
    struct target targets[TARGETS_MAX];
    struct load_plan plan;
    struct worker_setup worker_setup; /* the store alone, where images go into it */
    struct upload_target upload_target;
    struct bench_gate *gate; /* NULL: the run is held against nothing */
    struct text command;     /* how to do it again; no secret in it */
};

/* All that can be wrong is said here, before anything is sent. Freed with bench_setup_free, after
 * failure too. */
bool bench_setup(const struct settings *settings, struct bench_setup *out,
                 struct error *err) MUST_CHECK;
/* The command, without what an address may hold of names, passwords and keys. */
void bench_command(const struct settings *settings, struct text *out);
void bench_setup_free(struct bench_setup *setup);
#endif
