/* hedging.c - the distribution of the quicker of two, the second of which starts late. */
#include "bench/stats/hedging.h"

#include "bench/stats/percentile.h"

/* Of all values those that are greater, as a share. */
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

/* Both are still out at that time. */
static double share_both_above(const double *sorted, size_t count, double after, double at)
{
    return share_above(sorted, count, at) *
           (at < after ? 1 : share_above(sorted, count, at - after));
}

/* The first of the moments `shift` behind each value at which no more than one in a hundred wait.
 */
static double earliest_p99(const double *sorted, size_t count, double after, double shift)
{
    size_t low = 0, high = count - 1; /* at the last one nobody waits */

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
    hedge.more = share_above(sorted, count, hedge.after);
    alone = earliest_p99(sorted, count, hedge.after, 0);
    second = earliest_p99(sorted, count, hedge.after, hedge.after);
    hedge.p99 = alone < second ? alone : second;
    return hedge;
}
