/* histogram.h - counts of values in log-linear buckets, laid out as HdrHistogram lays them out.
 *
 * For what lives too long to keep every value, and for handing a run to other tools: `bench`
 * itself counts on raw values (percentile.h). A value is told apart from its neighbours to
 * `digits` significant decimal digits, whatever its size. */
#ifndef BENCH_STATS_HISTOGRAM_H
#define BENCH_STATS_HISTOGRAM_H
#include "base/blob.h"
#include "base/error.h"
#include "base/text.h"

struct histogram {
    int digits;      /* 1 to 4 */
    int64_t highest; /* larger values are counted as this one, and in `over` */
    int half_bits;   /* log2 of half the linear steps of a bucket */
    int32_t size;    /* of counts */
    int64_t *counts;
    int64_t total, overflow;
    int64_t min, max; /* of the values as they came; 0 where there are none */
};

/* Whole numbers from 0 to `highest` (at least 2), in any unit. */
bool histogram_new(int digits, int64_t highest, struct histogram *out,
                   struct error *err) MUST_CHECK;
void histogram_free(struct histogram *histogram);

void histogram_record(struct histogram *histogram, int64_t value); /* below 0 counts as 0 */
/* Adds another of the same digits and highest value; false where they differ. */
bool histogram_add(struct histogram *to, const struct histogram *from) MUST_CHECK;

/* The largest value that is not told apart from the one at this closest_match rank; 0 where empty.
 */
int64_t histogram_percentile(const struct histogram *histogram, double share);

/* One line of an HdrHistogram log: "Tag=NAME,start,length,max,payload" with the payload as
 * compressed V2 (github.com/HdrHistogram/HdrHistogram, AbstractHistogram.java). Seconds; max in
 * units of `unit` (1e6 where values are microseconds and max is to be in seconds). */
bool histogram_log_line(const struct histogram *histogram, const char *tag, double start_s,
                        double length_s, double unit, struct text *out,
                        struct error *err) MUST_CHECK;
/* What stands at the head of such a log. */
void histogram_log_header(double start_s, const char *made_by, struct text *out);
#endif
