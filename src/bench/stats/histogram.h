/* histogram.h - a histogram with log-linear buckets in the layout of HdrHistogram.
 *
 * For measurements that are too many to keep, and for export to other tools. The results of bench
 * itself are computed from raw values (percentile.h). Values are distinguished to `digits`
 * significant decimal digits at every magnitude. */
#ifndef BENCH_STATS_HISTOGRAM_H
#define BENCH_STATS_HISTOGRAM_H
#include "base/blob.h"
#include "base/error.h"
#include "base/text.h"

struct histogram {
    int digits;      /* 1 to 4 */
    int64_t highest; /* larger values are counted as this one, and in `overflow` */
    int half_bits;   /* log2 of half the linear steps of a bucket */
    int32_t size;    /* of counts */
    int64_t *counts;
    int64_t total, overflow;
    int64_t min, max; /* of the exact values; 0 if there are none */
};

/* Creates a histogram for whole numbers from 0 to `highest` (at least 2), in any unit. */
bool histogram_new(int digits, int64_t highest, struct histogram *out,
                   struct error *err) MUST_CHECK;
void histogram_free(struct histogram *histogram);

void histogram_record(struct histogram *histogram, int64_t value); /* below 0 counts as 0 */

/* Returns the percentile by nearest rank, as the largest value of its bucket; 0 if empty. */
int64_t histogram_percentile(const struct histogram *histogram, double share);

/* Appends one line of an HdrHistogram log: "Tag=NAME,start,length,max,payload", with the payload in
 * compressed V2 encoding (github.com/HdrHistogram/HdrHistogram, AbstractHistogram.java). Times are
 * in seconds. max is divided by `unit`: 1e6 turns microseconds into seconds. */
bool histogram_log_line(const struct histogram *histogram, const char *tag, double start_s,
                        double length_s, double unit, struct text *out,
                        struct error *err) MUST_CHECK;
/* Appends the header of such a log. */
void histogram_log_header(double start_s, const char *program, struct text *out);
#endif
