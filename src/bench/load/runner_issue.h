/* runner_issue.h - sends requests: in a closed loop when a slot becomes free, in an open loop when
 * they are due. */
#ifndef BENCH_LOAD_RUNNER_ISSUE_H
#define BENCH_LOAD_RUNNER_ISSUE_H
#include "bench/load/runner_state.h"

/* Returns whether requests are left to send. In an open loop the end of the duration is compared
 * with the time at which the next request is due, not with the clock: a request that was due before
 * the end is sent, however late. */
bool runner_has_more(struct runner *runner);
/* Sends what can be sent now. Returns the time at which to call it again if no response arrives
 * before. */
int64_t runner_issue(struct runner *runner);
#endif
