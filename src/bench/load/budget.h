/* budget.h - what a run may spend, has spent, and has reserved for requests in flight. */
#ifndef BENCH_LOAD_BUDGET_H
#define BENCH_LOAD_BUDGET_H
#include "bench/load/sample.h"

struct budget {    /* microdollars */
    int64_t limit; /* -1 for no limit */
    int64_t spent, reserved;
    bool unknown; /* the cost of at least one request is unknown */
};

/* Returns whether the request can be paid if every request in flight costs its maximum. */
bool budget_affords(const struct budget *budget, const struct target *target);
void budget_reserve(struct budget *budget, const struct target *target);
/* Call when the request has ended. If it was sent and no response states its usage, it may have
 * been billed in full: its maximum price stays reserved for the rest of the run. */
void budget_settle(struct budget *budget, const struct target *target, const struct sample *sample,
                   bool sent);
#endif
