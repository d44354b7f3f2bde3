/* chart_cost.c - median latency by cost: one dot per target. */
#include <math.h>
#include <stdio.h>

#include "bench/charts/chart.h"

static bool is_shown(const struct target_summary *summary)
{
    return summary->target->task != TASK_TEXT && summary->count > 0 && summary->usd_per_usable > 0;
}

/* Returns whether no other target is both faster and cheaper. */
static bool is_pareto_optimal(const struct report *report, const struct target_summary *summary)
{
    for (int i = 0; i < report->plan->target_count; i++) {
        const struct target_summary *other = &report->summaries[i];

        if (is_shown(other) && other->usd_per_usable < summary->usd_per_usable &&
            other->percentiles[0] < summary->percentiles[0]) {
            return false;
        }
    }
    return true;
}

static void add_dots(struct frame *frame, const struct report *report)
{
    for (int i = 0; i < report->plan->target_count; i++) {
        const struct target_summary *summary = &report->summaries[i];
        enum ink ink = (enum ink)(INK_SERIES + i % PLOT_SERIES);
        const struct interval *range = &summary->intervals[0];
        struct point at;

        if (!is_shown(summary)) {
            continue;
        }
        at = (struct point){ axis_at(&frame->x, summary->usd_per_usable),
                             axis_at(&frame->y, summary->percentiles[0]) };
        if (range->known) {
            const struct point ends[] = { { at.x, axis_at(&frame->y, range->low) },
                                          { at.x, axis_at(&frame->y, range->high) } };

            plot_curve(frame->plot, ends, 2, ink, false);
        }
        plot_dot(frame->plot, at, 6, ink, summary->target->name);
        if (is_pareto_optimal(report, summary)) {
            plot_ring(frame->plot, at, 10, ink, summary->target->name);
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
        plot_thin_line(frame->plot, (struct point){ x, frame->top },
                       (struct point){ x, frame->bottom }, INK_GRID);
        frame_label_below(frame, x, label);
    }
}

struct plot *chart_cost(const struct report *report, int width, const char *title)
{
    const char *names[TARGETS_MAX];
    int targets = report->plan->target_count, count = 0;
    double lowest_price = INFINITY, highest_price = 0, min = INFINITY, max = 0;
    struct frame frame;

    for (int i = 0; i < targets; i++) {
        const struct target_summary *summary = &report->summaries[i];
        const struct interval *range = &summary->intervals[0];

        names[i] = is_shown(summary) ? summary->target->name : NULL;
        if (is_shown(summary)) {
            count++;
            lowest_price = fmin(lowest_price, summary->usd_per_usable);
            highest_price = fmax(highest_price, summary->usd_per_usable);
            min = fmin(min, range->known ? range->low : summary->percentiles[0]);
            max = fmax(max, range->known ? range->high : summary->percentiles[0]);
        }
    }
    if (count < 2) {
        return NULL;
    }
    frame = frame_new(width, 260, title, legend_height(names, targets, width));
    frame.x = axis_log(lowest_price * 0.8, highest_price * 1.2, frame.left, frame.right);
    frame.y = axis_log(min * 0.9, max * 1.1, frame.bottom, frame.top);
    legend_add(frame.plot, names, targets, INK_SERIES);
    frame_gridlines(&frame);
    add_prices(&frame);
    add_dots(&frame, report);
    return frame.plot;
}
