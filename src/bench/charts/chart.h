/* chart.h - the plots of a run. Each is a row of a table, from which the page and the PNG files are
 * made; to add one, write chart_<name>.c and a row. */
#ifndef BENCH_CHARTS_CHART_H
#define BENCH_CHARTS_CHART_H
#include "bench/charts/axis.h"
#include "bench/charts/plot.h"
#include "bench/report/report.h"

enum { CHART_WIDE = 960, CHART_NARROW = 420, CHARTS = 5 }; /* pixels: screens and paper; phones */

struct chart {
    const char *name;    /* of its files: "percentiles" */
    const char *heading; /* on the page */
    const char *title;   /* of the plot itself */
    const char *caption; /* how to read it; NULL: nothing to say */
    /* NULL where there is nothing to draw */
    struct plot *(*draw)(const struct report *report, int width, const char *title);
};
extern const struct chart charts[CHARTS];

/* The rows of the table: */
/* Latency over the share of answers, the tail drawn wide: 50, 90, 99, 99.9 % at equal steps. */
struct plot *chart_percentiles(const struct report *report, int width, const char *title);
/* Each request where it was due, as high as it took; what failed as an open ring. */
struct plot *chart_timeline(const struct report *report, int width, const char *title);
/* Where a usable answer's time went, one bar a target. */
struct plot *chart_phases(const struct report *report, int width, const char *title);

/* The run in windows: latency, rate, load, failures. */
struct plot *chart_windows(const struct report *report, int width, const char *title);
/* Median over price, where there are two image targets or more whose prices are known. */
struct plot *chart_cost(const struct report *report, int width, const char *title);

/* Both forms for the page, of which a screen shows one; the first without its heading. */
void chart_both(const struct plot *wide, const struct plot *narrow, struct text *out);
void chart_html(const struct report *report, const struct chart *chart, struct text *out);
/* NAME.png and NAME-dark.png in the folder; and those of every chart that has something to draw. */
bool plot_write(const struct plot *plot, const char *folder, const char *name,
                struct error *err) MUST_CHECK;
bool charts_write(const struct report *report, const char *folder, struct error *err) MUST_CHECK;

/* What charts are made of: */
struct frame { /* a plot, and the axes within it */
    struct plot *plot;
    struct axis x, y;
    double left, right, top, bottom; /* of the field, in pixels */
    double labelled_to;              /* labels below it reach so far */
};
/* A plot with a field of this height and room for labels, below a legend. */
struct frame frame_new(int width, double height, const char *title, double legend);
/* Entries in rows, in inks one after the other; a name that is NULL has an ink and no entry. */
double legend_height(const char *const *names, int count, int width);
void legend_add(struct plot *plot, const char *const *names, int count, enum ink first);
/* A line across the field, and its label. */
void frame_gridline(struct frame *frame, double value, const char *label);
void frame_gridlines(struct frame *frame); /* in seconds */
/* One label below the field, from left to right; not where it would stand over the last one. */
void frame_label_below(struct frame *frame, double x, const char *text);
/* Seconds of the run below the field. */
void frame_time_labels(struct frame *frame);
#endif
