/* bench_setup.h - builds the plan of a run from the settings. */
#ifndef BENCH_COMMAND_BENCH_SETUP_H
#define BENCH_COMMAND_BENCH_SETUP_H
#include "app/worker_setup.h"
#include "bench/command/bench.h"
#include "bench/load/store_images.h"
#include "model/prompt.h"

struct bench_setup { /* a plan and everything it borrows */
    struct catalog *catalog;
    struct prompts *prompts;
    struct arena *arena;
    struct workload workload;
    struct replay *replay; /* NULL without --replay */
    struct packs *packs;   /* NULL without --workload */
    struct rules *rules;   /* of the packs */
    struct target targets[TARGETS_MAX];
    struct load_plan plan;
    struct worker_setup worker_setup; /* only its store, for --store-images */
    struct upload_target upload_target;
    struct bench_gate *gate; /* NULL without --baseline and --fail-if */
    struct text command;     /* command that repeats the run, without secrets */
};

/* Checks everything that can be checked before a request is sent. Free with bench_setup_free, also
 * after failure. */
bool bench_setup(const struct settings *settings, struct bench_setup *out,
                 struct error *err) MUST_CHECK;
/* Writes the command without user names, passwords and query strings of URLs. */
void bench_command(const struct settings *settings, struct text *out);
void bench_setup_free(struct bench_setup *setup);
#endif
