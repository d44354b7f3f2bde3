/* concurrency_limit.c - additive increase, multiplicative decrease. */
#include "jobs/engine/concurrency_limit.h"

enum { LONGEST_RETRY_MS = 60 * 1000 };

void concurrency_limit_init(struct concurrency_limit *limit, int ceiling)
{
    *limit = (struct concurrency_limit){ .level = ceiling, .ceiling = ceiling };
}

bool concurrency_limit_admit(struct concurrency_limit *limit, int64_t now_ms)
{
    if (limit->not_before_ms > now_ms || limit->in_flight + 1 > limit->level) {
        return false;
    }
    limit->in_flight++;
    return true;
}

static void decrease(struct concurrency_limit *limit, int64_t began_ms, int64_t now_ms)
{
    if (began_ms < limit->decreased_ms) {
        return; /* sent before the last decrease: it says nothing about the new level */
    }
    limit->level = limit->level * 2 / 3;
    if (limit->level < 1) {
        limit->level = 1;
    }
    limit->decreased_ms = now_ms;
}

void concurrency_limit_call_ended(struct concurrency_limit *limit, const struct error *result,
                                  int64_t began_ms, int64_t now_ms)
{
    limit->in_flight--;
    if (result->kind == ERROR_STOPPED || result->kind == ERROR_LOST) {
        return; /* the end has nothing to do with the provider */
    }
    if (result->kind == ERROR_BUSY) {
        decrease(limit, began_ms, now_ms);
        if (result->retry_ms <= LONGEST_RETRY_MS &&
            now_ms + result->retry_ms > limit->not_before_ms) {
            limit->not_before_ms = now_ms + result->retry_ms;
        }
        return;
    }
    if (result->kind == ERROR_NONE && limit->level < limit->ceiling) {
        limit->level += 1 / limit->level;
    }
}
