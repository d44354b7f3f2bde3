/* bench_preflight.h - free checks before a run: whether the key works, whether it may use the
 * model, and the rate limit. */
#ifndef BENCH_COMMAND_BENCH_PREFLIGHT_H
#define BENCH_COMMAND_BENCH_PREFLIGHT_H
#include "bench/command/bench_run.h"

/* Fails with the provider's error, or if the load would exceed the rate limit. A server without
 * such an endpoint is not an error. */
bool bench_preflight(const struct settings *settings, struct bench_setup *setup,
                     const struct sweep_plan *sweep_plan, struct error *err) MUST_CHECK;
#endif
