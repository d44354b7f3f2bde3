/* rate.c - one call a step, and a short look back for those that were late. */
#include "jobs/rate.h"

enum { MINUTE_MS = 60000, MOST = 1000000, BEHIND_MS = 200 };

/* A little slower than told: clocks differ, and requests bunch on their way. */
static const double margin = 1.02;

void rate_told(struct rate *rate, int64_t a_minute)
{
    if (a_minute > 0 && a_minute <= MOST) {
        rate->step_ms = margin * MINUTE_MS / (double)a_minute;
    }
}

bool rate_admits(const struct rate *rate, int64_t now_ms)
{
    return rate->step_ms == 0 || rate->due_ms <= (double)now_ms;
}

void rate_take(struct rate *rate, int64_t now_ms)
{
    double earliest = (double)now_ms - BEHIND_MS; /* what was not used before is lost */

    rate->due_ms = (rate->due_ms > earliest ? rate->due_ms : earliest) + rate->step_ms;
}
