/* bench_plan.c - what a run would do and cost, for --dry-run and for the question. */
#include <math.h>

#include "base/json.h"
#include "bench/command/bench.h"
#include "term/table.h"

/* In microdollars; -1 if it is unknown. */
static int64_t most_cost(const struct load_plan *plan, int levels)
{
    int64_t max_cost = load_plan_max_cost(plan);

    return max_cost < 0 ? -1 : max_cost * levels;
}

void bench_print_plan(FILE *to, const struct load_plan *plan, int levels)
{
    int64_t max_cost = most_cost(plan, levels);

    for (int i = 0; i < plan->target_count; i++) {
        const struct target *target = &plan->targets[i];

        fprintf(to, "%s: ", target->name);
        if (plan->requests > 0) {
            fprintf(to, "%d requests", plan->requests + plan->warm_up);
        } else {
            fprintf(to, "as many requests as fit into %.0f s", (double)plan->duration_us / 1e6);
        }
        if (target->max_microusd >= 0) {
            fprintf(to, ", at most %.4f USD each\n", (double)target->max_microusd / 1e6);
        } else {
            fprintf(to, ", cost unknown\n");
        }
    }
    if (levels > 1) {
        fprintf(to, "repeated for %d levels of the sweep\n", levels);
    }
    if (plan->cost_limit >= 0) {
        fprintf(to, "limited to %.2f USD in total\n", (double)plan->cost_limit / 1e6);
    } else if (max_cost >= 0) {
        fprintf(to, "at most %.2f USD in total\n", (double)max_cost / 1e6);
    } else {
        fprintf(to, "no cost limit\n");
    }
}

static void add_usd(cJSON *object, const char *key, int64_t microusd)
{
    json_add_number(object, key, microusd < 0 ? NAN : (double)microusd / 1e6);
}

void bench_plan_json(const struct load_plan *plan, int levels)
{
    cJSON *out = cJSON_CreateObject(), *targets;

    cJSON_AddStringToObject(out, "event", "plan");
    targets = cJSON_AddArrayToObject(out, "targets");
    for (int i = 0; i < plan->target_count; i++) {
        bool counted = plan->requests > 0;
        cJSON *row = cJSON_CreateObject();

        cJSON_AddStringToObject(row, "name", plan->targets[i].name);
        json_add_number(row, "requests", counted ? plan->requests + plan->warm_up : NAN);
        json_add_number(row, "seconds", counted ? NAN : (double)plan->duration_us / 1e6);
        add_usd(row, "usdMaxEach", plan->targets[i].max_microusd);
        cJSON_AddItemToArray(targets, row);
    }
    cJSON_AddNumberToObject(out, "levels", levels);
    add_usd(out, "usdMax", plan->cost_limit >= 0 ? plan->cost_limit : most_cost(plan, levels));
    table_json(stdout, out, NULL);
    cJSON_Delete(out);
}
