/* rate_limit.c - one call a step, and a short look back for those that were late. */
#include "jobs/engine/rate_limit.h"

#include <math.h>

enum { MINUTE_MS = 60000, MOST = 1000000, BEHIND_MS = 60, REFUSED_STEPS = 5 };

/* A little slower than told: clocks differ, and requests bunch on their way. */
static const double margin = 1.02;

void rate_limit_update(struct rate_limit *rate, int64_t a_minute, int64_t remaining, int64_t sent)
{
    int64_t after = rate->sent - sent;

    if (a_minute <= 0 || a_minute > MOST) {
        return;
    }
    rate->step_ms = margin * MINUTE_MS / (double)a_minute;
    remaining = remaining < a_minute ? remaining : a_minute;
    rate->free = remaining > after + 1 ? remaining - after - 1 : 0;
}

bool rate_limit_admits(const struct rate_limit *rate, int64_t now_ms)
{
    return rate->step_ms == 0 || rate->free > 0 || rate->due_ms <= (double)now_ms;
}

void rate_limit_take(struct rate_limit *rate, int64_t now_ms)
{
    double earliest = (double)now_ms - BEHIND_MS; /* what was not used before is lost */

    rate->due_ms = (rate->due_ms > earliest ? rate->due_ms : earliest) + rate->step_ms;
    rate->free -= rate->free > 0;
    rate->sent++;
}

void rate_limit_rejected(struct rate_limit *rate, int64_t now_ms)
{
    double earliest = (double)now_ms + REFUSED_STEPS * rate->step_ms;

    rate->due_ms = rate->due_ms > earliest ? rate->due_ms : earliest;
    rate->free = 0;
}

int64_t rate_limit_wait_ms(const struct rate_limit *rate, int64_t now_ms)
{
    return rate_limit_admits(rate, now_ms) ? 0 : (int64_t)ceil(rate->due_ms - (double)now_ms);
}
