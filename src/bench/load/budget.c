/* budget.c - reserved at the worst price, settled at the real one. */
#include "bench/load/budget.h"

static int64_t worst_of(const struct target *target)
{
    return target->worst_microusd > 0 ? target->worst_microusd : 0;
}

bool budget_affords(const struct budget *budget, const struct target *target)
{
    return budget->max < 0 || budget->spent + budget->reserved + worst_of(target) <= budget->max;
}

void budget_reserve(struct budget *budget, const struct target *target)
{
    budget->reserved += worst_of(target);
}

void budget_settle(struct budget *budget, const struct target *target, const struct sample *sample,
                   bool sent)
{
    bool told = sample->cost_microusd >= 0;

    if (!told && ((sent && sample->status == 0) || sample->status == 200)) {
        budget->unknown = true;
        return;
    }
    budget->spent += told ? sample->cost_microusd : 0;
    budget->reserved -= worst_of(target);
}
