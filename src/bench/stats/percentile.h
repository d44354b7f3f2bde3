/* percentile.h - percentiles of a sample and their confidence intervals.
 *
 * Percentiles are exact: nearest rank over every value, without a histogram or interpolation. The
 * interval comes from order statistics (David and Nagaraja, Order Statistics, 7.1). It holds for
 * any distribution, but requires a minimum sample size. */
#ifndef BENCH_STATS_PERCENTILE_H
#define BENCH_STATS_PERCENTILE_H
#include <stdbool.h>
#include <stddef.h>

struct interval {
    bool known; /* false if the sample is too small to bound it on both sides */
    double low, high;
};

/* Returns the smallest value that is not exceeded by at least `share` (0 < share <= 1) of the
 * sample. `sorted` is ascending. Returns NAN if count is 0. */
double percentile_of(const double *sorted, size_t count, double share);

/* Returns an interval that contains the true percentile with at least this confidence (0.95). */
struct interval percentile_interval(const double *sorted, size_t count, double share,
                                    double confidence);

/* Returns the smallest sample size for which percentile_interval is known: at 95 %, 6 for the
 * median and 368 for p99. */
size_t percentile_min_count(double share, double confidence);

struct sample_stats { /* in the unit of the values */
    size_t count;
    double mean, standard_deviation, min, max; /* NAN if there are too few values */
};
struct sample_stats sample_stats_of(const double *values, size_t count);

void values_sort(double *values, size_t count); /* ascending; no value may be NAN */
#endif
