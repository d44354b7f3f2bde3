/* report_profile.c - profile.json: latencies and limits for workers. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "bench/report/report.h"
#include "model/profile.h"

static void fill(const struct target_summary *summary, struct profile_call *out)
{
    const struct target *target = summary->target;

    *out = (struct profile_call){ .task = target->task,
                                  .count = (int64_t)summary->count,
                                  .p50 = summary->percentiles[0],
                                  .p90 = summary->percentiles[2],
                                  .p95 = summary->percentiles[3],
                                  .p99 = summary->percentiles[4],
                                  .mean = summary->stats.mean,
                                  .usd = summary->usd_per_usable,
                                  .requests_a_minute = target->requests_per_minute > 0
                                                           ? target->requests_per_minute
                                                           : -1 };
    if (target->task != TASK_TEXT) {
        out->size = target->size;
    }
    snprintf(out->provider, sizeof out->provider, "%.39s", target->provider->name);
    snprintf(out->model, sizeof out->model, "%.79s", target->model->id);
    snprintf(out->quality, sizeof out->quality, "%.23s", target->quality ? target->quality : "");
}

/* Excludes targets that replay jobs of mixed sizes; workers know these from the jobs themselves. */
static bool has_one_size(const struct target *target)
{
    return target->task == TASK_TEXT || !target->replayed ||
           (target->size_set && target->task_set && target->quality);
}

void report_profile(const struct report *report, struct text *out)
{
    struct profile *profile = xcalloc(1, sizeof *profile);

    for (int i = 0; i < report->plan->target_count; i++) {
        if (report->summaries[i].count > 0 && has_one_size(report->summaries[i].target)) {
            fill(&report->summaries[i], &profile->calls[profile->count++]);
        }
    }
    profile_print(profile, out);
    free(profile);
}
