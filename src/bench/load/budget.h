/* budget.h - what a run may spend, has spent, and may have to pay for what is still under way. */
#ifndef BENCH_LOAD_BUDGET_H
#define BENCH_LOAD_BUDGET_H
#include "bench/load/sample.h"

struct budget {  /* microdollars */
    int64_t max; /* -1: any */
    int64_t spent, reserved;
    bool unknown; /* some of what was asked has no price, or came to no end that says it */
};

/* With all that is under way at its worst price, can this request be paid too? */
bool budget_affords(const struct budget *budget, const struct target *target);
void budget_reserve(struct budget *budget, const struct target *target);
/* The request has ended. Where it was sent and no answer says what it cost, it may have been billed
 * in full: its worst price stays reserved for good. */
void budget_settle(struct budget *budget, const struct target *target, const struct sample *sample,
                   bool sent);
#endif
