/* load_plan.c - checks a plan and estimates its cost before anything is sent. */
#include "bench/load/load_plan.h"

#include <string.h>

int64_t load_plan_max_cost(const struct load_plan *plan)
{
    int64_t sum = 0;

    for (int i = 0; i < plan->target_count; i++) {
        int64_t one = plan->targets[i].max_microusd;

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

int64_t load_plan_cost_left(const struct load_plan *plan, int64_t spent)
{
    return plan->cost_limit < 0 ? -1 : spent < plan->cost_limit ? plan->cost_limit - spent : 0;
}

/* Returns the expected cost by the catalog's estimates; the real cost may be higher. */
static int64_t expected_cost_of(const struct load_plan *plan)
{
    int64_t sum = 0;

    for (int i = 0; i < plan->target_count; i++) {
        sum += plan->targets[i].expected_microusd * (plan->requests + plan->warm_up);
    }
    return sum;
}

static bool fits_budget(const struct load_plan *plan, struct error *err)
{
    int64_t expected_cost = expected_cost_of(plan), all = plan->requests + plan->warm_up;

    if (plan->cost_limit < 0 || plan->requests == 0 || plan->duration_us > 0 ||
        expected_cost <= plan->cost_limit) {
        return true;
    }
    error_set(err, ERROR_INPUT, "the run costs about %.2f USD, more than --max-cost %.2f",
              (double)expected_cost / 1e6, (double)plan->cost_limit / 1e6);
    return error_hint(err,
                      "%lld requests to each target fit. Or give --duration to stop when the "
                      "budget or the time is used up.",
                      (long long)(all * plan->cost_limit / expected_cost));
}

bool load_plan_rate_fits(const struct load_plan *plan, double rate,
                         const struct model_rate_limit *limits, struct error *err)
{
    for (int i = 0; i < plan->target_count; i++) {
        double share = 0;

        for (int j = 0; j < plan->target_count; j++) { /* targets of one model share its limit */
            share += plan->targets[j].model == plan->targets[i].model;
        }
        share *= rate * 60 / plan->target_count;
        if (limits[i].requests_per_minute > 0 &&
            share > (double)limits[i].requests_per_minute * 1.0001) {
            error_set(err, ERROR_INPUT,
                      "--rate %g sends %.1f requests per minute to '%.60s'; %s allows %lld", rate,
                      share, plan->targets[i].model->id, limits[i].source,
                      (long long)limits[i].requests_per_minute);
            return error_hint(err, "--rate %.3g stays within the limit; --over-limit sends anyway.",
                              rate * (double)limits[i].requests_per_minute / share);
        }
    }
    return true;
}

static bool names_differ(const struct load_plan *plan, struct error *err)
{
    for (int i = 0; i < plan->target_count; i++) {
        for (int j = 0; j < i; j++) {
            if (strcmp(plan->targets[i].name, plan->targets[j].name) == 0) {
                error_set(err, ERROR_INPUT, "two targets have the name '%.60s'",
                          plan->targets[i].name);
                return error_hint(err, "Give one of them another name with name=...");
            }
        }
    }
    return true;
}

bool load_plan_check(const struct load_plan *plan, struct error *err)
{
    if (plan->target_count == 0) {
        error_set(err, ERROR_INPUT, "no target given");
        return error_hint(err, "Give one: --target openai:gpt-image-2.5-flare,size=1024x1024.");
    }
    if (plan->requests == 0 && plan->duration_us == 0) {
        error_set(err, ERROR_INPUT, "the run has no end");
        return error_hint(err, "Give --requests N or --duration SECONDS.");
    }
    for (int i = 0; i < plan->target_count; i++) {
        const struct target *target = &plan->targets[i];

        if (plan->cost_limit >= 0 && target->max_microusd < 0) {
            error_set(err, ERROR_INPUT, "the catalog has no price for '%.60s'", target->name);
            return error_hint(err, "Remove --max-cost, or add the price to a catalog "
                                   "given with --models FILE.");
        }
        if (plan->cost_limit >= 0 && target->max_microusd > plan->cost_limit) {
            error_set(err, ERROR_INPUT,
                      "one request to '%.60s' may cost %.4f USD, more than --max-cost",
                      target->name, (double)target->max_microusd / 1e6);
            return false;
        }
    }
    return names_differ(plan, err) && fits_budget(plan, err);
}
