/* budget.c - reserves the maximum price of each request and settles its real cost. */
#include "bench/load/budget.h"

static int64_t max_cost_of(const struct target *target)
{
    return target->max_microusd > 0 ? target->max_microusd : 0;
}

bool budget_affords(const struct budget *budget, const struct target *target)
{
    return budget->limit < 0 ||
           budget->spent + budget->reserved + max_cost_of(target) <= budget->limit;
}

void budget_reserve(struct budget *budget, const struct target *target)
{
    budget->reserved += max_cost_of(target);
}

void budget_settle(struct budget *budget, const struct target *target, const struct sample *sample,
                   bool sent)
{
    bool cost_known = sample->cost_microusd >= 0;

    if (!cost_known && ((sent && sample->status == 0) || sample->status == 200)) {
        budget->unknown = true;
        return;
    }
    budget->spent += cost_known ? sample->cost_microusd : 0;
    budget->reserved -= max_cost_of(target);
}
