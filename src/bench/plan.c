/* plan.c - what can be known to be wrong, and the price, before anything is sent. */
#include <string.h>

#include "bench/runner.h"

int64_t plan_worst_cost(const struct plan *plan)
{
    int64_t sum = 0;

    for (int i = 0; i < plan->target_count; i++) {
        int64_t one = plan->targets[i].worst_microusd;

        if (one == 0) {
            continue;
        }
        if (one < 0 || plan->requests == 0) {
            return -1;
        }
        sum += one * (plan->requests + plan->warm_up);
    }
    return sum;
}

static bool names_differ(const struct plan *plan, struct error *err)
{
    for (int i = 0; i < plan->target_count; i++) {
        for (int j = 0; j < i; j++) {
            if (strcmp(plan->targets[i].name, plan->targets[j].name) == 0) {
                error_set(err, ERROR_INPUT, "two targets are called '%.60s'",
                          plan->targets[i].name);
                return error_hint(err, "Give one of them a name=... of its own.");
            }
        }
    }
    return true;
}

bool plan_check(const struct plan *plan, struct error *err)
{
    if (plan->target_count == 0) {
        error_set(err, ERROR_INPUT, "there is no target");
        return error_hint(err, "Name one: --target openai:gpt-image-2.5-flare,size=1024x1024.");
    }
    if (plan->requests == 0 && plan->duration_us == 0) {
        error_set(err, ERROR_INPUT, "the run has no end");
        return error_hint(err, "Say --requests N or --duration SECONDS.");
    }
    for (int i = 0; i < plan->target_count; i++) {
        const struct target *target = &plan->targets[i];

        if (plan->cost_most >= 0 && target->worst_microusd < 0) {
            error_set(err, ERROR_INPUT, "what '%.60s' costs is not in the catalog", target->name);
            return error_hint(err, "Leave --max-cost away, or give the model its prices with "
                                   "--models FILE.");
        }
        if (plan->cost_most >= 0 && target->worst_microusd > plan->cost_most) {
            error_set(err, ERROR_INPUT,
                      "one request to '%.60s' may cost %.4f USD, more than --max-cost",
                      target->name, (double)target->worst_microusd / 1e6);
            return false;
        }
    }
    return names_differ(plan, err);
}
