/* axis.h - maps values to pixels and chooses tick marks. */
#ifndef BENCH_CHARTS_AXIS_H
#define BENCH_CHARTS_AXIS_H
#include <stdbool.h>

enum { AXIS_TICKS = 40, AXIS_LABEL = 24 };

struct axis {
    double low, high; /* values at its ends */
    double from, to;  /* pixels of its ends */
    bool log;
};

/* Returns a logarithmic axis whose ends are rounded outward to 1, 2 or 5 times a power of ten. Both
 * values must be above 0. */
struct axis axis_log(double min, double max, double from, double to);
/* Returns a linear axis from low to a round number at or above high. */
struct axis axis_linear(double low, double high, double from, double to);

double axis_at(const struct axis *axis, double value); /* clamped to the ends */

/* Writes round values at least `gap` pixels apart and returns their number. */
int axis_ticks(const struct axis *axis, double gap, double out[AXIS_TICKS]);

const char *axis_seconds(double seconds, char out[AXIS_LABEL]); /* "200 ms", "5 s" */
#endif
