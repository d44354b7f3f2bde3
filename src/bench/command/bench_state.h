/* bench_state.h - the state of a bench command under way, shared by the files that run it. */
#ifndef BENCH_COMMAND_BENCH_STATE_H
#define BENCH_COMMAND_BENCH_STATE_H
#include "bench/command/bench_run.h"
#include "bench/load/runner.h"
#include "bench/report/until_decided.h"
#include "term/eta.h"
#include "term/term_progress.h"

enum { FIND_LOAD_MAX = 1024 }; /* largest load that --find-load tries */

struct bench { /* state of one run and of the sweep around it */
    const struct settings *settings;
    struct bench_setup *setup;
    struct run_context context;
    struct performer *performer;
    struct runner *runner;
    const struct load_plan *plan; /* of the run under way */
    struct term_progress *term;   /* NULL when not under way */
    struct eta eta;               /* of the run */
    int64_t began_us, printed_us;
    char state[600];
    int interrupted;
    char level[40];    /* "8 in flight"; empty without a sweep */
    char folder[1100]; /* of the output files; empty for none */
    double load;       /* the level as a number */
    struct sweep sweep;
    int64_t spent;                       /* by earlier runs; unknown costs count in full */
    bool limit_reached;                  /* --stop-errors or --stop-p95 was exceeded */
    struct until_decided *until_decided; /* NULL without --until-decided */
    /* called with the results of each run in place of printing them; NULL: they are printed */
    void (*on_report)(struct bench *bench, const struct report *report);
    void *on_report_context;
};

/* Why a run with --until-decided stopped: a success, unlike every other reason. */
extern const char bench_decided[];

/* Runs a plan, prints and writes its results. Returns the exit status. */
int bench_run_once(struct bench *bench, const struct load_plan *plan, struct error *err);
/* Runs each level of a sweep. Returns the exit status. */
int bench_run_levels(struct bench *bench, const struct sweep_plan *sweep_plan, struct error *err);
/* Searches the largest load within --p95-below (--find-load). Returns the exit status. */
int bench_find_load(struct bench *bench, struct error *err);
/* Checks the settings of --find-load, and sets *bound_us. Fails with ERROR_INPUT. */
bool bench_find_load_read(const struct settings *settings, const struct load_plan *plan,
                          int64_t *bound_us, struct error *err) MUST_CHECK;

/* Begins, updates and ends the display on stderr. bench_progress_show takes the figures of the
 * runner, bench_progress_end prints the last ones. */
void bench_progress_begin(struct bench *bench);
void bench_progress_show(const struct run_progress *progress, void *context);
void bench_progress_end(struct bench *bench);
#endif
