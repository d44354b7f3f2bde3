/* compare.h - tests whether a percentile, mean, error share, or time or cost per accepted answer
 * differs between two samples, and by how much. */
#ifndef BENCH_STATS_COMPARE_H
#define BENCH_STATS_COMPARE_H
#include <stdint.h>

#include "bench/stats/percentile.h"

enum { COMPARE_MIN_COUNT = 8 }; /* values in each sample: below it no interval is meaningful */

struct difference { /* b - a */
    bool known;     /* false if a sample is too small */
    double value;
    struct interval range; /* simultaneous over all comparisons that are made together */
    bool significant;      /* the range excludes 0 */
    /* compare_percentile: p-value of the two-sided Mann-Whitney test over both samples, corrected
     * for ties; otherwise 1 */
    double p;
};

struct sample_view { /* ascending values */
    const double *sorted;
    size_t count;
};

/* Compares a percentile by bootstrap. `pairs` is the number of comparisons that are made together.
 * Each is tested at confidence 1 - (1 - confidence) / pairs (Bonferroni), so that all intervals
 * hold simultaneously. The same seed gives the same interval. */
struct difference compare_percentile(struct sample_view a, struct sample_view b, double share,
                                     double confidence, int pairs, uint64_t seed);

/* Compares means by Welch's interval, which allows unequal variances. */
struct difference compare_mean(struct sample_view a, struct sample_view b, double confidence,
                               int pairs);

struct share {
    size_t hits, of;
};
double share_of(struct share share); /* NAN if `of` is 0 */
/* Compares shares by Newcombe's method 10 (1998), which combines two Wilson intervals and also
 * holds near 0 and 1. */
struct difference compare_share(struct share a, struct share b, double confidence, int pairs);

/* Sums over the answers of a run of what each took: USD, or seconds. */
struct yield_totals {
    size_t answers, accepted;
    double sum, squares, sum_accepted; /* sum_accepted: of accepted answers only */
};
void yield_add(struct yield_totals *totals, double value, bool accepted);
/* Returns what all answers took divided by the accepted ones; NAN if none is accepted. */
double yield_per_accepted(const struct yield_totals *totals);
/* Returns an interval of that ratio by the delta method on its logarithm. The logarithm makes it
 * hold for skewed values: in simulations (test_yield.c) it covers the true ratio of lognormal times
 * in 94 to 95 % of runs of 20 and more answers. Unknown with fewer than COMPARE_MIN_COUNT accepted
 * answers. */
struct interval yield_interval(const struct yield_totals *totals, double confidence);
/* Compares the ratios. The variance of each comes from the delta method. */
struct difference compare_yield(const struct yield_totals *a, const struct yield_totals *b,
                                double confidence, int pairs);

/* Returns the two-sided p-value of the Mann-Whitney test; 1 if a sample is empty. */
double rank_test(struct sample_view a, struct sample_view b);
#endif
