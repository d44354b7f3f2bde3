/* bench_tell.c - a run, told on the terminal. */
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "bench/compare.h"
#include "cli/bench.h"
#include "cli/table.h"
#include "cli/term.h"

enum { SPARKS = 16 };
static const double late_most = 0.005, cpu_most = 0.85;

/* A histogram of a few letters, between the least and the 99th percentile, logarithmic. */
static void spark(const struct tally *tally, char out[SPARKS * 3 + 1])
{
    static const char *const bars[] = { " ",
                                        "\xe2\x96\x81",
                                        "\xe2\x96\x82",
                                        "\xe2\x96\x83",
                                        "\xe2\x96\x84",
                                        "\xe2\x96\x85",
                                        "\xe2\x96\x86",
                                        "\xe2\x96\x87",
                                        "\xe2\x96\x88" };
    size_t counts[SPARKS] = { 0 }, most = 0, used = 0;
    double low, high;

    out[0] = '\0';
    if (tally->count < 2) {
        return;
    }
    low = log(fmax(tally->summary.least, 1e-6));
    high = log(fmax(percentile_of(tally->usable, tally->count, 0.99), 1e-6)) + 1e-9;
    for (size_t i = 0; i < tally->count; i++) {
        int at = (int)((log(fmax(tally->usable[i], 1e-6)) - low) / (high - low) * SPARKS);

        if (at >= 0) {
            counts[at < SPARKS ? at : SPARKS - 1]++;
        }
    }
    for (int i = 0; i < SPARKS; i++) {
        most = counts[i] > most ? counts[i] : most;
    }
    for (int i = 0; i < SPARKS; i++) {
        used += (size_t)snprintf(out + used, SPARKS * 3 + 1 - used, "%s",
                                 bars[(counts[i] * 8 + most - 1) / most]);
    }
}

static void add_percentile(cJSON *row, const struct tally *tally, int i)
{
    const struct interval *interval = &tally->intervals[i];
    char value[24], low[24], high[24], cell[96];

    if (interval->known) {
        snprintf(cell, sizeof cell, "%s [%s, %s]", report_seconds(tally->percentiles[i], value),
                 report_seconds(interval->low, low), report_seconds(interval->high, high));
    } else {
        snprintf(cell, sizeof cell, "%s [-]", report_seconds(tally->percentiles[i], value));
    }
    cJSON_AddStringToObject(row, tally_share_names[i], cell);
}

static cJSON *row_of(const struct tally *tally)
{
    cJSON *row = cJSON_CreateObject();
    char cell[96], label[24];

    cJSON_AddStringToObject(row, "target", tally->target->name);
    snprintf(cell, sizeof cell, "%zu/%zu", tally->count, tally->issued);
    cJSON_AddStringToObject(row, "usable", cell);
    add_percentile(row, tally, 0);
    add_percentile(row, tally, 3);
    add_percentile(row, tally, 4);
    cJSON_AddStringToObject(row, "mean", report_seconds(tally->summary.mean, label));
    snprintf(cell, sizeof cell, isfinite(tally->rate) ? "%.1f" : "-", tally->rate * 60);
    cJSON_AddStringToObject(row, "rate", cell);
    snprintf(cell, sizeof cell, isfinite(tally->usd_a_usable) ? "%.4f" : "-", tally->usd_a_usable);
    cJSON_AddStringToObject(row, "usd", cell);
    spark(tally, cell);
    cJSON_AddStringToObject(row, "shape", cell);
    return row;
}

static void tell_table(FILE *to, const struct report *report)
{
    static const struct column columns[] = {
        { "target", "TARGET", 44 }, { "usable", "USABLE", 0 }, { "p50", "P50 [95 %]", 0 },
        { "p95", "P95", 0 },        { "p99", "P99", 0 },       { "mean", "MEAN", 0 },
        { "rate", "A MINUTE", 0 },  { "usd", "USD EACH", 0 },  { "shape", "SHAPE", 0 },
    };
    cJSON *rows = cJSON_CreateArray();

    for (int i = 0; i < report->plan->target_count; i++) {
        cJSON_AddItemToArray(rows, row_of(&report->tallies[i]));
    }
    table_print(to, rows, columns, sizeof columns / sizeof *columns);
    cJSON_Delete(rows);
}

/* Where a percentile is told without an interval: how many more samples one would take. */
static void tell_too_few(FILE *to, const struct tally *tally)
{
    static const int shown[] = { 0, 3, 4 };

    for (int i = 0; i < 3; i++) {
        size_t least = percentile_least_count(tally_shares[shown[i]], 0.95);

        if (tally->count > 0 && tally->count < least) {
            fprintf(to, "%s: an interval of %s takes %zu more usable answers", tally->target->name,
                    tally_share_names[shown[i]], least - tally->count);
            if (isfinite(tally->usd_a_usable) && tally->usd_a_usable > 0) {
                fprintf(to, ", about %.2f USD",
                        (double)(least - tally->count) * tally->usd_a_usable);
            }
            fprintf(to, "\n");
            return; /* the next one up takes more still */
        }
    }
}

