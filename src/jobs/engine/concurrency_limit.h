/* concurrency_limit.h - how many calls a provider gets at once: finds its level, pauses, revives.
 *
 * After Postfix's queue manager: the level rises by 1/level with each answer, falls by a third when
 * the provider says it is busy (once per round trip: calls already on their way don't count twice),
 * and a refused key or an empty account pauses it, longer each time, with one probe at the end of
 * each pause. Pure: time is an argument. */
#ifndef JOBS_ENGINE_CONCURRENCY_LIMIT_H
#define JOBS_ENGINE_CONCURRENCY_LIMIT_H
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

struct concurrency_limit {
    double level; /* calls at once */
    double ceiling;
    int in_flight;
    int64_t fell_ms;         /* when the level fell last */
    int64_t not_before_ms;   /* the provider's own wish (Retry-After) */
    int64_t paused_until_ms; /* 0: not paused */
    uint32_t pause_ms;       /* of the last pause; 0: none since it was well */
    uint32_t initial_pause_ms;
    int pauses; /* one after the other, with no good answer between */
    bool probing;
    struct error why; /* of the pause */
};

void concurrency_limit_init(struct concurrency_limit *limit, int ceiling,
                            uint32_t initial_pause_ms);

/* May one more call be sent now? Counts it when yes. */
bool concurrency_limit_admit(struct concurrency_limit *limit, int64_t now_ms);
bool concurrency_limit_paused(const struct concurrency_limit *limit, int64_t now_ms);
/* Milliseconds until asking again makes sense; 0: when a call ends. */
int64_t concurrency_limit_wait_ms(const struct concurrency_limit *limit, int64_t now_ms);

/* A call that was admitted at `began_ms` has ended; kind ERROR_NONE: with a good answer. */
void concurrency_limit_call_ended(struct concurrency_limit *limit, const struct error *how,
                                  int64_t began_ms, int64_t now_ms);
#endif
