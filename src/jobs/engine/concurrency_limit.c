/* concurrency_limit.c - additive increase, multiplicative decrease, and pauses. */
#include "jobs/engine/concurrency_limit.h"

enum { MAX_PAUSE_MS = 10 * 60 * 1000 };

void concurrency_limit_init(struct concurrency_limit *limit, int ceiling, uint32_t initial_pause_ms)
{
    *limit = (struct concurrency_limit){ .level = ceiling,
                                         .ceiling = ceiling,
                                         .initial_pause_ms = initial_pause_ms };
}

bool concurrency_limit_paused(const struct concurrency_limit *limit, int64_t now_ms)
{
    return limit->paused_until_ms > now_ms;
}

bool concurrency_limit_admit(struct concurrency_limit *limit, int64_t now_ms)
{
    if (concurrency_limit_paused(limit, now_ms) || limit->not_before_ms > now_ms) {
        return false;
    }
    if (limit->pause_ms > 0) { /* after a pause a single call probes the provider */
        if (limit->probing) {
            return false;
        }
        limit->probing = true;
    } else if (limit->in_flight + 1 > limit->level) {
        return false;
    }
    limit->in_flight++;
    return true;
}

int64_t concurrency_limit_wait_ms(const struct concurrency_limit *limit, int64_t now_ms)
{
    int64_t until = limit->paused_until_ms > limit->not_before_ms ? limit->paused_until_ms
                                                                  : limit->not_before_ms;

    return until > now_ms ? until - now_ms : 0;
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

static void begin_pause(struct concurrency_limit *limit, const struct error *why, int64_t began_ms,
                        int64_t now_ms)
{
    if (limit->pause_ms > 0 && began_ms < limit->paused_until_ms - (int64_t)limit->pause_ms) {
        return; /* sent before this pause began */
    }
    limit->pause_ms = limit->pause_ms ? limit->pause_ms * 2 : limit->initial_pause_ms;
    if (limit->pause_ms > MAX_PAUSE_MS) {
        limit->pause_ms = MAX_PAUSE_MS;
    }
    if (limit->pause_ms < why->retry_ms) {
        limit->pause_ms = why->retry_ms;
    }
    limit->paused_until_ms = now_ms + limit->pause_ms;
    limit->pauses++;
    limit->pause_reason = *why;
}

void concurrency_limit_call_ended(struct concurrency_limit *limit, const struct error *result,
                                  int64_t began_ms, int64_t now_ms)
{
    limit->in_flight--;
    limit->probing = false;
    if (error_rule(result->kind)->pauses_provider) {
        begin_pause(limit, result, began_ms, now_ms);
        return;
    }
    if (result->kind == ERROR_STOPPED || result->kind == ERROR_LOST) {
        return; /* the end has nothing to do with the provider */
    }
    if (began_ms >= limit->paused_until_ms) {
        limit->pause_ms = 0;
        limit->pauses = 0;
        limit->paused_until_ms = 0;
    }
    if (result->kind == ERROR_BUSY) {
        decrease(limit, began_ms, now_ms);
        if (result->retry_ms > 0 && now_ms + result->retry_ms > limit->not_before_ms) {
            limit->not_before_ms = now_ms + result->retry_ms;
        }
        return;
    }
    if (limit->level < limit->ceiling) {
        limit->level += 1 / limit->level;
    }
}
