/* bench_replay.h - --replay: the calls of real jobs become the workload of a run. */
#ifndef BENCH_COMMAND_BENCH_REPLAY_H
#define BENCH_COMMAND_BENCH_REPLAY_H
#include "bench/command/bench_setup.h"

/* Reads the last N calls (--replay N) into the workload and adapts the targets to them. Fails if
 * there are none. */
bool bench_replay(const struct settings *settings, struct bench_setup *setup,
                  struct error *err) MUST_CHECK;

/* Downloads the photos of the jobs that start from one. Sets *needs_sample if some are not
 * available, so that the sample photo replaces them, and says so on stderr. */
bool bench_replay_photos(const struct settings *settings, struct bench_setup *setup,
                         bool *needs_sample, struct error *err) MUST_CHECK;
#endif
