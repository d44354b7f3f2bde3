/* chart_sweep.c - throughput and latency by load. */
#include <math.h>
#include <stdio.h>

#include "bench/charts/chart.h"
#include "bench/report/sweep.h"

enum { RATE_HEIGHT = 170, LATENCY_HEIGHT = 200, GAP = 30 };

static double rate_of(const struct target_summary *summary)
{
    return summary->rate;
}

static double p50_of(const struct target_summary *summary)
{
    return summary->percentiles[0];
}

/* Returns NAN if p95 has no interval. */
static double p95_of(const struct target_summary *summary)
{
    return summary->intervals[3].known ? summary->percentiles[3] : NAN;
}

static void extremes(const struct sweep *sweep, double (*of)(const struct target_summary *),
                     double *min, double *max)
{
    for (int i = 0; i < sweep->count * sweep->plan->target_count; i++) {
        int targets = sweep->plan->target_count;
        double value = of(&sweep->levels[i / targets].summaries[i % targets]);

        if (value > 0) {
            *min = fmin(*min, value);
            *max = fmax(*max, value);
        }
    }
}

/* Draws a line through the levels, interrupted where a level has no value. */
static void add_line(struct frame *frame, const struct sweep *sweep, int target,
                     double (*of)(const struct target_summary *), bool dashed)
{
    enum ink ink = (enum ink)(INK_SERIES + target % PLOT_SERIES);
    struct point points[SWEEP_LEVELS_MAX];
    size_t count = 0;

    for (int i = 0; i <= sweep->count; i++) {
        double value = i < sweep->count ? of(&sweep->levels[i].summaries[target]) : NAN;

        if (isfinite(value)) {
            points[count] = (struct point){ axis_at(&frame->x, sweep->levels[i].level),
                                            axis_at(&frame->y, value) };
            plot_dot(frame->plot, points[count++], 3.2, ink, NULL);
        } else {
            plot_curve(frame->plot, points, count, ink, dashed);
            count = 0;
        }
    }
}

/* Draws the interval of the median at each level. */
static void add_intervals(struct frame *frame, const struct sweep *sweep, int target)
{
    for (int i = 0; i < sweep->count; i++) {
        const struct interval *range = &sweep->levels[i].summaries[target].intervals[0];
        double x = axis_at(&frame->x, sweep->levels[i].level);

        if (range->known) {
            plot_thin_line(frame->plot, (struct point){ x, axis_at(&frame->y, range->low) },
                           (struct point){ x, axis_at(&frame->y, range->high) },
                           (enum ink)(INK_SERIES + target % PLOT_SERIES));
        }
    }
}

/* Marks a level of a target with a ring. */
static void add_ring(struct frame *frame, const struct sweep *sweep, int target, int level,
                     enum ink ink, const char *caption)
{
    double value = level >= 0 ? sweep->levels[level].summaries[target].rate : NAN;

    if (isfinite(value)) {
        plot_ring(frame->plot,
                  (struct point){ axis_at(&frame->x, sweep->levels[level].level),
                                  axis_at(&frame->y, value) },
                  ink == INK_BAD ? 11 : 8, ink, caption);
    }
}

static void add_rates(struct frame *frame, const struct sweep *sweep, double max)
{
    double ticks[AXIS_TICKS];
    char label[AXIS_LABEL];
    int count;

    frame->y = axis_linear(0, max, frame->bottom, frame->top);
    count = axis_ticks(&frame->y, 24, ticks);
    for (int i = 0; i < count; i++) {
        snprintf(label, sizeof label, "%.4g", ticks[i]);
        frame_gridline(frame, ticks[i], label);
    }
    plot_label(frame->plot, (struct point){ frame->left, frame->top - 8 }, ANCHOR_START, INK_DIM,
               "usable answers per second");
    for (int i = 0; i < sweep->plan->target_count; i++) {
        add_line(frame, sweep, i, rate_of, false);
        add_ring(frame, sweep, i, sweep_knee(sweep, i), INK_STRONG, "knee");
        add_ring(frame, sweep, i, sweep_first_429(sweep, i), INK_BAD, "first rate limit (429)");
    }
}

static void add_latencies(struct frame *frame, const struct sweep *sweep, double min, double max)
{
    frame->y = axis_log(min, max, frame->bottom, frame->top);
    frame_gridlines(frame);
    plot_label(frame->plot, (struct point){ frame->left, frame->top - 8 }, ANCHOR_START, INK_DIM,
               "p50 with interval; dashed: p95");
    for (int i = 0; i < sweep->plan->target_count; i++) {
        add_line(frame, sweep, i, p50_of, false);
        add_line(frame, sweep, i, p95_of, true);
        add_intervals(frame, sweep, i);
    }
}

struct plot *chart_sweep(const struct sweep *sweep, int width, const char *title)
{
    const char *names[TARGETS_MAX];
    int targets = sweep->plan->target_count;
    double min = INFINITY, max = 0, rate = 0, ignored = INFINITY;
    struct frame frame;
    char label[40];

    extremes(sweep, rate_of, &ignored, &rate);
    extremes(sweep, p50_of, &min, &max);
    extremes(sweep, p95_of, &min, &max);
    if (rate <= 0 || max <= 0) {
        return NULL;
    }
    for (int i = 0; i < targets; i++) {
        names[i] = sweep->plan->targets[i].name;
    }
    frame = frame_new(width, RATE_HEIGHT + LATENCY_HEIGHT + 2 * GAP, title,
                      legend_height(names, targets, width));
    legend_add(frame.plot, names, targets, INK_SERIES);
    frame.x =
        (struct axis){ sweep->levels[0].level / 1.15, sweep->levels[sweep->count - 1].level * 1.15,
                       frame.left, frame.right, true };
    frame.top += GAP / 2.0;
    frame.bottom = frame.top + RATE_HEIGHT;
    add_rates(&frame, sweep, rate);
    frame.top = frame.bottom + GAP;
    frame.bottom = frame.top + LATENCY_HEIGHT;
    add_latencies(&frame, sweep, min, max);
    for (int i = 0; i < sweep->count; i++) {
        frame_label_below(&frame, axis_at(&frame.x, sweep->levels[i].level),
                          sweep_level_name(sweep, sweep->levels[i].level, label));
    }
    return frame.plot;
}
