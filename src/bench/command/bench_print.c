/* bench_print.c - prints the results of a run. */
#include <math.h>
#include <sched.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "bench/command/bench.h"
#include "term/term_wrap.h"

static const double overhead_max = 0.005, cpu_max = 0.85;

/* Prints one formatted sentence, wrapped. */
static void __attribute__((format(printf, 3, 4)))
print_sentence(FILE *to, enum term_style style, const char *fmt, ...)
{
    char words[1000];
    va_list list;

    va_start(list, fmt);
    vsnprintf(words, sizeof words, fmt, list);
    va_end(list);
    term_print_wrapped(to, style, words);
}

static void print_lines(FILE *to, char *lines)
{
    for (char *saved = NULL, *line = strtok_r(lines, "\n", &saved); line;
         line = strtok_r(NULL, "\n", &saved)) {
        term_print_wrapped(to, STYLE_NORMAL, line);
    }
}

/* Appends "21.3 s [19.9, 22.8]"; only the value if there are too few answers for an interval. */
static void add_yield(struct text *out, const struct yield_totals *totals, bool is_usd)
{
    struct interval interval = yield_interval(totals, 0.95);
    double value = yield_per_accepted(totals);
    char words[3][24];

    if (is_usd) {
        text_printf(out, "%.4f USD", value);
    } else {
        text_add(out, report_seconds(value, words[0]));
    }
    if (interval.known && is_usd) {
        text_printf(out, " [%.4f, %.4f]", interval.low, interval.high);
    } else if (interval.known) {
        text_printf(out, " [%s, %s]", report_seconds(interval.low, words[1]),
                    report_seconds(interval.high, words[2]));
    }
}

/* Prints the headline: what an accepted image takes, failures included. */
static void print_headline(FILE *to, const struct report *report,
                           const struct target_summary *summary)
{
    const char *what = report_unit(report, summary->target);
    struct text out;

    if (summary->seconds.answers == 0) {
        return;
    }
    text_begin(&out, 1000);
    text_printf(&out, "%s: ", summary->target->name);
    if (summary->seconds.accepted == 0) {
        text_printf(&out, "no %s", what);
    } else {
        add_yield(&out, &summary->seconds, false);
        if (!summary->usd_unknown && summary->usd.sum > 0) {
            text_add(&out, " and ");
            add_yield(&out, &summary->usd, true);
        }
        text_printf(&out, " per %s", what);
    }
    text_printf(&out, " (%zu of %zu)", summary->seconds.accepted, summary->seconds.answers);
    term_print_wrapped(to, STYLE_BOLD, out.data);
    text_end(&out);
}

/* Prints how many more answers each missing interval needs. */
static void print_missing_intervals(FILE *to, const struct target_summary *summary)
{
    struct text out;
    int count = 0;

    text_begin(&out, 1000);
    for (int i = 0; i < SUMMARY_PERCENTILES - 1 && summary->count > 0;
         i++) { /* p99.9 only in the report */
        size_t needed = percentile_min_count(summary_percentiles[i], 0.95);

        if (summary->intervals[i].known || needed <= summary->count) {
            continue;
        }
        if (count++ == 0) {
            text_printf(&out, "%s: an interval for %s needs %zu more usable answers",
                        summary->target->name, summary_percentile_names[i],
                        needed - summary->count);
        } else {
            text_printf(&out, "; for %s %zu more", summary_percentile_names[i],
                        needed - summary->count);
        }
        if (isfinite(summary->usd_per_usable) && summary->usd_per_usable > 0) {
            text_printf(&out, ", about %.2f USD",
                        (double)(needed - summary->count) * summary->usd_per_usable);
        }
    }
    if (count > 0) {
        term_print_wrapped(to, STYLE_DIM, out.data);
    }
    text_end(&out);
}

static void print_failures(FILE *to, const struct report *report, int target)
{
    const struct target_summary *summary = &report->summaries[target];
    const char *storage_error = report_reason(report, target, OUTCOME_OK);

    if (storage_error[0]) {
        print_sentence(to, STYLE_WARN, "%s: images %s", summary->target->name, storage_error);
    }
    for (int i = OUTCOME_OK + 1; i < OUTCOMES; i++) {
        const char *why = report_reason(report, target, (enum outcome)i);

        if (summary->outcomes[i] > 0) {
            print_sentence(to, STYLE_WARN, "%s: %zu %s%s%s", summary->target->name,
                           summary->outcomes[i], outcome_labels[i], why[0] ? ": " : "", why);
        }
    }
    for (int i = 0; i < IMAGE_CHECKS; i++) {
        if (summary->checks_failed[i] > 0) {
            print_sentence(to, STYLE_WARN, "%s: %zu of %zu images failed the check '%s'%s",
                           summary->target->name, summary->checks_failed[i], summary->checked,
                           image_checks[i].limits.check,
                           image_checks[i].required ? "" : ", which the worker corrects");
        }
    }
    if (summary->duplicates > 0) {
        print_sentence(
            to, STYLE_WARN,
            "%s: %zu answers contain an image that was received before; a cache may be involved",
            summary->target->name, summary->duplicates);
    }
}

static void print_pack(FILE *to, const struct target_summary *summary)
{
    const struct pack *pack = &summary->pack;
    char words[3][24];
    struct text out;

    if (!pack->known) {
        return;
    }
    text_begin(&out, 1000);
    text_printf(&out,
                "%s: a pack of %d images takes %s if requested together (p95 %s), %s one by one",
                summary->target->name, PACK_IMAGES, report_seconds(pack->concurrent, words[0]),
                report_seconds(pack->concurrent_p95, words[1]),
                report_seconds(pack->sequential, words[2]));
    if (isfinite(pack->usd)) {
        text_printf(&out, ", and costs %.4f USD", pack->usd);
    }
    if (isfinite(pack->usd + pack->usd_text)) {
        text_printf(&out, ", with text %.4f USD", pack->usd + pack->usd_text);
    }
    term_print_wrapped(to, STYLE_NORMAL, out.data);
    text_end(&out);
}

