/* chart.h - the plots of a run, as SVG for the page. Colours are classes of the page: s0.. f0..
 * k0.. in the order of the targets. */
#ifndef BENCH_CHART_H
#define BENCH_CHART_H
#include "bench/report.h"

enum { CHART_COLOURS = 7 };

/* Latency over the share of answers, the tail drawn wide: 50, 90, 99, 99.9 % at equal steps. */
void chart_percentiles(const struct report *report, struct text *out);
/* Each request where it was due, as high as it took; what failed as an open ring. */
void chart_timeline(const struct report *report, struct text *out);
/* Where a usable answer's time went, one bar a target. */
void chart_phases(const struct report *report, struct text *out);
#endif
