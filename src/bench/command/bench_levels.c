/* bench_levels.c - --sweep: a run at each of several loads. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "bench/command/bench_state.h"
#include "term/table.h"

static void print_sweep(struct bench *bench, struct error *err)
{
    const char *out = setting_text(bench->settings, "out");
    bool json = setting_flag(bench->settings, "json");

    bench->sweep.ended_early = bench->limit_reached && !bench->interrupted;
    if (json) {
        cJSON *object = sweep_json(&bench->sweep);

        table_json(stdout, object, NULL);
        cJSON_Delete(object);
    } else {
        bench_print_sweep(stdout, &bench->sweep);
    }
    if (out && err->kind == ERROR_NONE && sweep_write(&bench->sweep, out, err) && !json) {
        printf("report of all levels: %s/report.html\n", out);
    }
}

int bench_run_levels(struct bench *bench, const struct sweep_plan *sweep_plan, struct error *err)
{
    const char *out = setting_text(bench->settings, "out");
    int status = 0;

    bench->sweep = (struct sweep){ .by_rate = sweep_plan->by_rate,
                                   .plan = &bench->setup->plan,
                                   .command = bench->setup->command.data,
                                   .began_wall_ms = clock_wall_ms() };
    for (int i = 0;
         i < sweep_plan->count && status == 0 && err->kind == ERROR_NONE && !bench->limit_reached;
         i++) {
        struct load_plan plan = bench->setup->plan;

        plan.concurrency = sweep_plan->by_rate ? 0 : (int)sweep_plan->levels[i];
        plan.rate = sweep_plan->by_rate ? sweep_plan->levels[i] : 0;
        plan.cost_limit = load_plan_cost_left(&plan, bench->spent);
        bench->load = sweep_plan->levels[i];
        sweep_level_name(&bench->sweep, bench->load, bench->level);
        if (out) {
            snprintf(bench->folder, sizeof bench->folder, "%.1000s/%g", out, sweep_plan->levels[i]);
        }
        status = bench_run_once(bench, &plan, err);
    }
    print_sweep(bench, err);
    sweep_free(&bench->sweep);
    return status;
}

bool sweep_plan_read(const char *text, struct sweep_plan *out, struct error *err)
{
    const char *at = text ? strchr(text, ':') : NULL;
    char *end;

    *out = (struct sweep_plan){ 0 };
    if (!text) {
        return true;
    }
    out->by_rate = strncmp(text, "rate:", 5) == 0;
    if (!at || (!out->by_rate && strncmp(text, "concurrency:", 12) != 0)) {
        error_set(err, ERROR_INPUT,
                  "invalid --sweep '%.40s': expected a list like concurrency:1,2,4", text);
        return error_hint(err, "Or rate:0.5,1,2.");
    }
    do {
        double level = strtod(++at, &end);

        if (end == at || !(level > 0) || level > (out->by_rate ? 100000 : 4096) ||
            (!out->by_rate && level != floor(level)) || out->count == SWEEP_LEVELS_MAX) {
            return error_set(err, ERROR_INPUT, "invalid --sweep '%.60s': '%.20s' is not a level",
                             text, at);
        }
        out->levels[out->count++] = level;
        at = end;
    } while (*at == ',');
    return *at == '\0' ||
           error_set(err, ERROR_INPUT,
                     "invalid --sweep '%.60s': unexpected '%.20s' after the levels", text, at);
}
