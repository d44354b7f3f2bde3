/* schedule.h - the order of requests and, in an open loop, when each is due.
 *
 * Targets are interleaved in random blocks: each block asks every target once with the same prompt,
 * in random order, so that changes over time affect all targets alike. The same seed gives the same
 * schedule. */
#ifndef BENCH_LOAD_SCHEDULE_H
#define BENCH_LOAD_SCHEDULE_H
#include "bench/load/target.h"

enum arrivals { ARRIVALS_POISSON, ARRIVALS_EVEN };

struct schedule_entry { /* one request to send */
    int target, prompt, block;
};

struct schedule {
    uint64_t random;
    int targets, prompts;
    int order[TARGETS_MAX]; /* of the current block */
    int at, block;
    enum arrivals arrivals;
    double rate;   /* requests per second over all targets */
    double due_us; /* of the next request, from the start of the run */
};

void schedule_begin(struct schedule *schedule, int targets, int prompts, uint64_t seed);
struct schedule_entry schedule_next(struct schedule *schedule);

/* Open loop. schedule_due returns when the next request is due, in microseconds from the start of
 * the run, and advances to the one after it. */
void schedule_arrivals(struct schedule *schedule, double rate, enum arrivals arrivals);
int64_t schedule_due(struct schedule *schedule);
#endif
