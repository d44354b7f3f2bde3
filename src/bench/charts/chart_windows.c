/* chart_windows.c - latency, throughput, load and failures in time windows, one panel each. */
#include <math.h>
#include <stdio.h>

#include "bench/charts/chart.h"

enum { PANELS = 4, PANEL_GAP = 30 };

struct panel {
    const char *caption;
    double height;
    bool log;
    double (*value)(const struct time_window *window); /* the solid line; NAN for a gap */
    double (*dashed)(const struct time_window *window);
};

static double p50_of(const struct time_window *window)
{
    return window->p50;
}

static double p95_of(const struct time_window *window)
{
    return window->p95;
}

static double usable_rate_of(const struct time_window *window)
{
    return window->usable_rate;
}

static double due_rate_of(const struct time_window *window)
{
    return window->due_rate;
}

static double in_flight_of(const struct time_window *window)
{
    return window->in_flight;
}

static double failed_of(const struct time_window *window)
{
    return (double)(window->failed + window->shed);
}

static double rate_limited_of(const struct time_window *window)
{
    return (double)window->rate_limited;
}

static const struct panel panels[PANELS] = {
    { "p50; dashed: p95", 150, true, p50_of, p95_of },
    { "usable answers per second; dashed: due", 90, false, usable_rate_of, due_rate_of },
    { "requests in flight", 70, false, in_flight_of, NULL },
    { "failed or shed; dashed: rate limited", 60, false, failed_of, rate_limited_of },
};

static void extremes(const struct report *report, const struct panel *panel, double *min,
                     double *max)
{
    *min = INFINITY;
    *max = 0;
    for (int i = 0; i < report->plan->target_count; i++) {
        const struct series *series = &report->summaries[i].series;

        for (int j = 0; j < series->count * 2; j++) {
            double (*of)(const struct time_window *) = j % 2 ? panel->dashed : panel->value;
            double value = of ? of(&series->windows[j / 2]) : NAN;

            if (value > 0) {
                *min = fmin(*min, value);
                *max = fmax(*max, value);
            }
        }
    }
}

/* Draws a line through the middles of the windows, interrupted where a value is missing. */
static void add_line(struct frame *frame, const struct series *series,
                     double (*of)(const struct time_window *), enum ink ink, bool dashed)
{
    struct point points[WINDOWS_MAX];
    size_t count = 0;

    for (int i = 0; i <= series->count; i++) {
        const struct time_window *window = &series->windows[i];
        double value = i < series->count ? of(window) : NAN;

        if (isnan(value)) {
            plot_curve(frame->plot, points, count, ink, dashed);
            count = 0;
        } else {
            points[count++] = (struct point){ axis_at(&frame->x, (window->from + window->to) / 2),
                                              axis_at(&frame->y, value) };
        }
    }
}

static void add_counts(struct frame *frame)
{
    double ticks[AXIS_TICKS];
    int count = axis_ticks(&frame->y, 24, ticks);
    char label[AXIS_LABEL];

    for (int i = 0; i < count; i++) {
        snprintf(label, sizeof label, "%g", ticks[i]);
        frame_gridline(frame, ticks[i], label);
    }
}

static void add_panel(const struct report *report, struct frame *frame, const struct panel *panel,
                      double min, double max)
{
    frame->y = panel->log ? axis_log(min, max, frame->bottom, frame->top)
                          : axis_linear(0, max, frame->bottom, frame->top);
    plot_label(frame->plot, (struct point){ frame->left, frame->top - 8 }, ANCHOR_START, INK_DIM,
               panel->caption);
    if (panel->log) {
        frame_gridlines(frame);
    } else {
        add_counts(frame);
    }
    for (int i = 0; i < report->plan->target_count; i++) {
        const struct series *series = &report->summaries[i].series;
        enum ink ink = (enum ink)(INK_SERIES + i % PLOT_SERIES);

        add_line(frame, series, panel->value, ink, false);
        if (panel->dashed) {
            add_line(frame, series, panel->dashed, ink, true);
        }
    }
}

/* Moves the frame below the previous panel. */
static void move_below(struct frame *frame, double height)
{
    frame->top = frame->bottom + PANEL_GAP;
    frame->bottom = frame->top + height;
}

struct plot *chart_windows(const struct report *report, int width, const char *title)
{
    const struct series *first = &report->summaries[0].series;
    const char *names[TARGETS_MAX];
    int targets = report->plan->target_count;
    double min[PANELS], max[PANELS], height = 0;
    struct frame frame;

    for (int i = 0; i < targets; i++) {
        names[i] = report->plan->targets[i].name;
    }
    for (int i = 0; i < PANELS; i++) {
        extremes(report, &panels[i], &min[i], &max[i]);
        height += max[i] > 0 ? panels[i].height + PANEL_GAP : 0;
    }
    if (first->count == 0 || height == 0) {
        return NULL;
    }
    frame = frame_new(width, height, title, legend_height(names, targets, width));
    legend_add(frame.plot, names, targets, INK_SERIES);
    frame.x = (struct axis){ first->windows[0].from, first->windows[first->count - 1].to,
                             frame.left, frame.right, false };
    frame.bottom = frame.top - PANEL_GAP / 2.0;
    for (int i = 0; i < PANELS; i++) {
        if (max[i] > 0) {
            move_below(&frame, panels[i].height);
            add_panel(report, &frame, &panels[i], min[i], max[i]);
        }
    }
    frame_time_labels(&frame);
    return frame.plot;
}
