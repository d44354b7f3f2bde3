/* bench_tell.c - a run, told on the terminal. */
#include <math.h>
#include <sched.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "bench/command/bench.h"
#include "term/term_wrap.h"

static const double late_most = 0.005, cpu_most = 0.85;

/* One sentence, put together and told. */
static void __attribute__((format(printf, 3, 4)))
say(FILE *to, enum term_style style, const char *fmt, ...)
{
    char words[1000];
    va_list list;

    va_start(list, fmt);
    vsnprintf(words, sizeof words, fmt, list);
    va_end(list);
    term_print_wrapped(to, style, words);
}

static void say_lines(FILE *to, char *lines)
{
    for (char *saved = NULL, *line = strtok_r(lines, "\n", &saved); line;
         line = strtok_r(NULL, "\n", &saved)) {
        term_print_wrapped(to, STYLE_NORMAL, line);
    }
}

/* What an interval of each percentile that is told with a dash would take. */
static void tell_too_few(FILE *to, const struct tally *tally)
{
    struct text out;
    int told = 0;

    text_begin(&out, 1000);
    for (int i = 0; i < TALLY_SHARES - 1 && tally->count > 0; i++) { /* p99.9: by the report */
        size_t least = percentile_least_count(tally_shares[i], 0.95);

        if (tally->intervals[i].known || least <= tally->count) {
            continue;
        }
        if (told++ == 0) {
            text_printf(&out, "%s: an interval of %s takes %zu more usable answers",
                        tally->target->name, tally_share_names[i], least - tally->count);
        } else {
            text_printf(&out, "; of %s %zu more", tally_share_names[i], least - tally->count);
        }
        if (isfinite(tally->usd_a_usable) && tally->usd_a_usable > 0) {
            text_printf(&out, ", about %.2f USD",
                        (double)(least - tally->count) * tally->usd_a_usable);
        }
    }
    if (told > 0) {
        term_print_wrapped(to, STYLE_DIM, out.data);
    }
    text_end(&out);
}

static void tell_failures(FILE *to, const struct report *report, int target)
{
    const struct tally *tally = &report->tallies[target];
    const char *unkept = report_reason(report, target, OUTCOME_OK);

    if (unkept[0]) {
        say(to, STYLE_WARN, "%s: images are %s", tally->target->name, unkept);
    }
    for (int i = OUTCOME_OK + 1; i < OUTCOMES; i++) {
        const char *why = report_reason(report, target, (enum outcome)i);

        if (tally->outcomes[i] > 0) {
            say(to, STYLE_WARN, "%s: %zu %s%s%s", tally->target->name, tally->outcomes[i],
                outcome_names[i], why[0] ? ": " : "", why);
        }
    }
    for (int i = 0; i < LOOKS; i++) {
        if (tally->looks_failed[i] > 0) {
            say(to, STYLE_WARN, "%s: %zu of %zu images failed the check '%s'%s",
                tally->target->name, tally->looks_failed[i], tally->looked, looks[i].wish.check,
                looks[i].must ? "" : ", which the worker mends");
        }
    }
    if (tally->twins > 0) {
        say(to, STYLE_WARN, "%s: %zu answers hold an image that came before: a cache?",
            tally->target->name, tally->twins);
    }
}

static void tell_pack(FILE *to, const struct tally *tally)
{
    const struct pack *pack = &tally->pack;
    char words[3][24];
    struct text out;

    if (!pack->known) {
        return;
    }
    text_begin(&out, 1000);
    text_printf(&out, "%s: a pack of %d takes %s at once (one in twenty over %s), %s in turn",
                tally->target->name, PACK_IMAGES, report_seconds(pack->at_once, words[0]),
                report_seconds(pack->at_once_p95, words[1]),
                report_seconds(pack->in_turn, words[2]));
    if (isfinite(pack->usd)) {
        text_printf(&out, ", and %.4f USD", pack->usd);
    }
    if (isfinite(pack->usd + pack->usd_text)) {
        text_printf(&out, ", with its text %.4f USD", pack->usd + pack->usd_text);
    }
    term_print_wrapped(to, STYLE_NORMAL, out.data);
    text_end(&out);
}

/* Phases that took a time at all. */
static void tell_phases(FILE *to, const struct tally *tally)
{
    struct text out;
    char label[24], other[24];

    if (tally->count == 0) {
        return;
    }
    text_begin(&out, 1000);
    text_printf(&out, "%s:", tally->target->name);
    for (int i = 0; i < PHASES; i++) {
        if (tally->phases[i] >= 0.00005) {
            text_printf(&out, " %s %s,", phase_names[i], report_seconds(tally->phases[i], label));
        }
    }
    out.data[out.size - 1] = '\0'; /* the last comma */
    out.size--;
    if (isfinite(tally->server)) {
        text_printf(&out, "; the server says %s", report_seconds(tally->server, label));
    }
    if (isfinite(tally->first_partial[0])) {
        text_printf(&out, "; the first partial image p50 %s, p95 %s, %.1f of them each",
                    report_seconds(tally->first_partial[0], label),
                    report_seconds(tally->first_partial[1], other), tally->partials);
    }
    term_print_wrapped(to, STYLE_NORMAL, out.data);
    text_end(&out);
}

