/* sweep.c - collects the levels of a sweep and finds its knee and its limits. */
#include "bench/report/sweep.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

void sweep_add(struct sweep *sweep, double level, const struct target_summary *summaries)
{
    size_t count = (size_t)sweep->plan->target_count;
    struct sweep_level *sweep_level;
    int at = sweep->count++;

    for (; at > 0 && sweep->levels[at - 1].level > level; at--) { /* keeps levels ascending */
        sweep->levels[at] = sweep->levels[at - 1];
    }
    sweep_level = &sweep->levels[at];
    *sweep_level =
        (struct sweep_level){ .level = level,
                              .summaries = xcalloc(count, sizeof *sweep_level->summaries) };
    memcpy(sweep_level->summaries, summaries, count * sizeof *summaries);
}

void sweep_free(struct sweep *sweep)
{
    for (int i = 0; i < sweep->count; i++) {
        target_summaries_free(sweep->levels[i].summaries, sweep->plan->target_count);
        free(sweep->levels[i].summaries);
    }
    sweep->count = 0;
}

static double power_of(const struct target_summary *summary)
{
    return summary->count > 0 && isfinite(summary->rate) ? summary->rate / summary->percentiles[0]
                                                         : 0;
}

int sweep_knee(const struct sweep *sweep, int target)
{
    double max = 0;
    int knee = -1;

    for (int i = 0; i < sweep->count; i++) {
        double power = power_of(&sweep->levels[i].summaries[target]);

        if (power > max) {
            max = power;
            knee = i;
        }
    }
    return knee > 0 && knee + 1 < sweep->count ? knee : -1;
}

int sweep_first_429(const struct sweep *sweep, int target)
{
    for (int i = 0; i < sweep->count; i++) {
        if (sweep->levels[i].summaries[target].outcomes[OUTCOME_RATE_LIMITED] > 0) {
            return i;
        }
    }
    return -1;
}

const char *sweep_level_name(const struct sweep *sweep, double level, char out[40])
{
    snprintf(out, 40, sweep->by_rate ? "%g per second" : "%g in flight", level);
    return out;
}

void sweep_verdicts(const struct sweep *sweep, struct text *out)
{
    char level[40];

    for (int i = 0; i < sweep->plan->target_count; i++) {
        const char *name = sweep->plan->targets[i].name;
        int knee = sweep_knee(sweep, i), limited = sweep_first_429(sweep, i);

        if (knee >= 0) {
            text_printf(out, "%s: best throughput for its latency at %s\n", name,
                        sweep_level_name(sweep, sweep->levels[knee].level, level));
        } else if (sweep->count > 2) {
            text_printf(out, "%s: no knee among these levels\n", name);
        }
        if (limited >= 0) {
            const struct target_summary *summary = &sweep->levels[limited].summaries[i];

            text_printf(out, "%s: rate limited from %s on (%zu of %zu requests)\n", name,
                        sweep_level_name(sweep, sweep->levels[limited].level, level),
                        summary->outcomes[OUTCOME_RATE_LIMITED], summary->issued);
        }
    }
}
