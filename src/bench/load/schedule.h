/* schedule.h - which request comes next, and when it is due.
 *
 * Targets are interleaved in random blocks: each block asks every target once, with the same
 * prompt, in an order of its own, so that the hour of the day is fair to all. The same seed gives
 * the same schedule. */
#ifndef BENCH_LOAD_SCHEDULE_H
#define BENCH_LOAD_SCHEDULE_H
#include "bench/load/target.h"

enum arrivals { ARRIVALS_POISSON, ARRIVALS_EVEN };

struct schedule_entry { /* one request to make */
    int target, prompt, block;
};

struct schedule {
    uint64_t random;
    int targets, prompts;
    int order[TARGETS_MAX]; /* of the block under way */
    int at, block;
    enum arrivals arrivals;
    double rate;   /* requests a second, over all targets */
    double due_us; /* of the next, from the beginning */
};

void schedule_begin(struct schedule *schedule, int targets, int prompts, uint64_t seed);
struct schedule_entry schedule_next(struct schedule *schedule);

/* Open loop: microseconds from the beginning at which the next request is due; moves on. */
void schedule_arrivals(struct schedule *schedule, double rate, enum arrivals arrivals);
int64_t schedule_due(struct schedule *schedule);
#endif
