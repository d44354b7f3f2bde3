/* chart_percentiles.c - latency by percentile with its confidence band. */
#include <math.h>
#include <stdio.h>

#include "bench/charts/chart.h"

enum { POINTS = 240, MARKS = 8 };
static const double marks[MARKS] = { 0, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 0.9999 };

/* Returns the right end of the axis in nines: as far as the largest sample reaches, and a margin.
 */
static double nines_of(const struct report *report)
{
    size_t max = 0;

    for (int i = 0; i < report->plan->target_count; i++) {
        max = report->summaries[i].count > max ? report->summaries[i].count : max;
    }
    return fmin(fmax(log10(2.0 * (double)max) + 0.1, 2), 4);
}

/* Writes shares at equal steps of nines, up to the last sample. */
static int shares_of(const struct target_summary *summary, double nines, double out[POINTS + 1])
{
    double last = 1 - 0.5 / (double)summary->count;
    int count = 0;

    for (int i = 0; i <= POINTS; i++) {
        double share = 1 - pow(10, -nines * i / POINTS);

        if (i > 0 && share > last) {
            break;
        }
        out[count++] = fmax(share, 1e-9);
    }
    return count;
}

static double across(const struct frame *frame, double share)
{
    return axis_at(&frame->x, -log10(1 - share));
}

static void add_band(struct frame *frame, const struct target_summary *summary,
                     const double *shares, int count, enum ink ink)
{
    struct point points[2 * (POINTS + 1)];
    struct interval intervals[POINTS + 1];
    int first = -1, last = -1, size;

    for (int i = 0; i < count; i++) { /* the interval is known for a contiguous range of shares */
        intervals[i] = percentile_interval(summary->usable, summary->count, shares[i], 0.95);
        first = first < 0 && intervals[i].known ? i : first;
        last = intervals[i].known ? i : last;
    }
    if (first < 0) {
        return;
    }
    size = last - first + 1;
    for (int i = 0; i < size; i++) {
        double x = across(frame, shares[first + i]);

        points[i] = (struct point){ x, axis_at(&frame->y, intervals[first + i].low) };
        points[2 * size - 1 - i] =
            (struct point){ x, axis_at(&frame->y, intervals[first + i].high) };
    }
    plot_area(frame->plot, points, 2 * (size_t)size, ink);
}

static void add_curve(struct frame *frame, const struct target_summary *summary, int target,
                      double nines)
{
    enum ink ink = (enum ink)(INK_SERIES + target % PLOT_SERIES);
    double shares[POINTS + 1];
    int count = shares_of(summary, nines, shares);
    struct point points[POINTS + 1];

    add_band(frame, summary, shares, count, ink);
    for (int i = 0; i < count; i++) {
        points[i] = (struct point){ across(frame, shares[i]),
                                    axis_at(&frame->y, percentile_of(summary->usable,
                                                                     summary->count, shares[i])) };
    }
    plot_curve(frame->plot, points, (size_t)count, ink, target >= PLOT_SERIES);
}

static void add_shares(struct frame *frame, double nines)
{
    char label[24];

    for (int i = 0; i < MARKS; i++) {
        double x = across(frame, marks[i]);

        if (-log10(1 - marks[i]) > nines + 1e-9) {
            break;
        }
        plot_thin_line(frame->plot, (struct point){ x, frame->top },
                       (struct point){ x, frame->bottom }, INK_GRID);
        snprintf(label, sizeof label, i ? "p%g" : "min", marks[i] * 100);
        frame_label_below(frame, x, label);
    }
}

struct plot *chart_percentiles(const struct report *report, int width, const char *title)
{
    const char *names[TARGETS_MAX];
    double min = INFINITY, max = 0, nines = nines_of(report);
    int targets = report->plan->target_count;
    struct frame frame;

    for (int i = 0; i < targets; i++) {
        const struct target_summary *summary = &report->summaries[i];

        names[i] = summary->target->name;
        if (summary->count > 0) {
            min = fmin(min, summary->stats.min);
            max = fmax(max, summary->stats.max);
        }
    }
    if (max <= 0) {
        return NULL;
    }
    frame = frame_new(width, width > 600 ? 320 : 280, title, legend_height(names, targets, width));
    frame.x = (struct axis){ 0, nines, frame.left, frame.right, false };
    frame.y = axis_log(min, max, frame.bottom, frame.top);
    legend_add(frame.plot, names, targets, INK_SERIES);
    frame_gridlines(&frame);
    add_shares(&frame, nines);
    for (int i = 0; i < targets; i++) {
        if (report->summaries[i].count > 0) {
            add_curve(&frame, &report->summaries[i], i, nines);
        }
    }
    return frame.plot;
}
