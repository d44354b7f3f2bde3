/* compare.h - is one sample's percentile, mean, error share or price below another's, by how much,
 * and is that more than chance? */
#ifndef BENCH_STATS_COMPARE_H
#define BENCH_STATS_COMPARE_H
#include <stdint.h>

#include "bench/stats/percentile.h"

enum { COMPARE_MIN_COUNT = 8 }; /* values on each side: below, no interval means much */

struct difference { /* b's minus a's */
    bool known;     /* false: one sample is too small */
    double value;
    struct interval range; /* simultaneous over all pairs that are compared */
    bool significant;      /* the range leaves out 0 */
    double p; /* of percentiles: Mann and Whitney's two-sided test, ties corrected, of the whole
                 samples; else 1 */
};

struct sample_view { /* ascending values */
    const double *sorted;
    size_t count;
};

/* By bootstrap. `pairs`: how many comparisons are made side by side; each is held to confidence
 * 1 - (1 - confidence) / pairs (Bonferroni), so that all hold together. The same seed gives the
 * same interval. */
struct difference compare_percentile(struct sample_view a, struct sample_view b, double share,
                                     double confidence, int pairs, uint64_t seed);

/* Welch's interval, the variances unequal. */
struct difference compare_mean(struct sample_view a, struct sample_view b, double confidence,
                               int pairs);

struct share {
    size_t hits, of;
};
double share_of(struct share share); /* NAN of nothing */
/* Newcombe 1998, method 10: Wilson's intervals put together; holds near 0 and 1 too. */
struct difference compare_share(struct share a, struct share b, double confidence, int pairs);

struct cost_totals { /* sums over the answers of a run: what is paid for them, and how many are
                        usable */
    size_t answers, usable;
    double usd, usd_squares, usd_usable; /* usd_usable: of the usable alone */
};
void cost_totals_add(struct cost_totals *price, double usd, bool usable);
double
cost_per_usable(const struct cost_totals *price); /* USD a usable answer; NAN where none is */
/* The ratio's variance by the delta method, else as means. */
struct difference compare_cost(const struct cost_totals *a, const struct cost_totals *b,
                               double confidence, int pairs);

/* Two-sided p of the rank test; 1 where there is nothing to compare. */
double rank_test(struct sample_view a, struct sample_view b);

/* Holm 1979: turns p-values into ones that hold together, in place, order kept. */
void holm_adjust(double *p, size_t count);
#endif
