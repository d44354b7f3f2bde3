/* axis.h - from values to pixels, and where its ticks stand. */
#ifndef BENCH_CHARTS_AXIS_H
#define BENCH_CHARTS_AXIS_H
#include <stdbool.h>

enum { AXIS_TICKS = 40, AXIS_LABEL = 24 };

struct axis {
    double low, high; /* values at its ends */
    double from, to;  /* pixels of its ends */
    bool log;
};

/* From the step of 1, 2, 5 at or below the least to the one at or above the most; both above 0. */
struct axis axis_log(double min, double max, double from, double to);
/* From low to a round number at or above high. */
struct axis axis_linear(double low, double high, double from, double to);

double axis_at(const struct axis *axis, double value); /* held within its ends */

/* Round values, at least so many pixels apart; how many. */
int axis_ticks(const struct axis *axis, double gap, double out[AXIS_TICKS]);

const char *axis_seconds(double seconds, char out[AXIS_LABEL]); /* "200 ms", "5 s" */
#endif
