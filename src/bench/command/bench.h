/* bench.h - the terminal output of darkroom bench, and the comparison of runs. */
#ifndef BENCH_COMMAND_BENCH_H
#define BENCH_COMMAND_BENCH_H
#include <stdio.h>

#include "bench/report/stored_run.h"
#include "bench/report/sweep.h"
#include "settings/settings.h"

/* Prints table, verdicts, failures, phases and client figures. */
void bench_print(FILE *to, const struct report *report, bool wide);
/* Prints the table only. `wide` prints all columns regardless of the terminal's width. */
void bench_table(FILE *to, const struct report *report, bool wide);
/* Prints a line per target and level, and the verdicts of the sweep. */
void bench_print_sweep(FILE *to, const struct sweep *sweep);
/* Prints what a run would send and its maximum cost. `levels` is the number of runs of a sweep. */
void bench_print_plan(FILE *to, const struct load_plan *plan, int levels);
/* Prints the same as one JSON object on standard output. */
void bench_plan_json(const struct load_plan *plan, int levels);

/* Compares two runs (folders, samples.jsonl files or outputs of --json) and prints a table. Returns
 * the exit status. */
int bench_compare(const char *before, const char *after, bool json, struct error *err);
/* Reads a stored run. Free with stored_run_free after success. */
bool bench_read_run(const char *path, struct stored_run *out, struct error *err) MUST_CHECK;
/* Warns on stderr about differences that make two runs less comparable. `what` begins each line. */
void bench_warn_differences(const struct stored_run *before, const struct stored_run *after,
                            const char *what);

/* Checks the hash chain of a run's samples (report/sample_chain.h), and prints what was found.
 * Returns the exit status: 0, or 7 if the samples were changed. */
int bench_verify(const char *path, bool json, struct error *err);

/* --baseline and --fail-if. bench_gate_new reads the baseline and checks the rules before anything
 * is paid for. It sets *out to NULL if neither is given. Free with bench_gate_free, also after
 * failure.
 */
struct bench_gate;
bool bench_gate_new(const struct settings *settings, const struct load_plan *plan,
                    struct bench_gate **out, struct error *err) MUST_CHECK;
/* Prints each figure, its bound and the verdict on stderr. Returns 7 if a bound is exceeded, else
 * 0.
 */
int bench_gate_check(const struct bench_gate *gate, const struct report *report, struct error *err);
void bench_gate_free(struct bench_gate *gate);
#endif
