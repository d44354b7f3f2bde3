/* bench_table.c - the table of results, with as many columns as fit into the terminal. */
#include <math.h>
#include <string.h>

#include "bench/command/bench.h"
#include "term/table.h"
#include "term/term.h"

enum { SPARKS = 16, NAME_LEAST = 24, NAME_MOST = 44, PLAIN_WIDTH = 130, COLUMNS = 16 };

/* All columns in order. Columns with a higher rank are omitted first. */
static const struct table_figure {
    struct column column;
    int rank;
} figures[] = {
    { { "target", "TARGET", NAME_MOST }, 0 },
    { { "usable", "USABLE", 0 }, 0 },
    { { "p50", "P50", 0 }, 0 },
    { { "p75", "P75", 0 }, 8 },
    { { "p90", "P90", 0 }, 4 },
    { { "p95", "P95", 0 }, 1 },
    { { "p99", "P99", 0 }, 5 },
    { { "p99.9", "P99.9", 0 }, 10 },
    { { "mean", "MEAN", 0 }, 6 },
    { { "deviation", "STD DEV", 0 }, 9 },
    { { "most", "MAX", 0 }, 7 },
    { { "rate", "PER MIN", 0 }, 3 },
    { { "usd", "USD/USABLE", 0 }, 2 },
};
enum { FIGURES = sizeof figures / sizeof *figures, RANK_MOST = 10, RANK_CUTS_NAMES = 3 };

/* Draws a histogram with block characters, from the minimum to p99 on a logarithmic scale. */
static void spark(const struct target_summary *summary, char out[SPARKS * 3 + 1])
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
    size_t counts[SPARKS] = { 0 }, max = 0, used = 0;
    double low, high;

    out[0] = '\0';
    if (summary->count < 2) {
        return;
    }
    low = log(fmax(summary->stats.min, 1e-6));
    high = log(fmax(percentile_of(summary->usable, summary->count, 0.99), 1e-6)) + 1e-9;
    for (size_t i = 0; i < summary->count; i++) {
        int at = (int)((log(fmax(summary->usable[i], 1e-6)) - low) / (high - low) * SPARKS);

        if (at >= 0) {
            counts[at < SPARKS ? at : SPARKS - 1]++;
        }
    }
    for (int i = 0; i < SPARKS; i++) {
        max = counts[i] > max ? counts[i] : max;
    }
    for (int i = 0; i < SPARKS; i++) {
        used += (size_t)snprintf(out + used, SPARKS * 3 + 1 - used, "%s",
                                 bars[(counts[i] * 8 + max - 1) / max]);
    }
}

/* Writes "154-195 ms" or "812 ms-1.20 s": the unit only once if both have the same. */
static void range_text(const struct interval *interval, char *out, size_t size)
{
    char low[24], high[24], *unit;

    report_seconds(interval->low, low);
    report_seconds(interval->high, high);
    unit = strchr(low, ' ');
    if (unit && strchr(high, ' ') && strcmp(unit, strchr(high, ' ')) == 0) {
        *unit = '\0';
    }
    snprintf(out, size, "%s-%s", low, high);
}

/* Adds the percentile and below it its interval; a dash if there are too few answers. */
static void add_percentile(cJSON *row, cJSON *below, const struct target_summary *summary, int i)
{
    const struct interval *interval = &summary->intervals[i];
    const char *name = summary_percentile_names[i];
    char value[24], range[56] = "";

    if (interval->known) {
        cJSON_AddStringToObject(row, name, report_seconds(summary->percentiles[i], value));
        range_text(interval, range, sizeof range);
    } else {
        cJSON_AddStringToObject(row, name, "-");
    }
    cJSON_AddStringToObject(below, name, range);
}

static void add_number(cJSON *row, const char *name, const char *form, double value)
{
    char cell[40];

    snprintf(cell, sizeof cell, isfinite(value) ? form : "-", value);
    cJSON_AddStringToObject(row, name, cell);
}

static void add_rows(cJSON *rows, const struct target_summary *summary)
{
    cJSON *row = cJSON_CreateObject(), *below = cJSON_CreateObject();
    char cell[SPARKS * 3 + 1], label[24];

    cJSON_AddStringToObject(row, "target", summary->target->name);
    snprintf(cell, sizeof cell, "%zu/%zu", summary->count, summary->issued);
    cJSON_AddStringToObject(row, "usable", cell);
    for (int i = 0; i < SUMMARY_PERCENTILES; i++) {
        add_percentile(row, below, summary, i);
    }
    cJSON_AddStringToObject(row, "mean", report_seconds(summary->stats.mean, label));
    cJSON_AddStringToObject(row, "deviation",
                            report_seconds(summary->stats.standard_deviation, label));
    cJSON_AddStringToObject(row, "most", report_seconds(summary->stats.max, label));
    add_number(row, "rate", "%.1f", summary->rate * 60);
    add_number(row, "usd", "%.4f", summary->usd_per_usable);
    spark(summary, cell);
    cJSON_AddStringToObject(below, "target", cell);
    for (int i = 1; i < FIGURES; i++) {
        if (!cJSON_GetObjectItemCaseSensitive(below, figures[i].column.key)) {
            cJSON_AddStringToObject(below, figures[i].column.key, "");
        }
    }
    cJSON_AddItemToArray(rows, row);
    cJSON_AddItemToArray(rows, below);
}

static int columns_up_to(int rank, struct column out[COLUMNS])
{
    int count = 0;

    for (int i = 0; i < FIGURES; i++) {
        if (figures[i].rank <= rank) {
            out[count++] = figures[i].column;
        }
    }
    return count;
}

/* Chooses as many columns as fit beside complete names. For the most important columns, names are
 * cut first. */
static int columns_for(const cJSON *rows, int width, struct column out[COLUMNS])
{
    for (int rank = RANK_MOST; rank >= 0; rank--) {
        int count = columns_up_to(rank, out), names = table_width(rows, out, 1);
        int over = table_width(rows, out, count) - width;

        if (over > 0 && rank <= RANK_CUTS_NAMES) {
            out[0].max_width = names - over > NAME_LEAST ? names - over : NAME_LEAST;
            over = table_width(rows, out, count) - width;
        }
        if (over <= 0 || rank == 0) {
            return count;
        }
    }
    return 0;
}

void bench_table(FILE *to, const struct report *report, bool wide)
{
    struct column columns[COLUMNS];
    cJSON *rows = cJSON_CreateArray();
    int width = term_is_live(to) ? term_width(to) : PLAIN_WIDTH, count;

    for (int i = 0; i < report->plan->target_count; i++) {
        add_rows(rows, &report->summaries[i]);
    }
    count = wide ? columns_up_to(RANK_MOST, columns) : columns_for(rows, width, columns);
    (wide ? table_print_whole : table_print)(to, rows, columns, count);
    cJSON_Delete(rows);
}