/* Prints the mean time of each phase that took any. */
static void print_phases(FILE *to, const struct target_summary *summary)
{
    struct text out;
    char label[24], other[24];

    if (summary->count == 0) {
        return;
    }
    text_begin(&out, 1000);
    text_printf(&out, "%s:", summary->target->name);
    for (int i = 0; i < PHASES; i++) {
        if (summary->phases[i] >= 0.00005) {
            text_printf(&out, " %s %s,", phase_names[i], report_seconds(summary->phases[i], label));
        }
    }
    out.data[out.size - 1] = '\0'; /* the last comma */
    out.size--;
    if (isfinite(summary->server)) {
        text_printf(&out, "; server time %s", report_seconds(summary->server, label));
    }
    if (isfinite(summary->first_partial[0])) {
        text_printf(&out, "; first partial image p50 %s, p95 %s, %.1f per answer",
                    report_seconds(summary->first_partial[0], label),
                    report_seconds(summary->first_partial[1], other), summary->partials_received);
    }
    term_print_wrapped(to, STYLE_NORMAL, out.data);
    text_end(&out);
}

static double seconds_of(int64_t us)
{
    return us < 0 ? NAN : (double)us / 1e6;
}

/* Warns if this client may have distorted the figures. */
static void warn_client_limits(FILE *to, const struct report *report, double overhead, double cpu)
{
    const struct run_progress *progress = report->progress;
    char label[24];
    cpu_set_t allowed;
    int processors = sched_getaffinity(0, sizeof allowed, &allowed) == 0 ? CPU_COUNT(&allowed) : 1;

    if (overhead > overhead_max) {
        print_sentence(
            to, STYLE_BAD,
            "warning: this machine was a bottleneck: it added up to %s to a request (p99)",
            report_seconds(overhead, label));
    }
    if (cpu > cpu_max * processors) {
        print_sentence(to, STYLE_BAD,
                       "warning: this machine's processors were busy: %.0f %% of %d processors",
                       cpu * 100 / processors, processors);
    }
    if (progress->paused_us > 0 && report->until_decided) {
        print_sentence(to, STYLE_NORMAL,
                       "sending paused for %s in all, until earlier responses were evaluated; no "
                       "latency contains it",
                       report_seconds(seconds_of(progress->paused_us), label));
    } else if (progress->paused_us > 0) {
        print_sentence(to, STYLE_BAD,
                       "warning: sending paused for %s because responses waiting for evaluation "
                       "filled the memory",
                       report_seconds(seconds_of(progress->paused_us), label));
    }
}

static void print_client_overhead(FILE *to, const struct report *report)
{
    const struct run_progress *progress = report->progress;
    double cpu = progress->now_us > 0 ? (double)progress->cpu_us / (double)progress->now_us : 0;
    double p50 = 0, p99 = 0;
    char a[24], b[24], c[24], d[24];

    for (int i = 0; i < report->plan->target_count; i++) {
        p50 = fmax(p50, report->summaries[i].overhead[0]);
        p99 = fmax(p99, report->summaries[i].overhead[1]);
    }
    print_sentence(to, STYLE_DIM,
                   "client: overhead per request p50 %s, p99 %s; event loop lag p99 %s, max %s; "
                   "%.0f %% of one processor",
                   report_seconds(p50, a), report_seconds(p99, b),
                   report_seconds(seconds_of(progress->loop_lag_us[1]), c),
                   report_seconds(seconds_of(progress->loop_lag_us[2]), d), cpu * 100);
    warn_client_limits(to, report, p99, cpu);
}

static void print_targets(FILE *to, const struct report *report)
{
    int count = report->plan->target_count;

    for (int i = 0; i < count; i++) {
        print_failures(to, report, i);
    }
    for (int i = 0; i < count; i++) {
        print_missing_intervals(to, &report->summaries[i]);
    }
    fprintf(to, "\n");
    for (int i = 0; i < count; i++) {
        print_pack(to, &report->summaries[i]);
    }
    for (int i = 0; i < count; i++) {
        print_phases(to, &report->summaries[i]);
    }
}

void bench_print(FILE *to, const struct report *report, bool wide)
{
    const struct run_progress *progress = report->progress;
    struct text verdicts;
    char label[24];

    for (int i = 0; i < report->plan->target_count; i++) {
        print_headline(to, report, &report->summaries[i]);
    }
    fprintf(to, "\n");
    bench_table(to, report, wide);
    fprintf(to, "\n");
    text_begin(&verdicts, 1 << 20);
    report_verdicts(report, &verdicts);
    print_lines(to, verdicts.data);
    text_end(&verdicts);
    print_targets(to, report);
    fprintf(to, "\n");
    print_sentence(to, STYLE_NORMAL, "spent %.4f USD%s in %s; at most %d requests in flight",
                   (double)progress->spent / 1e6,
                   progress->spent_unknown ? " plus requests of unknown cost" : "",
                   report_seconds((double)progress->ended_us / 1e6, label),
                   progress->in_flight_peak);
    if (progress->stopped_why &&
        !(report->until_decided && report->until_decided->result.decided)) {
        print_sentence(to, STYLE_WARN, "stopped early: %s", progress->stopped_why);
    }
    print_client_overhead(to, report);
}
