/* histogram.c - counts values and computes percentiles. The first bucket has 2^(half_bits + 1)
 * steps of 1. Each further bucket doubles the step and adds only the upper half of as many steps.
 */
#include "bench/stats/histogram.h"

#include <math.h>
#include <stdlib.h>

bool histogram_new(int digits, int64_t highest, struct histogram *out, struct error *err)
{
    int64_t steps = 2;
    int buckets = 1;

    *out = (struct histogram){ .digits = digits, .highest = highest, .half_bits = -1 };
    if (digits < 1 || digits > 4 || highest < 2) {
        return error_set(err, ERROR_INTERNAL, "invalid histogram: %d digits up to %lld", digits,
                         (long long)highest);
    }
    for (int i = 0; i < digits; i++) {
        steps *= 10; /* below it each value has its own count */
    }
    for (int64_t power = 1; power < steps; power *= 2) {
        out->half_bits++;
    }
    for (int64_t reach = (int64_t)2 << out->half_bits; reach <= highest; buckets++) {
        if (reach > INT64_MAX / 2) {
            buckets++;
            break;
        }
        reach *= 2;
    }
    out->size = (buckets + 1) << out->half_bits;
    out->counts = calloc((size_t)out->size, sizeof *out->counts);
    return out->counts || error_set(err, ERROR_INTERNAL, "no memory for a histogram");
}

void histogram_free(struct histogram *histogram)
{
    free(histogram->counts);
    *histogram = (struct histogram){ 0 };
}

/* Returns the number of low bits that are dropped from a value of this size. */
static int bucket_of(const struct histogram *histogram, int64_t value)
{
    uint64_t covered = ((uint64_t)2 << histogram->half_bits) - 1;
    int bits = 63 - __builtin_clzll((uint64_t)value | covered);

    return bits - histogram->half_bits;
}

static int32_t index_of(const struct histogram *histogram, int64_t value)
{
    int bucket = bucket_of(histogram, value);
    int32_t step = (int32_t)(value >> bucket);

    /* the lower half of every bucket but the first belongs to the bucket below */
    return (bucket << histogram->half_bits) + step;
}

static int64_t highest_value_at(const struct histogram *histogram, int32_t index)
{
    int bucket = (index >> histogram->half_bits) - 1;
    int32_t step = (index & ((1 << histogram->half_bits) - 1)) + (1 << histogram->half_bits);

    if (bucket < 0) {
        return index;
    }
    return ((int64_t)(step + 1) << bucket) - 1;
}

void histogram_record(struct histogram *histogram, int64_t value)
{
    if (value < 0) {
        value = 0;
    }
    if (histogram->total == 0 || value < histogram->min) {
        histogram->min = value;
    }
    if (value > histogram->max) {
        histogram->max = value;
    }
    if (value > histogram->highest) {
        histogram->overflow++;
        value = histogram->highest;
    }
    histogram->counts[index_of(histogram, value)]++;
    histogram->total++;
}

int64_t histogram_percentile(const struct histogram *histogram, double share)
{
    int64_t rank = (int64_t)ceil(share * (double)histogram->total * (1 - 1e-12)), seen = 0;

    if (rank < 1) {
        rank = 1;
    }
    for (int32_t i = 0; i < histogram->size; i++) {
        seen += histogram->counts[i];
        if (seen >= rank) {
            return highest_value_at(histogram, i);
        }
    }
    return 0;
}