static void tell_failures(FILE *to, const struct report *report, const struct tally *tally)
{
    for (int i = OUTCOME_OK + 1; i < OUTCOMES; i++) {
        const char *why = "";

        if (tally->outcomes[i] == 0) {
            continue;
        }
        for (size_t j = 0; j < report->samples->count && !why[0]; j++) {
            const struct sample *sample = &report->samples->rows[j];

            why = &report->plan->targets[sample->turn.target] == tally->target &&
                          (int)sample->outcome == i
                      ? sample->error
                      : "";
        }
        fprintf(to, "%s%s: %zu %s%s%s%s\n", term_paint(to, PAINT_WARN), tally->target->name,
                tally->outcomes[i], outcome_names[i], why[0] ? ": " : "", why,
                term_paint(to, PAINT_PLAIN));
    }
    if (tally->twins > 0) {
        fprintf(to, "%s%s: %zu answers hold an image that came before: a cache?%s\n",
                term_paint(to, PAINT_WARN), tally->target->name, tally->twins,
                term_paint(to, PAINT_PLAIN));
    }
}

static void tell_phases(FILE *to, const struct tally *tally)
{
    char label[24], other[24];

    if (tally->count == 0) {
        return;
    }
    fprintf(to, "%s:", tally->target->name);
    for (int i = 0; i < PHASES; i++) {
        fprintf(to, "%s %s %s", i ? "," : "", phase_names[i],
                report_seconds(tally->phases[i], label));
    }
    if (isfinite(tally->server)) {
        fprintf(to, "; the server says %s", report_seconds(tally->server, label));
    }
    if (isfinite(tally->first_partial[0])) {
        fprintf(to, "; the first partial image p50 %s, p95 %s, %.1f of them each",
                report_seconds(tally->first_partial[0], label),
                report_seconds(tally->first_partial[1], other), tally->partials);
    }
    fprintf(to, "\n");
}

/* What the harness itself may have spoilt. */
static void tell_itself(FILE *to, const struct report *report)
{
    const struct standing *standing = report->standing;
    double cpu = standing->now_us > 0 ? (double)standing->cpu_us / (double)standing->now_us : 0;
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    double p50 = 0, p99 = 0;
    char a[24], b[24];

    for (int i = 0; i < report->plan->target_count; i++) {
        p50 = fmax(p50, report->tallies[i].overhead[0]);
        p99 = fmax(p99, report->tallies[i].overhead[1]);
    }
    fprintf(to, "%sthe harness: overhead a request p50 %s, p99 %s; %.0f %% of one processor%s\n",
            term_paint(to, PAINT_DIM), report_seconds(p50, a), report_seconds(p99, b), cpu * 100,
            term_paint(to, PAINT_PLAIN));
    if (p99 > late_most) {
        fprintf(to, "%swarning: requests left up to %s late: this machine was a bottleneck%s\n",
                term_paint(to, PAINT_BAD), report_seconds(p99, a), term_paint(to, PAINT_PLAIN));
    }
    if (cpu > cpu_most * (double)processors) {
        fprintf(to, "%swarning: this machine's processors were busy: %.0f %% of %ld%s\n",
                term_paint(to, PAINT_BAD), cpu * 100 / (double)processors, processors,
                term_paint(to, PAINT_PLAIN));
    }
}

void bench_tell(FILE *to, const struct report *report)
{
    const struct standing *standing = report->standing;
    int count = report->plan->target_count;
    struct text verdicts;
    char label[24];

    tell_table(to, report);
    fprintf(to, "\n");
    text_begin(&verdicts, 1 << 20);
    report_verdicts(report, &verdicts);
    fputs(verdicts.data, to);
    text_end(&verdicts);
    for (int i = 0; i < count; i++) {
        tell_failures(to, report, &report->tallies[i]);
        tell_too_few(to, &report->tallies[i]);
    }
    fprintf(to, "\n");
    for (int i = 0; i < count; i++) {
        tell_phases(to, &report->tallies[i]);
    }
    fprintf(to, "\nspent %.4f USD%s in %s; at most %d in flight\n", (double)standing->spent / 1e6,
            standing->spent_unknown ? " and what is not known" : "",
            report_seconds((double)standing->ended_us / 1e6, label), standing->in_flight_peak);
    if (standing->stopped_why) {
        fprintf(to, "%sstopped early: %s%s\n", term_paint(to, PAINT_WARN), standing->stopped_why,
                term_paint(to, PAINT_PLAIN));
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
