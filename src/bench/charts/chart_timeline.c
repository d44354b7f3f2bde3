/* chart_timeline.c - latency of each request by the time it was due. */
#include <math.h>
#include <stdio.h>

#include "bench/charts/chart.h"

enum { DOTS_WIDE = 20000, DOTS_NARROW = 3000 };

static double took(const struct sample *sample)
{
    return (double)(sample->outcome == OUTCOME_OK ? sample_usable_us(sample)
                                                  : sample->ended_us - sample->due_us) /
           1e6;
}

static void add_sample(struct frame *frame, const struct sample *sample)
{
    struct point at = { axis_at(&frame->x, (double)sample->due_us / 1e6),
                        axis_at(&frame->y, took(sample)) };
    enum ink ink = (enum ink)(INK_SERIES + sample->entry.target % PLOT_SERIES);

    if (sample->outcome != OUTCOME_OK) {
        plot_ring(frame->plot, at, 3.6, INK_BAD, outcome_labels[sample->outcome]);
    } else {
        plot_dot(frame->plot, at, 2.7, sample->warm_up ? INK_DIM : ink, NULL);
    }
}

struct plot *chart_timeline(const struct report *report, int width, const char *title)
{
    const struct samples *samples = report->samples;
    size_t every = samples->count / (width > 600 ? DOTS_WIDE : DOTS_NARROW) + 1;
    const char *names[TARGETS_MAX];
    double min = INFINITY, max = 0;
    int targets = report->plan->target_count;
    struct frame frame;

    for (int i = 0; i < targets; i++) {
        names[i] = report->plan->targets[i].name;
    }
    for (size_t i = 0; i < samples->count; i++) {
        double seconds = took(&samples->rows[i]);

        if (seconds > 0) {
            min = fmin(min, seconds);
            max = fmax(max, seconds);
        }
    }
    if (max <= 0) {
        return NULL;
    }
    frame = frame_new(width, width > 600 ? 320 : 280, title, legend_height(names, targets, width));
    frame.x = (struct axis){ 0, fmax((double)report->progress->ended_us / 1e6, 1e-3), frame.left,
                             frame.right, false };
    frame.y = axis_log(min, max, frame.bottom, frame.top);
    legend_add(frame.plot, names, targets, INK_SERIES);
    frame_gridlines(&frame);
    frame_time_labels(&frame);
    for (size_t i = 0; i < samples->count; i += every) {
        add_sample(&frame, &samples->rows[i]);
    }
    return frame.plot;
}
