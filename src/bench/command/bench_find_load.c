/* bench_find_load.c - --find-load: the largest number of requests in flight at which the 95th
 * percentile stays below a bound. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/command/bench_state.h"
#include "bench/stats/load_search.h"
#include "term/table.h"
#include "term/term_wrap.h"

struct find_load {
    int64_t bound_us;
    struct load_search search;
    struct load_step step; /* the run under way */
    int exceeded;          /* of its requests: took longer, or failed */
    int sent;
    struct load_step confirmation; /* the one that passed */
    int confirmed_exceeded;
    struct load_step above; /* the smallest load that did not pass */
    int above_exceeded;
};

/* Reads "30s", "800ms" or "2min". */
static bool read_bound(const char *text, int64_t *out_us, struct error *err)
{
    char *unit;
    double value = strtod(text, &unit);
    double factor = strcmp(unit, "ms") == 0    ? 1e3
                    : strcmp(unit, "s") == 0   ? 1e6
                    : strcmp(unit, "min") == 0 ? 60e6
                                               : 0;

    if (unit == text || factor == 0 || !(value > 0) || value * factor > 86400e6) {
        return error_set(err, ERROR_INPUT,
                         "invalid --p95-below '%.40s': expected a time like 30s, 800ms or 2min",
                         text);
    }
    *out_us = (int64_t)(value * factor);
    return true;
}

bool bench_find_load_read(const struct settings *settings, const struct load_plan *plan,
                          int64_t *bound_us, struct error *err)
{
    const char *bound = setting_text(settings, "p95-below");

    if (!bound) {
        error_set(err, ERROR_INPUT, "--find-load needs a latency bound");
        return error_hint(err, "Add --p95-below 30s.");
    }
    if (plan->cost_limit < 0 && load_plan_max_cost(plan) != 0) {
        error_set(err, ERROR_INPUT, "--find-load needs a budget");
        return error_hint(err, "Add --max-cost USD.");
    }
    if (plan->target_count != 1 || plan->rate > 0 || plan->duration_us > 0 ||
        setting_text(settings, "sweep")) {
        error_set(err, ERROR_INPUT, "--find-load searches the concurrency of one target");
        return error_hint(err, "Remove --rate, --duration, --sweep and further targets.");
    }
    return read_bound(bound, bound_us, err);
}

/* -- one step ---------------------------------------------------------------------------------- */

static void count_exceeded(struct bench *bench, const struct report *report)
{
    struct find_load *find = bench->on_report_context;

    find->exceeded = find->sent = 0;
    for (size_t i = 0; i < report->samples->count; i++) {
        const struct sample *sample = &report->samples->rows[i];

        if (!sample->warm_up) {
            find->sent++;
            find->exceeded +=
                sample->outcome != OUTCOME_OK || sample_usable_us(sample) > find->bound_us;
        }
    }
}

/* Returns how many requests can be paid if each costs its maximum. */
static int affordable(const struct bench *bench)
{
    const struct load_plan *plan = &bench->setup->plan;
    int64_t left = load_plan_cost_left(plan, bench->spent), each = plan->targets[0].max_microusd;

    if (left < 0 || each <= 0 || left / each > 1000000) {
        return 1000000;
    }
    return (int)(left / each);
}

static int run_step(struct bench *bench, struct find_load *find, struct error *err)
{
    const char *out = setting_text(bench->settings, "out");
    bool confirms = find->step.kind == LOAD_STEP_CONFIRM;
    struct load_plan plan = bench->setup->plan;

    plan.concurrency = find->step.level;
    plan.requests = find->step.requests;
    plan.warm_up = 0;
    plan.duration_us = 0;
    plan.cost_limit = load_plan_cost_left(&plan, bench->spent);
    snprintf(bench->level, sizeof bench->level, "%d in flight%s", find->step.level,
             confirms ? ", confirmation" : "");
    if (out) {
        snprintf(bench->folder, sizeof bench->folder, "%.1000s/%d%s", out, find->step.level,
                 confirms ? "-confirmation" : "");
    }
    return bench_run_once(bench, &plan, err);
}

