/* rate_limit.c - one request per interval, with a short allowance for late ones. */
#include "jobs/engine/rate_limit.h"

#include <math.h>

enum {
    MINUTE_MS = 60000,
    MAX_PER_MINUTE = 1000000,
    CATCH_UP_MS = 60, /* a request may be this late without delaying the following ones */
    REJECTED_INTERVALS = 5
};

/* Slightly slower than the provider's limit: its clock differs from ours, and requests that are
 * sent evenly may arrive closer together. */
static const double safety_factor = 1.02;

void rate_limit_update(struct rate_limiter *limiter, int64_t per_minute, int64_t remaining,
                       int64_t sent_by_then)
{
    int64_t sent_since = limiter->total_sent - sent_by_then;

    if (per_minute <= 0 || per_minute > MAX_PER_MINUTE) {
        return;
    }
    limiter->interval_ms = safety_factor * MINUTE_MS / (double)per_minute;
    remaining = remaining < per_minute ? remaining : per_minute;
    limiter->burst = remaining > sent_since + 1 ? remaining - sent_since - 1 : 0;
}

bool rate_limit_admits(const struct rate_limiter *limiter, int64_t now_ms)
{
    return limiter->interval_ms == 0 || limiter->burst > 0 || limiter->next_ms <= (double)now_ms;
}

void rate_limit_take(struct rate_limiter *limiter, int64_t now_ms)
{
    double earliest = (double)now_ms - CATCH_UP_MS; /* unused time before this is not caught up */

    limiter->next_ms =
        (limiter->next_ms > earliest ? limiter->next_ms : earliest) + limiter->interval_ms;
    limiter->burst -= limiter->burst > 0;
    limiter->total_sent++;
}

void rate_limit_rejected(struct rate_limiter *limiter, int64_t now_ms)
{
    double earliest = (double)now_ms + REJECTED_INTERVALS * limiter->interval_ms;

    limiter->next_ms = limiter->next_ms > earliest ? limiter->next_ms : earliest;
    limiter->burst = 0;
}

int64_t rate_limit_wait_ms(const struct rate_limiter *limiter, int64_t now_ms)
{
    return rate_limit_admits(limiter, now_ms) ? 0
                                              : (int64_t)ceil(limiter->next_ms - (double)now_ms);
}
