/* budget.c - reserved at the worst price, settled at the real one. */
#include "bench/load/budget.h"

static int64_t worst_of(const struct target *target)
{
    return target->worst_microusd > 0 ? target->worst_microusd : 0;
}

bool purse_affords(const struct purse *purse, const struct target *target)
{
    return purse->most < 0 || purse->spent + purse->reserved + worst_of(target) <= purse->most;
}

void purse_reserve(struct purse *purse, const struct target *target)
{
    purse->reserved += worst_of(target);
}

void purse_settle(struct purse *purse, const struct target *target, const struct sample *sample,
                  bool sent)
{
    bool told = sample->cost_microusd >= 0;

    if (!told && ((sent && sample->status == 0) || sample->status == 200)) {
        purse->unknown = true;
        return;
    }
    purse->spent += told ? sample->cost_microusd : 0;
    purse->reserved -= worst_of(target);
}