static void note_step(struct find_load *find)
{
    const struct load_step *step = &find->step;
    bool good = find->exceeded <= step->allowed;

    if (good && step->kind == LOAD_STEP_CONFIRM) {
        find->confirmation = *step;
        find->confirmed_exceeded = find->exceeded;
    } else if (!good && (find->above.level == 0 || step->level <= find->above.level)) {
        find->above = *step;
        find->above_exceeded = find->exceeded;
    }
    load_search_record(&find->search, step, find->exceeded);
}

/* -- the result -------------------------------------------------------------------------------- */

static void print_step(const struct bench *bench, const struct find_load *find)
{
    if (!setting_flag(bench->settings, "json")) {
        printf("%-26s %d of %d requests took longer or failed: %s\n", bench->level, find->exceeded,
               find->sent, find->exceeded <= find->step.allowed ? "within" : "exceeds");
        fflush(stdout);
    }
}

static void print_json(const struct bench *bench, const struct find_load *find)
{
    cJSON *json = cJSON_CreateObject();

    cJSON_AddStringToObject(json, "target", bench->setup->plan.targets[0].name);
    cJSON_AddNumberToObject(json, "p95Below", (double)find->bound_us / 1e6);
    if (find->search.confirmed > 0) {
        cJSON_AddNumberToObject(json, "largestLoad", find->search.confirmed);
        cJSON_AddNumberToObject(json, "confidence", 0.95);
        cJSON_AddNumberToObject(json, "requests", find->confirmation.requests);
        cJSON_AddNumberToObject(json, "exceeded", find->confirmed_exceeded);
    } else {
        cJSON_AddNullToObject(json, "largestLoad");
    }
    if (find->above.level > 0) {
        cJSON_AddNumberToObject(json, "firstLoadAbove", find->above.level);
    } else {
        cJSON_AddNullToObject(json, "firstLoadAbove");
    }
    cJSON_AddNumberToObject(json, "spentUsd", (double)bench->spent / 1e6);
    table_json(stdout, json, "largest-load");
    cJSON_Delete(json);
}

static void print_result(const struct bench *bench, const struct find_load *find)
{
    const char *name = bench->setup->plan.targets[0].name;
    char bound[24];
    struct text out;

    report_seconds((double)find->bound_us / 1e6, bound);
    text_begin(&out, 2000);
    if (find->search.confirmed > 0) {
        text_printf(&out,
                    "%s: %d in flight is the largest load found with p95 below %s (95 %% "
                    "confidence: %d of %d requests took longer or failed)",
                    name, find->search.confirmed, bound, find->confirmed_exceeded,
                    find->confirmation.requests);
    } else if (find->search.exceeded == 1) {
        text_printf(&out, "%s: p95 is not below %s even with one request in flight", name, bound);
    } else {
        text_printf(&out,
                    "%s: no load is confirmed with p95 below %s; %d in flight seems possible. A "
                    "confirmation takes at least %d requests: raise --max-cost",
                    name, bound, find->search.passed, load_search_confirm_requests(0, 0.025));
    }
    if (find->above.level > 0 && find->search.exceeded != 1) {
        text_printf(&out, "; %d in flight is too much (%d of %d)", find->above.level,
                    find->above_exceeded, find->above.requests);
    }
    term_print_wrapped(stdout, STYLE_BOLD, out.data);
    text_end(&out);
    printf("spent %.4f USD\n", (double)bench->spent / 1e6);
}

int bench_find_load(struct bench *bench, struct error *err)
{
    struct find_load find = { .search = { .highest = FIND_LOAD_MAX } };
    int status = 0;

    if (!bench_find_load_read(bench->settings, &bench->setup->plan, &find.bound_us, err)) {
        return 0;
    }
    bench->on_report = count_exceeded;
    bench->on_report_context = &find;
    for (;;) {
        find.step = load_search_next(&find.search, affordable(bench));
        if (find.step.kind == LOAD_STEP_OVER) {
            break;
        }
        status = run_step(bench, &find, err);
        if (status != 0 || err->kind != ERROR_NONE || bench->interrupted) {
            return status;
        }
        print_step(bench, &find);
        note_step(&find);
    }
    if (setting_flag(bench->settings, "json")) {
        print_json(bench, &find);
    } else {
        print_result(bench, &find);
    }
    return find.search.confirmed > 0 ? 0 : 1;
}
