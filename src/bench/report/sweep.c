/* sweep.c - levels of a sweep, and what they say together. */
#include "bench/report/sweep.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void ladder_add(struct ladder *ladder, double level, const struct tally *tallies)
{
    size_t count = (size_t)ladder->plan->target_count;
    struct rung *rung;
    int at = ladder->count++;

    for (; at > 0 && ladder->rungs[at - 1].level > level; at--) { /* told in order, run in any */
        ladder->rungs[at] = ladder->rungs[at - 1];
    }
    rung = &ladder->rungs[at];
    *rung = (struct rung){ .level = level, .tallies = calloc(count, sizeof *rung->tallies) };
    if (!rung->tallies) {
        abort();
    }
    memcpy(rung->tallies, tallies, count * sizeof *tallies);
}

void ladder_free(struct ladder *ladder)
{
    for (int i = 0; i < ladder->count; i++) {
        tallies_free(ladder->rungs[i].tallies, ladder->plan->target_count);
        free(ladder->rungs[i].tallies);
    }
    ladder->count = 0;
}

static double power_of(const struct tally *tally)
{
    return tally->count > 0 && isfinite(tally->rate) ? tally->rate / tally->percentiles[0] : 0;
}

int ladder_knee(const struct ladder *ladder, int target)
{
    double most = 0;
    int knee = -1;

    for (int i = 0; i < ladder->count; i++) {
        double power = power_of(&ladder->rungs[i].tallies[target]);

        if (power > most) {
            most = power;
            knee = i;
        }
    }
    return knee > 0 && knee + 1 < ladder->count ? knee : -1;
}

int ladder_limited(const struct ladder *ladder, int target)
{
    for (int i = 0; i < ladder->count; i++) {
        if (ladder->rungs[i].tallies[target].outcomes[OUTCOME_RATE] > 0) {
            return i;
        }
    }
    return -1;
}

const char *ladder_level(const struct ladder *ladder, double level, char out[40])
{
    snprintf(out, 40, ladder->rates ? "%g a second" : "%g in flight", level);
    return out;
}

void ladder_verdicts(const struct ladder *ladder, struct text *out)
{
    char level[40];

    for (int i = 0; i < ladder->plan->target_count; i++) {
        const char *name = ladder->plan->targets[i].name;
        int knee = ladder_knee(ladder, i), limited = ladder_limited(ladder, i);

        if (knee >= 0) {
            text_printf(out, "%s gives the most for its wait at %s\n", name,
                        ladder_level(ladder, ladder->rungs[knee].level, level));
        } else if (ladder->count > 2) {
            text_printf(out, "%s has no knee among these levels\n", name);
        }
        if (limited >= 0) {
            const struct tally *tally = &ladder->rungs[limited].tallies[i];

            text_printf(out, "%s: 429 from %s on, %zu of %zu there\n", name,
                        ladder_level(ladder, ladder->rungs[limited].level, level),
                        tally->outcomes[OUTCOME_RATE], tally->issued);
        }
    }
}
