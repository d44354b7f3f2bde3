/* schedule.c - random blocks and arrival times. */
#include "bench/load/schedule.h"

#include "base/random.h"

void schedule_begin(struct schedule *schedule, int targets, int prompts, uint64_t seed)
{
    *schedule =
        (struct schedule){ .random = seed, .targets = targets, .prompts = prompts, .block = -1 };
}

struct schedule_entry schedule_next(struct schedule *schedule)
{
    struct schedule_entry entry;

    if (schedule->at == 0) {
        for (int i = 0; i < schedule->targets; i++) {
            schedule->order[i] = i;
        }
        random_shuffle(&schedule->random, schedule->order, (size_t)schedule->targets,
                       sizeof schedule->order[0]);
        schedule->block++;
    }
    entry = (struct schedule_entry){ .target = schedule->order[schedule->at],
                                     .prompt = schedule->block % schedule->prompts,
                                     .block = schedule->block };
    schedule->at = (schedule->at + 1) % schedule->targets;
    return entry;
}

void schedule_arrivals(struct schedule *schedule, double rate, enum arrivals arrivals)
{
    schedule->rate = rate;
    schedule->arrivals = arrivals;
    schedule->due_us = 0;
}

int64_t schedule_due(struct schedule *schedule)
{
    double mean = 1e6 / schedule->rate;

    schedule->due_us +=
        schedule->arrivals == ARRIVALS_EVEN ? mean : random_exponential(&schedule->random, mean);
    return (int64_t)schedule->due_us;
}
