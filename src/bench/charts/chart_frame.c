/* chart_frame.c - axes, gridlines and legends that the charts share. */
#include "bench/charts/chart.h"

#include "io/file.h"
#include <math.h>
#include <stdio.h>

enum { LEFT = 62, RIGHT = 14, ABOVE = 12, BELOW = 32, SWATCH = 12, ENTRY_GAP = 22, LINE = 21 };

/* Returns the position of the next entry and wraps lines. */
static struct point next_entry(struct point *at, const char *name, int width)
{
    double entry_width = fmin(SWATCH + 7 + plot_text_width(name), width);
    struct point start;

    if (at->x > 0 && at->x + entry_width > width) {
        *at = (struct point){ 0, at->y + LINE };
    }
    start = *at;
    at->x += entry_width + ENTRY_GAP;
    return start;
}

double legend_height(const char *const *names, int count, int width)
{
    struct point at = { 0, 0 };

    for (int i = 0; i < count; i++) {
        if (names[i]) {
            next_entry(&at, names[i], width);
        }
    }
    return at.y + LINE + 4;
}

void legend_add(struct plot *plot, const char *const *names, int count, enum ink first)
{
    int inks = first == INK_STAGE ? PLOT_STAGES : PLOT_SERIES;
    struct point at = { 0, 0 };

    for (int i = 0; i < count; i++) {
        enum ink ink = (enum ink)(first + i % inks);
        struct point start;

        if (!names[i]) {
            continue;
        }
        start = next_entry(&at, names[i], plot->width);
        plot_bar(plot, (struct point){ start.x, start.y + 2 },
                 (struct point){ start.x + SWATCH, start.y + 2 + SWATCH }, ink, NULL);
        plot_label(plot, (struct point){ start.x + SWATCH + 7, start.y + 13 }, ANCHOR_START,
                   INK_STRONG, plot_fit(plot, names[i], plot->width - SWATCH - 7));
    }
}

struct frame frame_new(int width, double height, const char *title, double legend)
{
    double top = legend + ABOVE;

    return (struct frame){ .plot = plot_new(width, (int)ceil(top + height + BELOW), title),
                           .left = LEFT,
                           .right = width - RIGHT,
                           .top = top,
                           .bottom = top + height };
}

void frame_gridline(struct frame *frame, double value, const char *label)
{
    double y = axis_at(&frame->y, value);

    plot_thin_line(frame->plot, (struct point){ frame->left, y }, (struct point){ frame->right, y },
                   INK_GRID);
    plot_label(frame->plot, (struct point){ frame->left - 8, y + 4.5 }, ANCHOR_END, INK_DIM, label);
}

void frame_gridlines(struct frame *frame)
{
    double ticks[AXIS_TICKS];
    int count = axis_ticks(&frame->y, 20, ticks);
    char label[AXIS_LABEL];

    for (int i = 0; i < count; i++) {
        frame_gridline(frame, ticks[i], axis_seconds(ticks[i], label));
    }
}

void frame_label_below(struct frame *frame, double x, const char *text)
{
    double half = plot_text_width(text) / 2;
    bool end = x + half > frame->plot->width;
    double left = end ? frame->plot->width - 2 * half : x - half;

    if (left < frame->labelled_to) {
        return;
    }
    frame->labelled_to = left + 2 * half + 4;
    plot_label(frame->plot, (struct point){ end ? frame->plot->width : x, frame->bottom + 20 },
               end ? ANCHOR_END : ANCHOR_MIDDLE, INK_DIM, text);
}

void frame_time_labels(struct frame *frame)
{
    double ticks[AXIS_TICKS];
    int count = axis_ticks(&frame->x, 76, ticks);
    char label[AXIS_LABEL];

    for (int i = 0; i < count; i++) {
        frame_label_below(frame, axis_at(&frame->x, ticks[i]), axis_seconds(ticks[i], label));
    }
}
