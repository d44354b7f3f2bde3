/* bench_replay.h - real jobs of the database as the work of a run. */
#ifndef BENCH_COMMAND_BENCH_REPLAY_H
#define BENCH_COMMAND_BENCH_REPLAY_H
#include "bench/command/bench_setup.h"

/* What the last so many calls asked for becomes the workload, and the targets take it up. Fails
 * where there is no such call. */
bool bench_replay(const struct settings *settings, struct bench_setup *setup,
                  struct error *err) MUST_CHECK;

/* Fetches the photos of the jobs that start from one; *stand_in: some have none, so that the sample
 * must do. Says so. */
bool bench_replay_photos(const struct settings *settings, struct bench_setup *setup, bool *stand_in,
                         struct error *err) MUST_CHECK;
#endif
