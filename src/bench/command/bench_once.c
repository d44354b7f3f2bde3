/* bench_once.c - one run: prints and writes its results. */
#include <malloc.h>

#include "base/clock.h"
#include "bench/command/bench_state.h"
#include "term/table.h"

static void print_json(const struct report *report)
{
    cJSON *json;

    for (size_t i = 0; i < report->samples->count; i++) {
        json = report_sample(report, &report->samples->rows[i]);
        table_json(stdout, json, NULL);
        cJSON_Delete(json);
    }
    json = report_summary(report);
    table_json(stdout, json, NULL);
    cJSON_Delete(json);
}

/* Returns whether a level exceeded --stop-errors or --stop-p95. */
static bool exceeds_limits(const struct bench *bench, const struct target_summary *summary)
{
    size_t failed = summary->issued - summary->count;
    double max = setting_number(bench->settings, "stop-p95");

    return (summary->issued > 0 && (double)failed / (double)summary->issued >
                                       setting_number(bench->settings, "stop-errors")) ||
           (max > 0 && summary->percentiles[3] > max);
}

/* Keeps the results of a level; they are printed after the last level. */
static void add_level_result(struct bench *bench, const struct report *report)
{
    sweep_add(&bench->sweep, bench->load, report->summaries);
    for (int i = 0; i < report->plan->target_count; i++) {
        bench->limit_reached |= exceeds_limits(bench, &report->summaries[i]);
    }
    bench->sweep.spent += report->progress->spent;
    bench->sweep.spent_unknown |= report->progress->spent_unknown;
}

static int check_gate(const struct bench *bench, const struct report *report, struct error *err)
{
    const struct bench_gate *gate = bench->setup->gate;

    return gate && err->kind == ERROR_NONE ? bench_gate_check(gate, report, err) : 0;
}

static int report_result(struct bench *bench, const struct load_plan *plan, int64_t began_wall_ms,
                         struct error *err)
{
    bool json = setting_flag(bench->settings, "json");
    struct target_summary summaries[TARGETS_MAX];
    struct samples *samples = runner_samples(bench->runner);
    struct report report = { .plan = plan,
                             .progress = runner_progress(bench->runner),
                             .samples = samples,
                             .summaries = summaries,
                             .began_wall_ms = began_wall_ms,
                             .command = bench->setup->command.data,
                             .until_decided = bench->until_decided };
    const char *stopped = report.progress->stopped_why;
    int status = stopped && stopped != bench_decided ? 1 : 0, gate;

    samples_find_duplicates(samples);
    target_summaries_make(plan, report.progress, samples, summaries);
    if (bench->on_report) {
        bench->on_report(bench, &report);
    } else if (json) {
        print_json(&report);
    } else if (!bench->level[0]) {
        bench_print(stdout, &report, setting_flag(bench->settings, "wide"));
    }
    if (bench->folder[0] && report_write(&report, bench->folder, err) && !json) {
        printf("%s%sreport and samples: %s/report.html\n", bench->level,
               bench->level[0] ? ": " : "", bench->folder);
    }
    gate = check_gate(bench, &report, err);
    if (bench->level[0] && !bench->on_report) {
        add_level_result(bench, &report);
    } else {
        target_summaries_free(summaries, plan->target_count);
    }
    return gate ? gate : status;
}

int bench_run_once(struct bench *bench, const struct load_plan *plan, struct error *err)
{
    struct run_clock run_clock = run_clock_of(&bench->context);
    int64_t began_wall_ms = clock_wall_ms();
    int status;

    bench->plan = plan;
    bench->runner = runner_new(&run_clock, bench->performer, plan, bench_progress_show, bench);
    bench_progress_begin(bench);
    runner_run(bench->runner);
    bench_progress_end(bench);
    status = report_result(bench, plan, began_wall_ms, err);
    bench->spent +=
        runner_progress(bench->runner)->spent + runner_progress(bench->runner)->reserved;
    runner_free(bench->runner);
    bench->runner = NULL;
    return status;
}
