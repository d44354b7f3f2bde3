/* percentile.h - what a sample says of the percentiles behind it, and how surely.
 *
 * Exact closest_match rank over every raw value: no histogram, no interpolation. The interval comes
 * from order statistics (David and Nagaraja, Order Statistics, 7.1): it holds for any distribution,
 * and there is none where the sample is too small for one. */
#ifndef BENCH_STATS_PERCENTILE_H
#define BENCH_STATS_PERCENTILE_H
#include <stdbool.h>
#include <stddef.h>

struct interval {
    bool known; /* false: the sample is too small to bound it on both sides */
    double low, high;
};

/* The smallest value that at least `share` (0 < share <= 1) of the sample does not exceed.
 * `sorted` ascends; count 0 gives NAN. */
double percentile_of(const double *sorted, size_t count, double share);

/* Covers the true percentile with at least this confidence (0.95). */
struct interval percentile_interval(const double *sorted, size_t count, double share,
                                    double confidence);

/* The smallest sample for which percentile_interval is known: 6 for a median at 95 %, 368 for
 * p99. */
size_t percentile_min_count(double share, double confidence);

struct sample_stats { /* of a sample, in its own unit */
    size_t count;
    double mean, standard_deviation, min,
        max; /* NAN where there is no value (deviation: fewer than 2) */
};
struct sample_stats sample_stats_of(const double *values, size_t count);

void values_sort(double *values, size_t count); /* ascending; no NAN among them */
#endif
