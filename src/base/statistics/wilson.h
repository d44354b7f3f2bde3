/* wilson.h - Wilson's interval of a share (1927), which also holds near 0 and 1. */
#ifndef BASE_STATISTICS_WILSON_H
#define BASE_STATISTICS_WILSON_H
#include <stdint.h>

/* The quantile of the normal distribution for 95 % confidence. */
#define WILSON_Z_95 1.959963984540054

struct share_interval {
    double low, high; /* 0 to 1 */
};

/* The interval of the share of `hits` among `of`; 0 to 1 if `of` is 0. */
struct share_interval wilson_interval(int64_t hits, int64_t of, double z);
#endif
