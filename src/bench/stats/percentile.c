/* percentile.c - nearest ranks and binomial intervals. */
#include "bench/stats/percentile.h"

#include <math.h>
#include <stdlib.h>

double percentile_of(const double *sorted, size_t count, double share)
{
    /* 0.07 * 100 is 7.000000000000001 in floating point, which must be rank 7, not 8 */
    double rank = ceil(share * (double)count * (1 - 1e-12));

    if (count == 0) {
        return NAN;
    }
    if (rank < 1) {
        rank = 1;
    }
    return sorted[rank > (double)count ? count - 1 : (size_t)rank - 1];
}

/* Uses logarithms, because (1-p)^n underflows from a few hundred values on. */
static double log_binomial(size_t count, size_t hits, double share)
{
    double n = (double)count, k = (double)hits;
    int sign;

    return lgamma_r(n + 1, &sign) - lgamma_r(k + 1, &sign) - lgamma_r(n - k + 1, &sign) +
           k * log(share) + (n - k) * log1p(-share);
}

/* Returns the largest r with P(fewer than r hits) <= tail: so many values may be left out from
 * below. */
static size_t ranks_below(size_t count, double share, double tail)
{
    double n = (double)count, sum = 0;
    double from = floor(n * share - 12 * sqrt(n * share * (1 - share)) - 30);

    /* terms more than 12 standard deviations away do not change the sum */
    for (size_t hits = from > 0 ? (size_t)from : 0; hits <= count; hits++) {
        sum += exp(log_binomial(count, hits, share));
        if (sum > tail) {
            return hits;
        }
    }
    return count;
}

struct interval percentile_interval(const double *sorted, size_t count, double share,
                                    double confidence)
{
    struct interval out = { .known = false, .low = NAN, .high = NAN };
    double tail = (1 - confidence) / 2;
    size_t below, above;

    if (count == 0 || share <= 0 || share >= 1) {
        return out;
    }
    below = ranks_below(count, share, tail);     /* the r-th smallest value is the lower bound */
    above = ranks_below(count, 1 - share, tail); /* the same from above */
    if (below >= 1) {
        out.low = sorted[below - 1];
    }
    if (above >= 1) {
        out.high = sorted[count - above];
    }
    out.known = below >= 1 && above >= 1;
    return out;
}

size_t percentile_min_count(double share, double confidence)
{
    double rarer = share < 0.5 ? share : 1 - share;

    /* the probability that all values are on one side is (1 - rarer)^n */
    return (size_t)ceil(log((1 - confidence) / 2) / log1p(-rarer));
}

struct sample_stats sample_stats_of(const double *values, size_t count)
{
    struct sample_stats out = {
        .count = count, .mean = NAN, .standard_deviation = NAN, .min = NAN, .max = NAN
    };
    double mean = 0, squares = 0; /* Welford 1962, numerically stable */

    for (size_t i = 0; i < count; i++) {
        double step = values[i] - mean;

        mean += step / (double)(i + 1);
        squares += step * (values[i] - mean);
        out.min = i == 0 || values[i] < out.min ? values[i] : out.min;
        out.max = i == 0 || values[i] > out.max ? values[i] : out.max;
    }
    if (count > 0) {
        out.mean = mean;
    }
    if (count > 1) {
        out.standard_deviation = sqrt(squares / (double)(count - 1));
    }
    return out;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

void values_sort(double *values, size_t count)
{
    if (count > 1) {
        qsort(values, count, sizeof *values, ascending);
    }
}
