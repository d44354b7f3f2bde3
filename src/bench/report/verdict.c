/* verdict.c - the conclusions that the statistics of a run support, as sentences. */
#include <math.h>

#include "bench/report/report.h"
#include "bench/stats/compare.h"
#include "bench/stats/percentile.h"

/* Writes the absolute difference: "by 6.1 s [2.0 s, 9.8 s] (median)". */
static void add_difference(const struct difference *d, struct text *out)
{
    double low = d->value > 0 ? d->range.low : -d->range.high;
    double high = d->value > 0 ? d->range.high : -d->range.low;
    char words[3][24];

    text_printf(out, "by %s [%s, %s] (median)\n", report_seconds(fabs(d->value), words[0]),
                report_seconds(low, words[1]), report_seconds(high, words[2]));
}

static void add_pair(const struct target_summary *a, const struct target_summary *b, int pairs,
                     uint64_t seed, struct text *out)
{
    struct difference d =
        compare_percentile((struct sample_view){ a->usable, a->count },
                           (struct sample_view){ b->usable, b->count }, 0.5, 0.95, pairs, seed);

    if (!d.known) {
        text_printf(out, "%s and %s: too few usable answers to compare\n", a->target->name,
                    b->target->name);
    } else if (!d.significant) {
        text_printf(out, "%s and %s: no significant difference (n=%zu and %zu)\n", a->target->name,
                    b->target->name, a->count, b->count);
    } else {
        text_printf(out, "%s is faster than %s ", (d.value > 0 ? a : b)->target->name,
                    (d.value > 0 ? b : a)->target->name);
        add_difference(&d, out);
    }
}

/* Writes "about 3.20 USD"; nothing if the cost of a request is unknown. */
static void add_saved(const struct report *report, struct text *out)
{
    const struct run_progress *progress = report->progress;
    int saved = report->plan->requests * report->plan->target_count - progress->issued;

    text_printf(out, "; %d requests", saved);
    if (!progress->spent_unknown && progress->done > 0 && progress->spent > 0) {
        text_printf(out, ", about %.2f USD,",
                    (double)progress->spent / 1e6 / progress->done * saved);
    }
    text_printf(out, " were saved");
}

/* The result of a comparison that could end at any pair. Intervals for a fixed number of answers
 * would not hold, so the medians are not compared. */
static void add_until_decided(const struct report *report, struct text *out)
{
    const struct sequential_result *result = &report->until_decided->result;
    const struct target *a = &report->plan->targets[0], *b = &report->plan->targets[1];
    const char *what = a->task == TASK_TEXT ? "usable answer" : "accepted image";

    if (!result->known) {
        text_printf(out, "%s and %s: too few answers to compare\n", a->name, b->name);
        return;
    }
    text_printf(out, "%s takes %.3g times [%.3g, %.3g] as long as %s per %s: ", b->name,
                result->ratio, result->range.low, result->range.high, a->name, what);
    if (result->decided) {
        text_printf(out, "decided after %zu of %d pairs", result->blocks, report->plan->requests);
        add_saved(report, out);
    } else {
        text_printf(out, "not decided after %zu of %d pairs", result->blocks,
                    report->plan->requests);
    }
    text_add_char(out, '\n');
}

/* Writes the targets that drifted; if none did, one line that says so. */
static void add_drifts(const struct report *report, struct text *out)
{
    int known = 0, drifted = 0;

    for (int i = 0; i < report->plan->target_count; i++) {
        const struct target_summary *summary = &report->summaries[i];
        const struct difference *drift = &summary->series.drift;

        known += drift->known;
        if (drift->known && drift->significant) {
            drifted++;
            text_printf(out, "%s was %s in the second half of the run ", summary->target->name,
                        drift->value > 0 ? "slower" : "faster");
            add_difference(drift, out);
        }
        if (isfinite(summary->series.first_429_at)) {
            char since[24];

            text_printf(out, "%s: %zu of %zu requests were rate limited (429), the first at %s\n",
                        summary->target->name, summary->outcomes[OUTCOME_RATE_LIMITED],
                        summary->issued, report_seconds(summary->series.first_429_at, since));
        }
    }
    if (known > 0 && drifted == 0) {
        text_printf(out, "no significant drift between the two halves of the run\n");
    }
}

static void add_hedge(const struct target_summary *summary, struct text *out)
{
    const struct hedge *hedge = &summary->hedge;
    double alone = percentile_of(summary->usable, summary->count, 0.99);
    char after[24], then[24], now[24];

    if (!hedge->known || !(hedge->p99 < alone)) {
        return;
    }
    text_printf(out, "%s: a second request after %s, with both paid, would give a p99 of %s",
                summary->target->name, report_seconds(hedge->after, after),
                report_seconds(hedge->p99, then));
    text_printf(out, " instead of %s for %.1f %% more requests, if slow answers are independent\n",
                report_seconds(alone, now), hedge->extra_share * 100);
}

/* Text targets are not compared with image targets. */
static bool comparable(const struct report *report, int i, int j)
{
    const struct target *targets = report->plan->targets;

    return (targets[i].task == TASK_TEXT) == (targets[j].task == TASK_TEXT);
}

void report_verdicts(const struct report *report, struct text *out)
{
    int count = report->plan->target_count, pairs = 0;

    for (int i = 0; i < count * count; i++) {
        pairs += i / count < i % count && comparable(report, i / count, i % count);
    }
    if (report->until_decided) {
        add_until_decided(report, out);
    }
    for (int i = 0; i < count && !report->until_decided; i++) {
        for (int j = i + 1; j < count; j++) {
            if (comparable(report, i, j)) {
                add_pair(&report->summaries[i], &report->summaries[j], pairs, report->plan->seed,
                         out);
            }
        }
    }
    add_drifts(report, out);
    for (int i = 0; i < count; i++) {
        add_hedge(&report->summaries[i], out);
    }
}
