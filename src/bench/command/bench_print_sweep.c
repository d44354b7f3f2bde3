/* bench_print_sweep.c - prints the results of a sweep. */
#include <math.h>
#include <string.h>

#include "bench/command/bench.h"
#include "term/table.h"
#include "term/term_wrap.h"

/* Adds a percentile, or a dash if there are too few answers for its interval. */
static void add_percentile(cJSON *row, const struct target_summary *summary, int i)
{
    char label[24];

    cJSON_AddStringToObject(row, summary_percentile_names[i],
                            summary->intervals[i].known
                                ? report_seconds(summary->percentiles[i], label)
                                : "-");
}

static cJSON *row_of(const struct sweep *sweep, double level, const struct target_summary *summary)
{
    cJSON *row = cJSON_CreateObject();
    char cell[48];

    cJSON_AddStringToObject(row, "level", sweep_level_name(sweep, level, cell));
    cJSON_AddStringToObject(row, "target", summary->target->name);
    snprintf(cell, sizeof cell, "%zu/%zu", summary->count, summary->issued);
    cJSON_AddStringToObject(row, "usable", cell);
    add_percentile(row, summary, 0);
    add_percentile(row, summary, 3);
    cJSON_AddStringToObject(row, "mean", report_seconds(summary->stats.mean, cell));
    snprintf(cell, sizeof cell, isfinite(summary->rate) ? "%.1f" : "-", summary->rate * 60);
    cJSON_AddStringToObject(row, "rate", cell);
    snprintf(cell, sizeof cell, "%zu rate limited", summary->outcomes[OUTCOME_RATE_LIMITED]);
    cJSON_AddStringToObject(row, "limited", summary->outcomes[OUTCOME_RATE_LIMITED] ? cell : "");
    return row;
}

void bench_print_sweep(FILE *to, const struct sweep *sweep)
{
    static const struct column columns[] = {
        { "level", "LOAD", 0 },   { "target", "TARGET", 36 }, { "usable", "USABLE", 0 },
        { "p50", "P50", 0 },      { "p95", "P95", 0 },        { "mean", "MEAN", 0 },
        { "rate", "PER MIN", 0 }, { "limited", "", 0 },
    };
    cJSON *rows = cJSON_CreateArray();
    struct text verdicts;
    char *saved = NULL;

    for (int i = 0; i < sweep->count; i++) {
        for (int j = 0; j < sweep->plan->target_count; j++) {
            const struct sweep_level *sweep_level = &sweep->levels[i];

            cJSON_AddItemToArray(rows,
                                 row_of(sweep, sweep_level->level, &sweep_level->summaries[j]));
        }
    }
    table_print(to, rows, columns, sizeof columns / sizeof *columns);
    cJSON_Delete(rows);
    fprintf(to, "\n");
    text_begin(&verdicts, 1 << 20);
    sweep_verdicts(sweep, &verdicts);
    for (char *line = strtok_r(verdicts.data, "\n", &saved); line;
         line = strtok_r(NULL, "\n", &saved)) {
        term_print_wrapped(to, STYLE_NORMAL, line);
    }
    text_end(&verdicts);
    fprintf(to, "spent %.4f USD%s%s\n", (double)sweep->spent / 1e6,
            sweep->spent_unknown ? " plus requests of unknown cost" : "",
            sweep->ended_early ? "; ended because a level exceeded a limit" : "");
}
