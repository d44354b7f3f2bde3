/* hedging.c - the distribution of the faster of two requests, of which the second starts later. */
#include "bench/stats/hedging.h"

#include "bench/stats/percentile.h"

/* Returns the share of values that are greater. */
static double share_above(const double *sorted, size_t count, double value)
{
    size_t low = 0, high = count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (sorted[middle] <= value) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return (double)(count - low) / (double)count;
}

/* Returns the probability that neither request is answered at time `at`. */
static double share_both_above(const double *sorted, size_t count, double after, double at)
{
    return share_above(sorted, count, at) *
           (at < after ? 1 : share_above(sorted, count, at - after));
}

/* Returns the earliest of the times value + shift at which at most 1 % of requests are unanswered.
 */
static double earliest_p99(const double *sorted, size_t count, double after, double shift)
{
    size_t low = 0, high = count - 1; /* at the last one all are answered */

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (share_both_above(sorted, count, after, sorted[middle] + shift) <= 0.01 + 1e-12) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return sorted[low] + shift;
}

struct hedge hedge_of(const double *sorted, size_t count)
{
    struct hedge hedge = { .known = count >= HEDGE_MIN_COUNT };
    double alone, second;

    if (!hedge.known) {
        return hedge;
    }
    hedge.after = percentile_of(sorted, count, 0.95);
    hedge.extra_share = share_above(sorted, count, hedge.after);
    alone = earliest_p99(sorted, count, hedge.after, 0);
    second = earliest_p99(sorted, count, hedge.after, hedge.after);
    hedge.p99 = alone < second ? alone : second;
    return hedge;
}
