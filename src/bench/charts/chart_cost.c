/* chart_cost.c - what is quick and what is cheap: a dot a target. */
#include <math.h>
#include <stdio.h>

#include "bench/charts/chart.h"

static bool shown(const struct tally *tally)
{
    return tally->target->task != TASK_TEXT && tally->count > 0 && tally->usd_a_usable > 0;
}

/* Is no other both quicker and cheaper? */
static bool is_best(const struct report *report, const struct tally *tally)
{
    for (int i = 0; i < report->plan->target_count; i++) {
        const struct tally *other = &report->tallies[i];

        if (shown(other) && other->usd_a_usable < tally->usd_a_usable &&
            other->percentiles[0] < tally->percentiles[0]) {
            return false;
        }
    }
    return true;
}

static void add_dots(struct frame *frame, const struct report *report)
{
    for (int i = 0; i < report->plan->target_count; i++) {
        const struct tally *tally = &report->tallies[i];
        enum ink ink = (enum ink)(INK_SERIES + i % PLOT_SERIES);
        const struct interval *range = &tally->intervals[0];
        struct spot at;

        if (!shown(tally)) {
            continue;
        }
        at = (struct spot){ axis_at(&frame->x, tally->usd_a_usable),
                            axis_at(&frame->y, tally->percentiles[0]) };
        if (range->known) {
            const struct spot ends[] = { { at.x, axis_at(&frame->y, range->low) },
                                         { at.x, axis_at(&frame->y, range->high) } };

            plot_curve(frame->plot, ends, 2, ink, false);
        }
        plot_dot(frame->plot, at, 6, ink, tally->target->name);
        if (is_best(report, tally)) {
            plot_ring(frame->plot, at, 10, ink, tally->target->name);
        }
    }
}

static void add_prices(struct frame *frame)
{
    double ticks[AXIS_TICKS];
    int count = axis_ticks(&frame->x, 62, ticks);
    char label[32];

    for (int i = 0; i < count; i++) {
        double x = axis_at(&frame->x, ticks[i]);

        snprintf(label, sizeof label, "%.4g USD", ticks[i]);
        plot_hair(frame->plot, (struct spot){ x, frame->top }, (struct spot){ x, frame->bottom },
                  INK_GRID);
        frame_mark_below(frame, x, label);
    }
}

struct plot *chart_cost(const struct report *report, int width, const char *title)
{
    const char *names[TARGETS_MAX];
    int targets = report->plan->target_count, count = 0;
    double cheapest = INFINITY, dearest = 0, least = INFINITY, most = 0;
    struct frame frame;

    for (int i = 0; i < targets; i++) {
        const struct tally *tally = &report->tallies[i];
        const struct interval *range = &tally->intervals[0];

        names[i] = shown(tally) ? tally->target->name : NULL;
        if (shown(tally)) {
            count++;
            cheapest = fmin(cheapest, tally->usd_a_usable);
            dearest = fmax(dearest, tally->usd_a_usable);
            least = fmin(least, range->known ? range->low : tally->percentiles[0]);
            most = fmax(most, range->known ? range->high : tally->percentiles[0]);
        }
    }
    if (count < 2) {
        return NULL;
    }
    frame = frame_new(width, 260, title, legend_height(names, targets, width));
    frame.x = axis_log(cheapest * 0.8, dearest * 1.2, frame.left, frame.right);
    frame.y = axis_log(least * 0.9, most * 1.1, frame.bottom, frame.top);
    legend_add(frame.plot, names, targets, INK_SERIES);
    frame_rungs(&frame);
    add_prices(&frame);
    add_dots(&frame, report);
    return frame.plot;
}
