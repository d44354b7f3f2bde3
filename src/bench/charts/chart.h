/* chart.h - the plots of a run. The page and the PNG files are made from one table of plots. To add
 * a plot, write a file named after it and add a row to the table in chart.c. */
#ifndef BENCH_CHARTS_CHART_H
#define BENCH_CHARTS_CHART_H
#include "bench/charts/axis.h"
#include "bench/charts/plot.h"
#include "bench/report/report.h"

enum {
    CHART_WIDE = 960,
    CHART_NARROW = 420,
    CHARTS = 5
}; /* pixels: screens and PNG files; phones */

struct chart {
    const char *name;    /* of its PNG files: "percentiles" */
    const char *heading; /* on the page */
    const char *title;   /* of the plot itself */
    const char *caption; /* explains how to read it; NULL for none */
    /* returns NULL if there is no data */
    struct plot *(*draw)(const struct report *report, int width, const char *title);
};
extern const struct chart charts[CHARTS];

/* The rows of the table. */
/* Latency by percentile, with the tail enlarged: 50, 90, 99, 99.9 % at equal distances. */
struct plot *chart_percentiles(const struct report *report, int width, const char *title);
/* Latency of each request by the time at which it was due; failures are open rings. */
struct plot *chart_timeline(const struct report *report, int width, const char *title);
/* Mean time of each phase of usable answers, one bar per target. */
struct plot *chart_phases(const struct report *report, int width, const char *title);

/* Latency, throughput, load and failures in time windows. */
struct plot *chart_windows(const struct report *report, int width, const char *title);
/* Median latency by cost, for at least two image targets of known cost. */
struct plot *chart_cost(const struct report *report, int width, const char *title);

/* chart_both writes both forms of a plot into the page, which shows one depending on the screen.
 * chart_html adds heading and caption. */
void chart_both(const struct plot *wide, const struct plot *narrow, struct text *out);
void chart_html(const struct report *report, const struct chart *chart, struct text *out);
/* plot_write writes NAME.png and NAME-dark.png; charts_write does so for every chart with data. */
bool plot_write(const struct plot *plot, const char *folder, const char *name,
                struct error *err) MUST_CHECK;
bool charts_write(const struct report *report, const char *folder, struct error *err) MUST_CHECK;

/* Building blocks of charts. */
struct frame { /* a plot and its axes */
    struct plot *plot;
    struct axis x, y;
    double left, right, top, bottom; /* of the drawing area, in pixels */
    double labelled_to;              /* right end of the last label below the area */
};
/* Creates a plot with a drawing area of this height, labels around it and a legend above it. */
struct frame frame_new(int width, double height, const char *title, double legend);
/* The legend has one colour per name. A name that is NULL keeps its colour but has no entry. */
double legend_height(const char *const *names, int count, int width);
void legend_add(struct plot *plot, const char *const *names, int count, enum ink first);
/* Draws a horizontal line and its label. */
void frame_gridline(struct frame *frame, double value, const char *label);
void frame_gridlines(struct frame *frame); /* labelled in seconds */
/* Adds a label below the area unless it would overlap the previous one; call from left to right. */
void frame_label_below(struct frame *frame, double x, const char *text);
/* Labels the x axis with the seconds of the run. */
void frame_time_labels(struct frame *frame);
#endif