static double seconds_of(int64_t us)
{
    return us < 0 ? NAN : (double)us / 1e6;
}

/* What the harness itself may have spoilt. */
static void warn_of_itself(FILE *to, const struct report *report, double overhead, double cpu)
{
    const struct standing *standing = report->standing;
    char label[24];
    cpu_set_t allowed;
    int processors = sched_getaffinity(0, sizeof allowed, &allowed) == 0 ? CPU_COUNT(&allowed) : 1;

    if (overhead > late_most) {
        say(to, STYLE_BAD,
            "warning: requests took up to %s too long here: this machine was a bottleneck",
            report_seconds(overhead, label));
    }
    if (cpu > cpu_most * processors) {
        say(to, STYLE_BAD, "warning: this machine's processors were busy: %.0f %% of %d",
            cpu * 100 / processors, processors);
    }
    if (standing->held_us > 0) {
        say(to, STYLE_BAD,
            "warning: nothing was asked for %s, since answers to be judged filled the memory",
            report_seconds(seconds_of(standing->held_us), label));
    }
}

static void tell_itself(FILE *to, const struct report *report)
{
    const struct standing *standing = report->standing;
    double cpu = standing->now_us > 0 ? (double)standing->cpu_us / (double)standing->now_us : 0;
    double p50 = 0, p99 = 0;
    char a[24], b[24], c[24], d[24];

    for (int i = 0; i < report->plan->target_count; i++) {
        p50 = fmax(p50, report->tallies[i].overhead[0]);
        p99 = fmax(p99, report->tallies[i].overhead[1]);
    }
    say(to, STYLE_DIM,
        "the harness: overhead a request p50 %s, p99 %s; its loop late by p99 %s, at most %s; "
        "%.0f %% of one processor",
        report_seconds(p50, a), report_seconds(p99, b),
        report_seconds(seconds_of(standing->beats[1]), c),
        report_seconds(seconds_of(standing->beats[2]), d), cpu * 100);
    warn_of_itself(to, report, p99, cpu);
}

static void tell_targets(FILE *to, const struct report *report)
{
    int count = report->plan->target_count;

    for (int i = 0; i < count; i++) {
        tell_failures(to, report, i);
    }
    for (int i = 0; i < count; i++) {
        tell_too_few(to, &report->tallies[i]);
    }
    fprintf(to, "\n");
    for (int i = 0; i < count; i++) {
        tell_pack(to, &report->tallies[i]);
    }
    for (int i = 0; i < count; i++) {
        tell_phases(to, &report->tallies[i]);
    }
}

void bench_tell(FILE *to, const struct report *report, bool wide)
{
    const struct standing *standing = report->standing;
    struct text verdicts;
    char label[24];

    bench_table(to, report, wide);
    fprintf(to, "\n");
    text_begin(&verdicts, 1 << 20);
    report_verdicts(report, &verdicts);
    say_lines(to, verdicts.data);
    text_end(&verdicts);
    tell_targets(to, report);
    fprintf(to, "\n");
    say(to, STYLE_NORMAL, "spent %.4f USD%s in %s; at most %d in flight",
        (double)standing->spent / 1e6, standing->spent_unknown ? " and what is not known" : "",
        report_seconds((double)standing->ended_us / 1e6, label), standing->in_flight_peak);
    if (standing->stopped_why) {
        say(to, STYLE_WARN, "stopped early: %s", standing->stopped_why);
    }
    tell_itself(to, report);
}

void bench_tell_plan(FILE *to, const struct plan *plan, int levels)
{
    int64_t worst = plan_worst_cost(plan);

    for (int i = 0; i < plan->target_count; i++) {
        const struct target *target = &plan->targets[i];

        fprintf(to, "%s: ", target->name);
        if (plan->requests > 0) {
            fprintf(to, "%d requests", plan->requests + plan->warm_up);
        } else {
            fprintf(to, "as many requests as go into %.0f s", (double)plan->duration_us / 1e6);
        }
        if (target->worst_microusd >= 0) {
            fprintf(to, ", at most %.4f USD each\n", (double)target->worst_microusd / 1e6);
        } else {
            fprintf(to, ", at a price that is not known\n");
        }
    }
    if (levels > 1) {
        fprintf(to, "all of it %d times: a sweep\n", levels);
        worst = worst < 0 ? -1 : worst * levels;
    }
    if (plan->cost_most >= 0) {
        fprintf(to, "never more than %.2f USD in all\n", (double)plan->cost_most / 1e6);
    } else if (worst >= 0) {
        fprintf(to, "at most %.2f USD in all\n", (double)worst / 1e6);
    } else {
        fprintf(to, "with no bound in USD\n");
    }
}
