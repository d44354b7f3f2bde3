/* rate_limit.h - how many requests a minute may be sent to one model.
 *
 * The provider reports its limit in x-ratelimit-limit-requests; a worker that keeps to it is not
 * rejected with 429. The algorithm is a leaky bucket (GCRA, ITU-T I.371) whose burst is what the
 * provider reports as remaining. The current time is always an argument. */
#ifndef JOBS_ENGINE_RATE_LIMIT_H
#define JOBS_ENGINE_RATE_LIMIT_H
#include <stdbool.h>
#include <stdint.h>

struct rate_limiter {
    double interval_ms; /* between two requests; 0: no limit is known, all are admitted */
    double next_ms;     /* when the next request is due */
    int64_t burst;      /* requests that may be sent at once, before they are due */
    int64_t total_sent; /* since the process started */
};

/* Takes the limit and the remaining requests from the headers of a response. Ignores per_minute
 * unless it is from 1 to 1,000,000; remaining < 0: not reported. `sent_by_then` is total_sent when
 * the answered request was sent: the provider may not have counted later requests yet, so they are
 * subtracted from `remaining`. */
void rate_limit_update(struct rate_limiter *limiter, int64_t per_minute, int64_t remaining,
                       int64_t sent_by_then);
/* Returns whether a request may be sent now. */
bool rate_limit_admits(const struct rate_limiter *limiter, int64_t now_ms);
/* Counts a request that is sent now. */
void rate_limit_take(struct rate_limiter *limiter, int64_t now_ms);
/* The provider rejected a request although this worker kept to the limit, so other clients share
 * it: delays the next request by several intervals. */
void rate_limit_rejected(struct rate_limiter *limiter, int64_t now_ms);
/* Returns the milliseconds until a request may be sent; 0: now. */
int64_t rate_limit_wait_ms(const struct rate_limiter *limiter, int64_t now_ms);
#endif
