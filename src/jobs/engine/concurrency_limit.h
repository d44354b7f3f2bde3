/* concurrency_limit.h - how many calls to one provider may be in flight at once.
 *
 * Additive increase, multiplicative decrease, as in Postfix's queue manager: the level rises by
 * 1/level with each good answer and falls by a third when the provider reports overload. It falls
 * once per round trip: calls sent before the last decrease are ignored. A Retry-After of at most a
 * minute delays all calls to the provider; a longer one stops the model (service_state.h). The
 * current time is always an argument. */
#ifndef JOBS_ENGINE_CONCURRENCY_LIMIT_H
#define JOBS_ENGINE_CONCURRENCY_LIMIT_H
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

struct concurrency_limit {
    double level;   /* calls that may be in flight now; a fraction counts towards the next one */
    double ceiling; /* maximum of level */
    int in_flight;
    int64_t decreased_ms;  /* when the level fell last */
    int64_t not_before_ms; /* the provider's Retry-After */
};

void concurrency_limit_init(struct concurrency_limit *limit, int ceiling);

/* Returns whether one more call may be sent now, and counts it as in flight if so. */
bool concurrency_limit_admit(struct concurrency_limit *limit, int64_t now_ms);

/* A call admitted at `began_ms` has ended with `result`; kind ERROR_NONE: with a good answer. */
void concurrency_limit_call_ended(struct concurrency_limit *limit, const struct error *result,
                                  int64_t began_ms, int64_t now_ms);
#endif
