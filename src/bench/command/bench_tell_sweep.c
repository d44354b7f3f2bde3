/* bench_tell_sweep.c - a sweep, told on the terminal. */
#include <math.h>
#include <string.h>

#include "bench/command/bench.h"
#include "term/table.h"
#include "term/term_wrap.h"

/* A percentile, or a dash where there are too few answers for its interval. */
static void add_percentile(cJSON *row, const struct tally *tally, int i)
{
    char label[24];

    cJSON_AddStringToObject(row, tally_share_names[i],
                            tally->intervals[i].known ? report_seconds(tally->percentiles[i], label)
                                                      : "-");
}

static cJSON *row_of(const struct ladder *ladder, double level, const struct tally *tally)
{
    cJSON *row = cJSON_CreateObject();
    char cell[48];

    cJSON_AddStringToObject(row, "level", ladder_level(ladder, level, cell));
    cJSON_AddStringToObject(row, "target", tally->target->name);
    snprintf(cell, sizeof cell, "%zu/%zu", tally->count, tally->issued);
    cJSON_AddStringToObject(row, "usable", cell);
    add_percentile(row, tally, 0);
    add_percentile(row, tally, 3);
    cJSON_AddStringToObject(row, "mean", report_seconds(tally->summary.mean, cell));
    snprintf(cell, sizeof cell, isfinite(tally->rate) ? "%.1f" : "-", tally->rate * 60);
    cJSON_AddStringToObject(row, "rate", cell);
    snprintf(cell, sizeof cell, "%zu of them 429", tally->outcomes[OUTCOME_RATE]);
    cJSON_AddStringToObject(row, "limited", tally->outcomes[OUTCOME_RATE] ? cell : "");
    return row;
}

void bench_tell_ladder(FILE *to, const struct ladder *ladder)
{
    static const struct column columns[] = {
        { "level", "LOAD", 0 },    { "target", "TARGET", 36 }, { "usable", "USABLE", 0 },
        { "p50", "P50", 0 },       { "p95", "P95", 0 },        { "mean", "MEAN", 0 },
        { "rate", "A MINUTE", 0 }, { "limited", "", 0 },
    };
    cJSON *rows = cJSON_CreateArray();
    struct text verdicts;
    char *saved = NULL;

    for (int i = 0; i < ladder->count; i++) {
        for (int j = 0; j < ladder->plan->target_count; j++) {
            const struct rung *rung = &ladder->rungs[i];

            cJSON_AddItemToArray(rows, row_of(ladder, rung->level, &rung->tallies[j]));
        }
    }
    table_print(to, rows, columns, sizeof columns / sizeof *columns);
    cJSON_Delete(rows);
    fprintf(to, "\n");
    text_begin(&verdicts, 1 << 20);
    ladder_verdicts(ladder, &verdicts);
    for (char *line = strtok_r(verdicts.data, "\n", &saved); line;
         line = strtok_r(NULL, "\n", &saved)) {
        term_print_wrapped(to, STYLE_NORMAL, line);
    }
    text_end(&verdicts);
    fprintf(to, "spent %.4f USD%s%s\n", (double)ladder->spent / 1e6,
            ladder->spent_unknown ? " and what is not known" : "",
            ladder->ended_early ? "; ended at a limit of the sweep" : "");
}
