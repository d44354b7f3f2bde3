/* bench_preflight.h - what is asked of providers before a run, for nothing: does the key work, is
 * the model open to it and alive, how often may it be asked? */
#ifndef BENCH_COMMAND_BENCH_PREFLIGHT_H
#define BENCH_COMMAND_BENCH_PREFLIGHT_H
#include "bench/command/bench_run.h"

/* Fails with the provider's word, or where the load would pass its limit. A server that cannot be
 * asked is no failure. */
bool bench_preflight(const struct settings *settings, struct bench_setup *setup,
                     const struct sweep_plan *sweep_plan, struct error *err) MUST_CHECK;
#endif
