/* chart_windows.c - the run in windows of time: latency, rate, load, failures, one below the other.
 */
#include <math.h>
#include <stdio.h>

#include "bench/charts/chart.h"

enum { PANELS = 4, PANEL_GAP = 30 };

struct panel {
    const char *says;
    double height;
    bool log;
    double (*value)(const struct window *window); /* the solid line; NAN: a gap */
    double (*dashed)(const struct window *window);
};

static double p50_of(const struct window *window)
{
    return window->p50;
}

static double p95_of(const struct window *window)
{
    return window->p95;
}

static double achieved_of(const struct window *window)
{
    return window->achieved;
}

static double asked_of(const struct window *window)
{
    return window->asked;
}

static double in_flight_of(const struct window *window)
{
    return window->in_flight;
}

static double failed_of(const struct window *window)
{
    return (double)(window->failed + window->shed);
}

static double limited_of(const struct window *window)
{
    return (double)window->limited;
}

static const struct panel panels[PANELS] = {
    { "p50; dashed: p95", 150, true, p50_of, p95_of },
    { "usable answers a second; dashed: asked", 90, false, achieved_of, asked_of },
    { "in flight", 70, false, in_flight_of, NULL },
    { "failed or shed; dashed: 429", 60, false, failed_of, limited_of },
};

static void extremes(const struct report *report, const struct panel *panel, double *least,
                     double *most)
{
    *least = INFINITY;
    *most = 0;
    for (int i = 0; i < report->plan->target_count; i++) {
        const struct series *series = &report->tallies[i].series;

        for (int j = 0; j < series->count * 2; j++) {
            double (*of)(const struct window *) = j % 2 ? panel->dashed : panel->value;
            double value = of ? of(&series->windows[j / 2]) : NAN;

            if (value > 0) {
                *least = fmin(*least, value);
                *most = fmax(*most, value);
            }
        }
    }
}

/* A line through the middles of the windows; it is broken where a value is missing. */
static void add_line(struct frame *frame, const struct series *series,
                     double (*of)(const struct window *), enum ink ink, bool dashed)
{
    struct spot spots[WINDOWS_MAX];
    size_t count = 0;

    for (int i = 0; i <= series->count; i++) {
        const struct window *window = &series->windows[i];
        double value = i < series->count ? of(window) : NAN;

        if (isnan(value)) {
            plot_curve(frame->plot, spots, count, ink, dashed);
            count = 0;
        } else {
            spots[count++] = (struct spot){ axis_at(&frame->x, (window->from + window->to) / 2),
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
        frame_rung(frame, ticks[i], label);
    }
}

static void add_panel(const struct report *report, struct frame *frame, const struct panel *panel,
                      double least, double most)
{
    frame->y = panel->log ? axis_log(least, most, frame->bottom, frame->top)
                          : axis_linear(0, most, frame->bottom, frame->top);
    plot_label(frame->plot, (struct spot){ frame->left, frame->top - 8 }, ANCHOR_START, INK_DIM,
               panel->says);
    if (panel->log) {
        frame_rungs(frame);
    } else {
        add_counts(frame);
    }
    for (int i = 0; i < report->plan->target_count; i++) {
        const struct series *series = &report->tallies[i].series;
        enum ink ink = (enum ink)(INK_SERIES + i % PLOT_SERIES);

        add_line(frame, series, panel->value, ink, false);
        if (panel->dashed) {
            add_line(frame, series, panel->dashed, ink, true);
        }
    }
}

/* The frame below another, in the same plot. */
static void move_below(struct frame *frame, double height)
{
    frame->top = frame->bottom + PANEL_GAP;
    frame->bottom = frame->top + height;
}

struct plot *chart_windows(const struct report *report, int width, const char *title)
{
    const struct series *first = &report->tallies[0].series;
    const char *names[TARGETS_MAX];
    int targets = report->plan->target_count;
    double least[PANELS], most[PANELS], height = 0;
    struct frame frame;

    for (int i = 0; i < targets; i++) {
        names[i] = report->plan->targets[i].name;
    }
    for (int i = 0; i < PANELS; i++) {
        extremes(report, &panels[i], &least[i], &most[i]);
        height += most[i] > 0 ? panels[i].height + PANEL_GAP : 0;
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
        if (most[i] > 0) {
            move_below(&frame, panels[i].height);
            add_panel(report, &frame, &panels[i], least[i], most[i]);
        }
    }
    frame_clock(&frame);
    return frame.plot;
}
