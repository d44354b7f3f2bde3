/* bench.h - what darkroom bench says on the terminal, and how it compares runs. */
#ifndef BENCH_COMMAND_BENCH_H
#define BENCH_COMMAND_BENCH_H
#include <stdio.h>

#include "bench/report/stored_run.h"
#include "bench/report/sweep.h"
#include "settings/settings.h"

/* The table, verdicts, failures, phases and the harness's word on itself. */
void bench_print(FILE *to, const struct report *report, bool wide);
/* The table alone; `wide`: all of its columns, whatever the terminal's width. */
void bench_table(FILE *to, const struct report *report, bool wide);
/* A sweep: a line a target and level, and what they say together. */
void bench_print_sweep(FILE *to, const struct sweep *sweep);
/* What would be done, so many times over, and what it may cost. */
void bench_print_plan(FILE *to, const struct load_plan *plan, int levels);

/* Two runs (folders, their samples.jsonl, or what --json printed), target by target, figure by
 * figure; the exit status. */
int bench_compare(const char *before, const char *after, bool json, struct error *err);
/* Reads such a run. Freed with past_free, after success alone. */
bool bench_read_run(const char *path, struct stored_run *out, struct error *err) MUST_CHECK;
/* On stderr, what makes two runs less alike than their figures look; `what` goes first. */
void bench_warn_differences(const struct stored_run *before, const struct stored_run *after,
                            const char *what);

/* --baseline and --fail-if: the earlier run is read and the rules are made sure of before anything
 * is paid for. NULL where neither is given. Freed with bench_gate_free, after failure too. */
struct bench_gate;
bool bench_gate_new(const struct settings *settings, const struct load_plan *plan,
                    struct bench_gate **out, struct error *err) MUST_CHECK;
/* Says on stderr how each figure stands, and how sure that is; 7 where one is past its bound. */
int bench_gate_check(const struct bench_gate *gate, const struct report *report, struct error *err);
void bench_gate_free(struct bench_gate *gate);
#endif
