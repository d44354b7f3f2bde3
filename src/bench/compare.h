/* compare.h - is one sample's median below another's, by how much, and is that more than chance? */
#ifndef BENCH_COMPARE_H
#define BENCH_COMPARE_H
#include <stdint.h>

#include "bench/percentile.h"

enum { COMPARE_LEAST = 8 }; /* values on each side: below, no interval of medians means much */

struct difference { /* of percentiles: b's minus a's */
    bool known;     /* false: one sample is too small */
    double value;
    struct interval range; /* bootstrap; simultaneous over all pairs that are compared */
    bool apart;            /* the range leaves out 0 */
    double p; /* Mann and Whitney's two-sided test, ties corrected, of the whole samples */
};

struct sample_view { /* ascending values */
    const double *sorted;
    size_t count;
};

/* `pairs`: how many comparisons are made side by side; each is held to confidence
 * 1 - (1 - confidence) / pairs (Bonferroni), so that all hold together. The same seed gives the
 * same interval. */
struct difference compare_percentile(struct sample_view a, struct sample_view b, double share,
                                     double confidence, int pairs, uint64_t seed);

/* Two-sided p of the rank test; 1 where there is nothing to compare. */
double rank_test(struct sample_view a, struct sample_view b);

/* Holm 1979: turns p-values into ones that hold together, in place, order kept. */
void holm_adjust(double *p, size_t count);
#endif
