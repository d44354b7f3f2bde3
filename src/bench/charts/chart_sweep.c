/* chart_sweep.c - throughput and latency over the load. */
#include <math.h>
#include <stdio.h>

#include "bench/charts/chart.h"
#include "bench/report/sweep.h"

enum { RATE_HEIGHT = 170, LATENCY_HEIGHT = 200, GAP = 30 };

static double rate_of(const struct tally *tally)
{
    return tally->rate;
}

static double p50_of(const struct tally *tally)
{
    return tally->percentiles[0];
}

/* Not where it would be a guess. */
static double p95_of(const struct tally *tally)
{
    return tally->intervals[3].known ? tally->percentiles[3] : NAN;
}

static void extremes(const struct ladder *ladder, double (*of)(const struct tally *), double *least,
                     double *most)
{
    for (int i = 0; i < ladder->count * ladder->plan->target_count; i++) {
        int targets = ladder->plan->target_count;
        double value = of(&ladder->rungs[i / targets].tallies[i % targets]);

        if (value > 0) {
            *least = fmin(*least, value);
            *most = fmax(*most, value);
        }
    }
}

/* A line through the levels; broken where a level has no value. */
static void add_line(struct frame *frame, const struct ladder *ladder, int target,
                     double (*of)(const struct tally *), bool dashed)
{
    enum ink ink = (enum ink)(INK_SERIES + target % PLOT_SERIES);
    struct spot spots[LADDER_MOST];
    size_t count = 0;

    for (int i = 0; i <= ladder->count; i++) {
        double value = i < ladder->count ? of(&ladder->rungs[i].tallies[target]) : NAN;

        if (isfinite(value)) {
            spots[count] = (struct spot){ axis_at(&frame->x, ladder->rungs[i].level),
                                          axis_at(&frame->y, value) };
            plot_dot(frame->plot, spots[count++], 3.2, ink, NULL);
        } else {
            plot_curve(frame->plot, spots, count, ink, dashed);
            count = 0;
        }
    }
}

/* The median's interval at each level. */
static void add_intervals(struct frame *frame, const struct ladder *ladder, int target)
{
    for (int i = 0; i < ladder->count; i++) {
        const struct interval *range = &ladder->rungs[i].tallies[target].intervals[0];
        double x = axis_at(&frame->x, ladder->rungs[i].level);

        if (range->known) {
            plot_hair(frame->plot, (struct spot){ x, axis_at(&frame->y, range->low) },
                      (struct spot){ x, axis_at(&frame->y, range->high) },
                      (enum ink)(INK_SERIES + target % PLOT_SERIES));
        }
    }
}

/* A ring on the line of a target at a level. */
static void add_ring(struct frame *frame, const struct ladder *ladder, int target, int level,
                     enum ink ink, const char *says)
{
    double value = level >= 0 ? ladder->rungs[level].tallies[target].rate : NAN;

    if (isfinite(value)) {
        plot_ring(frame->plot,
                  (struct spot){ axis_at(&frame->x, ladder->rungs[level].level),
                                 axis_at(&frame->y, value) },
                  ink == INK_BAD ? 11 : 8, ink, says);
    }
}

static void add_rates(struct frame *frame, const struct ladder *ladder, double most)
{
    double ticks[AXIS_TICKS];
    char label[AXIS_LABEL];
    int count;

    frame->y = axis_linear(0, most, frame->bottom, frame->top);
    count = axis_ticks(&frame->y, 24, ticks);
    for (int i = 0; i < count; i++) {
        snprintf(label, sizeof label, "%.4g", ticks[i]);
        frame_rung(frame, ticks[i], label);
    }
    plot_label(frame->plot, (struct spot){ frame->left, frame->top - 8 }, ANCHOR_START, INK_DIM,
               "usable answers a second");
    for (int i = 0; i < ladder->plan->target_count; i++) {
        add_line(frame, ladder, i, rate_of, false);
        add_ring(frame, ladder, i, ladder_knee(ladder, i), INK_STRONG, "knee");
        add_ring(frame, ladder, i, ladder_limited(ladder, i), INK_BAD, "429 begins");
    }
}

static void add_latencies(struct frame *frame, const struct ladder *ladder, double least,
                          double most)
{
    frame->y = axis_log(least, most, frame->bottom, frame->top);
    frame_rungs(frame);
    plot_label(frame->plot, (struct spot){ frame->left, frame->top - 8 }, ANCHOR_START, INK_DIM,
               "p50 and its interval; dashed: p95");
    for (int i = 0; i < ladder->plan->target_count; i++) {
        add_line(frame, ladder, i, p50_of, false);
        add_line(frame, ladder, i, p95_of, true);
        add_intervals(frame, ladder, i);
    }
}

struct plot *chart_ladder(const struct ladder *ladder, int width, const char *title)
{
    const char *names[TARGETS_MAX];
    int targets = ladder->plan->target_count;
    double least = INFINITY, most = 0, rate = 0, ignored = INFINITY;
    struct frame frame;
    char label[40];

    extremes(ladder, rate_of, &ignored, &rate);
    extremes(ladder, p50_of, &least, &most);
    extremes(ladder, p95_of, &least, &most);
    if (rate <= 0 || most <= 0) {
        return NULL;
    }
    for (int i = 0; i < targets; i++) {
        names[i] = ladder->plan->targets[i].name;
    }
    frame = frame_new(width, RATE_HEIGHT + LATENCY_HEIGHT + 2 * GAP, title,
                      legend_height(names, targets, width));
    legend_add(frame.plot, names, targets, INK_SERIES);
    frame.x =
        (struct axis){ ladder->rungs[0].level / 1.15, ladder->rungs[ladder->count - 1].level * 1.15,
                       frame.left, frame.right, true };
    frame.top += GAP / 2.0;
    frame.bottom = frame.top + RATE_HEIGHT;
    add_rates(&frame, ladder, rate);
    frame.top = frame.bottom + GAP;
    frame.bottom = frame.top + LATENCY_HEIGHT;
    add_latencies(&frame, ladder, least, most);
    for (int i = 0; i < ladder->count; i++) {
        frame_mark_below(&frame, axis_at(&frame.x, ladder->rungs[i].level),
                         ladder_level(ladder, ladder->rungs[i].level, label));
    }
    return frame.plot;
}
