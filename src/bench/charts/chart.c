/* chart.c - the table of plots and their common building blocks. */
#include "bench/charts/chart.h"

#include <math.h>
#include <stdio.h>

#include "io/file.h"

enum { LEFT = 62, RIGHT = 14, ABOVE = 12, BELOW = 32, SWATCH = 12, ENTRY_GAP = 22, LINE = 21 };

const struct chart charts[CHARTS] = {
    { "percentiles", "Percentiles", "Time to a usable answer by percentile",
      "At p90, 90 % of answers were at least this fast. The band is the 95 % confidence interval "
      "of "
      "each percentile; it ends where the sample is too small for an interval.",
      chart_percentiles },
    { "timeline", "Over time", "Latency of each request by the time it was due",
      "Rings are failed requests at the time until failure. Grey dots are the warm-up.",
      chart_timeline },
    { "windows", "Time windows", "Latency, throughput and load during the run",
      "A request belongs to the window in which it was due.", chart_windows },
    { "phases", "Phases", "Mean time of each phase of a usable answer", NULL, chart_phases },
    { "cost", "Latency and cost", "Median time to a usable image by its cost",
      "Cost per usable image, failures included. The line is the 95 % interval of the median. A "
      "ring marks targets for which no other is both faster and cheaper.",
      chart_cost },
};

/* -- frames ------------------------------------------------------------------------------------ */

/* Returns the position of the next entry and wraps lines. */
static struct point next_entry(struct point *at, const char *name, int width)
{
    double takes = fmin(SWATCH + 7 + plot_text_width(name), width);
    struct point here;

    if (at->x > 0 && at->x + takes > width) {
        *at = (struct point){ 0, at->y + LINE };
    }
    here = *at;
    at->x += takes + ENTRY_GAP;
    return here;
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
        struct point here;

        if (!names[i]) {
            continue;
        }
        here = next_entry(&at, names[i], plot->width);
        plot_bar(plot, (struct point){ here.x, here.y + 2 },
                 (struct point){ here.x + SWATCH, here.y + 2 + SWATCH }, ink, NULL);
        plot_label(plot, (struct point){ here.x + SWATCH + 7, here.y + 13 }, ANCHOR_START,
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

/* -- output ----------------------------------------------------------------------------- */

void chart_both(const struct plot *wide, const struct plot *narrow, struct text *out)
{
    text_add(out, "<div class=\"card\">\n");
    plot_svg(wide, "wide", out);
    plot_svg(narrow, "slim", out);
    text_add(out, "</div>\n");
}

void chart_html(const struct report *report, const struct chart *chart, struct text *out)
{
    struct plot *wide = chart->draw(report, CHART_WIDE, chart->title);
    struct plot *narrow = wide ? chart->draw(report, CHART_NARROW, chart->title) : NULL;

    if (wide) {
        text_printf(out, "<h2>%s</h2>\n", chart->heading);
        if (chart->caption) {
            text_printf(out, "<p class=\"dim\">%s</p>\n", chart->caption);
        }
        chart_both(wide, narrow, out);
    }
    plot_free(wide);
    plot_free(narrow);
}

bool plot_write(const struct plot *plot, const char *folder, const char *name, struct error *err)
{
    bool good = true;

    for (int dark = 0; good && dark < 2; dark++) {
        struct blob file;
        char path[1200];

        snprintf(path, sizeof path, "%s/%s%s.png", folder, name, dark ? "-dark" : "");
        good = plot_png(plot, dark, &file, err) && file_write(path, file.data, file.size, err);
        blob_free(&file);
    }
    return good;
}

bool charts_write(const struct report *report, const char *folder, struct error *err)
{
    bool good = true;

    for (int i = 0; good && i < CHARTS; i++) {
        struct plot *plot = charts[i].draw(report, CHART_WIDE, charts[i].title);

        good = !plot || plot_write(plot, folder, charts[i].name, err);
        plot_free(plot);
    }
    return good;
}
