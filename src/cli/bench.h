/* bench.h - what darkroom bench says on the terminal, and how it compares runs. */
#ifndef CLI_BENCH_H
#define CLI_BENCH_H
#include <stdio.h>

#include "bench/report.h"

/* The table, verdicts, failures, phases and the harness's word on itself. */
void bench_tell(FILE *to, const struct report *report, bool wide);
/* The table alone; `wide`: all of its columns, whatever the terminal's width. */
void bench_table(FILE *to, const struct report *report, bool wide);
/* What would be done, so many times over, and what it may cost. */
void bench_tell_plan(FILE *to, const struct plan *plan, int levels);

/* Two runs (folders or their samples.jsonl), target by target; the exit status. */
int bench_compare(const char *before, const char *after, bool json, struct error *err);
/* Can the run be held against this baseline by this rule? Asked before anything is paid for. */
bool bench_gate_check(const char *baseline, const char *rule, struct error *err) MUST_CHECK;
/* The run against a stored one: "p95>1.2x" fails (7) where a target's p95 is more than 1.2 times
 * that of the baseline. Targets that the baseline lacks are named and passed over. */
int bench_gate(const struct report *report, const char *baseline, const char *rule,
               struct error *err);
#endif
