/* rate_limit.h - how often one model may be asked: its provider says how many requests a minute it
 * takes (x-ratelimit-limit-requests), and who keeps to that is not turned away.
 *
 * A leaky bucket (GCRA, ITU-T I.371) with little in it but what the provider says remains.
 * Pure: time is an argument. */
#ifndef JOBS_ENGINE_RATE_LIMIT_H
#define JOBS_ENGINE_RATE_LIMIT_H
#include <stdbool.h>
#include <stdint.h>

struct rate_limit {
    double step_ms; /* between two calls; 0: nobody has told, all may go */
    double due_ms;  /* the next one is due */
    int64_t free;   /* so many may go at once: the provider has room for them */
    int64_t sent;   /* ever */
};

/* What an answer told: requests a minute (what is no such number is passed over), and how many of
 * them remained; -1: not told. `sent` is rate->sent when its call was: who went after it may not be
 * counted in that. */
void rate_limit_update(struct rate_limit *rate, int64_t a_minute, int64_t remaining, int64_t sent);
bool rate_limit_admits(const struct rate_limit *rate,
                       int64_t now_ms);                        /* may one more be sent now? */
void rate_limit_take(struct rate_limit *rate, int64_t now_ms); /* it is sent */
/* One was turned away, for others ask too: those behind it wait until some of theirs are over. */
void rate_limit_rejected(struct rate_limit *rate, int64_t now_ms);
int64_t rate_limit_wait_ms(const struct rate_limit *rate,
                           int64_t now_ms); /* until one more may be sent */
#endif
